"""Making a result: plain functions that the room above calls inside its actions, in the same transaction.

draft → (update_draft) → approve → number_and_issue; `drop_draft` when the case takes another course. A refusal is a result
as well: `draft_refusal`, then approve and number_and_issue in the same way.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from vamco.core import actions, clock, files
from vamco.core.errors import Invalid, Refused
from vamco.forms.field import Field
from vamco.organisation.models import Level, Unit, User
from vamco.parties.models import Party
from vamco.procedures.definition import ResultType

from . import paper, printed, secret, series
from .models import Kind, Result, ResultEvent, State, Template
from .places import GENERIC, REFUSAL

What = ResultEvent.What
NOBODY_ELSE: Mapping[str, Party] = {}
NUMBERED = _(
    "Kết quả đã cấp số %(number)s nên không sửa được nữa. Hãy dùng «Đính chính» để cấp bản thay thế."
)
NOT_SIGNED = _("Dự thảo chưa được ký duyệt, chưa cấp số được. Hãy trình ký trước.")


def draft(
    *,
    subject: str,
    unit: Unit,
    result_type: ResultType,
    holder: Party | None = None,
    holder_name: str,
    values: Mapping[str, Any],
    template: Template | str | None = None,
    fields: Sequence[Field] = (),
    parties: Mapping[str, Party] = NOBODY_ELSE,
    procedure: str = "",
    procedure_name: str = "",
    sensitive: bool = False,
    by_id: int | None = None,
) -> Result:
    """Draft a result (dự thảo) of `unit` from its template.

    `subject` is the dossier's code, `values` the answers {field: value} and `fields` their definitions, from which choices
    and sums are written out; `by_id` the account that drafts. The template is the valid version of `template`, or of the
    type's own, or the general one. Raises `Refused` when there is none.
    """
    result = Result(
        kind=Kind.RESULT,
        unit=unit,
        subject=subject,
        procedure=procedure,
        procedure_name=procedure_name,
        sensitive=sensitive,
        type_key=result_type.key,
        type_name=result_type.name,
        type_name_en=result_type.name_en,
        series=result_type.series or result_type.key,
        validity_months=result_type.validity_months,
        holder=holder,
        holder_name=holder_name,
        template=template_for(template or result_type.template),
        drafted_at=clock.now(),
    )
    result.values = {**printed.of_parties(holder, parties), **printed.answers(values, fields)}
    result.save()
    record(result, What.DRAFTED, by_id)
    return result


def draft_refusal(
    *,
    subject: str,
    unit: Unit,
    holder: Party | None = None,
    holder_name: str,
    reasons: Sequence[str],
    legal: Sequence[str] = (),
    explanation: str = "",
    remedy: str = "",
    procedure: str = "",
    procedure_name: str = "",
    sensitive: bool = False,
    by_id: int | None = None,
) -> Result:
    """Draft the letter that refuses (văn bản từ chối): reasons, legal basis, how to complain and until when.

    `remedy` is the procedure's own text; `remedies` gives the general one. Raises `Invalid` without a reason.
    """
    given = [reason.strip() for reason in reasons if reason.strip()]
    if not given:
        raise Invalid(_("Từ chối phải có lý do. Hãy chọn ít nhất một lý do."), field="reasons")
    result = Result(
        kind=Kind.REFUSAL,
        unit=unit,
        subject=subject,
        procedure=procedure,
        procedure_name=procedure_name,
        sensitive=sensitive,
        type_key=REFUSAL,
        type_name="Thông báo không giải quyết hồ sơ",
        type_name_en="Refusal letter",
        series=REFUSAL,
        holder=holder,
        holder_name=holder_name,
        template=template_for(REFUSAL),
        drafted_at=clock.now(),
    )
    named = printed.of_parties(holder, {}).items()
    result.values = {
        # The letter is also sent by mail: no identity number in it.
        **{place: text for place, text in named if not place.endswith("so_giay_to")},
        "ly_do": given,
        "can_cu": list(filter(None, legal)),
        "giai_thich": explanation.strip(),
        "khieu_nai": remedy.strip() or remedies(unit),
    }
    result.save()
    record(result, What.DRAFTED, by_id)
    return result


def update_draft(
    result: Result,
    *,
    values: Mapping[str, Any],
    fields: Sequence[Field] = (),
    parties: Mapping[str, Party] = NOBODY_ELSE,
    holder_name: str | None = None,
    holder: Party | None = None,
    by_id: int | None = None,
) -> Result:
    """Fill a draft again. A signature is removed, since it was for the old text; a newer template is used."""
    _lock_draft(result)
    result.holder = holder or result.holder
    result.holder_name = holder_name or result.holder_name
    result.template = template_for(result.template.key)
    parts = (printed.of_parties(result.holder, parties), printed.answers(values, fields))
    result.values = {**result.values, **parts[0], **parts[1]}
    result.approved_at = result.signed_by = None
    result.signer_name = result.signer_title = ""
    result.save()
    record(result, What.CHANGED, by_id)
    return result


def drop_draft(result: Result) -> None:
    """Delete a draft, because the case takes another course. Raises `Refused` when it has a number."""
    _lock_draft(result)
    result.delete()


def approve(result: Result, signer: User, title: str, *, at: datetime | None = None) -> Result:
    """The signer agrees to the draft (ký duyệt). `title` holds the lines above the name (`signing_title`)."""
    _lock_draft(result)
    result.signed_by, result.signer_name = signer, signer.full_name
    result.signer_title = title.strip()
    result.approved_at = at or clock.now()
    result.save(update_fields=["signed_by", "signer_name", "signer_title", "approved_at"])
    record(result, What.APPROVED, signer.pk)
    return result


def number_and_issue(result: Result, at: datetime | None = None, *, by_id: int | None = None) -> Result:
    """Give a signed draft its number, print it and put it in force (cấp số, phát hành).

    The number is the next of the unit's series in the year of `at` (now if absent), without gaps. It is taken last, since
    whoever needs the next one waits for the caller's transaction. Raises `Refused` when the draft was not signed, or when
    what it replaces is no longer valid.
    """
    _lock_draft(result)
    if result.approved_at is None:
        raise Refused(NOT_SIGNED)
    at = at or clock.now()
    replaced = actions.lock(result.replaces) if result.replaces else None
    if replaced is not None and replaced.state != State.VALID:
        raise Refused(_("Kết quả cũ không còn hiệu lực nên không thay thế được. Hãy kiểm tra lại."))
    day = clock.local(at).date()
    result.issued_at, result.secret, result.state, result.year = at, secret.new(), State.VALID, day.year
    if result.validity_months:
        result.expires_on = months_later(day, result.validity_months)
    result.serial, result.number = series.take(result.unit, result.series, day.year)
    result.file = files.keep(paper.letter(result, at=at).pdf(), name=file_name(result))
    result.save()
    record(result, What.ISSUED, by_id, result.number)
    if replaced is not None:
        replaced.state = State.REPLACED
        replaced.save(update_fields=["state"])
        record(replaced, What.REPLACED, by_id, result.number)
    return result


def template_for(wanted: Template | str | None) -> Template:
    """The valid version of a template, or of the general one. Raises `Refused` when not even that is there."""
    if isinstance(wanted, Template):
        return wanted
    rows = Template.objects.filter(key__in=[wanted or GENERIC, GENERIC], valid=True)
    found = {template.key: template for template in rows}
    template = found.get(wanted or GENERIC) or found.get(GENERIC)
    if template is None:
        raise Refused(_("Chưa có mẫu cho kết quả này. Hãy đề nghị người quản trị soạn mẫu."))
    return template


def signing_title(unit: Unit, post: str) -> str:
    """The lines above a signer's name (Nghị định 30/2020, Điều 13): TM. for a committee, KT. for a deputy.

    `post` is the post's title: «Phó Chủ tịch» of a commune gives TM. ỦY BAN NHÂN DÂN, KT. CHỦ TỊCH, PHÓ CHỦ TỊCH.
    """
    title = post.split(" UBND")[0].split(" Ủy ban")[0].strip().upper()
    lines = []
    if unit.level in (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE):
        lines.append("TM. ỦY BAN NHÂN DÂN")
    if title.startswith("PHÓ "):
        lines.append(f"KT. {title.removeprefix('PHÓ ')}")
    return "\n".join([*lines, title])


def remedies(unit: Unit) -> str:
    """Where, how and until when to complain (Luật Khiếu nại 02/2011/QH13, Điều 7 và 9; Luật Tố tụng hành chính
    93/2015/QH13, Điều 116)."""
    return (
        f"Nếu không đồng ý, ông/bà có quyền khiếu nại lần đầu đến người đứng đầu {paper.full_name(unit)} trong thời "
        "hạn 90 ngày kể từ ngày nhận được văn bản này, bằng đơn nộp trực tiếp hoặc gửi qua bưu điện"
        f"{f' đến {unit.address}' if unit.address else ''}; hoặc khởi kiện vụ án hành chính tại Tòa án nhân dân có "
        "thẩm quyền trong thời hạn 01 năm kể từ ngày nhận được văn bản này."
    )


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or that month's last (Bộ luật Dân sự 91/2015/QH13, Điều 148)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def file_name(result: Result) -> str:
    """«Giấy phép xây dựng 12-2016-GPXD.pdf»"""
    return f"{result.type_name[:80]} {result.number.replace('/', '-')}.pdf"


def record(result: Result, what: str, by_id: int | None, note: str = "") -> None:
    """Add a line to the result's history."""
    ResultEvent.objects.create(result=result, what=what, at=clock.now(), by_id=by_id, note=note[:1000])


def _lock_draft(result: Result) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("results are written inside the action of the room above")
    actions.lock(result)
    result.refresh_from_db()
    if result.state != State.DRAFT:
        raise Refused(NUMBERED % {"number": result.number})
