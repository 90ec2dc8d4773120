"""The form of one more file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vamco.core import sniff
from vamco.web.asking import ActionForm


class AttachForm(ActionForm):
    """A file, what it is called, what it is."""

    file = forms.FileField(
        label=_("Tệp"), error_messages={"required": _("Hãy chọn tệp."), "empty": _("Tệp rỗng. Hãy chọn tệp khác.")}
    )
    name = forms.CharField(
        label=_("Tên"), required=False, max_length=200, help_text=_("để trống thì lấy tên tệp")
    )
    note = forms.CharField(
        label=_("Ghi chú"), required=False, max_length=500, help_text=_("tệp này là gì, từ đâu")
    )

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, auto_id="attach_%s", **settings)
        self.fields["file"].widget.attrs["accept"] = ",".join(sniff.TYPES)
