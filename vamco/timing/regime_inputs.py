"""What a legal regime is made of, as its actions take it: values, and for each of them where it is written."""

from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Any, TypedDict

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from vamco.core.inputs import Input

from .models import Regime, Supplement, WrongAuthority


@dataclass(frozen=True)
class Source:
    """Where a value is written, and whether somebody has read it there."""

    source: Annotated[str, Input(_("Căn cứ"), most=300, example="Nghị định 61/2018/NĐ-CP, Điều 19")]
    verified: Annotated[bool, Input(_("Đã đọc trong văn bản"))] = False


def _label(name: str) -> Any:
    column: Any = Regime._meta.get_field(name)
    return capfirst(column.verbose_name)


def _of(name: str, **limits: Any) -> Input:
    return Input(_label(name), start=lambda regime: getattr(regime, name, None), **limits)


def _few(name: str) -> Input:
    return _of(name, least=0, most=365, help=_("để trống: không quy định"), example=1)


@dataclass(frozen=True)
class Sources:
    """The source of each value."""

    cut_off: Annotated[Source | None, Input(_label("cut_off"))] = None
    supplement: Annotated[Source | None, Input(_label("supplement"))] = None
    supplements_max: Annotated[Source | None, Input(_label("supplements_max"))] = None
    supplement_within_days: Annotated[Source | None, Input(_label("supplement_within_days"))] = None
    new_dates_max: Annotated[Source | None, Input(_label("new_dates_max"))] = None
    apology_days_before: Annotated[Source | None, Input(_label("apology_days_before"))] = None
    wrong_authority: Annotated[Source | None, Input(_label("wrong_authority"))] = None
    valid_from: Annotated[Source | None, Input(_label("valid_from"))] = None
    valid_to: Annotated[Source | None, Input(_label("valid_to"))] = None


def _sources_of(regime: Regime | None) -> Sources:
    rows = regime.sources.all() if regime else ()
    return Sources(**{row.field: Source(row.source, row.verified) for row in rows})


NAME_EN = Input(
    _("Tên tiếng Anh"),
    most=200,
    start=lambda regime: getattr(regime, "name_en", ""),
    example="Decree 61/2018",
)


class RegimeChange(TypedDict, total=False):
    """Values of a regime, each with its source; what is left out stays."""

    name: Annotated[str, _of("name", most=200, example="Nghị định 61/2018/NĐ-CP")]
    name_en: Annotated[str | None, NAME_EN]
    cut_off: Annotated[time, _of("cut_off", example="15:00:00")]
    supplement: Annotated[Supplement, _of("supplement", example="restart")]
    supplements_max: Annotated[int | None, _few("supplements_max")]
    supplement_within_days: Annotated[int | None, _few("supplement_within_days")]
    new_dates_max: Annotated[int | None, _few("new_dates_max")]
    apology_days_before: Annotated[int, _of("apology_days_before", least=0, most=365, example=1)]
    wrong_authority: Annotated[WrongAuthority, _of("wrong_authority", example="forward")]
    valid_from: Annotated[date | None, _of("valid_from", example="2018-06-21")]
    valid_to: Annotated[date | None, _of("valid_to", example="2025-06-30")]
    sources: Annotated[Sources, Input(_("Căn cứ"), start=_sources_of)]
