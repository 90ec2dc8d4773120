"""The language of templates: plain lines with places to fill, so that an administrator needs no programming.

```
# GIẤY XÁC NHẬN                 the title, centred and bold
## V/v tình trạng hôn nhân      a centred bold line
- một mục                       an item of a list; a place that holds a list makes one item of each
Họ, chữ đệm, tên: | {{ho_ten}}  a name and its value, in two columns
? Dân tộc: | {{dan_toc}}        dropped when its places are empty
Xác nhận **{{ho_ten}}** là ...  a paragraph; ** ** is bold
```
A place is `{{key}}`, or `{{key|hoa}}` (capitals), `{{key|ngay_chu}}` (a date in words), `{{key|bang_chu}}` (a
number in words). Values are put in after the lines are read, so what people wrote is never markup.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from vamco.core import papers, words

PLACE = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*(?:\|\s*([a-z_]+)\s*)?\}\}")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
LONGEST = 20_000
"""Characters of a template."""


@dataclass(frozen=True)
class Run:
    """A piece of text, bold or not."""

    text: str
    bold: bool = False


@dataclass(frozen=True)
class Block:
    """A line of the paper. `kind`: title | centre | item | pair | par; a pair has its name in `label`."""

    kind: str
    runs: tuple[Run, ...]
    label: tuple[Run, ...] = ()

    @property
    def text(self) -> str:
        """The words without their weight."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Line:
    """A line of a template as it was read."""

    kind: str
    text: str
    label: str = ""
    optional: bool = False

    @property
    def keys(self) -> list[str]:
        """The keys of its places."""
        return [match[1] for match in PLACE.finditer(f"{self.label} {self.text}")]


def _ngay_chu(value: Any) -> str:
    """ngày 09 tháng 12 năm 2016, with the leading 0 that the rules of layout want."""
    text = str(value)
    if not _ISO.fullmatch(text):
        return _shown(value)
    return papers.place_date("", date.fromisoformat(text)).lstrip(", ")


def _bang_chu(value: Any) -> str:
    text = str(value).replace(".", "").removesuffix(" đồng")
    return words.in_words(int(text)) if text.isdigit() and len(text) < 18 else _shown(value)


def _shown(value: Any) -> str:
    """A stored answer as it is printed: ISO dates in Vietnamese order, lists joined."""
    match value:
        case None:
            return ""
        case bool():
            return "có" if value else "không"
        case list() | tuple():
            return "; ".join(_shown(one) for one in value)
        case str() if _ISO.fullmatch(value):
            year, month, day = value.split("-")
            return f"{day}/{month}/{year}"
    return str(value)


FILTERS = {"hoa": lambda value: _shown(value).upper(), "ngay_chu": _ngay_chu, "bang_chu": _bang_chu}


def read(text: str) -> list[Line]:
    """The lines of a template; empty ones are left out."""
    return [_line(line.strip()) for line in text.splitlines() if line.strip()]


def _line(line: str) -> Line:
    optional = line.startswith("? ")
    line = line.removeprefix("? ").strip()
    for mark, kind in (("## ", "centre"), ("# ", "title"), ("- ", "item")):
        if line.startswith(mark):
            return Line(kind, line.removeprefix(mark).strip(), optional=optional)
    label, bar, value = line.partition(" | ")
    if bar:
        return Line("pair", value.strip(), label.strip(), optional)
    return Line("par", line, optional=optional)


def problems(text: str, *, always: Collection[str], sometimes: Collection[str] = ()) -> list[str]:
    """What is wrong with a template, a sentence each; nothing when it may be used.

    `always` are the keys that every paper has, `sometimes` those that only some have: their places must
    stand in optional lines.
    """
    found: list[str] = []
    if len(text) > LONGEST:
        return [_("Mẫu dài quá %(most)d ký tự.") % {"most": LONGEST}]
    lines = read(text)
    if not any(line.kind == "title" for line in lines):
        found.append(_("Mẫu chưa có dòng tiêu đề. Hãy bắt đầu một dòng bằng dấu # và tên của giấy."))
    for number, raw in enumerate(text.splitlines(), start=1):
        rest = PLACE.sub("", raw)
        if "{{" in rest or "}}" in rest:
            found.append(
                _("Dòng %(line)d: chỗ điền viết chưa đúng. Viết như {{ho_ten}}, chữ thường không dấu.")
                % {"line": number}
            )
        if not raw.strip():
            continue
        line = _line(raw.strip())
        for match in PLACE.finditer(raw):
            found += _place_problems(match, number, line, always, sometimes)
    return found


def _place_problems(
    match: re.Match[str], number: int, line: Line, always: Collection[str], sometimes: Collection[str]
) -> list[str]:
    key, name = match[1], match[2]
    said = {"line": number, "key": key, "filter": name}
    found = []
    if name and name not in FILTERS:
        found.append(
            _("Dòng %(line)d: không có cách viết «%(filter)s». Chỉ dùng hoa, ngay_chu, bang_chu.") % said
        )
    if key in always:
        return found
    if key not in sometimes:
        found.append(_("Dòng %(line)d: không có mục «%(key)s» để điền.") % said)
    elif not line.optional:
        found.append(
            _("Dòng %(line)d: mục «%(key)s» không phải hồ sơ nào cũng có. Hãy đặt dấu ? ở đầu dòng.") % said
        )
    return found


def fill(text: str, values: Mapping[str, Any]) -> list[Block]:
    """The paper that a template and its values make."""
    blocks: list[Block] = []
    for line in read(text):
        if line.optional and not any(_filled(values.get(key)) for key in line.keys):
            continue
        for entry in _entries(line, values):
            blocks.append(Block(line.kind, _runs(line.text, entry), _runs(line.label, entry)))
    return blocks


def _filled(value: Any) -> bool:
    return value is not None and value != "" and value != [] and value is not False


def _entries(line: Line, values: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """One filling of the line, or one for each member of the list in an item's only place."""
    keys = line.keys
    if line.kind == "item" and len(keys) == 1 and isinstance(values.get(keys[0]), list | tuple):
        return [{**values, keys[0]: one} for one in values[keys[0]]]
    return [values]


def _runs(text: str, values: Mapping[str, Any]) -> tuple[Run, ...]:
    made: list[Run] = []
    for i, part in enumerate(text.split("**")):
        at = 0
        pieces = []
        for match in PLACE.finditer(part):
            pieces += [part[at : match.start()], _value(match, values)]
            at = match.end()
        said = "".join([*pieces, part[at:]])
        if said:
            made.append(Run(said, bold=i % 2 == 1))
    return tuple(made)


def _value(match: re.Match[str], values: Mapping[str, Any]) -> str:
    shown = FILTERS.get(match[2] or "", _shown)
    return shown(values.get(match[1]))


def plain(blocks: Sequence[Block]) -> str:
    """The paper as plain text, for a message: the same words as on paper."""
    lines = []
    for i, block in enumerate(blocks):
        gap = "\n" if i and block.kind in ("title", "centre", "par") else ""
        if block.kind == "item":
            lines.append(f"- {block.text}")
        elif block.kind == "pair":
            lines.append(" ".join(filter(None, ("".join(run.text for run in block.label), block.text))))
        else:
            lines.append(f"{gap}{block.text}")
    return "\n".join(lines)
