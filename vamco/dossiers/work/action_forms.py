"""The small form of each offer: what an action asks for, as fields of a page, and back into the action's inputs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _

from vamco.core import clock, files
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused
from vamco.core.models import File

from ..models import Dossier
from ..rules import deadlines, moves
from ..rules.application import PaperInput
from . import action_fields
from .action_fields import OTHER, OfferForm
from .offers import Input, Offer


@dataclass(frozen=True)
class PaperRow:
    """One row of a list of papers in a form: its fields, and the name where it is fixed."""

    name: str
    tick: forms.BoundField | None = None
    fault: forms.BoundField | None = None
    code: forms.BoundField | None = None
    originals: forms.BoundField | None = None
    copies: forms.BoundField | None = None
    file: forms.BoundField | None = None
    more: bool = False


class ActionForm(OfferForm):
    """What one action needs. The version that the person saw travels along, so that a stale form is told from a fresh
    one; the key makes the press count once."""

    use_required_attribute = False
    required_css_class = ""

    version = forms.IntegerField(widget=forms.HiddenInput)
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=100)
    outcome = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    ds = forms.CharField(widget=forms.HiddenInput, required=False, max_length=600)

    def __init__(
        self, actor: Actor, dossier: Dossier, offer: Offer, *args: Any, ds: str = "", **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {
            "version": dossier.version,
            "request_key": uuid4().hex,
            "outcome": offer.outcome,
            "ds": ds,
            **kwargs["initial"],
        }
        super().__init__(actor, dossier, offer, *args, auto_id="id_%s", **kwargs)
        self.list_errors: dict[str, str] = {}
        for given in offer.inputs:
            action_fields.add(self, given)
        first = next((bound for bound in self.visible_fields()), None)
        if first is not None and not isinstance(
            first.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple
        ):
            first.field.widget.attrs["autofocus"] = True

    @property
    def plain(self) -> list[forms.BoundField]:
        """The visible fields that stand one under the other."""
        return [bound for bound in self.visible_fields() if not bound.name.startswith(("items.", "papers."))]

    @property
    def submit_label(self) -> str:
        """What the button says."""
        return self.offer.label

    @property
    def item_errors(self) -> str:
        """What is wrong with the list of what is asked for."""
        return self.list_errors.get("items", "")

    @property
    def item_rows(self) -> list[PaperRow]:
        """What may be asked for: a tick and what is wrong with it."""
        return [
            PaperRow(name, tick=self[f"items.{key}"], fault=self[f"items.{key}.fault"])
            for key, name in self.items
        ]

    @property
    def paper_rows(self) -> list[PaperRow]:
        """Papers that are handed in."""
        return [
            PaperRow(
                name,
                code=None if name else self[f"papers.{key}.code"],
                originals=self[f"papers.{key}.originals"],
                copies=self[f"papers.{key}.copies"],
                file=self[f"papers.{key}.file"],
                fault=None if name else self[f"papers.{key}.name"],
                more=not name and i > 0,
            )
            for i, (key, name) in enumerate(self.papers)
        ]

    @property
    def only_refused(self) -> bool:
        """Whether nothing is wrong with a field: the action itself said no."""
        return self.is_bound and set(self.errors) == {"__all__"}

    def clean(self) -> dict[str, Any]:
        """Name an empty list of what is asked for together with the other faults, not after them."""
        for one in self.offer.inputs:
            if one.type == "items" and one.required and not _read_items(self, one):
                empty = _("Hãy nêu ít nhất một giấy tờ hoặc nội dung cần bổ sung.")
                self.refuse(Invalid(empty, fields={"items": empty}))
        return self.cleaned_data

    def refuse(self, refused: Refused) -> None:
        """Show a refusal beside its fields, or on top."""
        for name, message in refused.fields.items():
            self.list_errors[name] = message
            self.add_error(name if name in self.fields else None, message)
        if not refused.fields:
            self.add_error(None, refused.message)

    def inputs(self) -> dict[str, Any]:
        """The action's inputs from a valid form. Uploads are kept here: raises `Invalid` for a bad one."""
        given: dict[str, Any] = {"version": self.cleaned_data["version"]}
        if self.offer.outcome:
            given["outcome"] = self.offer.outcome
        for one in self.offer.inputs:
            value = _READ.get(one.type, _read_plain)(self, one)
            if value not in (None, "") or one.type in ("answers", "reasons", "items"):
                given[one.name] = value
        return {
            key: value
            for key, value in given.items()
            if key != "version" or self.offer.key not in UNVERSIONED
        }


UNVERSIONED = frozenset({"take", "take_back", "note"})
"""Actions that take no version: they do not depend on what the person saw."""


def stored(actor: Actor, upload: Any, field: str) -> int:
    """Keep an upload; the same file sent twice by one press is one record."""
    kept = files.store(upload, name=upload.name or "", uploaded_by_id=actor.user_id, field=field)
    since = clock.now() - timedelta(minutes=10)
    twin = (
        File.objects.filter(
            sha256=kept.sha256, name=kept.name, uploaded_by_id=actor.user_id, created_at__gte=since
        )
        .order_by("pk")
        .first()
    )
    return int((twin or kept).pk)


# Back into inputs --------------------------------------------------------------------------------------------


def _read_plain(form: ActionForm, one: Input) -> Any:
    return form.cleaned_data.get(one.name)


def _read_day(form: ActionForm, one: Input) -> datetime | None:
    day = form.cleaned_data.get(one.name)
    if day is None:
        return None
    return deadlines.after_days(
        datetime.combine(day, time(0), tzinfo=clock.HERE), 0, form.dossier.unit, form.dossier.regime
    )


def _read_file(form: ActionForm, one: Input) -> int | None:
    upload = form.cleaned_data.get(one.name)
    return stored(form.actor, upload, one.name) if upload else None


def _read_items(form: ActionForm, one: Input) -> list[tuple[str, str]] | list[dict[str, str]]:
    wanted = []
    for key, name in form.items:
        value = form.cleaned_data.get(f"items.{key}")
        what = (name if value else "") if name else value or ""
        if what:
            wanted.append({"name": what, "fault": form.cleaned_data.get(f"items.{key}.fault", "")})
    return wanted


def _read_papers(form: ActionForm, one: Input) -> list[PaperInput]:
    codes = {paper.name: paper.code for paper in moves.case_of(form.dossier).papers}
    rows = []
    for key, name in form.papers:
        data: Mapping[str, Any] = {
            part: form.cleaned_data.get(f"papers.{key}.{part}")
            for part in ("code", "name", "originals", "copies", "file")
        }
        if not any(data[part] for part in ("originals", "copies", "file")):
            continue
        rows.append(
            PaperInput(
                code=codes.get(name, OTHER) if name else data["code"] or OTHER,
                originals=data["originals"] or 0,
                copies=data["copies"] or 0,
                remark=name or data["name"] or "",
                file=stored(form.actor, data["file"], f"papers.{key}.file") if data["file"] else None,
            )
        )
    return rows


def _read_answers(form: ActionForm, one: Input) -> dict[str, Any]:
    return {
        name.removeprefix("answers."): form.cleaned_data.get(name)
        for name in form.fields
        if name.startswith("answers.")
    }


def _read_reasons(form: ActionForm, one: Input) -> tuple[str, ...]:
    return tuple(form.cleaned_data.get(one.name) or ())


_READ: dict[str, Callable[[ActionForm, Input], Any]] = {
    "date-time": _read_day,
    "file": _read_file,
    "items": _read_items,
    "papers": _read_papers,
    "answers": _read_answers,
    "reasons": _read_reasons,
}
