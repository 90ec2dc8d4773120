"""Inputs that depend on the target: suggestions, lists of rows, what travels unseen; and what stands against an action."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

import pytest

from vamco.core.actions import Action
from vamco.core.actors import SYSTEM, Actor
from vamco.core.errors import Invalid, NotAllowed, Refused
from vamco.core.inputs import Input, checked, parameters


class Row(NamedTuple):
    """A row of a list."""

    name: str
    fault: str = ""


def act(
    actor: object,
    target: object,
    /,
    *,
    person: Annotated[int, Input("Người", names="person", suggested=lambda _actor, target: [(target, "A")])],
    rows: Annotated[Sequence[Row], Input("Dòng", names="rows", most=2, missing="Hãy ghi một dòng.")],
    answers: Annotated[Mapping[str, Any] | None, Input("Nội dung", names="answers")] = None,
    version: Annotated[int | None, Input("Phiên bản", hidden=True)] = None,
) -> None:
    """Something with inputs of every such kind."""


PERSON, ROWS, ANSWERS, VERSION = parameters(act)


def test_programs_are_told_what_each_is() -> None:
    assert [one.type_name for one in (PERSON, ROWS, ANSWERS, VERSION)] == [
        "person",
        "rows",
        "answers",
        "integer",
    ]
    assert (ROWS.many, ROWS.kind, ANSWERS.kind) == (True, Row, Mapping)


def test_suggestions_follow_the_target_and_bind_nobody() -> None:
    assert PERSON.offered(SYSTEM, 5) == [(5, "A")]
    assert checked((PERSON,), SYSTEM, 5, {"person": 6}) == {"person": 6}


def test_a_list_of_rows_is_counted_and_missed_in_its_own_words() -> None:
    assert checked((ROWS,), SYSTEM, None, {"rows": [Row("a")]}) == {"rows": (Row("a"),)}
    for given, words in (([], "Hãy ghi một dòng."), ([Row("a")] * 3, "Không được quá 2 mục.")):
        with pytest.raises(Invalid) as refused:
            checked((ROWS,), SYSTEM, None, {"rows": given})
        assert refused.value.fields == {"rows": words}


def test_a_narrowed_input_is_needed_and_the_declared_one_stays_as_it_was() -> None:
    needed = VERSION.narrowed(optional=False, label="Bản")
    assert (needed.optional, needed.input.label) == (False, "Bản")
    assert (VERSION.optional, VERSION.input.label) == (True, "Phiên bản")


def test_what_stands_against_an_action_is_its_state_before_its_actor() -> None:
    def check(actor: Actor, target: Any) -> None:
        raise NotAllowed("không phải việc của ông/bà")

    def made(why: str) -> Action[Any, Any, Any]:
        return Action(
            act, "core.test", label="", done="", at=lambda _target: (), locks=False, when=lambda _target: why,
            check=check, name="core.test", once=True, signs=False, watched=False,
        )  # fmt: skip

    with pytest.raises(NotAllowed):
        made("").refuse(SYSTEM, None)
    with pytest.raises(Refused, match="đã xong"):
        made("đã xong").refuse(SYSTEM, None)
    assert not made("").offered(SYSTEM, None)
