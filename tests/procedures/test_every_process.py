"""What the forms offer, done to the processes that come with the product: each stays a process that can be edited."""

import pytest

from vamco.core.actors import SYSTEM
from vamco.procedures import actions, compiled, load, reading
from vamco.procedures.admin.shape_forms import NewStepForm, StepOutForm
from vamco.procedures.check import check_case

pytestmark = pytest.mark.django_db
STEP = {
    "name": "Xem lại",
    "name_en": "Look again",
    "role": "head",
    "unit_rule": "same",
    "hours": 0,
    "status": 4,
    "public_words": "Đang xem lại",
    "public_words_en": "Being looked at again",
}


def kinds():
    """One case for each way in which steps follow each other."""
    known = {}
    for said in load.shipped():
        for case in said.cases:
            if not case.at_once:
                ways = tuple((s.key, tuple((o.key, o.to) for o in s.outcomes)) for s in case.process.steps)
                known.setdefault(ways, (said.code, case.key))
    return sorted(known.values())


@pytest.fixture
def draft(kind):
    said = next(one for one in load.shipped() if one.code == kind[0])
    return actions.import_definition(SYSTEM, None, data=reading.plain(said))


def case_of(draft, key):
    return compiled.compile_version(draft).case(key)


@pytest.mark.parametrize("kind", kinds())
def test_a_step_may_stand_wherever_the_form_offers(draft, kind):
    before = reading.plain(compiled.compile_version(draft))
    places = [
        place
        for place, _words in NewStepForm(process=case_of(draft, kind[1]).process).fields["after"].choices
    ]
    assert len(places) > len(case_of(draft, kind[1]).process.steps) - 1
    for place in places:
        form = NewStepForm({**STEP, "after": place}, process=case_of(draft, kind[1]).process)
        assert form.is_valid(), form.errors
        made = actions.add_step(SYSTEM, draft, case=kind[1], **form.values())
        assert check_case(case_of(made, kind[1])) == [], place
        actions.import_definition(SYSTEM, None, data=before)


@pytest.mark.parametrize("kind", kinds())
def test_any_step_goes_as_the_form_suggests_and_nothing_refers_to_it_then(draft, kind):
    before = reading.plain(compiled.compile_version(draft))
    for step in case_of(draft, kind[1]).process.steps:
        case = case_of(draft, kind[1])
        empty = StepOutForm(case=case, step=step)
        form = StepOutForm({name: empty[name].initial for name in empty.fields}, case=case, step=step)
        assert form.is_valid(), form.errors
        made = actions.take_out_step(SYSTEM, draft, case=kind[1], step=step.key, **form.values())
        left = case_of(made, kind[1])
        keys = {one.key for one in left.process.steps}
        assert step.key not in keys
        assert left.process.first in keys or not keys
        assert {field.step for field in left.fields} <= keys | {None}
        assert all(
            out.to in keys | {"ready", "refused_ready"} for one in left.process.steps for out in one.outcomes
        )
        actions.import_definition(SYSTEM, None, data=before)
