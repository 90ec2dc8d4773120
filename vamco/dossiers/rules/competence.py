"""Which unit receives which procedure (thẩm quyền tiếp nhận), and in which version."""

from collections.abc import Collection
from contextlib import suppress
from datetime import date, datetime

from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.errors import Invalid, NotFound
from vamco.organisation.models import Level, Unit
from vamco.procedures import queries as procedures
from vamco.procedures.definition import Case, Definition

from ..models import Dossier
from . import moves
from .application import Application

TIERS = {
    Level.CENTRE: "province",
    Level.DEPARTMENT: "province",
    Level.PROVINCE: "province",
    Level.DISTRICT: "district",
    Level.COMMUNE: "commune",
}


def must_be_open(unit: Unit) -> None:
    """Raise `Invalid` unless the unit exists today: before its first day and after its last it receives nothing."""
    today = clock.today()
    if today < unit.valid_from:
        raise Invalid(
            _("%(unit)s tiếp nhận hồ sơ từ ngày %(day)s.")
            % {"unit": unit.agency, "day": f"{unit.valid_from:%d/%m/%Y}"},
            field="unit",
        )
    if unit.valid_to is not None and today > unit.valid_to:
        raise Invalid(
            _("%(unit)s đã ngừng tiếp nhận hồ sơ sau ngày %(day)s.")
            % {"unit": unit.agency, "day": f"{unit.valid_to:%d/%m/%Y}"},
            field="unit",
        )


def tier_of(unit: Unit) -> str:
    """The tier at whose counter the unit's one-stop shop receives: province, district, commune, or "" for none."""
    return TIERS.get(Level(unit.level), "")


def receives(unit: Unit, tiers: Collection[str]) -> bool:
    """Whether the unit is of a tier that receives a procedure of these."""
    return tier_of(unit) in tiers


def must_receive(unit: Unit, definition: Definition) -> None:
    """Raise `Invalid` when the procedure is received at another tier."""
    if not receives(unit, definition.tiers):
        raise Invalid(
            _("%(unit)s không tiếp nhận thủ tục này. Hãy hướng dẫn người dân đến: %(where)s.")
            % {"unit": unit.agency, "where": definition.decider},
            field="procedure",
        )


def definition_on(code: str, day: date) -> Definition:
    """The version under which something received on a day is handled: that day's, or today's where the catalogue knows
    none of that day (papers older than the catalogue). Raises `NotFound`."""
    if day != clock.today():
        with suppress(NotFound):
            return procedures.guide(code, day)
    return procedures.guide(code, clock.today())


def procedure_for(
    unit: Unit, application: Application, at: datetime, dossier: Dossier | None = None
) -> tuple[Definition, Case]:
    """The procedure and case that are asked for, when the unit receives them, in the version of the day of receipt
    `at`; `dossier`, which the application corrects, keeps the version it was received under.

    Raises `Invalid` or `NotFound`.
    """
    if dossier is None:
        definition = definition_on(application.procedure, clock.local(at).date())
    else:
        definition = moves.definition_of(dossier)
        if application.procedure != definition.code:
            raise Invalid(
                _("Không đổi thủ tục của hồ sơ đã tiếp nhận. Hãy rút hồ sơ này và tiếp nhận hồ sơ mới."),
                field="procedure",
            )
    must_receive(unit, definition)
    try:
        return definition, definition.case(application.case)
    except KeyError:
        keys = ", ".join(case.key for case in definition.cases)
        raise Invalid(
            _("Thủ tục không có trường hợp này. Hãy chọn một trong: %(keys)s.") % {"keys": keys}, field="case"
        ) from None
