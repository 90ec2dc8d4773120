"""The words of messages: a template per kind and language, first line the subject. It stands in the templates of the
room that declares the kind, `notify/<language>/<kind>.txt`; `foot.txt`, here, ends them all.

Plain text: what people wrote is put in as it is, nothing is markup.
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.template import loader
from django.utils import translation

from vamco.core import papers, rooms
from vamco.core.rooms import MessageKind

from .models import Language


def declared(kind: str) -> MessageKind:
    """What a room says of a kind of message. Raises `ValueError` for one that no room declares."""
    if kind not in rooms.message_kinds():
        raise ValueError(f"no room declares messages of the kind {kind}")
    return rooms.message_kinds()[kind]


def compose(kind: str, language: str, words: Mapping[str, object]) -> tuple[str, str]:
    """Subject and body of a message of this kind.

    `words`: name (of the person), code, unit, phone, url, and whatever else the kind's template asks for. Missing words
    leave their line out. A `date` or `datetime` is written in the message's language. Raises `ValueError` for a kind
    that no room declares.
    """
    declared(kind)
    language = language if language in Language.values else Language.VI
    given = {key: _written(value, language) for key, value in words.items()}
    with translation.override(language):
        text = loader.render_to_string(f"notify/{language}/{kind}.txt", given)
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), _tidy(body)


def _written(value: object, language: str) -> object:
    if isinstance(value, datetime):
        return papers.due(value) if language == "vi" else f"{papers.local(value):%H:%M on %A %d/%m/%Y}"
    if isinstance(value, date):
        return (
            f"{papers.weekday(value)}, ngày {papers.day(value)}"
            if language == "vi"
            else f"{value:%A %d/%m/%Y}"
        )
    return value


def _tidy(body: str) -> str:
    """No blank line twice, none at either end: conditional lines leave holes."""
    lines: list[str] = []
    for line in body.splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip() + "\n"
