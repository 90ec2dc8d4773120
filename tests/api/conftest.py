"""Callers of the API: people in the units of Long An, each with a bearer token."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import province as p
from tests.core.test_files import PDF
from vamco.attachments.actions import attach
from vamco.attachments.models import Attachment
from vamco.core import files
from vamco.core.actors import SYSTEM
from vamco.dossiers import actions
from vamco.dossiers.models import RegisterBook
from vamco.dossiers.papers import drafting
from vamco.history.actions import note
from vamco.notify.models import Message
from vamco.organisation import actions as organisation
from vamco.organisation.models import Delegation, Grant, Holding, Post, User
from vamco.organisation.roles import roles
from vamco.payments.models import Receipt, ReceiptBook
from vamco.procedures import actions as catalogue
from vamco.procedures.models import ProcedureVersion
from vamco.timing.models import CalendarDay


class Caller:
    """Somebody who calls the API with a token of their own; without a user nobody."""

    def __init__(self, user: User | None) -> None:
        self.user = user
        self.headers = {}
        if user is not None:
            self.headers = {"Authorization": f"Bearer {self.token_of(user)}"}
        self.client = Client(headers=self.headers)

    def token_of(self, user: User) -> str:
        return p.token(user)

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", query or {}, headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        body = {} if body is None else body
        return self.client.post(f"/api/v1{path}", body, content_type="application/json", headers=headers)

    def send(self, path: str, file: Any, **fields: Any) -> Any:
        """A file as multipart, with what is said beside it."""
        headers = fields.pop("headers", {})
        return self.client.post(f"/api/v1{path}", {"file": file, **fields}, headers=headers)


@pytest.fixture
def call() -> Callable[..., Caller]:
    """The caller in a post of a unit: `call("mot_cua")`, `call("quan_tri", p.PROVINCE)`; `call("")` is nobody."""
    known: dict[tuple[str, str], Caller] = {}

    def caller(post: str, code: str = p.COMMUNE) -> Caller:
        key = post, code
        if key not in known:
            known[key] = Caller(p.person(post, code) if post else None)
        return known[key]

    return caller


@pytest.fixture
def everything() -> Caller:
    """Somebody who holds every role at the commune and administers the province: no door stops the request."""
    user = organisation.create_person(SYSTEM, p.unit(), username="moi.quyen", full_name="Người Mọi Quyền")
    post = organisation.create_post(SYSTEM, p.unit(), key="moi_quyen", title="Mọi quyền")
    for role in roles():
        organisation.grant(SYSTEM, post, role=role, unit=p.unit())
    organisation.appoint(SYSTEM, post, user=user, since=p.MONDAY.date())
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    return Caller(User.objects.get(pk=user.pk))


@pytest.fixture
def things() -> dict[str, Any]:
    """What is there: for each parameter of an address one that exists, by the first part of the address."""
    done = p.decide(p.receive())
    p.pay(done)
    open_one = p.receive(parties=(p.PartyInput(name="Lê Văn Phước"),))
    asked = actions.consult(p.actor("tu_phap"), open_one, unit=p.OTHER_COMMUNE, question="Đề nghị xác minh.")
    visit = actions.open_visit(p.actor("mot_cua"), p.unit())
    post = Post.objects.get(unit=p.unit(), key="tu_phap")
    delegation = Delegation.objects.create(
        giver=p.person("tu_phap"), receiver=p.person("van_phong"), since=p.MONDAY, until=p.MONDAY, reason="x"
    )
    version = ProcedureVersion.objects.filter(procedure__code=p.MARRIAGE).first()
    books = RegisterBook.objects.first()
    return {
        "dossiers": open_one.code,
        "tracking": open_one.code,
        "units": p.COMMUNE,
        "procedures": p.MARRIAGE,
        "procedure_versions": catalogue.new_draft(SYSTEM, version).pk,
        "results": drafting.current(done).pk,
        "receipts": Receipt.objects.first().pk,
        "receipt_books": ReceiptBook.objects.first().pk,
        "register_books": books.pk if books else 1,
        "messages": Message.objects.first().pk,
        "parties": done.applicant_id,
        "visits": visit.pk,
        "filters": actions.save_filter(p.actor("tu_phap"), None, name="Của tôi", query="tab=mine").pk,
        "consultations": asked.consultations.get().pk,
        "slips": done.slips.first().pk,
        "files": drafting.current(done).file_id,
        "people": p.person("tu_phap").pk,
        "posts": post.pk,
        "grants": Grant.objects.filter(post=post).first().pk,
        "holdings": Holding.objects.filter(post=post).first().pk,
        "delegations": delegation.pk,
        "calendar_days": CalendarDay.objects.first().pk,
        "regimes": "qd09_2015",
        "settings": "payments.low_book",
        "result_templates": "gxn_tthn",
        "attachments": attached(Receipt.objects.first()).pk,
        "ledger": 1,
        "tokens": 1,
    }


def attached(thing: Any) -> Attachment:
    """A file on a thing, with a note on the same."""
    note(SYSTEM, thing, text="Đã gọi điện cho người nộp.")
    return attach(SYSTEM, thing, file=files.store(PDF, name="bien-ban.pdf"), note="Biên bản làm việc")


def application(**changes: Any) -> dict[str, Any]:
    """A complete application for a certificate of marital status, as JSON; without its unit."""
    base = {
        "procedure": p.MARRIAGE,
        "parties": [
            {
                "name": "Nguyễn Thị Mỹ Hạnh",
                "id_number": "080161000412",
                "email": "hanh@example.vn",
                "phone": "0913000124",
                "address": "48/2 ấp 3",
            }
        ],
        "fields": {"tinh_trang": "chua_ket_hon", "muc_dich": "vay_von"},
        "papers": [
            {"code": "to_khai", "originals": 1},
            {"code": "giay_to_tuy_than", "copies": 1},
            {"code": "giay_to_cu_tru", "copies": 1},
        ],
    }
    return {**base, **changes}


def dossier(**changes: Any) -> dict[str, Any]:
    """The same at a commune's counter: the body of `POST /dossiers`."""
    return application(**{"unit": p.COMMUNE, **changes})


def copies(**changes: Any) -> dict[str, Any]:
    """Certified copies: done at once."""
    base = {
        "procedure": "2.000815",
        "parties": [{"name": "Lê Văn Phước"}],
        "fields": {"loai_giay_to": "Bằng tốt nghiệp", "so_trang": 3, "so_ban": 2},
        "papers": [{"code": "ban_chinh", "originals": 1}, {"code": "ban_sao", "copies": 2}],
    }
    return {**base, **changes}


def fields(answer: Any) -> list[str]:
    """The fields that a problem document names."""
    assert answer["Content-Type"].startswith("application/problem+json"), answer.content
    return [one["field"] for one in answer.json()["errors"]]
