"""What is offered at each stage of a dossier can be done, and what is not offered is refused and changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from tests import province as p
from tests.dossiers.everybody import of_every_role
from vamco.core import clock
from vamco.core.actors import SYSTEM, Actor
from vamco.core.errors import Invalid, Refused
from vamco.core.models import LedgerEntry
from vamco.core.transactions import atomic
from vamco.dossiers import actions
from vamco.dossiers.models import Dossier, Stage
from vamco.dossiers.rules.application import PaperInput
from vamco.dossiers.rules.inputs import Item
from vamco.dossiers.work import offers
from vamco.dossiers.work.actions import watch

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


def waiting() -> Dossier:
    return actions.request_supplement(
        p.actor("tu_phap"), p.receive(), items=[("Tờ khai", "thiếu trang")], reason="Chưa đủ cơ sở.", days=5
    )


def refused_ready() -> Dossier:
    one = actions.advance(
        p.actor("tu_phap"), p.receive(), outcome="de_nghi_tu_choi", reasons=("khong_dung_su_that",),
        reason="Đã kết hôn năm 2010.",
    )  # fmt: skip
    return actions.advance(p.actor("chu_tich"), one, outcome="ky")


def turned_away() -> Dossier:
    slip = actions.refuse_intake(
        p.actor("mot_cua"),
        p.unit(),
        application=p.application(),
        reason="Sai thẩm quyền",
        directions="UBND huyện",
    )
    return slip.dossier


def ready() -> Dossier:
    one = p.decide(p.receive())
    p.pay(one)
    return one


AT: dict[str, Callable[[], Dossier]] = {
    Stage.PROCESSING: p.receive,
    Stage.SUPPLEMENT: waiting,
    Stage.READY: ready,
    Stage.REFUSED_READY: refused_ready,
    Stage.RETURNED: lambda: actions.hand_over(p.actor("mot_cua"), ready()),
    Stage.WITHDRAWN: lambda: actions.withdraw(p.actor("mot_cua"), p.receive(), reason="Không còn nhu cầu."),
    Stage.STOPPED: lambda: actions.stop(
        p.actor("chu_tich"), p.receive(), reason="Theo quyết định của tòa án."
    ),
    Stage.REFUSED: turned_away,
}
"""A dossier at each stage."""


def inputs(dossier: Dossier) -> dict[str, dict[str, Any]]:
    """For each action what it would need at its right moment."""
    run = dossier.runs.first()
    why = {"reason": "Có lý do chính đáng."}
    return {
        "advance": {"outcome": "trinh_ky", "answers": p.FOUND},
        "take": {},
        "assign": {"person": p.person("tu_phap").pk},
        "draft": {"answers": p.FOUND},
        "send_back": {"run": run.pk if run else 1, **why},
        "take_back": {},
        "consult": {"unit": p.OTHER_COMMUNE, "question": "Đề nghị xác minh nơi cư trú cũ."},
        "note": {"text": "Đã gọi điện."},
        "request_supplement": {"items": [Item("Bản sao sổ hộ khẩu")], **why},
        "resume": {"papers": []},
        "close_unanswered": {},
        "draft_new_date": {"days": 3},
        "sign_new_date": why,
        "hand_over": {},
        "withdraw": why,
        "stop": why,
        "correct": {"application": p.application(summary="Để vay vốn ngân hàng"), **why},
        "correct_applicant": {"name": "Nguyễn Thị Mỹ Hằng", **why},
        "move": {"step": "ky_duyet", **why},
        "add_papers": {"papers": [PaperInput("to_khai", originals=1)]},
    }


def left_alone(dossier: Dossier, entries: int) -> bool:
    now = Dossier.objects.get(pk=dossier.pk)
    same = all(
        getattr(now, name) == getattr(dossier, name)
        for name in ("version", "stage", "status", "step", "holder_id", "due_at", "answers")
    )
    return same and LedgerEntry.objects.count() == entries


def attempt(actor: Actor, dossier: Dossier, key: str) -> Refused | None:
    """Try it; what was done is undone again. The refusal, or None where it went through."""
    entries = LedgerEntry.objects.count()
    try:
        with atomic():
            offers.ACTIONS[key](actor, Dossier.objects.get(pk=dossier.pk), **inputs(dossier)[key])
            transaction.set_rollback(True)
    except Refused as refusal:
        assert left_alone(dossier, entries), key
        return refusal
    return None


def test_every_action_and_every_stage_is_here() -> None:
    assert AT.keys() == set(Stage)
    assert inputs(Dossier.objects.get(pk=p.receive().pk)).keys() == offers.ACTIONS.keys()


@pytest.mark.parametrize("stage", list(Stage))
def test_what_is_offered_is_done_and_what_is_not_is_refused(stage: Stage) -> None:
    dossier = AT[stage]()
    dossier.refresh_from_db()
    assert dossier.stage == stage
    person = of_every_role(p.COMMUNE)
    for actor in (person, replace(person, signs=False)):  # the second by a token that another made
        offered = {one.key for one in offers.offers(actor, dossier)}
        told = {key: attempt(actor, dossier, key) for key in offers.ACTIONS}
        assert {key for key, refusal in told.items() if refusal is None} == offered
        # Refused for the moment, not for an input that is wrong; only there is no step yet to send it back to.
        assert {key for key, one in told.items() if isinstance(one, Invalid)} <= {"send_back"}


@pytest.mark.parametrize("key", ["resume", "close_unanswered"])
def test_a_supplement_that_nobody_answers_is_closed_only_after_its_time(key: str) -> None:
    dossier, actor = waiting(), of_every_role(p.COMMUNE)
    with clock.told(datetime(2017, 1, 16, 9, 0, tzinfo=clock.HERE)):
        watch.prepare_closing(SYSTEM, dossier)
        dossier.refresh_from_db()
        assert key in {one.key for one in offers.offers(actor, dossier)}
        assert attempt(actor, dossier, key) is None
