from django.core.management.base import BaseCommand

from vamco.procedures.load import load_shipped, shipped_files


class Command(BaseCommand):
    """Load the shipped procedures; those that are loaded already stay."""

    help = "Nạp các thủ tục hành chính đi kèm sản phẩm (chạy lại không tạo trùng)."

    def handle(self, *args: object, **options: object) -> None:
        published = load_shipped()
        self.stdout.write(f"{len(shipped_files())} thủ tục đi kèm, {len(published)} thủ tục vừa công bố.")
