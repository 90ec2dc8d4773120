"""Forms of people and rights that ask for more than one action does, or for it in another way."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vamco.core import clock, rooms
from vamco.core.actors import Actor
from vamco.web.access import Request
from vamco.web.action_forms import InputForm
from vamco.web.asking import ActionForm, Day

from . import actions
from .models import Post, Unit, User


class NewPerson(InputForm):
    """A person to be given an account, and the post that they take up."""

    def __init__(self, request: Request, unit: Unit) -> None:
        super().__init__(
            actions.create_person, request.actor, unit, request=request, without=("password", "one_time")
        )
        self.fields["post"] = forms.ModelChoiceField(Post.objects.filter(unit=unit), label=_("Chức vụ"))
        self.fields["since"] = Day(label=_("Từ ngày"), initial=clock.today)
        self.order_fields(["full_name", "username", "post", "since"])


class Appoint(InputForm):
    """A person for a post: by their sign-in name, since names are not unique."""

    def __init__(self, request: Request, post: Post) -> None:
        super().__init__(
            actions.appoint,
            request.actor,
            post,
            request=request,
            initial={"username": request.GET.get("ten", "")[:80]},
        )
        self.fields["username"] = forms.CharField(
            label=_("Tên đăng nhập của người được phân công"), max_length=80
        )
        self.order_fields(["username"])

    def clean_username(self) -> User:
        """The person who has the name."""
        name = str(self.cleaned_data["username"]).strip().lower()
        found = User.objects.filter(username=name).first()
        if found is None:
            raise forms.ValidationError(_("Không có tài khoản này. Hãy xem lại, hoặc thêm người mới trước."))
        return found


class Delegate(InputForm):
    """A stand-in, found by name before, for a period."""

    def __init__(self, request: Request, giver: User) -> None:
        super().__init__(actions.delegate, request.actor, giver, request=request)
        self.fields["receiver"] = forms.ModelChoiceField(
            User.objects.filter(is_active=True),
            label=_("Người được ủy quyền"),
            widget=forms.HiddenInput,
            error_messages={
                "required": _("Hãy tìm và chọn người được ủy quyền."),
                "invalid_choice": _("Không chọn được người này. Hãy tìm lại."),
            },
        )


class NewToken(ActionForm):
    """A bearer token of the API, limited to some of what its holder may do today."""

    name = forms.CharField(
        label=_("Mục đích sử dụng"),
        max_length=80,
        error_messages={"required": _("Hãy ghi mục đích sử dụng.")},
    )
    days = forms.IntegerField(
        label=_("Dùng được bao nhiêu ngày"),
        min_value=1,
        max_value=3650,
        initial=365,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Số ngày từ 1 đến 3650.")
        ),
    )
    permissions = forms.MultipleChoiceField(
        label=_("Chỉ dùng để"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("không chọn mục nào là mọi việc người giữ mã được làm"),
    )
    units = forms.CharField(
        label=_("Chỉ ở các đơn vị (mã)"),
        max_length=2000,
        required=False,
        help_text=_(
            "Mã ghi ở trang Tổ chức hoặc tại /api/v1/units, ví dụ 27694. Nhiều mã cách nhau bằng dấu phẩy, "
            "không kể đơn vị trực thuộc; để trống là mọi đơn vị người giữ mã có quyền."
        ),
    )

    def __init__(self, *args: Any, holder: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [(key, one.name) for key, one in rooms.permissions().items() if holder.may_anywhere(key)]
        self.offer("permissions", held)

    def clean_units(self) -> list[str]:
        """The codes."""
        return str(self.cleaned_data["units"]).replace(",", " ").replace(";", " ").split()


class Nothing(ActionForm):
    """Nothing to fill in: only to be done."""
