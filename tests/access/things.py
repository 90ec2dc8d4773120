"""A real thing of each kind, in one commune: what people of other units must not see or touch."""

from typing import Any

from tests import province
from tests.province import COMMUNE, MONDAY, unit
from vamco.core.actors import SYSTEM
from vamco.organisation import actions as organisation
from vamco.organisation.models import User


class Things:
    """A real thing of each kind that an action is done to, in the commune; made when first asked for."""

    def __init__(self) -> None:
        self.made: dict[str, Any] = {}

    def of(self, kind: str) -> Any:
        if kind not in self.made:
            self.made[kind] = getattr(self, f"_{kind.lower()}")()
        return self.made[kind]

    def _unit(self) -> Any:
        return unit(COMMUNE)

    def _dossier(self) -> Any:
        return province.receive()

    def _visit(self) -> Any:
        from vamco.dossiers.actions import open_visit

        return open_visit(SYSTEM, unit(COMMUNE))

    def _consultation(self) -> Any:
        from vamco.dossiers.models import Consultation

        return Consultation.objects.create(
            dossier=self.of("Dossier"), unit=unit(COMMUNE), question="?", asked_at=MONDAY, due_at=MONDAY
        )

    def _registerbook(self) -> Any:
        from vamco.dossiers.models import RegisterBook

        return RegisterBook.objects.create(unit=unit(COMMUNE), key="so-thu", year=2016)

    def _savedfilter(self) -> Any:
        from vamco.dossiers.models import SavedFilter

        user = User.objects.order_by("pk")[0]
        return SavedFilter.objects.create(user=user, name="x", query="tab=mine")

    def _message(self) -> Any:
        from vamco.notify.models import Message

        return Message.objects.filter(unit=unit(COMMUNE)).first() or Message.objects.create(
            unit=unit(COMMUNE),
            kind="received",
            to_email="a@b.example",
            subject="x",
            body="x",
            created_at=MONDAY,
        )

    def _notice(self) -> Any:
        from vamco.notify.models import Notice

        dossier = self.of("Dossier")
        return Notice.objects.create(
            user=province.person("tu_phap"),
            kind="mention",
            text=f"Ghi chú hồ sơ {dossier.code}",
            url=f"/ho-so/{dossier.code}/",
            about=dossier.code,
            created_at=MONDAY,
        )

    def _user(self) -> Any:
        return province.person("tu_phap")

    def _post(self) -> Any:
        return province.person("tu_phap").holdings.get().post

    def _holding(self) -> Any:
        return province.person("tu_phap").holdings.get()

    def _grant(self) -> Any:
        return self.of("Post").grants.get()

    def _delegation(self) -> Any:
        return organisation.delegate(
            SYSTEM,
            province.person("tu_phap"),
            receiver=province.person("van_phong"),
            since=MONDAY.date(),
            until=MONDAY.date(),
            reason="x",
        )

    def _apitoken(self) -> Any:
        return organisation.issue_token(SYSTEM, province.person("tu_phap"), name="x")[0]

    def _party(self) -> Any:
        return self.of("Dossier").applicant

    def _receiptbook(self) -> Any:
        from vamco.payments import actions as payments
        from vamco.payments.models import ReceiptBook

        found = ReceiptBook.objects.filter(unit=unit(COMMUNE)).first()
        return found or payments.open_book(SYSTEM, unit(COMMUNE), symbol="BL-16T", first=1, last=9)

    def _receipt(self) -> Any:
        from vamco.payments.models import Receipt

        dossier = self.of("Dossier")
        book = self.of("ReceiptBook")
        return Receipt.objects.filter(unit=dossier.unit).first() or _unwritten(Receipt, book)

    def _model(self) -> Any:
        """A thing of any room."""
        return self.of("Receipt")

    def _attachment(self) -> Any:
        from vamco.attachments.actions import attach

        return attach(SYSTEM, self.of("Receipt"), file=self._file())

    def _importrun(self) -> Any:
        from io import BytesIO

        from vamco.core.importing import handed_out, runs
        from vamco.timing.imports import CALENDAR

        admin = province.actor("quan_tri", province.PROVINCE)
        sheet = BytesIO(handed_out.template(CALENDAR, admin, None))
        return runs.begin(CALENDAR, admin, None, sheet, name="lich.xlsx")

    def _procedure(self) -> Any:
        from vamco.procedures.models import Procedure

        return Procedure.objects.get(code=province.MARRIAGE)

    def _procedureversion(self) -> Any:
        return self.of("Procedure").versions.get()

    def _result(self) -> Any:
        province.pay(self.of("Dossier"))
        province.decide(self.of("Dossier"))
        from vamco.results.models import Result

        return Result.objects.latest("pk")

    def _template(self) -> Any:
        from vamco.results.models import Template

        return Template.objects.order_by("pk")[0]

    def _calendarday(self) -> Any:
        from vamco.timing import actions as timing

        return timing.set_day(SYSTEM, unit(COMMUNE), day=MONDAY.date(), kind="closed", name="x", source="x")

    def _regime(self) -> Any:
        from vamco.timing.models import Regime

        return Regime.objects.order_by("pk")[0]

    def _slip(self) -> Any:
        return self.of("Dossier").slips.order_by("pk")[0]

    def _dayclose(self) -> Any:
        from vamco.payments import actions as payments
        from vamco.payments.models import ReceiptState

        day = MONDAY.date()
        total = sum(
            one.total
            for one in self.of("Receipt").__class__.objects.filter(unit=unit(COMMUNE), day=day)
            if one.state == ReceiptState.VALID
        )
        return payments.close_day(SYSTEM, unit(COMMUNE), day=day, counted=total)

    def _file(self) -> Any:
        from django.core.files.uploadedfile import SimpleUploadedFile

        from vamco.core import files

        return files.store(SimpleUploadedFile("to.pdf", b"%PDF-1.4\n%%EOF\n"), name="to.pdf")

    def _ledgerentry(self) -> Any:
        from vamco.core.models import LedgerEntry

        self.of("Dossier")
        return LedgerEntry.objects.latest("pk")


def _unwritten(model: Any, book: Any) -> Any:
    """A receipt with money behind it."""
    from vamco.payments import actions as payments
    from vamco.payments.charges import raise_charges
    from vamco.payments.models import Charge

    lines = [("line", "Lệ phí", "charge", 1, 5000)]
    raise_charges(
        subject="thu-quyen", unit=book.unit, payer=None, payer_name="Nguyễn Thị Bé", lines=lines, due="now"
    )
    charge = Charge.objects.get(subject="thu-quyen")
    return payments.collect(SYSTEM, book.unit, charges=[charge.pk], total=5000)
