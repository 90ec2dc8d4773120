"""Every address and every API operation, with nobody, with the wrong person and with a session that has ended.

The wrong person holds every role there is, but in another commune. Nothing of this commune may reach them: not by
its address, not by a search, a count, a suggestion or an export. A new address that this file does not know fails.
"""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from openpyxl import load_workbook

from tests import province
from tests.province import COMMUNE, MARRIAGE
from vamco.api import api
from vamco.core import clock
from vamco.dossiers.rules.application import PartyInput
from vamco.dossiers.work.offers import ACTIONS
from vamco.organisation.account_urls import KEEP
from vamco.organisation.models import User
from vamco.organisation.roles import roles

from .things import Things

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]

PUBLIC = {
    "home", "tracking_search", "tracking", "procedure_list", "procedure", "result_check", "result_check_number",
    "set_language", "favicon", "robots", "security", "/healthz", "/readyz", "metrics", "account_login",
    "account_logout", "account_inactive",
}  # fmt: skip
"""Pages for everybody."""

STAGES = {"mfa_authenticate"}
"""Pages in the midst of signing in: they lead back to its beginning."""

OWN = {"mfa_activate_totp", "usersessions_list"}
"""Show something new each time, to the person alone."""

COMMON = {
    "result_templates", "result_template", "result_template_new", "procedures_admin_version", "unit_page",
}  # fmt: skip
"""Of the whole province: their administrators share them; a unit is no secret within the administration, and what its page
shows to whom is tested in tests/organisation."""

# What an address with a part in it is about: the beginning of the route, and the thing for each of its parts.
ABOUT: dict[str, dict[str, str]] = {
    "don-vi/": {"code": "unit code"},
    "cau-hinh/": {"key": "payments.low_book"},
    "to-chuc/don-vi/": {"code": "unit code"},
    "to-chuc/chuc-vu/": {"pk": "Post"},
    "to-chuc/vai-tro/": {"pk": "Grant"},
    "to-chuc/phan-cong/": {"pk": "Holding"},
    "to-chuc/nguoi/": {"pk": "User"},
    "to-chuc/ma/": {"pk": "ApiToken"},
    "ma-truy-cap/": {"pk": "ApiToken"},
    "uy-quyen/": {"pk": "Delegation"},
    "nhat-ky/": {"pk": "LedgerEntry"},
    "tin-gui/": {"pk": "Message"},
    "thong-bao/": {"pk": "Notice"},
    "lich/ngay/": {"pk": "CalendarDay"},
    "lich/nhap/": {"pk": "ImportRun", "verb": "ghi"},
    "nhap-ho-so/": {"pk": "ImportRun", "verb": "ghi"},
    "lich/gio/": {"weekday": "one"},
    "lich/che-do/": {"key": "Regime key"},
    "thu-tuc/quan-tri/": {"pk": "ProcedureVersion"},
    "thu-tuc/quan-tri/<int:pk>/truong-hop/": {
        "pk": "ProcedureVersion",
        "case": "thuong",
        "part": "papers",
        "key": "to_khai",
        "step": "tham_tra",
        "number": "one",
    },
    "thu-tuc/": {"code": "procedure code"},
    "kiem-tra/": {"number": "result number"},
    "ket-qua/mau/": {"key": "Template key"},
    "^ket-qua/": {"pk": "Result", "verb": "withdraw"},
    "ket-qua/": {"pk": "Result"},
    "thu-tien/bien-lai/": {"pk": "Receipt"},
    "thu-tien/khoa-so/": {"pk": "DayClose"},
    "thu-tien/quyen/": {"pk": "ReceiptBook"},
    "tra-cuu/": {"code": "dossier code"},
    "viec/bo-loc/": {"pk": "SavedFilter"},
    "phieu/": {"pk": "Slip"},
    "tep/": {"pk": "Attachment"},
    "tep/them/": {"kind": "payments.receipt", "thing": "Receipt"},
    "lich-su/": {"kind": "payments.receipt", "thing": "Receipt"},
    "tiep-nhan/tep/": {"pk": "File"},
    "tiep-nhan/quet/": {"code": "paper code"},
    "nguoi/": {"pk": "Party"},
    "so/": {"pk": "RegisterBook"},
    "ho-so/<dossier:code>/giay/": {"code": "dossier code", "pk": "one"},
    "ho-so/<dossier:code>/ket-qua/": {"code": "dossier code", "pk": "Result"},
    "ho-so/<dossier:code>/y-kien/": {"code": "dossier code", "pk": "Consultation"},
    "ho-so/<dossier:code>/so/": {"code": "dossier code", "pk": "one"},
    "ho-so/": {"code": "dossier code", "key": "note"},
}

# The same for the API: what stands before the part, and the thing.
API_ABOUT = {
    "units/{code}": "unit code",
    "settings/{key}": "payments.low_book",
    "posts/{post_id}": "Post",
    "grants/{grant_id}": "Grant",
    "holdings/{holding_id}": "Holding",
    "people/{person_id}": "User",
    "tokens/{token_id}": "ApiToken",
    "delegations/{delegation_id}": "Delegation",
    "ledger/{entry_id}": "LedgerEntry",
    "calendar_days/{day_id}": "CalendarDay",
    "regimes/{key}": "Regime key",
    "messages/{message_id}": "Message",
    "parties/{party_id}": "Party",
    "procedures/{code}": "procedure code",
    "procedure_versions/{version_id}": "ProcedureVersion",
    "results/{result_id}": "Result",
    "results/{number}": "result number",
    "result_templates/{key}": "Template key",
    "receipts/{receipt_id}": "Receipt",
    "receipt_books/{book_id}": "ReceiptBook",
    "cash/{day}": "day",
    "dossiers/{code}": "dossier code",
    "attachments/{attachment_id}": "Attachment",
    "visits/{visit_id}": "Visit",
    "files/{file_id}": "File",
    "filters/{filter_id}": "SavedFilter",
    "slips/{slip_id}": "Slip",
    "consultations/{consultation_id}": "Consultation",
    "register_books/{book_id}": "RegisterBook",
    "tracking/{code}": "dossier code",
}

OPEN_TO_ALL_STAFF = {
    "GET /api/v1/result_templates/{key}",
    "POST /api/v1/result_templates/{key}/actions/save",
    "POST /api/v1/result_templates/{key}/actions/preview",
    "GET /api/v1/procedure_versions/{version_id}",
}
"""Of the whole province; nothing in them is of one unit."""

MANY = frozenset(f"/api/v1/dossiers/actions/{key}" for key in ACTIONS)
"""Answer 200 with a refusal for each."""

HIDDEN = PartyInput(
    name="Huỳnh Thị Ngọc Ẩn", id_number="080161000926", email="ngoc.an@example.vn", phone="0913777124",
    address="17/9 ấp Chánh",
)  # fmt: skip
MARKS = (HIDDEN.name, HIDDEN.phone, HIDDEN.address, HIDDEN.id_number, HIDDEN.email)
"""What stands only in this commune's dossier, and in no example or template."""


class World:
    """This commune's things, and values for every part of an address."""

    def __init__(self) -> None:
        self.things = Things()
        self.dossier = self.things.made["Dossier"] = province.receive(parties=(HIDDEN,))

    def value(self, what: str) -> Any:
        kind, _space, field = what.partition(" ")
        fixed = {
            "unit code": COMMUNE,
            "procedure code": MARRIAGE,
            "dossier code": self.dossier.code,
            "paper code": "to_khai",
            "day": "2016-12-05",
            "one": 1,
        }
        if what in fixed:
            return fixed[what]
        if what == "result number":
            return self.things.of("Result").number
        if kind[0].isupper():
            thing = self.things.of(kind)
            return getattr(thing, field) if field else thing.pk
        return what

    def marks(self) -> tuple[str, ...]:
        """What must not stand on a page of somebody else: also the code and the tracking secret."""
        return (*MARKS, self.dossier.code)


# Pages -----------------------------------------------------------------------------------------------------


def pages() -> Iterator[tuple[str, str]]:
    """Every page: its name and its route."""

    def walk(resolver: Any, prefix: str) -> Iterator[tuple[str, str]]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                if entry.namespace is None:
                    yield from walk(entry, prefix + str(entry.pattern))
            elif isinstance(entry, URLPattern):
                yield entry.name or f"/{prefix}{entry.pattern}", prefix + str(entry.pattern)

    yield from walk(get_resolver(), "")


def parts(route: str) -> list[str]:
    return re.findall(r"<(?:\w+:)?(\w+)>", route)


def address(world: World, name: str, route: str) -> str:
    wanted = parts(route)
    if not wanted:
        return name if name.startswith("/") else reverse(name)
    beginnings = [start for start in ABOUT if route.startswith(start) and set(wanted) <= ABOUT[start].keys()]
    assert beginnings, f"{name}: say in ABOUT what {route} is about"
    about = ABOUT[max(beginnings, key=len)]
    return reverse(name, kwargs={part: world.value(about[part]) for part in wanted})


def closed(name: str, route: str) -> bool:
    return route.startswith("tai-khoan/") and name not in KEEP


def is_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/tai-khoan/login/")


def test_nobody_sees_only_what_is_public(world: World) -> None:
    client, wrong_answers = Client(raise_request_exception=False), []
    for name, route in pages():
        if closed(name, route):
            continue
        url = address(world, name, route)
        for method in ("get", "post"):
            answer = getattr(client, method)(url)
            client.cookies.clear()
            if name in PUBLIC:
                good = answer.status_code in (200, 302, 404, 405, 422, 429) and not shown(answer, MARKS)
            elif name in STAGES:
                good = answer.status_code == 302
            else:
                good = is_sign_in(answer) or answer.status_code == 405
            if not good:
                wrong_answers.append((method, url, answer.status_code))
    assert wrong_answers == []


def test_a_page_that_is_public_must_be_named_so_here() -> None:
    names = {name for name, _route in pages()}
    assert sorted(PUBLIC - names) == []


@pytest.mark.parametrize("how", ["signed out", "expired"])
def test_an_ended_session_is_nobody(wrong: User, world: World, how: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(wrong)
    cookie = client.cookies["sessionid"].value
    assert client.get(reverse("inbox")).status_code == 200
    if how == "signed out":
        client.session.flush()
    else:
        Session.objects.filter(pk=cookie).update(expire_date=clock.now() - timedelta(seconds=1))
    wrong_answers = []
    for name, route in pages():
        if closed(name, route) or name in PUBLIC | STAGES:
            continue
        url, asked = address(world, name, route), set()
        for method in ("get", "post"):
            client.cookies["sessionid"] = cookie
            answer = getattr(client, method)(url)
            asked.add("sign in" if is_sign_in(answer) else answer.status_code)
        if "sign in" not in asked or asked - {"sign in", 405}:
            wrong_answers.append((url, asked))
    assert wrong_answers == []
    assert how == "signed out" or Session.objects.filter(pk=cookie).exists()


def test_the_wrong_person_reaches_nothing_of_this_unit(world: World, wrong_client: Client) -> None:
    wrong_answers = []
    for name, route in pages():
        if closed(name, route) or name in PUBLIC | COMMON or not parts(route) or name == "intake_upload":
            continue
        url = address(world, name, route)
        for method in ("get", "post"):
            answer = getattr(wrong_client, method)(url)
            good = answer.status_code in (403, 404, 405) or (method == "post" and answer.status_code == 422)
            # A page may repeat its own address, but nothing else of what it refuses.
            marks = MARKS if world.dossier.code in url else world.marks()
            if not good or shown(answer, marks):
                wrong_answers.append((method, url, answer.status_code, answer.headers.get("Location")))
    assert wrong_answers == []


def shown(answer: Any, marks: tuple[str, ...]) -> list[str]:
    content = b"".join(answer) if answer.streaming else answer.content
    said = _cells(content) if content.startswith(b"PK") else content.decode(errors="replace")
    return [mark for mark in marks if mark in said]


def _cells(content: bytes) -> str:
    """What stands in a spreadsheet, which is compressed."""
    sheets = load_workbook(BytesIO(content), read_only=True).worksheets
    rows = (row for sheet in sheets for row in sheet.iter_rows(values_only=True))
    return "\n".join(str(cell) for row in rows for cell in row if cell is not None)


SEARCHES = ("", "ngoc an", "Huỳnh Thị Ngọc", "huynh thi", "161205", "000.00")


@pytest.mark.parametrize("q", SEARCHES)
def test_no_list_search_count_or_suggestion_tells_the_wrong_person(
    world: World, wrong_client: Client, q: str
) -> None:
    """Whatever is asked for, what the page says is the same as if this commune had no dossier at all."""
    told, asked = [], {"q": q, "tab": "unit", "thu_tuc": MARRIAGE, "doi_tuong": q}
    for name, route in pages():
        if closed(name, route) or name in PUBLIC or parts(route):
            continue
        url = address(world, name, route)
        for answer in (wrong_client.get(url, asked), wrong_client.post(url, asked, follow=True)):
            if answer.status_code == 500 or shown(answer, world.marks()):
                told.append((url, answer.status_code, shown(answer, world.marks())))
    assert told == []


TABS = ("mine", "pool", "unassigned", "unit", "waiting", "ready", "late")


def test_what_happens_here_changes_nothing_that_the_wrong_person_sees(
    wrong_client: Client, wrong: User
) -> None:
    lists = [
        reverse(name)
        for name, route in pages()
        if not closed(name, route) and name not in PUBLIC | OWN and not parts(route)
    ]
    lists += [f"{reverse('inbox')}?tab={tab}" for tab in TABS]
    token = token_of(wrong)
    api_lists = [path for method, path, _op in operations() if method == "GET" and "{" not in path]

    def seen() -> dict[str, str]:
        shown = {url: _stable(wrong_client.get(url)) for url in lists}
        return shown | {url: _stable(call("GET", url, token)) for url in api_lists}

    seen()  # what a page remembers of its first opening
    before = seen()
    dossier = province.receive()
    province.pay(dossier)
    province.decide(dossier)
    after = seen()
    assert {url for url in before if before[url] != after[url]} == set()


def _stable(answer: Any) -> str:
    """What an answer says, without what is different each time."""
    if answer.streaming or (
        "html" not in (kind := answer.headers.get("Content-Type", "")) and "json" not in kind
    ):
        return str(answer.status_code)
    body = answer.content.decode(errors="replace")
    body = re.sub(r"[A-Za-z0-9_-]{16,}", "…", body)
    return f"{answer.status_code} {body}"


# The API ---------------------------------------------------------------------------------------------------


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation: method, path, description."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def public(operation: dict[str, Any]) -> bool:
    return not operation.get("security")


def api_address(world: World, path: str) -> str:
    def value(found: re.Match[str]) -> str:
        before = path[: found.end()]
        fits = [start for start in API_ABOUT if before.endswith(start)]
        assert fits, f"say in API_ABOUT what {before} is about"
        return str(world.value(API_ABOUT[max(fits, key=len)]))

    return re.sub(r"\{\w+\}", value, path)


def example(schema: dict[str, Any]) -> Any:
    """A body as the description gives it by its examples."""
    definitions = api.get_openapi_schema()["components"]["schemas"]
    if "$ref" in schema:
        return example(definitions[schema["$ref"].rsplit("/", 1)[1]])
    if schema.get("examples"):
        return schema["examples"][0]
    if "default" in schema:
        return schema["default"]
    for key in ("anyOf", "allOf", "oneOf"):
        if key in schema:
            return example(schema[key][0])
    if schema.get("type") == "object":
        needed = schema.get("required", [])
        return {name: example(schema.get("properties", {})[name]) for name in needed}
    if schema.get("type") == "array":
        return [example(schema.get("items", {}))]
    return {"string": "x", "integer": 1, "number": 1, "boolean": False}.get(schema.get("type", ""))


def body(operation: dict[str, Any]) -> Any:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return {}
    return content.get("example") or example(content["schema"])


def token_of(user: User, days: int = 1) -> str:
    return province.token(user, days=days)


FILES = {
    "/api/v1/units/{code}/actions/import_running": "du-lieu.xlsx",
    "/api/v1/calendar_days/import": "lich.xlsx",
}
"""Operations that take a file instead of JSON."""


def call(method: str, url: str, token: str = "", sent: Any = None, file: str = "", **query: str) -> Any:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    client = Client(raise_request_exception=False)
    if method == "GET":
        return client.get(url, query, headers=headers)
    if file:
        return client.post(url, {"file": SimpleUploadedFile(file, b"PK"), **(sent or {})}, headers=headers)
    return client.generic(method, url, _json(sent), "application/json", headers=headers)


def _json(sent: Any) -> str:
    return json.dumps(sent if sent is not None else {})


def test_an_actor_of_nobody_may_nothing() -> None:
    from vamco.organisation.access import NOBODY

    assert not AnonymousUser().is_authenticated
    assert not any(
        NOBODY.may_anywhere(permission) for role in roles().values() for permission in role.permissions
    )
