"""Long An for tests: its units, calendar, procedures and templates, and people in a few units.

Loaded once per test database; every test rolls its own changes back. Tests that commit come last and load it again.
"""

from datetime import datetime

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.demo.people import staff
from vamco.dossiers import actions
from vamco.dossiers.models import Dossier
from vamco.dossiers.rules.application import Application, PaperInput, PartyInput
from vamco.organisation import actions as organisation
from vamco.organisation.access import actor_for, oneself
from vamco.organisation.load import load_units
from vamco.organisation.models import Unit, User
from vamco.payments import actions as payments
from vamco.procedures import compiled as catalogue
from vamco.procedures.definition import definition
from vamco.procedures.load import load_shipped
from vamco.procedures.models import ProcedureVersion
from vamco.results.load import load_templates
from vamco.timing import queries as calendar
from vamco.timing.load import load_timing

COMMUNE, OTHER_COMMUNE, DISTRICT, PROVINCE, CENTRE = "27694", "27688", "803", "80", "80-ttphcc"
MARRIAGE = "1.004873"
MONDAY = datetime(2016, 12, 5, 9, 0, tzinfo=clock.HERE)


def load() -> None:
    """Everything that an installation of Long An starts from, with people in a few units; nothing if it is there."""
    if User.objects.filter(holdings__post__unit__code=CENTRE).exists():
        return
    calendar.forget()
    catalogue.forget()
    load_units()
    load_timing()
    load_shipped()
    load_templates()
    units = [COMMUNE, OTHER_COMMUNE, DISTRICT, PROVINCE, CENTRE, "80-so_tu_phap", "80-so_gtvt"]
    units += [f"{DISTRICT}-{room}" for room in ("tu_phap", "ha_tang", "tai_nguyen", "kinh_te", "tai_chinh")]
    for code in units:
        unit = Unit.objects.get(code=code)
        if not unit.posts.exists():
            staff(unit)
    for version in ProcedureVersion.objects.all():
        definition(version.pk)  # kept by the process from now on, as in an installation that runs


def unit(code: str = COMMUNE) -> Unit:
    """A unit by its code."""
    return Unit.objects.get(code=code)


def person(post: str, code: str = COMMUNE) -> User:
    """The first person in a post of a unit."""
    return User.objects.filter(holdings__post__unit__code=code, holdings__post__key=post).order_by("pk")[0]


def actor(post: str, code: str = COMMUNE, **more: object) -> Actor:
    """The actor that this person is."""
    return actor_for(person(post, code), **more)  # type: ignore[arg-type]


def application(**changes: object) -> Application:
    """A complete application for a certificate of marital status."""
    base: dict[str, object] = {
        "procedure": MARRIAGE,
        "parties": (
            PartyInput(
                name="Nguyễn Thị Mỹ Hạnh",
                id_number="080161000412",
                email="hanh@example.vn",
                phone="0913000124",
                address="48/2 ấp 3",
            ),
        ),
        "answers": {"tinh_trang": "chua_ket_hon", "muc_dich": "vay_von"},
        "papers": (
            PaperInput("to_khai", 1),
            PaperInput("giay_to_tuy_than", 0, 1),
            PaperInput("giay_to_cu_tru", 0, 1),
        ),
    }
    return Application(**{**base, **changes})  # type: ignore[arg-type]


def receive(code: str = COMMUNE, **changes: object) -> Dossier:
    """A dossier received at a commune's counter."""
    return actions.receive(actor("mot_cua", code), unit(code), application=application(**changes))


def token(user: User, **asked: object) -> str:
    """A bearer token that this person has made for themselves: it may sign."""
    return organisation.own_token(oneself(user), user, **{"name": "test", **asked})[1]


FOUND = {"ket_qua_doi_chieu": "Chưa đăng ký kết hôn với ai."}


def decide(dossier: Dossier, upto: str = "") -> Dossier:
    """Lead a dossier through its steps at the commune until it is ready, or until it enters step `upto`."""
    for post, outcome, answers in (
        ("tu_phap", "trinh_ky", FOUND),
        ("chu_tich", "ky", {}),
        ("van_phong", "vao_so", {}),
    ):
        if dossier.step == upto:
            break
        dossier = actions.advance(actor(post, dossier.unit.code), dossier, outcome=outcome, answers=answers)
    return dossier


def pay(dossier: Dossier) -> None:
    """Pay everything that the dossier owes, at the counter."""
    from vamco.payments.models import ReceiptBook
    from vamco.payments.queries import charges_for

    if not ReceiptBook.objects.filter(unit=dossier.unit).exists():
        payments.open_book(
            actor("chu_tich", dossier.unit.code), dossier.unit, symbol="BL-16T", first=1, last=1000
        )
    due = [charge for charge in charges_for([dossier.code])[dossier.code] if charge.state == "due"]
    if due:
        payments.collect(
            actor("mot_cua", dossier.unit.code),
            dossier.unit,
            charges=[charge.pk for charge in due],
            total=sum(charge.amount for charge in due),
        )
