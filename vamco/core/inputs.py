"""The inputs of an action, declared once in its signature: form, API, sheet and checks are made from them.

    day: Annotated[date, Input(_("Ngày"))]
    kind: Annotated[DayKind, Input(_("Loại"))]
    name: Annotated[str, Input(_("Tên"), most=200, help=_("như Quốc khánh"))]
    unit: Annotated[Unit | None, Input(_("Đơn vị"), choices=open_units)] = None

The type says what an input is: text, a whole number, yes or no, a day, a time of day, an instant, a choice
(`models.TextChoices`), a row of a table (any model; `named_by` is what people and programs call it by), a dataclass of
such inputs, or a tuple of any of them. An input with a default or of a type `| None` may be left out.

An action that changes only what it is given takes `**given: Unpack[Change]`, where `Change` is a `TypedDict` of such
inputs: with `total=False` an input that is left out does not reach the function.
"""

import dataclasses
import re
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from inspect import Parameter as PythonParameter
from inspect import signature
from typing import Annotated, Any, Final, Union, Unpack, get_args, get_origin, get_type_hints, is_typeddict

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from . import text
from .actors import Actor
from .errors import Invalid

Words = str | Promise
"""A text in the language of whoever reads it."""
Choices = Callable[[Actor, Any], "models.QuerySet[Any] | Sequence[tuple[Any, Words]]"]
"""What an actor may choose for a target: rows, or pairs of value and label."""

YEARS: Final = range(1800, 2201)
"""Years of dates that are looked at; anything else is a slip of the finger."""
MISSING: Final = PythonParameter.empty
LONGEST: Final = 10_000
"""Characters of a text of which nothing else is said."""


@dataclass(frozen=True)
class Input:
    """What people and programs are told of an input, and what it may be.

    `least` and `most` limit the length of a text, a number, or how many there are of several. `long` is a text of
    several lines; `raw` a text that is taken as it was typed (a password). `pattern` is a regular expression that a
    text must match as a whole, or else `wrong` is said. `choices` are asked for the actor and the target, and anything
    else is refused; `suggested` are only listed, where the action takes others, too, or refuses them in words of its own.
    `start` gives what a form begins with, from the target. `example` stands in the API's description.

    `missing` is said when it is not given, `empty` stands in a list for choosing nothing. `hidden` inputs travel with a
    form unseen. `guard` looks, before anything else, at what was given for the target, and raises: a stale form. `names`
    is what a number or a key names, for programs: a person, a step. `day_end` makes the moment of a day: people are asked
    for the day alone.
    """

    label: Words
    help: Words = ""
    least: int | None = None
    most: int | None = None
    long: bool = False
    raw: bool = False
    pattern: str = ""
    wrong: Words = ""
    choices: Choices | None = None
    suggested: Choices | None = None
    start: Callable[[Any], Any] | None = None
    example: Any = None
    missing: Words = ""
    empty: Words = ""
    hidden: bool = False
    guard: Callable[[Any, Any], object] | None = None
    names: str = ""
    day_end: Callable[[Any, date], datetime] | None = None


@dataclass(frozen=True)
class Parameter:
    """An input of one action, or of a dataclass among its inputs: its name, its type taken apart, its `Input`.

    `kind` is the type of one value; with `many` there are several. `optional`: it may be left out, and is `default`
    then; with `stays` it may be left out, and then does not reach the action. `parts` are the inputs of a dataclass.
    """

    name: str
    kind: type
    many: bool
    optional: bool
    default: Any
    input: Input
    parts: tuple["Parameter", ...] = ()
    stays: bool = False

    @property
    def is_model(self) -> bool:
        """Whether it names a row of a table."""
        return issubclass(self.kind, models.Model)

    @property
    def is_choice(self) -> bool:
        """Whether it is one of the values of a `models.Choices`."""
        return issubclass(self.kind, models.Choices)

    @property
    def values(self) -> list[tuple[Any, Words]]:
        """The values of a choice with their labels, without the empty one."""
        every = self.kind.choices if issubclass(self.kind, models.Choices) else ()
        return [pair for pair in every if pair[0] not in ("", None)]

    @property
    def type_name(self) -> str:
        """What programs are told that it is."""
        if self.kind is str and not self.input.names:
            return "longtext" if self.input.long else "text"
        words = {int: "integer", bool: "boolean", date: "date", datetime: "date-time", time: "time"}
        return self.input.names or words.get(self.kind, self.kind.__name__.lower())

    def narrowed(self, *, optional: bool | None = None, **words: Any) -> "Parameter":
        """The same input as it is asked for here: needed, or with a label or suggestions of its own."""
        asked = dataclasses.replace(self.input, **words)
        return dataclasses.replace(
            self, input=asked, optional=self.optional if optional is None else optional
        )

    def offered(
        self, actor: Actor, target: Any
    ) -> "models.QuerySet[Any] | Sequence[tuple[Any, Words]] | None":
        """What may be chosen; None where anything may be given."""
        listed = self.input.choices or self.input.suggested
        if listed is not None:
            return listed(actor, target)
        return list(self.kind.choices) if issubclass(self.kind, models.Choices) else None


def parameters(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    """The declared inputs of a function: its named parameters whose annotation holds an `Input`."""
    hints = get_type_hints(function, include_extras=True)
    found: list[Parameter | None] = []
    for named in signature(function).parameters.values():
        hint = hints.get(named.name)
        if named.kind is named.KEYWORD_ONLY:
            found.append(_parameter(named.name, hint, named.default))
        elif named.kind is named.VAR_KEYWORD and get_origin(hint) is Unpack:
            found.extend(_of_dict(get_args(hint)[0]))
    return tuple(parameter for parameter in found if parameter is not None)


def _of_dict(kind: Any) -> Iterator[Parameter]:
    """The inputs that a `TypedDict` declares."""
    assert is_typeddict(kind)
    for name, hint in get_type_hints(kind, include_extras=True).items():
        parameter = _parameter(name, hint, MISSING)
        if parameter is not None:
            yield dataclasses.replace(parameter, stays=name in kind.__optional_keys__)


def _parameter(name: str, hint: Any, default: Any) -> Parameter | None:
    declared = None
    if get_origin(hint) is Annotated:
        hint, *notes = get_args(hint)
        declared = next((note for note in notes if isinstance(note, Input)), None)
    if declared is None:
        return None
    optional = default is not MISSING
    if get_origin(hint) in (Union, types.UnionType):
        optional = optional or type(None) in get_args(hint)
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    many = get_origin(hint) in (tuple, Sequence)
    kind = get_args(hint)[0] if many else hint
    kind = get_origin(kind) or kind
    parts = parts_of(kind) if isinstance(kind, type) and dataclasses.is_dataclass(kind) else ()
    return Parameter(name, kind, many, optional, None if default is MISSING else default, declared, parts)


def parts_of(kind: type) -> tuple[Parameter, ...]:
    """The inputs that a dataclass declares."""
    hints = get_type_hints(kind, include_extras=True)
    found = (
        _parameter(
            field.name, hints[field.name], MISSING if field.default is dataclasses.MISSING else field.default
        )
        for field in dataclasses.fields(kind)
    )
    return tuple(row for row in found if row is not None)


def name_of(row: models.Model) -> Any:
    """What people and programs call a row by: its code, or its number."""
    return getattr(row, named_by(type(row)))


def named_by(model: type[models.Model]) -> str:
    """The field by which rows of the model are called."""
    return getattr(model, "named_by", "pk")


# Checking --------------------------------------------------------------------------------------------------


def checked(
    declared: Sequence[Parameter], actor: Actor, target: Any, given: Mapping[str, Any]
) -> dict[str, Any]:
    """The inputs as the action takes them: tidied, and every fault told at once. Raises `Invalid` by field.

    What was not declared passes as it is.
    """
    clean, faults = dict(given), dict[str, str]()
    for parameter in declared:
        if parameter.name not in given and parameter.stays:
            continue
        if parameter.name not in given and parameter.optional:
            clean[parameter.name] = (
                parameter.default if parameter.default is not None or not parameter.many else ()
            )
        else:
            try:
                clean[parameter.name] = _checked(parameter, actor, target, given.get(parameter.name))
            except Invalid as fault:
                for field, message in fault.fields.items():
                    faults[f"{parameter.name}.{field}" if field else parameter.name] = message
    if faults:
        message = next(iter(faults.values())) if len(faults) == 1 else _("Còn mục chưa đúng; xem từng mục.")
        raise Invalid(message, fields=faults)
    return clean


def _checked(parameter: Parameter, actor: Actor, target: Any, value: Any) -> Any:
    """One input. Raises `Invalid` with an empty field, or with the field within it."""
    if value is None or (parameter.many and not value) or (value == "" and parameter.kind is not str):
        if parameter.optional:
            return parameter.default if parameter.default is not None or not parameter.many else ()
        raise _fault(_missing(parameter))
    if not parameter.many:
        return _one(parameter, actor, target, value)
    if parameter.input.most is not None and len(value) > parameter.input.most:
        raise _fault(_("Không được quá %(most)s mục.") % {"most": parameter.input.most})
    if parameter.input.least is not None and len(value) < parameter.input.least:
        raise _fault(_("Phải có ít nhất %(least)s mục.") % {"least": parameter.input.least})
    return tuple(_one(parameter, actor, target, each) for each in value)


def _one(parameter: Parameter, actor: Actor, target: Any, value: Any) -> Any:
    if parameter.parts:
        given = {part.name: getattr(value, part.name) for part in parameter.parts}
        missing = [part.name for part in parameter.parts if given[part.name] is None and not part.optional]
        if missing:
            whole = _("Hãy nhập đủ mục «%(label)s», hoặc để trống cả mục.") % {"label": parameter.input.label}
            raise Invalid(whole, fields=dict.fromkeys(missing, whole))
        return dataclasses.replace(value, **checked(parameter.parts, actor, target, given))
    if parameter.is_choice:
        try:
            value = parameter.kind(value)
        except ValueError:
            raise _fault(_("Hãy chọn một trong danh sách.")) from None
    elif parameter.kind is str:
        value = _text(parameter, str(value))
    elif parameter.kind is int:
        _check_number(parameter, value)
    elif isinstance(value, date) and value.year not in YEARS:
        raise _fault(_("Ngày không đúng. Hãy xem lại năm."))
    if parameter.input.choices is not None and value not in ("", None):
        _check_chosen(parameter.input.choices(actor, target), value)
    return value


def _missing(parameter: Parameter) -> str:
    if parameter.input.missing:
        return str(parameter.input.missing)
    label = str(parameter.input.label)
    if label[1:2].islower() or label[1:2] == " ":
        label = label[:1].lower() + label[1:]
    listed = parameter.input.choices or parameter.input.suggested
    chosen = listed is not None or parameter.is_choice
    return (_("Hãy chọn %(label)s.") if chosen else _("Hãy nhập %(label)s.")) % {"label": label}


def _text(parameter: Parameter, value: str) -> str:
    if not parameter.input.raw:
        value = text.lines(value) if parameter.input.long else text.line(value)
    if not value:
        if parameter.optional:
            return value
        raise _fault(_missing(parameter))
    most = LONGEST if parameter.many or parameter.input.most is None else parameter.input.most
    if len(value) > most:
        raise _fault(_("Không được dài quá %(most)s ký tự.") % {"most": most})
    if parameter.input.least is not None and not parameter.many and len(value) < parameter.input.least:
        raise _fault(_("Phải có ít nhất %(least)s ký tự.") % {"least": parameter.input.least})
    if parameter.input.pattern and not re.fullmatch(parameter.input.pattern, value):
        raise _fault(str(parameter.input.wrong) or _("Mục này không đúng dạng. Hãy nhập lại."))
    return value


def _check_number(parameter: Parameter, value: int) -> None:
    if abs(value) >= 2**63:
        raise _fault(_("Hãy ghi một số nguyên, ví dụ 12 hoặc 75.000."))
    if not parameter.many:
        check_limits(value, parameter.input.least, parameter.input.most)


def check_limits(value: int, least: int | None, most: int | None) -> None:
    """Raises `Invalid` with an empty field for a number that is too small or too large."""
    if (least is not None and value < least) or (most is not None and value > most):
        if least is not None and most is not None:
            raise _fault(_("Hãy ghi một số từ %(least)s đến %(most)s.") % {"least": least, "most": most})
        if least is not None:
            raise _fault(_("Hãy ghi một số từ %(least)s trở lên.") % {"least": least})
        raise _fault(_("Hãy ghi một số không quá %(most)s.") % {"most": most})


def _check_chosen(offered: Any, value: Any) -> None:
    if isinstance(offered, models.QuerySet):
        there = isinstance(value, models.Model) and offered.filter(pk=value.pk).exists()
    else:
        there = value in [choice for choice, _label in offered]
    if not there:
        raise _fault(_("Hãy chọn một trong danh sách."))


def _fault(message: str) -> Invalid:
    return Invalid(message, fields={"": message})


# Reading ---------------------------------------------------------------------------------------------------


def read(kind: type, written: str) -> Any:
    """A value from what stands in an address, a form or a cell: the one reader of numbers, days and times.

    Raises `Invalid` with an empty field, in words that say how it is written.
    """
    written = written.strip()
    if kind is bool:
        return written.lower() in ("1", "true", "on", "có", "x", "rồi")
    if kind is int:
        return _read_number(written)
    if kind is date:
        return read_day(written)
    if kind is datetime:
        return _read_instant(written)
    if kind is time:
        return _read_hour(written)
    if issubclass(kind, models.Choices):
        return _read_choice(kind, written)
    return written


def _read_number(written: str) -> int:
    """Also an amount of money: 75.000 đ."""
    digits = "".join(written.split()).removesuffix("đ").replace("−", "-")
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+", digits):
        digits = digits.replace(".", "")
    if not re.fullmatch(r"-?[0-9]{1,18}", digits):
        raise _fault(_("Hãy ghi một số nguyên, ví dụ 12 hoặc 75.000."))
    return int(digits)


def plain_number(written: str) -> int | None:
    """A number that a page itself put into an address or a form: 0 or more, at most 18 figures. None for anything else:
    Python takes «²» for a figure, and no database takes 5,000 of them."""
    return int(written) if re.fullmatch(r"[0-9]{1,18}", written) else None


_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d\d)(\d\d)(\d{4})")


def read_day(written: str) -> date:
    """A day as people write it: 05/12/2016, 5-12-2016, 05122016, or as programs do: 2016-12-05."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
            found = date.fromisoformat(written)
        elif written.isascii() and (parts := _DAY.fullmatch(written)):
            day, month, year = (int(part) for part in parts.groups() if part is not None)
            found = date(year, month, day)
        else:
            raise ValueError
    except ValueError:
        raise _fault(_("Ngày không đúng. Hãy ghi như 05/12/2016.")) from None
    if found.year not in YEARS:
        raise _fault(_("Ngày không đúng. Hãy xem lại năm."))
    return found


def _read_instant(written: str) -> datetime:
    from .clock import HERE

    if "T" in written:
        try:
            when = datetime.fromisoformat(written)
        except ValueError:
            raise _fault(_("Thời điểm không đúng. Hãy ghi như 05/12/2016 09:00.")) from None
        return when if when.tzinfo else when.replace(tzinfo=HERE)
    day, _space, hour = written.partition(" ")
    return datetime.combine(read_day(day), _read_hour(hour.strip() or "00:00"), tzinfo=HERE)


def _read_hour(written: str) -> time:
    parts = re.fullmatch(r"([0-9]{1,2})[:hg]([0-9]{2})?(?::[0-9]{2})?", written)
    if parts is None or int(parts[1]) > 23 or int(parts[2] or 0) > 59:
        raise _fault(_("Giờ không đúng. Hãy ghi như 07:30."))
    return time(int(parts[1]), int(parts[2] or 0))


def _read_choice(kind: type[models.Choices], written: str) -> Any:
    """A choice by its value or by its label, whatever its accents and capitals."""
    for value, label in kind.choices:
        if written == str(value) or text.fold(written) == text.fold(str(label)) != "":
            return kind(value)
    raise _fault(_("Hãy chọn một trong danh sách."))
