"""The templates that the product ships, beside the procedures that it ships."""

import pytest

from vamco.procedures.definition import definition
from vamco.procedures.models import ProcedureVersion
from vamco.results import load, places
from vamco.results.models import Template

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def test_every_template_of_the_shipped_procedures_is_shipped_and_fits_their_fields() -> None:
    """What does not fit is refused on loading; loaded again, nothing is new."""
    versions = [definition(pk) for pk in ProcedureVersion.objects.values_list("pk", flat=True)]
    wanted = {
        case.result.template or places.GENERIC
        for version in versions
        for case in version.cases
        if case.result is not None
    }
    assert wanted <= set(Template.objects.filter(valid=True).values_list("key", flat=True))
    assert load.load_templates() == 0
