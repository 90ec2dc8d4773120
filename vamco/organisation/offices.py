"""The offices that processes name by a key, from data/offices.yaml: rooms of a district, departments of a province."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language

_DATA = Path(__file__).parent / "data" / "offices.yaml"


def _in_language(name: str, name_en: str) -> str:
    return name_en if (get_language() or "").startswith("en") else name


_name: Any = lazy(_in_language, str)


def _offices(group: str) -> Mapping[str, Promise]:
    """Names in the reader's language, by key."""
    read = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    return {office["key"]: _name(office["name"], office["name_en"]) for office in read[group]["offices"]}


ROOMS = _offices("rooms")
DEPARTMENTS = _offices("departments")
