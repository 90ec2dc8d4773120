"""The words of messages: a template per kind and language under templates/notify, first line the subject.

Plain text: what people wrote is put in as it is, nothing is markup.
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.template import loader
from django.utils import translation

from vamco.core import papers
from vamco.core.rooms import rooms

from .models import Kind, Language


def compose(kind: str, language: str, words: Mapping[str, object]) -> tuple[str, str]:
    """Subject and body of a message of this kind.

    `words`: name (of the person), code, procedure, unit, phone, and by kind: due (datetime), place, url and
    tracking (where to look the dossier up); items (a list of texts), deadline (date), reason; for new_date
    due and reason; for step the step in public words; for result_ready number, place, fee (text); for refused
    `text` is the whole letter; for mention who, note; for digest rows (of `digest.Row`), day. Missing words leave their line out. A `date`
    or `datetime` is written in the message's language.
    """
    if kind not in Kind.values and not any(kind in room.messages for room in rooms().values()):
        raise ValueError(f"no such kind of message: {kind}")
    language = language if language in Language.values else Language.VI
    said = {key: _written(value, language) for key, value in words.items()}
    with translation.override(language):
        text = loader.render_to_string(f"notify/{language}/{kind}.txt", said)
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
