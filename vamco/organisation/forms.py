"""What the pages of units, people and rights ask for."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from vamco.core import rooms
from vamco.core.actors import Actor
from vamco.web.asking import ActionForm, Day

from .models import Level, Post, Unit, User


def _names(**more: Any) -> forms.CharField:
    return forms.CharField(**{"max_length": 200, **more})


class UnitForm(ActionForm):
    """What a unit is called and where it is."""

    name = _names(label=_("Tên đơn vị"))
    name_en = _names(label=_("Tên tiếng Anh"), required=False)
    level = forms.ChoiceField(label=_("Cấp"), choices=Level.choices)
    kind = _names(
        label=_("Loại hình"), max_length=40, required=False, help_text=_("như Phường, Xã, Thị trấn, Phòng")
    )
    place = _names(label=_("Địa danh ghi trên giấy tờ"), max_length=80, required=False)
    address = _names(label=_("Địa chỉ"), required=False)
    phone = _names(label=_("Điện thoại"), max_length=20, required=False)


class NewUnit(UnitForm):
    """A unit to be opened."""

    code = forms.CharField(
        label=_("Mã đơn vị"),
        max_length=40,
        help_text=_("mã thống kê của xã, huyện; các đơn vị khác tự đặt, ví dụ 80-so_cong_thuong"),
    )
    agency_code = forms.CharField(
        label=_("Mã định danh điện tử"), max_length=35, help_text=_("theo QCVN 102:2016/BTTTT")
    )
    key = forms.CharField(
        label=_("Khóa trong quy trình"),
        max_length=40,
        required=False,
        help_text=_("phòng chuyên môn cần có để quy trình chuyển hồ sơ đến, ví dụ tu_phap"),
    )
    valid_from = Day(label=_("Hoạt động từ ngày"))
    field_order = ["name", "name_en", "level", "kind", "code", "agency_code", "key", "valid_from"]


class ChangeUnit(UnitForm):
    """A change of a unit from a day on."""

    parent = forms.CharField(label=_("Mã đơn vị cấp trên"), max_length=40, required=False)
    on = Day(label=_("Có hiệu lực từ ngày"))


class LastDay(ActionForm):
    """The last day of a unit, or of a person in a post."""

    last_day = Day(label=_("Ngày cuối cùng"))


class PostForm(ActionForm):
    """A post's name and its place in the unit."""

    title = _names(label=_("Tên chức vụ"), max_length=120)
    title_en = _names(label=_("Tên tiếng Anh"), max_length=120, required=False)
    rank = forms.IntegerField(
        label=_("Thứ tự"), min_value=1, max_value=999, initial=100, help_text=_("người đứng đầu là 1")
    )


class NewPost(PostForm):
    """A post to be set up."""

    key = forms.CharField(
        label=_("Khóa"),
        max_length=40,
        help_text=_("chữ thường không dấu, ví dụ tu_phap; quy trình gọi bằng khóa này"),
    )
    field_order = ["title", "title_en", "key", "rank"]


class GrantForm(ActionForm):
    """A role for a post."""

    role = forms.ChoiceField(label=_("Vai trò"), choices=lambda: rooms.role_names().items())
    unit = forms.CharField(
        label=_("Ở đơn vị (mã)"), max_length=40, help_text=_("thường là chính đơn vị của chức vụ")
    )
    below = forms.BooleanField(label=_("Cả các đơn vị trực thuộc"), required=False)


class NewPerson(ActionForm):
    """A person to be given an account, and the post that they take up."""

    full_name = _names(label=_("Họ và tên"), max_length=120)
    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=80,
        help_text=_("chữ thường không dấu, chữ số, dấu chấm; ví dụ hanh.tt"),
    )
    post = forms.ModelChoiceField(label=_("Chức vụ"), queryset=Post.objects.none())
    since = Day(label=_("Từ ngày"))
    email = forms.EmailField(label=_("Thư điện tử công vụ"), required=False)
    phone = _names(label=_("Điện thoại"), max_length=20, required=False)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Post]", self.fields["post"]).queryset = unit.posts.all()


class ChangePerson(ActionForm):
    """A person's name and addresses."""

    full_name = _names(label=_("Họ và tên"), max_length=120)
    email = forms.EmailField(label=_("Thư điện tử công vụ"), required=False)
    phone = _names(label=_("Điện thoại"), max_length=20, required=False)


class Appoint(ActionForm):
    """A person for a post: by their sign-in name, since names are not unique."""

    username = forms.CharField(label=_("Tên đăng nhập của người được phân công"), max_length=80)
    since = Day(label=_("Từ ngày"))

    def clean_username(self) -> str:
        """The name of an account that exists."""
        name = str(self.cleaned_data["username"]).strip().lower()
        if not User.objects.filter(username=name).exists():
            raise forms.ValidationError(_("Không có tài khoản này. Hãy xem lại, hoặc thêm người mới trước."))
        return name


class NewToken(ActionForm):
    """A bearer token of the API, limited to some of what its holder may do today."""

    name = _names(
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


class Delegate(ActionForm):
    """A stand-in for a period."""

    receiver = forms.ModelChoiceField(
        label=_("Người được ủy quyền"),
        queryset=User.objects.filter(is_active=True),
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Hãy tìm và chọn người được ủy quyền."),
            "invalid_choice": _("Không chọn được người này. Hãy tìm lại."),
        },
    )
    since = Day(label=_("Từ ngày"))
    until = Day(label=_("Đến hết ngày"))
    reason = forms.CharField(label=_("Lý do"), max_length=300, help_text=_("ví dụ: đi công tác, nghỉ phép"))


class Nothing(ActionForm):
    """Nothing to fill in: only to be done."""
