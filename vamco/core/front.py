"""The ASGI application that the server calls: it receives a request whole, then runs the WSGI application for it.

Threads work and do not wait for a network: bodies are received before one is taken (`bodies.py`), and files are sent after
it was given back. Only an answer in pieces keeps its thread until it is read; what is long is therefore answered as a file.
The number of threads bounds the work that is done at once, as it does in any WSGI server.
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

from . import bodies
from .bodies import Message, Receive

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Send = Callable[[Message], Awaitable[None]]

REFUSAL = "vamco.refusal"
"""The key of an environment under which `RefusalMiddleware` finds why the body was not taken."""

PIECE = 64 * 1024
"""Bytes of a file that are read and sent at a time; a smaller file goes in one message with its head."""

WSGI: Environ = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}


class Readable(Protocol):
    """A file to be sent."""

    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


class FileWrapper:
    """`wsgi.file_wrapper` (PEP 3333): by it the application says that its answer is a file."""

    def __init__(self, file: Readable, _size: int = PIECE) -> None:
        self.file = file

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(PIECE), b"")

    def close(self) -> None:
        """Close the file, and with it the response that it belongs to."""
        self.file.close()


class Front:
    """`application` is run in `threads` threads; `known` tells of an environment, in one of them, whether it comes from
    somebody who is signed in."""

    def __init__(self, application: Application, *, known: Callable[[Environ], bool], threads: int) -> None:
        self.application = application
        self.known = known
        self.threads = Threads(threads)

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        environ = environ_of(scope)
        announced = int(environ.get("CONTENT_LENGTH") or 0)
        with suppress(bodies.ClientDisconnected):
            if not announced and "HTTP_TRANSFER_ENCODING" not in environ:
                await self._answer(environ, receive, send)
                return
            try:
                body, size = await bodies.whole(
                    receive, announced, lambda: self.threads.do(self.known, environ)
                )
            except bodies.BodyRefused as refused:
                environ |= {REFUSAL: refused.refusal, "CONTENT_LENGTH": "0"}
                await self._answer(environ, receive, send)
                if refused.refusal is not bodies.too_slow:
                    await bodies.throw_away(receive)
                return
            with body:
                environ |= {"wsgi.input": body, "CONTENT_LENGTH": str(size)}
                await self._answer(environ, receive, send)

    async def _answer(self, environ: Environ, receive: Receive, send: Send) -> None:
        answer = Answer(receive, send)
        try:
            piece, file = await self.threads.do(self._run, environ, answer)
            if file:
                try:
                    while len(piece) == PIECE:
                        await answer.part(piece)
                        piece = await self.threads.do(file.read, PIECE)
                finally:
                    await self.threads.do(file.close)
            await answer.last(piece)
        finally:
            answer.forget()

    def _run(self, environ: Environ, answer: "Answer") -> tuple[bytes, Readable | None]:
        """In a thread: run the application; answers the last piece of its answer, and the file that goes on after it."""
        result = self.application(environ, answer.start)
        goes_on = False
        try:
            if isinstance(result, FileWrapper):
                piece = b"" if environ["REQUEST_METHOD"] == "HEAD" else result.file.read(PIECE)
                goes_on = len(piece) == PIECE
                return piece, result.file if goes_on else None
            pieces = iter(result)
            piece = next(pieces, b"")
            for following in pieces:
                answer.part_from_thread(piece)
                piece = following
            return piece, None
        finally:
            if not goes_on and hasattr(result, "close"):
                result.close()


class Threads:
    """Threads that do what is put to them, each one thing after another.

    `ThreadPoolExecutor` does the same with more futures and locks, which cost as much as the rest of this module.
    """

    def __init__(self, count: int) -> None:
        self.work: SimpleQueue[tuple[asyncio.Future[Any], Callable[..., Any], tuple[Any, ...]]] = (
            SimpleQueue()
        )
        for _each in range(count):
            Thread(target=self._serve, daemon=True).start()

    def do(self, call: Callable[..., Any], *arguments: Any) -> asyncio.Future[Any]:
        """What the call returns or raises, once a thread has done it."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.work.put((future, call, arguments))
        return future

    def _serve(self) -> None:
        while True:
            self._do(*self.work.get())

    def _do(
        self, future: "asyncio.Future[Any]", call: Callable[..., Any], arguments: tuple[Any, ...]
    ) -> None:
        try:
            settle, outcome = future.set_result, call(*arguments)
        except BaseException as error:  # whoever waits gets it
            settle, outcome = future.set_exception, error
        with suppress(RuntimeError):  # the process is being stopped
            future.get_loop().call_soon_threadsafe(settle, outcome)


class Answer:
    """The answer to one request, as it goes to the server piece by piece; each waits until the reader has room."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self.receive, self.send = receive, send
        self.loop = asyncio.get_running_loop()
        self.head: Message = {}
        self.watch: asyncio.Task[None] | None = None

    def start(self, status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        """`start_response` of PEP 3333; the head is sent with the first piece."""
        self.head = {
            "type": "http.response.start",
            "status": int(status[:3]),
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        }

    async def part(self, piece: bytes) -> None:
        """Send a piece that others follow; raises `bodies.ClientDisconnected` when nobody reads any more."""
        if self.watch is None:
            await self.send(self.head)
            self.watch = self.loop.create_task(self._hung_up())
        elif self.watch.done():
            raise bodies.ClientDisconnected
        await self.send({"type": "http.response.body", "body": piece, "more_body": True})

    def part_from_thread(self, piece: bytes) -> None:
        """The same from a thread, which waits meanwhile."""
        asyncio.run_coroutine_threadsafe(self.part(piece), self.loop).result()

    async def last(self, piece: bytes) -> None:
        """Send the last piece."""
        if self.watch is None:
            await self.send(self.head)
        await self.send({"type": "http.response.body", "body": piece})

    def forget(self) -> None:
        """Look no longer whether the reader is there."""
        if self.watch:
            self.watch.cancel()

    async def _hung_up(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass


def environ_of(scope: Mapping[str, Any]) -> Environ:
    """The environment (PEP 3333) of a request that has no body yet.

    A header whose name has an underscore is left out: it would pass for one with hyphens, such as X-Forwarded-For.
    """
    environ: Environ = {
        **WSGI,
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": scope["server"][0],
        "SERVER_PORT": str(scope["server"][1]),
        "REMOTE_ADDR": scope["client"][0],
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(),
        "wsgi.file_wrapper": FileWrapper,
    }
    for raw_name, raw_value in scope["headers"]:
        if b"_" in raw_name:
            continue
        name, value = raw_name.decode("latin-1").upper().replace("-", "_"), raw_value.decode("latin-1")
        if name not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            name = f"HTTP_{name}"
        if name in environ:
            value = f"{environ[name]}{';' if name == 'HTTP_COOKIE' else ','}{value}"
        environ[name] = value
    return environ
