"""What people do with results and templates by themselves, apart from a dossier's way."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused, Stale
from vamco.organisation.models import User
from vamco.organisation.where import of_province

from . import text, writing
from .models import Result, ResultEvent, State, Template
from .places import places_of


@action("results.edit_templates", label=_("Lưu mẫu kết quả"), at=of_province, locks=False)
def save_template(
    actor: Actor,
    current: Template | None,
    /,
    *,
    key: str,
    name: str,
    text: str,
    shipped: str = "",
) -> Template:
    """Save a new version of a template (mẫu kết quả); drafts made before keep theirs.

    `current` is the version that was edited, None for the first of a key. Raises `Stale` when it is no
    longer the newest, `Invalid` for a text that cannot be used.
    """
    newest = Template.objects.select_for_update().filter(key=key, valid=True).first()
    if newest and (current is None or current.pk != newest.pk):
        raise Stale(_("Mẫu này vừa được người khác sửa. Hãy mở bản mới nhất rồi sửa lại."))
    name, text = " ".join(name.split()), _lines(text)
    fields = check_template(key, name, text)
    if fields:
        raise Invalid(_("Mẫu chưa dùng được; xem từng dòng."), fields=fields)
    number = Template.objects.filter(key=key).aggregate(last=Max("version"))["last"] or 0
    Template.objects.filter(key=key, valid=True).update(valid=False)
    return Template.objects.create(
        key=key,
        version=number + 1,
        name=name,
        text=text,
        shipped=shipped,
        saved_at=clock.now(),
        saved_by_id=actor.user_id,
    )


def check_template(key: str, name: str, said: str) -> dict[str, str]:
    """What is wrong with a template: {field: sentences}, empty when it may be saved."""
    found: dict[str, str] = {}
    if not name or len(name) > 200:
        found["name"] = str(_("Hãy ghi tên mẫu, không quá 200 ký tự."))
    if (
        not key.isascii()
        or not key.isidentifier()
        or key != key.lower()
        or key.startswith("_")
        or len(key) > 60
    ):
        found["key"] = str(_("Khóa của mẫu chỉ gồm chữ thường không dấu, chữ số và dấu gạch dưới."))
        return found
    places = places_of(key)
    wrong = text.problems(said, always=places.always, sometimes=places.sometimes)
    if wrong:
        found["text"] = "\n".join(wrong)
    return found


def _lines(said: str) -> str:
    return (
        "\n".join(
            line.rstrip() for line in said.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        ).strip()
        + "\n"
    )


@action("results.withdraw", label=_("Thu hồi kết quả"), signs=True)
def withdraw(actor: Actor, result: Result, /, *, reason: str) -> Result:
    """Withdraw an issued result (thu hồi): it no longer holds, and the public check says so."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(_("Hãy ghi lý do thu hồi."), field="reason")
    if result.state != State.VALID:
        raise Refused(_("Chỉ thu hồi được kết quả còn hiệu lực. Hãy kiểm tra lại trạng thái."))
    result.state = State.WITHDRAWN
    result.save(update_fields=["state"])
    writing.record(result, ResultEvent.What.WITHDRAWN, actor.user_id, reason)
    return result


@action("results.draft", label=_("Soạn bản thay thế"), locks=False)
def correct(
    actor: Actor,
    old: Result,
    /,
    *,
    reason: str,
    values: Mapping[str, Any],
    holder_name: str = "",
) -> Result:
    """Draft a result that takes the place of an issued one (đính chính, cấp thay thế) and names it.

    `values` holds only what is to be different. The old one holds until the new one is signed and numbered
    (`sign_correction`, `issue_correction`).
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(_("Hãy ghi lý do đính chính."), field="reason")
    old = Result.objects.select_for_update(of=("self",)).select_related("template", "unit").get(pk=old.pk)
    if old.state != State.VALID:
        raise Refused(_("Chỉ đính chính được kết quả còn hiệu lực. Hãy kiểm tra lại trạng thái."))
    if Result.objects.filter(replaces=old).exists():
        raise Refused(_("Kết quả này đang có bản thay thế chờ ký. Hãy sửa bản đó."))
    unknown = set(values) - set(old.values)
    if unknown:
        raise Invalid(_("Kết quả không có mục này để đính chính."), field=min(unknown))
    new = Result(replaces=old, drafted_at=clock.now(), template=writing.template_for(old.template.key))
    for name in _KEPT:
        setattr(new, name, getattr(old, name))
    new.holder_name = " ".join(holder_name.split()) or old.holder_name
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


@action("results.draft", label=_("Bỏ bản thay thế"))
def drop_correction(actor: Actor, result: Result, /) -> Result:
    """Throw the draft of a correction away; the old result goes on."""
    _only_corrections(result)
    pk = result.pk
    writing.drop_draft(result)
    result.pk = pk
    return result


@action("step.leader", label=_("Ký bản thay thế"), name="results.sign_correction", signs=True)
def sign_correction(actor: Actor, result: Result, /, *, title: str) -> Result:
    """Sign the draft of a correction (ký duyệt bản thay thế); `title` as in `writing.signing_title`."""
    _only_corrections(result)
    signer = User.objects.filter(pk=actor.known_id).first()
    if signer is None:
        raise Refused(_("Chỉ người có tài khoản mới ký được."))
    if not title.strip():
        raise Invalid(_("Hãy ghi chức vụ của người ký."), field="title")
    return writing.approve(result, signer, title)


@action("step.registrar", label=_("Cấp số bản thay thế"), name="results.issue_correction", signs=True)
def issue_correction(actor: Actor, result: Result, /, *, at: datetime | None = None) -> Result:
    """Number and issue a signed correction (cấp số bản thay thế): from now on the old one is replaced."""
    _only_corrections(result)
    return writing.number_and_issue(result, at, by_id=actor.user_id)


def _only_corrections(result: Result) -> None:
    if result.replaces_id is None:
        raise Refused(_("Dự thảo này thuộc hồ sơ đang giải quyết. Hãy làm tiếp trong hồ sơ đó."))
