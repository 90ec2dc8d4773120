"""Callers of the API: people in the units of Long An, each with a bearer token."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import province as p
from vamco.core.actions import SYSTEM
from vamco.organisation import actions
from vamco.organisation.models import User


class Caller:
    """Somebody who calls the API with a token of their own; without a user nobody."""

    def __init__(self, user: User | None) -> None:
        self.user = user
        self.headers = {}
        if user is not None:
            self.token, token = actions.issue_token(SYSTEM, user, name="test")
            self.headers = {"Authorization": f"Bearer {token}"}
        self.client = Client(headers=self.headers)

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", query or {}, headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        body = {} if body is None else body
        return self.client.post(f"/api/v1{path}", body, content_type="application/json", headers=headers)

    def send(self, path: str, file: Any) -> Any:
        """A file as multipart."""
        return self.client.post(f"/api/v1{path}", {"file": file})


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
