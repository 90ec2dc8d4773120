"""Who sends slowly, too much or without having signed in, over real sockets: the others are answered meanwhile."""

import json
import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

import pytest

from tests.core.test_files import PDF
from tests.live import Live

MIB = 1024 * 1024
PAGE = "/tai-khoan/login/"
COOKIE = f"Cookie: csrftoken={'x' * 32}; sessionid=made-up"
FORM = "Content-Type: application/x-www-form-urlencoded"
"""With both Django looks into the body for the form's token."""

TOKEN = """
from tests import province
from vamco.core.actors import SYSTEM
from vamco.organisation import actions
answer = actions.issue_token(SYSTEM, province.person("mot_cua"), name="test")[1]
"""


@pytest.fixture(scope="module")
def token(live: Live) -> str:
    return live.run(TOKEN)


@contextmanager
def line(
    live: Live, *headers: str, path: str = "/api/v1/files", method: str = "POST"
) -> Iterator[socket.socket]:
    """A connection on which the head of a request was sent."""
    with socket.create_connection(("127.0.0.1", live.port), timeout=60) as opened:
        head = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{live.port}", *headers, "", ""]
        opened.sendall("\r\n".join(head).encode())
        yield opened


def answer(opened: socket.socket) -> tuple[int, str]:
    """Status and the rest of what comes until the other side has said all."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(opened)
    head, _gap, body = data.partition(b"\r\n\r\n")
    length = int(re.search(rb"content-length: *(\d+)", head)[1])
    while len(body) < length:
        body += _more(opened)
    return int(head[9:12]), body.decode(errors="surrogateescape")


def _more(opened: socket.socket) -> bytes:
    part = opened.recv(65536)
    assert part, "hung up without an answer"
    return part


def get(live: Live, path: str = "/readyz") -> float:
    """Seconds until another's page is there."""
    began = time.monotonic()
    with line(live, "Connection: close", path=path, method="GET") as other:
        assert answer(other)[0] == 200
    return time.monotonic() - began


@contextmanager
def slow_senders(live: Live, count: int) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        lines = [
            stack.enter_context(line(live, "Content-Length: 1000", FORM, COOKIE, path=PAGE))
            for _each in range(count)
        ]
        for each in lines:
            each.sendall(b"login=")
        time.sleep(0.3)
        yield lines


@pytest.mark.parametrize("count", [40, pytest.param(400, marks=pytest.mark.slow)])
def test_slow_senders_keep_nobody_waiting(live, count):
    with slow_senders(live, count) as lines:
        assert max(get(live) for _time in range(5)) < 2
        lines[0].sendall(b"x" * 994)
        assert answer(lines[0])[0] == 403, "who goes on is answered: without the form's token it is refused"


@pytest.mark.slow
def test_who_stops_sending_is_given_up(live):
    with slow_senders(live, 40) as lines:
        began = time.monotonic()
        said = [answer(each) for each in lines]
        assert 15 < time.monotonic() - began < 40
        assert {status for status, _body in said} == {408}
        assert "Đường truyền quá chậm" in said[0][1]
        assert lines[0].recv(1) == b"", "and hung up on"


@pytest.mark.parametrize("expects", [True, False])
def test_too_much_is_refused_by_its_length(live, token, expects):
    size = 27 * MIB
    headers = [f"Content-Length: {size}", f"Authorization: Bearer {token}", "Accept-Language: vi"]
    with line(live, *headers, *(["Expect: 100-continue"] if expects else [])) as sender:
        if not expects:
            sender.sendall(bytes(size))  # as a browser does: all of it, and only then it reads
        status, body = answer(sender)
        assert (status, json.loads(body)["type"]) == (413, "urn:vamco:problem:too-large")


def test_too_much_in_pieces_is_cut_off(live, token):
    with line(live, "Transfer-Encoding: chunked", f"Authorization: Bearer {token}") as sender:
        for _each in range(27):
            sender.sendall(b"100000\r\n" + bytes(MIB) + b"\r\n")
        assert answer(sender)[0] == 413


@pytest.mark.parametrize("kind", ["Content-Length: 20000000", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("proof", [COOKIE, "Authorization: Bearer vc_made-up"])
def test_strangers_upload_nothing(live, kind, proof):
    for path, words in (
        ("/api/v1/files", "urn:vamco:problem:not-signed-in"),
        (PAGE, "Hãy đăng nhập rồi gửi lại"),
    ):
        with line(live, kind, proof, FORM, "Accept-Language: vi", path=path) as sender:
            if "chunked" in kind:
                sender.sendall(b"50000\r\n" + bytes(0x50000) + b"\r\n")
            status, body = answer(sender)
            assert status == 401
            assert words in body


@pytest.mark.parametrize(("expects", "size"), [(True, 20_000_000), (False, 1_000_000)])
def test_who_is_signed_in_uploads_and_slow_readers_of_it_keep_nobody_waiting(live, token, expects, size):
    content = PDF + b"\n%" + os.urandom(size // 2).hex().encode() + b"\n%%EOF\n"
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    sent = part + content + b"\r\n--b--\r\n"
    proof = f"Authorization: Bearer {token}"
    headers = [f"Content-Length: {len(sent)}", "Content-Type: multipart/form-data; boundary=b", proof]
    with line(live, *headers, *(["Expect: 100-continue"] if expects else [])) as sender:
        if expects:
            assert sender.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sender.sendall(sent)
        status, body = answer(sender)
    assert status == 201, body
    kept = json.loads(body)
    assert kept["size"] == len(content)
    with ExitStack() as stack:
        ask = partial(line, live, proof, path=f"/api/v1/files/{kept['id']}", method="GET")
        readers = [stack.enter_context(ask()) for _each in range(20)]
        assert get(live) < 2
        assert answer(readers[-1]) == (200, content.decode(errors="surrogateescape"))
