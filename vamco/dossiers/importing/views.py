"""The import of running dossiers by spreadsheet."""

from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core import sheets
from vamco.core.api import attachment
from vamco.core.errors import Invalid, TooMany
from vamco.core.workbooks import XLSX
from vamco.organisation.models import Unit
from vamco.organisation.where import open_units
from vamco.web.access import Request, staff
from vamco.web.messages import done

from . import actions, spreadsheet


def _units(request: Request) -> list[Unit]:
    """The units for which the person may take over dossiers."""
    units = open_units(request.actor, "dossiers.import")
    return list(units.filter(level__in=("commune", "district", "centre")))


@staff("dossiers.import")
def load(request: Request) -> HttpResponse:
    """Take over running dossiers: the template, the upload, and every fault by its cell."""
    units = _units(request)
    context: dict[str, object] = {
        "units": units,
        "most": spreadsheet.MOST_ROWS,
        "megabytes": sheets.MOST_BYTES // (1024 * 1024),
        "request_key": uuid4().hex,
    }
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            unit = next((one for one in units if one.code == request.POST.get("unit")), None)
            if unit is None:
                raise Invalid(_("Hãy chọn đơn vị tiếp nhận."), field="unit")
            if upload is None:
                raise Invalid(_("Hãy chọn tệp bảng tính .xlsx, không quá 10 MB."), field="file")
            content = upload.read(sheets.MOST_BYTES + 1)  # what is larger is refused where it is read
            visit = actions.import_running(request.actor, unit, content=content)
        except (Invalid, TooMany) as refusal:
            context |= {
                "refusal": refusal,
                "wrong": {name: text for name, text in refusal.fields.items() if name in ("unit", "file")},
                "faults": sorted(refusal.fields.items(), key=_cell),
                "chosen": request.POST.get("unit"),
            }
            return render(request, "dossiers/import.html", context, status=refusal.status)
        count = visit.dossiers.count()
        done(
            request,
            _("Đã nhập %(count)d hồ sơ.") % {"count": count}
            if count
            else _("Mọi hồ sơ trong bảng tính đã có từ trước."),
        )
        return redirect(f"{reverse('inbox')}?tab=unit")
    return render(request, "dossiers/import.html", context)


def _cell(item: tuple[str, str]) -> tuple[int, str]:
    digits = "".join(char for char in item[0] if char.isdigit())
    return int(digits or 0), item[0]


@staff("dossiers.import")
def template(request: Request) -> HttpResponse:
    """The empty spreadsheet."""
    return attachment(spreadsheet.template(), "mau-nhap-ho-so.xlsx", XLSX)
