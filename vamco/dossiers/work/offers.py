"""What an actor may do with a dossier now: the same list for page and API, made from the actions' own declarations."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from vamco.core.actions import Action
from vamco.core.actors import Actor
from vamco.core.inputs import Parameter
from vamco.procedures.definition import ENDS, Outcome
from vamco.procedures.wording import said as in_language

from ..intake.actions import corrections
from ..models import Dossier
from ..papers import drafting
from ..rules import choices, moves
from .actions import dates, endings, opinions, steps, supplements

DossierAction = Action[Dossier, ..., Dossier]


@dataclass(frozen=True)
class Button:
    """An action's place on the page: where it stands in `BUTTONS`, and its key. `main` marks the one that stands out;
    `only` says when it is worth showing."""

    action: DossierAction
    shortcut: str = ""
    main: bool = False
    back: bool = False
    only: Callable[[Dossier], bool] | None = None


def _in_the_pool(dossier: Dossier) -> bool:
    return dossier.holder_id is None


def _came_from_elsewhere(dossier: Dossier) -> bool:
    return dossier.runs.filter(left_at__isnull=False).exclude(step=dossier.step).exists()


BUTTONS = (
    Button(endings.hand_over, shortcut="t", main=True),
    Button(steps.advance),
    Button(steps.take, shortcut="n", only=_in_the_pool),
    Button(opinions.consult, shortcut="y"),
    Button(steps.send_back, shortcut="r", back=True, only=_came_from_elsewhere),
    Button(steps.draft, shortcut="s"),
    Button(supplements.request_supplement, shortcut="b"),
    Button(steps.assign, shortcut="a"),
    Button(dates.draft_new_date, shortcut="g"),
    Button(dates.sign_new_date, shortcut="k"),
    Button(steps.take_back, shortcut="l"),
    Button(supplements.resume, shortcut="t", main=True),
    Button(supplements.close_unanswered),
    Button(corrections.correct),
    Button(endings.withdraw),
    Button(endings.stop),
    Button(corrections.correct_applicant),
    Button(corrections.move),
    Button(corrections.add_papers),
    Button(opinions.note, shortcut="n"),
)
"""What is done with a dossier, the most likely first."""
ACTIONS: dict[str, DossierAction] = {button.action.key: button.action for button in BUTTONS}
"""The same by the name in addresses and in the API."""


@dataclass(frozen=True)
class Offer:
    """An action that the actor may do now, with the inputs that are asked for. `bound` are those that the offer itself
    decides: of `advance` the way out of the step."""

    action: DossierAction
    label: str
    inputs: tuple[Parameter, ...]
    bound: Mapping[str, Any] = field(default_factory=dict)
    main: bool = False
    back: bool = False
    shortcut: str = ""

    @property
    def key(self) -> str:
        """The action's name in addresses and in the API."""
        return self.action.key

    @property
    def outcome(self) -> str:
        """The way out of the step that it is."""
        return str(self.bound.get("outcome", ""))

    @property
    def at_one_press(self) -> bool:
        """Whether nothing must be typed."""
        return all(parameter.optional for parameter in self.inputs)


def offers(actor: Actor, dossier: Dossier) -> list[Offer]:
    """Everything that the actor may do with the dossier now, the most likely first."""
    found: list[Offer] = []
    for button in BUTTONS:
        if not button.action.offered(actor, dossier) or (button.only and not button.only(dossier)):
            continue
        if button.action is steps.advance:
            found += _ways_out(actor, dossier)
        elif button.action is not steps.take or actor.user_id:
            found.append(_offer(button, dossier))
    return found


def _offer(button: Button, dossier: Dossier) -> Offer:
    action = button.action
    shown = tuple(parameter for parameter in action.inputs if not parameter.input.hidden)
    taken = action is opinions.note and dossier.holder_id is None
    return Offer(
        action,
        str(action.label),
        shown,
        main=button.main,
        back=button.back,
        shortcut="" if taken else button.shortcut,
    )


def _ways_out(actor: Actor, dossier: Dossier) -> Iterator[Offer]:
    """The ways out of the step, as the procedure has them: each the same action with its outcome decided."""
    declared = {parameter.name: parameter for parameter in steps.advance.inputs}
    for i, outcome in enumerate(moves.step_of(dossier).outcomes):
        if not actor.signs and drafting.signs_by(dossier, outcome):
            continue
        yield Offer(
            steps.advance,
            in_language(outcome),
            tuple(_narrowed(dossier, outcome, declared)),
            {"outcome": outcome.key},
            main=i == 0,
            back=outcome.back,
            shortcut="t" if i == 0 else "c" if outcome.does == "refuse" else "",
        )


def _narrowed(dossier: Dossier, outcome: Outcome, declared: Mapping[str, Parameter]) -> Iterator[Parameter]:
    """What a way out asks for, of the inputs of `advance`."""
    case = moves.case_of(dossier)
    refuses = outcome.does == "refuse"
    if case.step_fields(dossier.step) and not outcome.back and not refuses:
        yield declared["answers"]
    if refuses and case.refusal_reasons:
        yield declared["reasons"].narrowed(optional=False)
    if "reason" in outcome.needs:
        yield declared["reason"].narrowed(optional=False)
    if "file" in outcome.needs:
        yield declared["file"].narrowed(optional=False)
    if _may_choose(dossier, outcome):
        yield declared["to_person"].narrowed(suggested=choices.receivers(outcome))


def _may_choose(dossier: Dossier, outcome: Outcome) -> bool:
    """Whether the sender may name who gets the dossier next: where somebody examines or decides, out of a pool."""
    if outcome.to in ENDS or outcome.who != "pool":
        return False
    return moves.case_of(dossier).process.step(outcome.to).role in ("specialist", "head", "leader")
