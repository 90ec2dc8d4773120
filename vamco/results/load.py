"""The templates that the product ships. Loading is idempotent and never overwrites an administrator's text."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from vamco.core.actors import SYSTEM, Actor

from . import actions, places
from .models import Template

DATA = Path(__file__).parent / "data"


def shipped() -> Iterator[tuple[str, str, str]]:
    """Key, name and text of each shipped template. A file: its name in the first line, ===, then the text."""
    for path in sorted(DATA.glob("*.txt")):
        name, _, text = path.read_text(encoding="utf-8").partition("\n===\n")
        yield path.stem, name.strip(), text


def load_templates(actor: Actor = SYSTEM) -> int:
    """Bring the shipped templates in; answers how many versions that made.

    Call it after the procedures are loaded: a template is checked against the fields of the cases that use
    it, and left out while no case does. A shipped text that changed becomes a new version, unless an
    administrator has edited the template since.
    """
    made = 0
    for key, name, text in shipped():
        mark = hashlib.sha256(f"{name}\n{text}".encode()).hexdigest()
        if key not in (places.GENERIC, places.REFUSAL) and next(places.cases_using(key), None) is None:
            continue
        current = Template.objects.filter(key=key, valid=True).first()
        if current is not None and (current.shipped == mark or not current.shipped):
            continue
        actions.save_template(actor, current, key=key, name=name, text=text, shipped=mark)
        made += 1
    return made
