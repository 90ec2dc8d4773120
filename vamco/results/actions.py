"""What people do with results and templates by themselves, outside a dossier's process."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from vamco.core import clock, result_text
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused, Stale
from vamco.core.inputs import Input, Words
from vamco.organisation.models import User
from vamco.organisation.where import of_province

from . import text as texts
from . import writing
from .models import Result, ResultEvent, State, Template
from .places import places_of

Key = Annotated[
    str,
    Input(
        _("Khóa"),
        help=_("Chữ thường không dấu và dấu gạch dưới; thủ tục gọi mẫu bằng khóa này"),
        most=60,
        pattern="[a-z][a-z0-9_]*",
        wrong=_("Khóa của mẫu chỉ gồm chữ thường không dấu, chữ số và dấu gạch dưới."),
        example="gxn_tthn",
    ),
]
Name = Annotated[str, Input(_("Tên mẫu"), most=200, example="Giấy xác nhận tình trạng hôn nhân")]
Text = Annotated[
    str, Input(_("Nội dung"), most=result_text.LONGEST, long=True, example="@tên {{ten_giay_hoa}}")
]
Holder = Annotated[
    str,
    Input(_("Tên người được cấp"), most=300, start=lambda result: result.holder_name, example="Nguyễn Văn Á"),
]
SignerTitle = Annotated[
    str,
    Input(
        _("Chức vụ ghi trên giấy"),
        help=_("các dòng trên tên người ký"),
        most=300,
        long=True,
        example="TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH",
    ),
]


def _reason(label: Words, example: str) -> Input:
    return Input(label, most=1000, long=True, example=example)


# Templates -------------------------------------------------------------------------------------------------


@action(
    "results.edit_templates",
    label=_("Lưu mẫu kết quả"),
    done=_("Đã lưu mẫu, phiên bản %(version)s."),
    at=of_province,
    locks=False,
)
def save_template(
    actor: Actor, current: Template | None, /, *, key: Key, name: Name, text: Text, shipped: str = ""
) -> Template:
    """Save a new version of a template (mẫu kết quả); drafts made before keep theirs.

    `current` is the version that was edited, None for the first of a key. Raises `Stale` when it is no longer the
    newest, `Invalid` for a text that cannot be used.
    """
    newest = Template.objects.select_for_update().filter(key=key, valid=True).first()
    if newest and (current is None or current.pk != newest.pk):
        raise Stale(_("Mẫu này vừa được người khác sửa. Hãy mở bản mới nhất rồi sửa lại."))
    check_text(key, text)
    number = Template.objects.filter(key=key).aggregate(last=Max("version"))["last"] or 0
    Template.objects.filter(key=key, valid=True).update(valid=False)
    return Template.objects.create(
        key=key,
        version=number + 1,
        name=name,
        text=f"{text}\n",
        shipped=shipped,
        saved_at=clock.now(),
        saved_by_id=actor.user_id,
    )


def check_text(key: str, text: str) -> None:
    """Raise `Invalid` for a template's text that would not print correctly, with a line for each fault."""
    places = places_of(key)
    wrong = texts.problems(text, always=places.always, sometimes=places.sometimes)
    if wrong:
        raise Invalid(_("Mẫu chưa dùng được; xem từng dòng."), fields={"text": "\n".join(wrong)})


# Results ---------------------------------------------------------------------------------------------------


def _cannot_withdraw(result: Result) -> Words:
    if result.state != State.VALID:
        return _("Chỉ thu hồi được kết quả còn hiệu lực. Hãy kiểm tra lại trạng thái.")
    return ""


@action(
    "results.withdraw",
    label=_("Thu hồi kết quả"),
    done=_("Đã thu hồi kết quả."),
    when=_cannot_withdraw,
    signs=True,
)
def withdraw(
    actor: Actor,
    result: Result,
    /,
    *,
    reason: Annotated[str, _reason(_("Lý do thu hồi"), "Giấy tờ đã nộp không đúng sự thật")],
) -> Result:
    """Withdraw an issued result (thu hồi): it is no longer valid, and the public check says so."""
    result.state = State.WITHDRAWN
    result.save(update_fields=["state"])
    writing.record(result, ResultEvent.What.WITHDRAWN, actor.user_id, reason)
    return result


def _cannot_correct(result: Result) -> Words:
    if result.state != State.VALID:
        return _("Chỉ đính chính được kết quả còn hiệu lực. Hãy kiểm tra lại trạng thái.")
    if Result.objects.filter(replaces=result).exists():
        return _("Kết quả này đang có bản thay thế chờ ký. Hãy sửa bản đó.")
    return ""


@action(
    "results.draft",
    label=_("Soạn bản thay thế"),
    done=_("Đã lập dự thảo thay thế. Kết quả cũ còn hiệu lực đến khi bản mới được cấp số."),
    when=_cannot_correct,
)
def correct(
    actor: Actor,
    old: Result,
    /,
    *,
    reason: Annotated[str, _reason(_("Lý do đính chính"), "Sai năm sinh")],
    holder_name: Holder = "",
    values: Mapping[str, Any],
) -> Result:
    """Draft a result that replaces an issued one (đính chính, cấp thay thế).

    `values` holds only what is to be different, by the keys of `Result.values`. The old one stays valid until the new one
    is signed and numbered (`sign_correction`, `issue_correction`).
    """
    unknown = set(values) - set(old.values)
    if unknown:
        raise Invalid(_("Kết quả không có mục này để đính chính."), field=min(unknown))
    new = Result(replaces=old, drafted_at=clock.now(), template=writing.template_for(old.template.key))
    for name in _KEPT:
        setattr(new, name, getattr(old, name))
    new.holder_name = holder_name or old.holder_name
    new.values = {**old.values, **values}
    new.save()
    writing.record(new, ResultEvent.What.DRAFTED, actor.user_id, reason)
    return new


_KEPT = (
    "kind",
    "unit",
    "subject",
    "procedure",
    "procedure_name",
    "sensitive",
    "type_key",
    "type_name",
    "type_name_en",
    "series",
    "validity_months",
    "holder",
)
"""What a correction takes over."""


def _no_correction(result: Result) -> Words:
    if result.state != State.DRAFT:
        return writing.NUMBERED % {"number": result.number}
    if result.replaces_id is None:
        return _("Dự thảo này thuộc hồ sơ đang giải quyết. Hãy làm tiếp trong hồ sơ đó.")
    return ""


def _cannot_sign(result: Result) -> Words:
    if result.state == State.DRAFT and result.approved_at is not None:
        return _("Bản thay thế này đã ký. Hãy cấp số, hoặc bỏ dự thảo rồi soạn lại.")
    return _no_correction(result)


def _cannot_issue(result: Result) -> Words:
    if result.state == State.DRAFT and result.approved_at is None:
        return _no_correction(result) or writing.NOT_SIGNED
    return _no_correction(result)


@action(
    "results.draft",
    label=_("Bỏ bản thay thế"),
    done=_("Đã bỏ dự thảo thay thế."),
    when=_no_correction,
)
def drop_correction(actor: Actor, result: Result, /) -> Result:
    """Delete the draft of a correction; the old result stays valid."""
    pk = result.pk
    writing.drop_draft(result)
    result.pk = pk
    return result


@action(
    "step.leader",
    label=_("Ký bản thay thế"),
    done=_("Đã ký bản thay thế."),
    when=_cannot_sign,
    name="results.sign_correction",
    signs=True,
)
def sign_correction(actor: Actor, result: Result, /, *, title: SignerTitle) -> Result:
    """Sign the draft of a correction (ký duyệt bản thay thế)."""
    signer = User.objects.filter(pk=actor.known_id).first()
    if signer is None:
        raise Refused(_("Chỉ người có tài khoản mới ký được."))
    return writing.approve(result, signer, title)


@action(
    "step.registrar",
    label=_("Cấp số bản thay thế"),
    done=_("Đã cấp số %(number)s; kết quả cũ được thay thế."),
    when=_cannot_issue,
    name="results.issue_correction",
    signs=True,
)
def issue_correction(actor: Actor, result: Result, /, *, at: datetime | None = None) -> Result:
    """Number and issue a signed correction (cấp số bản thay thế): from now on the old one is replaced."""
    return writing.number_and_issue(result, at, by_id=actor.user_id)
