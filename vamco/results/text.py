"""Filling a template: the language is `core/result_text.py`, the values are the answers of a dossier.

In addition, a line that is only a place (with "- " or without) whose value is a list becomes one line for each member.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from vamco.core import result_text
from vamco.core.result_text import Block

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_PLACE = re.compile(rf"\{{\{{\s*({result_text.KEY})\s*\}}\}}")
_WHEN = re.compile(rf"^\s*\{{\{{\?\s*({result_text.KEY})\s*\}}\}}")
_ALONE = re.compile(
    rf"^(?P<mark>(?:\{{\{{\?[^}}]*\}}\}}\s*)?(?:- )?(?:\S[^{{}}]*: )?)\{{\{{\s*(?P<key>{result_text.KEY})\s*\}}\}}$"
)
_HEADS = ("head", "title", "subtitle")


def written(value: Any) -> str:
    """A stored answer as it is printed: ISO dates in Vietnamese order, lists joined."""
    match value:
        case None:
            return ""
        case bool():
            return "có" if value else "không"
        case list() | tuple():
            return "; ".join(map(written, value))
        case str() if _ISO.fullmatch(value):
            year, month, day = value.split("-")
            return f"{day}/{month}/{year}"
    return str(value)


def fill(text: str, values: Mapping[str, Any], note: str = "") -> list[Block]:
    """The blocks of the paper; what has no value prints nothing. `note` is a line under the title."""
    printed = {key: written(value) for key, value in values.items()}
    lines = []
    for line in text.replace("\r\n", "\n").split("\n"):
        alone = _ALONE.match(line.strip())
        members = values.get(alone["key"]) if alone else None
        if alone and isinstance(members, list | tuple):
            for number, member in enumerate(members, start=1):
                printed[f"{alone['key']}.{number}"] = written(member)
                lines.append(f"{alone['mark']}{{{{{alone['key']}.{number}}}}}")
        else:
            lines.append(line)
    unrolled = "\n".join(lines)
    found = result_text.blocks(unrolled, {**dict.fromkeys(result_text.keys(unrolled), ""), **printed})
    if note:
        after = max((i for i, block in enumerate(found) if block["kind"] in _HEADS), default=-1) + 1
        found.insert(after, {"kind": "centre", "runs": [{"text": note, "bold": False}]})
    return found


def problems(text: str, *, always: Collection[str], sometimes: Collection[str] = ()) -> list[str]:
    """What is wrong with a template, a sentence each; nothing when it may be used.

    `always` are the keys that every paper has, `sometimes` those that only some have: their places must be in lines that
    are left out when the value is empty.
    """
    found = result_text.problems(text, {*always, *sometimes})
    if not any(line.strip().lower() in ("@đầu", "@dau") for line in text.splitlines()):
        found.append(_("Mẫu chưa có phần đầu (cơ quan, quốc hiệu, số): thêm một dòng @đầu"))
    for number, line in enumerate(text.splitlines(), start=1):
        unsure = [match[1] for match in _PLACE.finditer(line) if match[1] in sometimes]
        if unsure and not _WHEN.match(line):
            found.append(
                _("Dòng %(line)d: không phải hồ sơ nào cũng có «%(key)s». Hãy đặt {{?%(key)s}} ở đầu dòng.")
                % {"line": number, "key": unsure[0]}
            )
    return found


def plain(blocks: Sequence[Block]) -> str:
    """The paper between its head and its signature as plain text, for a message."""
    return "\n".join(_plain_lines(blocks)).strip()


def _plain_lines(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        match block["kind"]:
            case "head" | "sign" | "rule":
                continue
            case "row":
                yield f"{_words(block['label'])}: {_words(block['runs'])}"
            case "item":
                yield f"- {_words(block['runs'])}"
            case _:
                yield f"\n{_words(block['runs'])}"


def _words(runs: Any) -> str:
    return "".join(run["text"] for run in runs)
