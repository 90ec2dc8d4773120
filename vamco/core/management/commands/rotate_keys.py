"""`vamco rotate_keys`: new keys for identity numbers and secrets, and everything stored under them again."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from vamco.core import rotation


class Command(BaseCommand):
    """Put new keys first, store everything under them, forget the old ones."""

    help = _("Thay khóa mã hóa: tạo khóa mới, mã hóa lại mọi số định danh và mã riêng, bỏ khóa cũ")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate; safe to run while the installation serves, and to run again after it was broken off."""
        count = rotation.rotate()
        self.stdout.write(
            _("Đã mã hóa lại %(count)s giá trị. Hãy sao lưu lại ngay: bản sao cũ cần khóa cũ.")
            % {"count": count}
        )
