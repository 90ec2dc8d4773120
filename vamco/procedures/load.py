"""The procedures that the product ships: read from `data/`, loaded by the same actions as any other."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db.models import Q

from vamco.core.actors import SYSTEM, Actor

from . import reading
from .actions import import_definition, publish
from .definition import Definition
from .models import ProcedureVersion, State

DATA = Path(__file__).parent / "data"
SHARED = "shared.yaml"


def shipped_files() -> list[Path]:
    """The files, one a procedure, in the order of their names."""
    return sorted(path for path in DATA.glob("*.yaml") if path.name != SHARED)


@cache
def shared() -> dict[str, Any]:
    """What the files share: sources, fields, papers, reasons, processes."""
    return reading.shared_data(_yaml(DATA / SHARED))


@cache
def shipped() -> tuple[Definition, ...]:
    """The shipped definitions. Raises `reading.Unreadable` for a file that is none."""
    return tuple(reading.read(_yaml(path), shared()) for path in shipped_files())


def load_shipped(actor: Actor = SYSTEM) -> list[ProcedureVersion]:
    """Load and publish the shipped procedures; answers the versions that this call published.

    What is loaded already stays as it is. A file that changed since becomes a draft for an administrator to
    publish, unless a draft is being written.
    """
    published = []
    for said in shipped():
        versions = ProcedureVersion.objects.filter(procedure__code=said.code)
        if versions.filter(Q(digest=reading.digest(said)) | Q(state=State.DRAFT)).exists():
            continue
        known = versions.exists()
        version = import_definition(actor, None, data=reading.plain(said))
        if not known:
            published.append(publish(actor, version))
    return published


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=Texts)  # noqa: S506 a SafeLoader


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C is ten times as fast


class Texts(_Loader):
    """YAML in which `no`, `on`, `yes` are words: only true and false are booleans."""


Texts.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Texts.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"])
