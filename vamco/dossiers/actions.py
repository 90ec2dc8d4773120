"""Everything that changes a dossier, one function per thing a person does."""

from .importing.actions import import_running
from .inbox.actions import delete_filter, save_filter
from .inbox.listing import export_list
from .intake.actions.at_once import at_once
from .intake.actions.corrections import add_papers, correct, correct_applicant, move, work_started
from .intake.actions.not_received import ask_before_intake, refuse_intake
from .intake.actions.receiving import forward, receive
from .intake.actions.visits import close_visit, open_visit, slip_on_request
from .page.actions import reveal_number
from .papers.actions import close_book, may_print, print_book, print_register
from .work.actions.dates import draft_new_date, sign_by, sign_new_date
from .work.actions.endings import hand_over, stop, withdraw
from .work.actions.opinions import answer, consult, note
from .work.actions.steps import (
    advance,
    assign,
    draft,
    opened,
    seen,
    send_back,
    take,
    take_back,
)
from .work.actions.supplements import close_unanswered, request_supplement, resume, why_no_supplement

__all__ = [
    "add_papers",
    "advance",
    "answer",
    "ask_before_intake",
    "assign",
    "at_once",
    "close_book",
    "close_unanswered",
    "close_visit",
    "consult",
    "correct",
    "correct_applicant",
    "delete_filter",
    "draft",
    "draft_new_date",
    "export_list",
    "forward",
    "hand_over",
    "import_running",
    "may_print",
    "move",
    "note",
    "open_visit",
    "opened",
    "print_book",
    "print_register",
    "receive",
    "refuse_intake",
    "request_supplement",
    "resume",
    "reveal_number",
    "save_filter",
    "seen",
    "send_back",
    "sign_by",
    "sign_new_date",
    "slip_on_request",
    "stop",
    "take",
    "take_back",
    "why_no_supplement",
    "withdraw",
    "work_started",
]
