"""Text of every kind in every text field of a dossier's page: nothing of it is executed, and what is too long is said."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests import province as p
from tests.dossiers.everybody import of_every_role
from tests.dossiers.test_offers import AT
from vamco.core.actors import Actor
from vamco.dossiers import actions
from vamco.dossiers.models import Dossier, Stage
from vamco.dossiers.work import offers
from vamco.dossiers.work.forms import form_of
from vamco.organisation.models import User
from vamco.web.action_forms import Written

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]

EVIL = "<script>alert(1)</script>'; DROP TABLE dossiers_dossier; --<img src=x onerror=alert(2)>{{ 7|add:7 }}"
LONG = "Ẵ" * 10_000
HIDDEN = {"version", "request_key", "outcome", "ds"}


@pytest.fixture
def actor() -> Actor:
    return of_every_role(p.COMMUNE)


@pytest.fixture
def client(actor: Actor) -> Client:
    one = Client()
    one.force_login(User.objects.get(pk=actor.user_id))
    return one


def at(stage: str) -> Dossier:
    """A dossier at a stage, with everything on it that may be acted on: a new date to be signed, too."""
    one = AT[stage]()
    if stage == Stage.PROCESSING:
        one = actions.draft_new_date(p.actor("tu_phap"), one, days=3)
    return Dossier.objects.get(pk=one.pk)


def asked(actor: Actor, dossier: Dossier) -> Iterator[tuple[offers.Offer, dict[str, forms.Field]]]:
    """Each offer with the fields of its form; correcting has the counter's screen as its form."""
    for offer in offers.offers(actor, dossier):
        fields = {n: f for n, f in form_of(actor, dossier, offer).fields.items() if n not in HIDDEN}
        if offer.key != "correct" and fields:
            yield offer, fields


def is_text(name: str, field: forms.Field) -> bool:
    typed = type(field) is forms.CharField or (isinstance(field, Written) and field.kind is str)
    return typed and name not in ("id_number", "phone", "email")


def filled(
    dossier: Dossier, offer: offers.Offer, fields: dict[str, forms.Field], text: str
) -> dict[str, Any]:
    """A form filled in right, with this text in every field for text."""
    data: dict[str, Any] = {
        "version": dossier.version, "request_key": uuid4().hex, "outcome": offer.outcome, "ds": "",
    }  # fmt: skip
    needed = {parameter.name for parameter in offer.inputs if not parameter.optional}
    for name, field in fields.items():
        if is_text(name, field):
            data[name] = text
        elif isinstance(field, forms.IntegerField) or (isinstance(field, Written) and field.kind is int):
            data[name] = 3
        elif isinstance(field, forms.BooleanField):
            data[name] = "on"
        elif isinstance(field, forms.MultipleChoiceField | forms.ChoiceField) and name in needed:
            flat = [
                one
                for value, label in field.choices
                for one in (label if isinstance(label, list) else [(value, "")])
            ]
            data[name] = next((str(value) for value, _label in flat if value), "")
    return data


def errors(answer: Any) -> str:
    """What a page says is wrong: on top, linked to the field, and beside it."""
    body = answer.content.decode()
    found = re.findall(r'class="(?:err|govuk-error-summary__body)"[^>]*>(.*?)</(?:p|div)>', body, re.DOTALL)
    return html.unescape(" ".join(re.sub("<[^>]+>", " ", " ".join(found)).split()))


def where(dossier: Dossier, offer: offers.Offer) -> str:
    return reverse("dossier_act", args=[dossier.code, offer.key])


@contextmanager
def undone() -> Iterator[None]:
    """Everything in the block is taken back; no transaction of Django's, in which no try of a secret may be counted."""
    before = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)


@pytest.mark.parametrize("stage", [Stage.PROCESSING, Stage.SUPPLEMENT, Stage.READY])
def test_no_text_is_ever_more_than_text(actor: Actor, client: Client, stage: str) -> None:
    dossier, shown, pressed = at(stage), 0, []
    for offer, fields in list(asked(actor, dossier)):
        with undone():
            answer = client.post(where(dossier, offer), filled(dossier, offer, fields, EVIL))
            assert answer.status_code == 302, (
                offer.key,
                re.sub("<[^>]+>", " ", answer.content.decode())[:3000],
            )
            now = Dossier.objects.get(pk=dossier.pk)
            pages = [
                reverse("dossier", args=[dossier.code]),
                f"{reverse('inbox')}?tab=unit",
                reverse("audit"),
            ]
            bodies = [client.get(url).content.decode() for url in pages]
            bodies.append(_public(now))
            for body in bodies:
                assert "<script>alert" not in body, offer.key
                assert "<img src=x" not in body, offer.key
                shown += body.count(html.escape("<script>alert(1)</script>"))
            pressed.append(offer.key)
    assert shown >= len(pressed) / 2
    assert Dossier.objects.filter(pk=dossier.pk).exists()


def _public(dossier: Dossier) -> str:
    """What the citizen sees of it with the second secret."""
    answer = Client().post(reverse("tracking", args=[dossier.code]), {"secret": dossier.secret})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("stage", [Stage.PROCESSING, Stage.SUPPLEMENT, Stage.READY])
def test_what_is_too_long_is_said_at_its_field_and_nothing_is_done(
    actor: Actor, client: Client, stage: str
) -> None:
    dossier, silent = at(stage), []
    for offer, fields in list(asked(actor, dossier)):
        for name, field in fields.items():
            if not is_text(name, field) or name.startswith(("items.khac2", "papers.khac2")):
                continue
            data = {**filled(dossier, offer, fields, "Có lý do."), name: LONG}
            with undone():
                answer = client.post(where(dossier, offer), data)
                said = errors(answer)
                untouched = Dossier.objects.get(pk=dossier.pk).version == dossier.version
                if answer.status_code != 422 or not re.search(r"[\d.]+ k[ýí] tự", said) or not untouched:
                    silent.append((offer.key, offer.outcome, name, answer.status_code, said))
    assert silent == []
