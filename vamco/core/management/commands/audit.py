"""`vamco audit`: check the ledger, prove one entry, seal now, erase a content on a legal ground."""

import getpass
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from vamco.core import clock, ledger, ledger_check, proofs
from vamco.core.errors import Refused
from vamco.core.models import LedgerEntry, LedgerPending, LedgerSeal


class Command(BaseCommand):
    """What an auditor and an operator do with the ledger."""

    help = _("Kiểm tra, chứng minh, niêm phong nhật ký")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One word for each thing to do."""
        what = parser.add_subparsers(dest="what", required=True)
        verify = what.add_parser("verify", help=_("tìm mọi mục bị sửa, bị xóa, bị đảo; có thì mã thoát là 1"))
        verify.add_argument(
            "--expect", metavar="SỐ:BĂM", action="append", default=[],
            help=_("niêm phong đã ghi lại trước đây, phải còn nguyên (lặp lại được)"),
        )  # fmt: skip
        prove = what.add_parser(
            "prove", help=_("bằng chứng của một mục, kiểm tra được khi không có hệ thống")
        )
        prove.add_argument("entry", type=int)
        prove.add_argument("file", nargs="?", type=Path)
        check = what.add_parser("check", help=_("kiểm tra một bằng chứng; không cần cơ sở dữ liệu"))
        check.add_argument("file")
        what.add_parser("seal", help=_("niêm phong ngay các mục đang chờ"))
        erase = what.add_parser("erase", help=_("xóa nội dung một mục theo căn cứ pháp luật"))
        erase.add_argument("entry", type=int)
        erase.add_argument("--ground", required=True, help=_("căn cứ: số, ngày văn bản, cơ quan ban hành"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked."""
        try:
            getattr(self, f"_{options['what']}")(options)
        except Refused as refused:
            raise CommandError(str(refused.message)) from None

    def _verify(self, options: dict[str, Any]) -> None:
        count = 0
        for finding in (*self._unexpected(options["expect"]), *ledger_check.verify()):
            self.stdout.write(str(finding))
            count += 1
        if count:
            raise CommandError(_("Nhật ký có %(count)s chỗ sai.") % {"count": count}, returncode=1)
        values = {
            "entries": LedgerEntry.objects.count(),
            "seals": LedgerSeal.objects.count(),
            "waiting": LedgerPending.objects.count(),
        }
        self.stdout.write(
            _("Nhật ký nguyên vẹn: %(entries)s mục, %(seals)s niêm phong, %(waiting)s mục chờ niêm phong.")
            % values
        )
        last = LedgerSeal.objects.order_by("-number").first()
        if last:
            self.stdout.write(
                _("Niêm phong cuối: %(seal)s. Hãy ghi lại nơi khác để lần sau đối chiếu (--expect).")
                % {"seal": f"{last.number}:{bytes(last.hash).hex()}"}
            )

    def _unexpected(self, expected: list[str]) -> list[ledger_check.Finding]:
        """Seals that are not what was written down of them: the owner of the tables wrote the ledger anew."""
        wrong = []
        for text in expected:
            number, _colon, digest = text.partition(":")
            if not number.isdigit() or not digest:
                raise CommandError(_("--expect cần dạng SỐ:BĂM, như lần kiểm tra trước đã in."))
            found = LedgerSeal.objects.filter(number=int(number)).first()
            if found is None or bytes(found.hash).hex() != digest.lower():
                wrong.append(
                    ledger_check.Finding(_("không phải niêm phong đã ghi lại trước đây"), seal=int(number))
                )
        return wrong

    def _prove(self, options: dict[str, Any]) -> None:
        if not LedgerEntry.objects.filter(pk=options["entry"]).exists():
            raise CommandError(_("Nhật ký không có mục này."))
        try:
            proof = ledger.prove(options["entry"])
        except LookupError:
            raise CommandError(
                _("Mục này chưa được niêm phong. Hãy chạy `vamco audit seal` rồi làm lại.")
            ) from None
        text = json.dumps(proof, ensure_ascii=False, indent=1) + "\n"
        if options["file"] is None:
            self.stdout.write(text, ending="")
            return
        options["file"].write_text(text, encoding="utf-8")
        self.stdout.write(
            _("Đã ghi bằng chứng của mục %(entry)s vào %(file)s. Kiểm tra: vamco audit check %(file)s")
            % {"entry": options["entry"], "file": options["file"]}
        )

    def _check(self, options: dict[str, Any]) -> None:
        code = proofs.main([options["file"]])
        if code:
            sys.exit(code)

    def _seal(self, options: dict[str, Any]) -> None:
        count = 0
        while sealed := ledger.seal(clock.now()):
            count += sealed
        self.stdout.write(_("Đã niêm phong %(count)s mục.") % {"count": count})

    def _erase(self, options: dict[str, Any]) -> None:
        ledger.erase(options["entry"], by=_account(), ground=options["ground"], at=clock.now())
        self.stdout.write(
            _("Đã xóa nội dung của mục %(entry)s; mục, niêm phong và căn cứ xóa vẫn còn.")
            % {"entry": options["entry"]}
        )


def _account() -> str:
    """Who sits at the machine: the account of the operating system."""
    try:
        return f"{gettext_noop('người vận hành')} ({getpass.getuser()})"
    except (OSError, KeyError):
        return gettext_noop("người vận hành")
