from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from vamco.procedures.load import load_shipped, shipped_files


class Command(BaseCommand):
    """Load the shipped procedures; those that are loaded already stay."""

    help = _("Nạp các thủ tục hành chính đi kèm sản phẩm (chạy lại không tạo trùng).")

    def handle(self, *args: object, **options: object) -> None:
        published = load_shipped()
        self.stdout.write(
            _("%(shipped)d thủ tục đi kèm, %(published)d thủ tục vừa công bố.")
            % {"shipped": len(shipped_files()), "published": len(published)}
        )
