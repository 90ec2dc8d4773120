"""The bodies of requests: received whole, within a size and a time, before any thread is taken for them.

A sender who is slow, or sends nothing at all, costs a connection and no thread. What is too large, or large and from
somebody who has not signed in, is refused from its headers where they say so, otherwise as soon as it was counted.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from .errors import NotSignedIn, Refused, TooLarge, TooSlow

FREE = 256 * 1024
"""Bytes that anybody may send. They stay in memory; what is larger goes to a temporary file."""

MARGIN = 1024 * 1024
"""Bytes that a request may have beside a file of VAMCO_MAX_UPLOAD: the other fields of its form."""

PATIENCE = 20.0
"""Seconds without a single byte after which a sender is given up."""

RATE = 10_000
"""Bytes a second that a sender reaches on average, after the first `PATIENCE` seconds."""

LINGER = 30.0
"""Seconds for which the rest of a refused body is read and thrown away: a browser reads no answer while it sends."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


class BodyRefused(Exception):
    """The body is refused; `refusal` makes the refusal, once it is known in which language."""

    def __init__(self, refusal: Callable[[], Refused]) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class ClientDisconnected(Exception):
    """The sender hung up before the body was complete."""


def limit() -> int:
    """The most bytes that one request may have."""
    return int(settings.MAX_UPLOAD) + MARGIN


async def whole(
    receive: Receive, announced: int, known: Callable[[], Awaitable[bool]]
) -> tuple[IO[bytes], int]:
    """The body, at its beginning, and its size; `announced` is its Content-Length, 0 without one.

    `known` tells whether the caller is signed in; it is asked once, and only when the body is larger than `FREE`.
    Raises `BodyRefused` or `ClientDisconnected`.
    """
    allowed = await _allowed(announced, FREE, known)
    loop = asyncio.get_running_loop()
    began, size, more = loop.time(), 0, True
    body = SpooledTemporaryFile(max_size=FREE)  # noqa: SIM115 (closed by whoever reads it)
    try:
        while more:
            until = min(loop.time() + PATIENCE, began + PATIENCE + size / RATE)
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                raise BodyRefused(too_slow) from None
            if message["type"] == "http.disconnect":
                raise ClientDisconnected
            piece = message.get("body", b"")
            size += len(piece)
            if size > allowed:
                allowed = await _allowed(size, allowed, known)
            body.write(piece)
            more = message.get("more_body", False)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body, size


async def _allowed(size: int, so_far: int, known: Callable[[], Awaitable[bool]]) -> int:
    """How many bytes this caller may send, now that there are `size`; raises `BodyRefused` when that is fewer."""
    if size <= so_far:
        return so_far
    if size > limit():
        raise BodyRefused(too_large)
    if not await known():
        raise BodyRefused(sign_in_first)
    return limit()


async def throw_away(receive: Receive) -> None:
    """Read the rest of a refused body and keep nothing of it, for `LINGER` seconds at most."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER):
            while (await receive()).get("more_body"):
                pass


def too_large() -> Refused:
    """The refusal of what is larger than anybody may send."""
    message = _("Nội dung gửi lên lớn quá %(most)s MB. Hãy gửi tệp nhỏ hơn, hoặc chia ra gửi nhiều lần.")
    return TooLarge(message % {"most": settings.MAX_UPLOAD // (1024 * 1024)})


def sign_in_first() -> Refused:
    """The refusal of a large body from somebody who is not signed in."""
    message = _(
        "Chưa đăng nhập hoặc phiên làm việc đã hết hạn, nên không nhận nội dung lớn quá %(most)s KB. "
        "Hãy đăng nhập rồi gửi lại."
    )
    return NotSignedIn(message % {"most": FREE // 1024})


def too_slow() -> Refused:
    """The refusal of a body that did not come in time."""
    return TooSlow(
        _(
            "Đường truyền quá chậm hoặc bị ngắt quãng nên chưa nhận được hết nội dung gửi lên. "
            "Hãy kiểm tra kết nối mạng rồi gửi lại."
        )
    )
