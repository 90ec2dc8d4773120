"""Results (giấy xác nhận, trích lục, giấy phép …) from a text that an administrator edits.

The text is plain. Each line is a paragraph; nothing in it or in the values is ever run as code. What is not
one of the following prints as it stands:

    {{key}}              the value of `key` (letters, digits, "_", and "." between parts)
    {{?key}} at the start of a line: the line is left out when the value of `key` is empty
    **bold**
    Label :: value       a line of a form, with the label in a column of its own
    - text               an item of a list
    ---                  a rule across the paper
    @đầu                 the head: issuing unit, state and motto, number, place and date
    @tên …               the title       @phụ …   a line under it      @mục …   a heading
    @giữa …              a line in the middle      @phải …   a line at the right
    @nơi nhận            the lines that follow, until an empty one, are who gets a copy
    @ký                  the lines that follow, until an empty one, sign: titles, and the name last

The words after "@" are understood without accents too (@dau, @ten, @noi nhan).
"""

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

LONGEST = 50_000
KEY = r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*"
_PLACE = re.compile(rf"\{{\{{\s*({KEY})\s*\}}\}}")
_WHEN = re.compile(rf"^\s*\{{\{{\?\s*({KEY})\s*\}}\}}\s*")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_KINDS = {
    "đầu": "head", "dau": "head", "tên": "title", "ten": "title", "phụ": "subtitle", "phu": "subtitle",
    "mục": "section", "muc": "section", "giữa": "centre", "giua": "centre", "phải": "right", "phai": "right",
    "nơi nhận": "recipients", "noi nhan": "recipients", "ký": "sign", "ky": "sign",
}  # fmt: skip
_COMMAND = re.compile(rf"^@({'|'.join(sorted(_KINDS, key=len, reverse=True))})(?:\s+(.*))?$", re.IGNORECASE)

Runs = list[dict[str, object]]
Block = dict[str, object]


def keys(text: str) -> set[str]:
    """Every key that the text wants a value for."""
    lines = text.splitlines()
    conditions = {found.group(1) for line in lines if (found := _WHEN.match(line))}
    return {found.group(1) for found in _PLACE.finditer(text)} | conditions


def problems(text: str, known: Iterable[str]) -> list[str]:
    """What an administrator should put right before the text is used, in words; empty when all is well."""
    found: list[str] = []
    if len(text) > LONGEST:
        found.append(_("Mẫu dài quá %(most)s ký tự") % {"most": LONGEST})
    unknown = sorted(keys(text) - set(known))
    if unknown:
        found.append(_("Không có trường nào tên là: %(keys)s") % {"keys": ", ".join(unknown)})
    kinds = {block["kind"] for block in blocks(text, dict.fromkeys(keys(text), ""))}
    if "title" not in kinds:
        found.append(_("Mẫu chưa có tên giấy: thêm một dòng bắt đầu bằng @tên"))
    if "sign" not in kinds:
        found.append(_("Mẫu chưa có phần ký: thêm một dòng @ký"))
    for number, line in enumerate(text.splitlines(), 1):
        left = _PLACE.sub("", _WHEN.sub("", line))
        if "{{" in left or "}}" in left:
            found.append(
                _("Dòng %(line)s có dấu ngoặc {{ }} chưa đúng; dòng này in nguyên như vậy") % {"line": number}
            )
        if line.startswith("@") and not _COMMAND.match(line.strip()):
            found.append(_("Dòng %(line)s bắt đầu bằng @ nhưng không phải lệnh đã biết") % {"line": number})
    return found


def blocks(text: str, values: Mapping[str, str]) -> list[Block]:
    """The text as blocks with the values filled in. Markup is read before, so no value can add any."""
    made: list[Block] = []
    recipients: list[Runs] = []
    lines = iter(text.replace("\r\n", "\n").split("\n"))
    for line in lines:
        line = _kept(line, values).strip()
        command = _COMMAND.match(line)
        kind = _KINDS[command.group(1).lower()] if command else ""
        if command and kind == "recipients":
            recipients = _until_empty(lines, values, command.group(2))
        elif command and kind == "sign":
            signed = _until_empty(lines, values, command.group(2))
            name = signed.pop() if len(signed) > 1 else []
            made.append({"kind": "sign", "recipients": recipients, "titles": signed, "name": name})
        elif command:
            made.append({"kind": kind, "runs": _runs(command.group(2) or "", values)})
        elif line:
            made.append(_plain_block(line, values))
    return made


def _plain_block(line: str, values: Mapping[str, str]) -> Block:
    label, parted, value = line.partition(" :: ")
    if not parted and line.endswith(" ::"):
        label, parted, value = line[:-3], "::", ""
    if parted:
        return {"kind": "row", "label": _runs(label, values), "runs": _runs(value, values)}
    if line == "---":
        return {"kind": "rule"}
    if line.startswith("- "):
        return {"kind": "item", "runs": _runs(line[2:], values)}
    return {"kind": "paragraph", "runs": _runs(line, values)}


def _until_empty(lines: Iterable[str], values: Mapping[str, str], first: str | None) -> list[Runs]:
    found = [_runs(first, values)] if first else []
    for line in lines:
        if not line.strip():
            break
        kept = _kept(line, values).strip()
        if kept:
            found.append(_runs(kept.removeprefix("- "), values))
    return found


def _kept(line: str, values: Mapping[str, str]) -> str:
    condition = _WHEN.match(line)
    if condition is None:
        return line
    return line[condition.end() :] if values.get(condition.group(1), "").strip() else ""


def _runs(text: str, values: Mapping[str, str]) -> Runs:
    """Pieces of plain and bold text; `values` go in after the marks of the text are read."""
    runs: Runs = []
    for index, piece in enumerate(_BOLD.split(text)):
        if piece:
            shown = _PLACE.sub(lambda found: values[found.group(1)], piece)
            runs.append({"text": shown, "bold": index % 2 == 1})
    return runs
