"""What an auditor does that must itself be on record."""

from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid
from vamco.organisation.where import of_province

from ..audit import MAX_ROWS, EntryFilter, entries, may_read
from ..models import LedgerExport


@action("audit.read", label=_("Xuất nhật ký"), at=of_province, locks=False, name="audit.export", watched=True)
def export_ledger(actor: Actor, _none: None, /, *, filters: EntryFilter) -> LedgerExport:
    """Take a copy of a part of the ledger away (xuất nhật ký): entries without their contents.

    The export names its newest entry, so that what is written afterwards is not in it.
    """
    may_read(actor)
    rows = entries(actor, filters)
    count = rows.order_by()[: MAX_ROWS + 1].count()
    if count > MAX_ROWS:
        raise Invalid(
            _("Có hơn %(max)s mục. Hãy thu hẹp khoảng ngày hoặc chọn người, việc rồi xuất lại.")
            % {"max": f"{MAX_ROWS:,}".replace(",", ".")},
            field="tu",
        )
    newest = rows.values_list("pk", flat=True).first() or 0
    return LedgerExport.objects.create(
        at=clock.now(), by_id=actor.user_id, chosen=filters.query()[:500], last=newest, rows=count
    )
