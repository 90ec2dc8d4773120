"""What a request sends is received before a thread is taken for it, within a size and a time; what is sent back waits
for its reader without one."""

import asyncio
import io
import time

import pytest
from django.urls import reverse
from django.utils import translation

from vamco.core import bodies
from vamco.core.front import PIECE, REFUSAL, FileWrapper, Front

MIB = 1024 * 1024


@pytest.fixture(autouse=True)
def small(settings, monkeypatch):
    """Limits that a test reaches at once: 2 MiB for those who are signed in, a fifth of a second of patience."""
    settings.MAX_UPLOAD = MIB
    monkeypatch.setattr(bodies, "PATIENCE", 0.2)
    monkeypatch.setattr(bodies, "LINGER", 0.2)


class Site:
    """An application behind the front, which writes down what it was asked; whoever sends the token is signed in."""

    def __init__(self, answer=b"ok", threads=2):
        self.answer, self.asked, self.tried = answer, [], 0
        self.front = Front(self.application, known=self.known, threads=threads)

    def application(self, environ, start_response):
        body = environ["wsgi.input"].read()
        refusal = environ.get(REFUSAL)
        self.asked.append({**environ, "body": body})
        start_response(f"{refusal().status} No" if refusal else "200 OK", [("X-Size", str(len(body)))])
        return self.answer(environ) if callable(self.answer) else [self.answer]

    def known(self, environ):
        self.tried += 1
        return environ.get("HTTP_AUTHORIZATION") == "Bearer real"


class Line:
    """The two ends of a connection: what comes in, and what went out."""

    def __init__(self, *pieces, headers=(), method="POST", path=b"/x", query=b"", reads=True):
        self.pieces, self.received, self.sent = list(pieces), 0, []
        self.reads = asyncio.Event()
        if reads:
            self.reads.set()
        self.scope = {
            "type": "http",
            "method": method,
            "raw_path": path,
            "query_string": query,
            "http_version": "1.1",
            "scheme": "http",
            "server": ("127.0.0.1", "8000"),
            "client": ("203.0.113.7", "999"),
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
        }

    async def receive(self):
        self.received += 1
        if not self.pieces:
            await asyncio.Event().wait()  # nothing more comes
        piece = self.pieces.pop(0)
        if isinstance(piece, float):
            await asyncio.sleep(piece)
            return await self.receive()
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": bool(self.pieces)}

    async def send(self, message):
        self.sent.append(message)
        if message.get("more_body"):
            await self.reads.wait()

    @property
    def status(self):
        return self.sent[0]["status"] if self.sent else None

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.sent[1:])


def ask(site, *lines):
    """Bring the requests to the site at once."""

    async def all_of_them():
        await asyncio.wait_for(asyncio.gather(*(site.front(m.scope, m.receive, m.send) for m in lines)), 20)

    asyncio.run(all_of_them())


def length(size):
    return ("content-length", str(size))


TOKEN = ("authorization", "Bearer real")
CHUNKED = ("transfer-encoding", "chunked")


def test_a_request_without_a_body_is_not_waited_for():
    site, line = Site(), Line(method="GET")
    ask(site, line)
    assert (line.status, line.body, line.received) == (200, b"ok", 0)


def test_the_application_is_told_what_wsgi_says_of_a_request():
    headers = [
        ("host", "motcua.example"), ("accept", "a"), ("accept", "b"), ("cookie", "x=1"), ("cookie", "y=2"),
        ("content-type", "text/plain"), length(3), ("x-name", "\xe9"), ("x_forwarded_for", "10.0.0.1"),
    ]  # fmt: skip
    site = Site()
    ask(site, Line(b"a", b"bc", headers=headers, path=b"/h%E1%BB%93-s%C6%A1/%ff", query=b"q=%20"))
    (asked,) = site.asked
    assert asked["PATH_INFO"].encode("latin-1") == "/hồ-sơ/".encode() + b"\xff"
    assert (asked["SCRIPT_NAME"], asked["QUERY_STRING"], asked["REQUEST_METHOD"]) == ("", "q=%20", "POST")
    assert (asked["SERVER_NAME"], asked["SERVER_PORT"], asked["REMOTE_ADDR"]) == (
        "127.0.0.1",
        "8000",
        "203.0.113.7",
    )
    assert (asked["HTTP_HOST"], asked["HTTP_ACCEPT"], asked["HTTP_COOKIE"]) == (
        "motcua.example",
        "a,b",
        "x=1;y=2",
    )
    assert (asked["CONTENT_TYPE"], asked["CONTENT_LENGTH"], asked["body"]) == ("text/plain", "3", b"abc")
    assert asked["HTTP_X_NAME"] == "\xe9"
    assert "HTTP_CONTENT_TYPE" not in asked
    assert "HTTP_X_FORWARDED_FOR" not in asked, "an underscore would pass for a hyphen"


def test_a_body_of_unknown_length_has_one_when_it_arrives():
    site = Site()
    ask(site, Line(b"a" * 10, b"b" * 5, b"", headers=[CHUNKED]))
    assert site.asked[0]["CONTENT_LENGTH"] == "15"
    assert site.asked[0]["body"] == b"a" * 10 + b"b" * 5


def test_forty_who_send_nothing_do_not_keep_anybody_waiting():
    site = Site()
    slow = [Line(b"a", 5.0, b"b", headers=[length(2)]) for _each in range(40)]
    other = Line(method="GET")
    began = time.monotonic()

    async def both():
        senders = [asyncio.ensure_future(site.front(m.scope, m.receive, m.send)) for m in slow]
        await asyncio.sleep(0.01)
        await site.front(other.scope, other.receive, other.send)
        answered = time.monotonic() - began
        await asyncio.wait(senders)
        return answered

    assert asyncio.run(both()) < 0.15
    assert other.status == 200
    assert {line.status for line in slow} == {408}, "and each is given up"
    assert time.monotonic() - began < 3


def test_who_sends_a_byte_now_and_then_is_given_up_as_well(monkeypatch):
    monkeypatch.setattr(bodies, "RATE", 100)
    trickle = [piece for _each in range(100) for piece in (b"a", 0.05)]
    site, line = Site(), Line(*trickle, b"end", headers=[length(103)])
    began = time.monotonic()
    ask(site, line)
    assert line.status == 408
    assert time.monotonic() - began < 2
    assert line.pieces, "nobody listens any longer"
    assert site.asked[0]["body"] == b""


def test_who_is_slow_and_steady_enough_is_waited_for():
    pieces = [piece for _each in range(8) for piece in (b"a" * 5_000, 0.05)]  # 100 kB a second
    site, line = Site(), Line(*pieces, b"end", headers=[length(40_003)])
    ask(site, line)
    assert (line.status, site.asked[0]["CONTENT_LENGTH"]) == (200, "40003")


def test_what_broke_off_is_not_handed_on():
    site, line = Site(), Line(b"half", None, headers=[length(100)])
    ask(site, line)
    assert (site.asked, line.sent) == ([], [])


def test_more_than_anybody_may_send_is_refused_before_any_of_it_is_read():
    site, line = Site(), Line(b"a", headers=[length(2 * MIB + 1), TOKEN])
    ask(site, line)
    assert (line.status, site.tried) == (413, 0)
    assert site.asked[0]["body"] == b""


def test_more_than_anybody_may_send_is_cut_off_where_no_length_was_announced():
    site, line = Site(), Line(*[b"a" * MIB] * 5, headers=[CHUNKED, TOKEN])
    ask(site, line)
    assert (line.status, site.asked[0]["body"], site.tried) == (413, b"", 1)


@pytest.mark.parametrize(
    "token", [(), [("authorization", "Bearer made-up")], [("cookie", "sessionid=made-up")]]
)
@pytest.mark.parametrize("announced", [True, False])
def test_large_bodies_of_strangers_are_refused(token, announced):
    pieces = [b"a" * 100_000] * 4
    line = Line(*pieces, headers=[length(400_000) if announced else CHUNKED, *token])
    site = Site()
    ask(site, line)
    assert line.status == 401
    assert site.asked[0]["body"] == b""
    assert site.tried == 1


def test_what_is_refused_by_its_length_is_not_asked_for():
    """Reading is what makes a server say "100 Continue"."""
    site, line = Site(), Line(b"a" * 400_000, headers=[length(400_000), ("expect", "100-continue")])
    received = []
    site.answer = lambda environ: received.append(line.received) or [b"no"]
    ask(site, line)
    assert (line.status, received) == (401, [0])


def test_large_bodies_of_those_who_are_signed_in_are_taken():
    site, line = Site(), Line(*[b"a" * 500_000] * 2, headers=[length(1_000_000), TOKEN])
    ask(site, line)
    assert (line.status, len(site.asked[0]["body"]), site.tried) == (200, 1_000_000, 1)


def test_nobody_is_asked_who_sends_little():
    site, line = Site(), Line(b"a" * 200_000, headers=[length(200_000)])
    ask(site, line)
    assert (line.status, site.tried) == (200, 0)


def test_the_rest_of_a_refused_body_is_read_and_forgotten_so_that_a_browser_sees_the_answer():
    site, line = Site(), Line(*[b"a" * MIB] * 5, headers=[length(5 * MIB)])
    ask(site, line)
    assert (line.status, line.pieces) == (413, [])


def test_readers_of_files_take_no_thread_while_they_are_slow():
    content = bytes(3 * PIECE + 5)
    opened = []

    def file(environ):
        if environ["REQUEST_METHOD"] == "POST":
            return [b"ok"]
        opened.append(io.BytesIO(content))
        return environ["wsgi.file_wrapper"](opened[-1], 4096)

    site = Site(file)

    async def both():
        slow = [Line(method="GET", reads=False) for _each in range(5)]
        readers = [asyncio.ensure_future(site.front(m.scope, m.receive, m.send)) for m in slow]
        await asyncio.sleep(0.1)
        other = Line()
        await asyncio.wait_for(site.front(other.scope, other.receive, other.send), 1)
        assert other.body == b"ok"
        assert max(len(m.sent) for m in slow) == 2, "no more was read than had room"
        for line in slow:
            line.reads.set()
        await asyncio.wait_for(asyncio.gather(*readers), 5)
        return slow

    assert {line.body for line in asyncio.run(both())} == {content}
    assert all(file.closed for file in opened)


@pytest.mark.parametrize(
    ("method", "size"), [("GET", PIECE - 1), ("GET", PIECE), ("GET", 0), ("HEAD", PIECE * 2)]
)
def test_a_file_is_sent_whole_and_closed(method, size):
    file = io.BytesIO(bytes(size))
    line = Line(method=method)
    ask(Site(lambda environ: FileWrapper(file)), line)
    assert len(line.body) == (size if method == "GET" else 0)
    assert file.closed
    assert not line.sent[-1].get("more_body")


def test_a_file_that_cannot_be_read_is_closed():
    class Broken(io.BytesIO):
        def read(self, *_size):
            raise OSError("gone")

    file = Broken()
    with pytest.raises(OSError, match="gone"):
        ask(Site(lambda environ: FileWrapper(file)), Line(method="GET"))
    assert file.closed


class Pieces:
    """An answer that is made as it is sent."""

    def __init__(self, count):
        self.left, self.closed = count, False

    def __iter__(self):
        return self

    def __next__(self):
        if not self.left:
            raise StopIteration
        self.left -= 1
        return b"piece"

    def close(self):
        self.closed = True


def test_an_answer_in_pieces_waits_for_its_reader():
    pieces = Pieces(100)
    site, line = Site(lambda environ: pieces), Line(method="GET", reads=False)

    async def read_late():
        answering = asyncio.ensure_future(site.front(line.scope, line.receive, line.send))
        await asyncio.sleep(0.1)
        assert pieces.left > 95
        line.reads.set()
        await asyncio.wait_for(answering, 5)

    asyncio.run(read_late())
    assert line.body == b"piece" * 100
    assert pieces.closed


def test_an_answer_in_pieces_ends_when_its_reader_hangs_up():
    pieces = Pieces(10**9)
    line = Line(None, method="GET")
    ask(Site(lambda environ: pieces), line)
    assert pieces.closed


def test_a_fault_is_the_servers_to_tell_and_costs_no_thread():
    def fault(environ):
        raise ValueError("a fault")

    site = Site(fault, threads=1)
    for _each in range(3):
        with pytest.raises(ValueError, match="a fault"):
            ask(site, Line(method="GET"))
    site.answer = b"ok"
    line = Line(method="GET")
    ask(site, line)
    assert line.status == 200


WORDS = {
    bodies.too_large: (413, "too-large", "lớn quá 1 MB"),
    bodies.sign_in_first: (401, "not-signed-in", "Hãy đăng nhập rồi gửi lại"),
    bodies.too_slow: (408, "too-slow", "Hãy kiểm tra kết nối mạng"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("refusal", WORDS)
def test_a_person_sees_a_page(client, refusal):
    status, _code, words = WORDS[refusal]
    answer = client.post("/tai-khoan/login/", **{REFUSAL: refusal})
    assert answer.status_code == status
    assert words in answer.text
    assert "<h1" in answer.text


@pytest.mark.django_db
def test_what_to_do_next_suits_any_file_and_whoever_is_signed_out(client):
    shown = client.post("/nhap-ho-so/", **{REFUSAL: bodies.too_large}).text
    assert "Hãy gửi tệp nhỏ hơn, hoặc chia ra gửi nhiều lần." in shown
    assert "quét lại" not in shown
    shown = client.post("/nhap-ho-so/", **{REFUSAL: bodies.sign_in_first}).text.split("<main", 1)[-1]
    assert f'href="{reverse("account_login")}">Đăng nhập lại</a>' in shown
    assert "Về trang chủ" not in shown


@pytest.mark.django_db
@pytest.mark.parametrize("refusal", WORDS)
def test_a_program_reads_a_problem(client, refusal):
    status, code, words = WORDS[refusal]
    with translation.override("vi"):
        answer = client.post("/api/v1/files", HTTP_ACCEPT_LANGUAGE="vi", **{REFUSAL: refusal})
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["type"] == f"urn:vamco:problem:{code}"
    assert words in answer.json()["title"]
    assert ("WWW-Authenticate" in answer) == (status == 401)


@pytest.mark.django_db
def test_no_header_of_a_request_makes_a_refusal(client):
    assert client.get("/healthz", headers={"vamco.refusal": "x", "Vamco-Refusal": "x"}).status_code == 200
