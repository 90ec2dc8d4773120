"""The slips of a dossier (phiếu): what each says is declared and made in one place, kept as data, printed when wanted.

Slips are Vietnamese whatever the language of the officer who makes them. They are A5.
"""

from ...models import Slip
from .course import (
    UNANSWERED,
    Apology,
    Closing,
    Control,
    Stopped,
    apology,
    closing,
    closing_paper,
    control,
    control_paper,
    stopped,
)
from .faults import Refusal, Supplement, intake_refusal, intake_supplement, supplement
from .receipt import Receipt, receipt, receipt_again
from .shared import SlipPaper, office, signer

SLIPS: dict[str, type[SlipPaper]] = {
    paper.kind: paper for paper in (Receipt, Supplement, Refusal, Apology, Control, Closing, Stopped)
}
"""Every kind of slip."""

__all__ = [
    "SLIPS", "UNANSWERED", "apology", "closing", "closing_paper", "control", "control_paper", "intake_refusal",
    "intake_supplement", "label_of", "office", "paper_of", "receipt", "receipt_again", "signer", "stopped", "supplement",
]  # fmt: skip


def label_of(kind: str) -> str:
    """What people call a kind of slip."""
    return str(SLIPS[kind].label) if kind in SLIPS else kind


def paper_of(slip: Slip) -> SlipPaper:
    """The paper of a slip as it was made. Printing again gives the same."""
    paper = SLIPS[slip.kind].of(slip.data)
    return paper.with_secrets() if isinstance(paper, Receipt) else paper
