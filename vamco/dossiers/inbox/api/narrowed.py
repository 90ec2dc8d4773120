"""What a list of dossiers is narrowed to, as programs say it: `queries.Filter` described."""

from dataclasses import fields
from typing import Any, Literal

from django.utils.translation import gettext as _
from ninja import Field, Schema

from vamco.core.api import Id, Moment
from vamco.core.errors import Invalid
from vamco.parties import identity

from ...queries import Filter

StageIn = Literal[
    "", "processing", "supplement", "ready", "refused_ready", "returned", "withdrawn", "stopped", "refused"
]
ChannelIn = Literal["", "counter", "post", "online"]
Tab = Literal["", "mine", "pool", "unassigned", "unit", "waiting", "ready", "apologies", "late"]


class KeptView(Schema):
    """A view of the inbox: those filters of `GET /dossiers` that its page has."""

    tab: Tab = Field("", description="a list of the inbox", examples=["mine"])
    procedure: str = Field("", max_length=60, description="code of the procedure", examples=["1.004873"])
    step: str = Field("", max_length=60, examples=["tham_tra"])
    channel: ChannelIn = Field("", examples=["counter"])
    q: str = Field(
        "",
        max_length=200,
        description="code, or words of name and content; identity numbers are refused",
        examples=[""],
    )
    party: Id | None = Field(None, description="id of somebody who has a role in it", examples=[None])


class Narrowed(KeptView):
    """What a list is narrowed to."""

    unit: str = Field("", max_length=40, description="code of a unit that has to do with it")
    status: int | None = Field(None, ge=1, le=10, description="national status")
    stage: StageIn = ""
    due_before: Moment | None = None
    changed_since: Moment | None = None

    def wanted(self, **known: Any) -> Filter:
        """The filter. Raises `Invalid` for an identity number among the words."""
        not_a_number(self.q)
        names = [field.name for field in fields(Filter) if field.name in Narrowed.model_fields]
        return Filter(**{name: getattr(self, name) for name in names}, **known)


def not_a_number(q: str) -> None:
    """Raise `Invalid` for words that are an identity number: it stands in no address and in no list."""
    if "-" not in q and identity.looks_like_number(q):
        raise Invalid(
            _(
                "Số định danh không được đặt trong danh sách. Hãy tra cứu người bằng POST /api/v1/parties/actions/look_up."
            ),
            field="q",
        )
