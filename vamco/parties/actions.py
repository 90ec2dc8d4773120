"""What is done with the records of people and businesses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from vamco.core import clock, secrets, text
from vamco.core.actions import ANYWHERE, action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused
from vamco.core.rows import find as find_rows
from vamco.core.rows import insert
from vamco.core.transactions import atomic

from . import identity, on_record
from .models import Gender, Group, Kind, LookUp, LookUpKind, NumberKind, Party, number_space

_CONTACT = ("phone", "email", "address")
_STATED = ("birth_date", "gender")


@dataclass(frozen=True)
class PartyData:
    """What is known of a party, judged and in its one form: see `checked`."""

    kind: str
    name: str
    number_kind: str
    number: str
    nationality: str
    birth_date: date | None
    gender: str
    phone: str
    email: str
    address: str
    groups: tuple[str, ...] | None

    def __repr__(self) -> str:
        return f"PartyData({self.kind})"


def checked(
    *,
    name: str,
    kind: str = Kind.PERSON,
    id_number: str = "",
    number_kind: str = "",
    nationality: str = "VN",
    birth_date: date | None = None,
    gender: str = "",
    phone: str = "",
    email: str = "",
    address: str = "",
    groups: Iterable[str] | None = None,
    prefix: str = "",
) -> PartyData:
    """What was typed, in its one form; the kind of number is guessed when none is named.

    Raises `Invalid` with every fault at once, each under `prefix` and its name (such as
    "parties.0.id_number").
    """
    faults: dict[str, str] = {}

    def take(field: str, judge: Callable[[], Any], otherwise: Any = "") -> Any:
        try:
            return judge()
        except identity.Wrong as wrong:
            faults[prefix + field] = str(wrong)
            return otherwise

    def one_of(choices: Any, value: str) -> str:
        if value not in choices.values:
            raise identity.Wrong(_("Giá trị này không có trong danh mục. Hãy chọn lại."))
        return value

    today = clock.today()
    kind = take("kind", lambda: one_of(Kind, kind), Kind.PERSON)
    gender = take("gender", lambda: one_of(Gender, gender))
    nationality = take("nationality", lambda: identity.nationality(nationality), "VN")
    birth_date = take("birth_date", lambda: identity.birth_date(birth_date, today=today), None)
    guessed = number_kind or identity.guess_kind(id_number, kind)
    data = PartyData(
        kind=kind,
        name=take("name", lambda: identity.name(name)),
        number_kind=guessed,
        number=take(
            "id_number",
            lambda: identity.number(
                id_number, guessed, today=today, birth_date=birth_date, gender=gender, nationality=nationality
            ),
        ),
        nationality=nationality,
        birth_date=birth_date,
        gender=gender,
        phone=take("phone", lambda: identity.phone(phone)),
        email=take("email", lambda: identity.email(email)),
        address=take("address", lambda: identity.address(address)),
        groups=take("groups", lambda: _groups(groups), None),
    )
    if faults:
        raise Invalid(_("Thông tin về người, tổ chức chưa đúng; xem từng mục."), fields=faults)
    return data


def _groups(groups: Iterable[str] | None) -> tuple[str, ...] | None:
    if groups is None:
        return None
    found = tuple(sorted(set(groups)))
    if any(group not in Group.values for group in found):
        raise identity.Wrong(_("Có đối tượng ưu tiên không có trong danh mục. Hãy chọn lại."))
    return found


def get_or_register(
    actor: Actor,
    *,
    unit_id: int | None = None,
    same_person: bool = False,
    known_id: int | None = None,
    prefix: str = "",
    purpose: str = gettext_noop("ghi người, tổ chức vào hệ thống"),
    **typed: Any,
) -> Party:
    """The record of the party that was typed (arguments of `checked`), as `record_of` finds or makes it."""
    return record_of(
        actor,
        checked(prefix=prefix, **typed),
        unit_id=unit_id,
        same_person=same_person,
        known_id=known_id,
        prefix=prefix,
        purpose=purpose,
    )


def record_of(
    actor: Actor,
    data: PartyData,
    *,
    unit_id: int | None,
    same_person: bool,
    known_id: int | None,
    prefix: str,
    purpose: str,
) -> Party:
    """The one record of a party whose data was checked: found by its number, or made.

    New contact data is put on the record found; what papers state (birth date, gender) fills what is empty
    there. Another name or birth date under the same number is refused, unless the officer has looked the
    number up today and says that it is the `same_person`; then the record keeps what it has, until somebody
    corrects it. Somebody without a number, such as a child, stays the record `known_id` while the name is the
    same. `unit_id` is the unit that has to do with the party from now on, `purpose` why the number is asked
    for: that is on record, also of what is refused. Of several at once all get the same record.
    """
    actor = actor.once(None)
    with atomic():
        party = find(actor, data, purpose=purpose) or _without_number(data, known_id)
        if party is None:
            try:
                return register(actor, None, data=data, unit_id=unit_id)
            except IntegrityError:
                party = find(actor, data, purpose=purpose)
                if party is None:
                    raise
        _compare(actor, party, data, prefix, same_person=same_person)
        changes = _news(party, data)
        if changes:
            party = update(actor, party, **changes)
        if unit_id is not None:
            known_at(party, unit_id)
        return party


def find(actor: Actor, data: PartyData, *, purpose: str) -> Party | None:
    """The record with this number. Of birth certificates, whose numbers meet, the one with the same name.

    That the number was compared is on record whatever follows, found or not.
    """
    if not data.number:
        return None
    party = _find(data)
    on_record.comparison(actor, (data.number_kind, data.nationality, data.number), party, purpose)
    return party


def _find(data: PartyData) -> Party | None:
    space = number_space(data.number_kind, data.nationality)
    hashes = secrets.lookups(space, data.number)
    if data.number_kind != NumberKind.BIRTH_CERT:
        return next(iter(with_hash(hashes)), None)
    found = Party.objects.filter(
        number_kind=NumberKind.BIRTH_CERT, number_hash__in=hashes, folded=text.fold(data.name)[:300]
    )
    if data.birth_date:
        found = found.exclude(birth_date__lt=data.birth_date).exclude(birth_date__gt=data.birth_date)
    return found.order_by("pk").first()


def _without_number(data: PartyData, known_id: int | None) -> Party | None:
    if data.number or known_id is None:
        return None
    folded = text.fold(data.name)[:300]
    return Party.objects.filter(pk=known_id, number_kind=NumberKind.NONE, folded=folded).first()


WITH_HASH = "number_kind <> 'birth_cert' AND number_hash = ANY(%s)"
"""The condition on the kind lets the unique index answer."""


def with_hash(hashes: Collection[bytes]) -> list[Party]:
    """The parties with one of these hashes."""
    return find_rows(Party, WITH_HASH, [list(hashes)], without=("search",))


def _compare(actor: Actor, party: Party, data: PartyData, prefix: str, *, same_person: bool) -> None:
    faults = {f"{prefix}{field}": message for field, message in differences(party, data).items()}
    if not faults:
        return
    if not same_person:
        raise Invalid(_("Thông tin không khớp với người đã có số giấy tờ này."), fields=faults)
    if not on_record.looked_up_today(actor, party):
        raise Invalid(
            _(
                "Hôm nay ông/bà chưa tra cứu số giấy tờ này. Hãy tra cứu số, đối chiếu với giấy tờ rồi xác nhận vẫn là người này."
            ),
            field=f"{prefix}same_person",
        )


def differences(party: Party, data: PartyData) -> dict[str, str]:
    """Why what was typed cannot be the party that has this number, by field: another name, another birth date."""
    faults: dict[str, str] = {}
    if party.kind == Kind.PERSON and party.folded != text.fold(data.name)[:300]:
        faults["name"] = str(
            _(
                "Số này đã ghi cho người có tên khác. Kiểm tra lại; nếu tên cũ sai, hãy sửa thông tin người đó."
            )
        )
    if party.birth_date and data.birth_date and party.birth_date != data.birth_date:
        faults["birth_date"] = str(
            _("Số này đã ghi với ngày sinh khác. Kiểm tra lại; nếu ngày cũ sai, hãy sửa thông tin người đó.")
        )
    return faults


def _news(party: Party, data: PartyData) -> dict[str, Any]:
    """What is new against the record: contact data as it is now, stated data where the record has none."""
    news = {
        key: getattr(data, key) for key in _CONTACT if getattr(data, key) not in ("", getattr(party, key))
    }
    news |= {key: getattr(data, key) for key in _STATED if getattr(data, key) and not getattr(party, key)}
    if data.groups is not None and list(data.groups) != party.groups:
        news["groups"] = list(data.groups)
    return news


@action("parties.register", label=_("Ghi người, tổ chức mới"), at=ANYWHERE, locks=False)
def register(actor: Actor, parent: None, /, *, data: PartyData, unit_id: int | None = None) -> Party:
    """Make the record of a party that has none (`get_or_register` looks first)."""
    party = Party(
        kind=data.kind,
        name=data.name,
        number_kind=data.number_kind,
        number=data.number,
        nationality=data.nationality,
        birth_date=data.birth_date,
        gender=data.gender,
        phone=data.phone,
        email=data.email,
        address=data.address,
        groups=list(data.groups or ()),
        units=[] if unit_id is None else [unit_id],
        created_at=clock.now(),
    )
    party.set_search()
    return insert(party)


@action("parties.register", label=_("Cập nhật người, tổ chức"), at=ANYWHERE)
def update(actor: Actor, party: Party, /, **changes: Any) -> Party:
    """Put newer contact data (and what was not known before) on the record; values come from `checked`."""
    unknown = changes.keys() - {*_CONTACT, *_STATED, "groups"}
    if unknown:
        raise TypeError(f"not for update: {', '.join(sorted(unknown))}")
    for key, value in changes.items():
        setattr(party, key, value)
    party.save(update_fields=[*changes])
    return party


@action("parties.correct", label=_("Đính chính người, tổ chức"), at=ANYWHERE)
def correct(actor: Actor, party: Party, /, *, reason: str, **changes: Any) -> Party:
    """Correct what was wrong from the beginning (any argument of `checked`), with the reason on record.

    Old and new values stand in the ledger; of the number only that it changed. Raises `Refused` when the new
    number belongs to another record.
    """
    reason = _free(reason, "reason")
    if len(reason) < 5:
        raise Invalid(_("Hãy ghi lý do sửa, để sau này kiểm tra được."), field="reason")
    before = {
        "name": party.name,
        "kind": party.kind,
        "id_number": party.number,
        "number_kind": party.number_kind,
        "nationality": party.nationality,
        "birth_date": party.birth_date,
        "gender": party.gender,
        "phone": party.phone,
        "email": party.email,
        "address": party.address,
        "groups": party.groups,
    }
    if "id_number" in changes:
        before["number_kind"] = ""
    data = checked(**{**before, **changes})
    old_number = party.number
    purpose = gettext_noop("sửa thông tin người, tổ chức")
    if changes.keys() & {"id_number", "number_kind", "nationality"}:
        find(actor, data, purpose=purpose)
    for key in ("name", "kind", "number_kind", "number", "nationality", "birth_date", "gender", *_CONTACT):
        setattr(party, key, getattr(data, key))
    party.groups = list(data.groups or ())
    try:
        with transaction.atomic():
            party.save()
    except IntegrityError:
        find(actor, data, purpose=purpose)  # who got it at this very moment is on record, too
        raise Refused(
            _("Số giấy tờ này đã thuộc về một người hoặc tổ chức khác. Hãy tra cứu số đó trước."),
            field="id_number",
        ) from None
    party.audit_extra = {"reason": reason[:1000], "number_changed": party.number != old_number}
    return party


@action(
    "parties.look_up", label=_("Tra cứu số định danh"), at=ANYWHERE, locks=False, once=False, watched=True
)
def look_up(
    actor: Actor, parent: None, /, *, number: str, kind: str = "", nationality: str = "", purpose: str = ""
) -> LookUp:
    """Ask for the party with a number; on record whether found or not, without the number.

    `kind` is the kind of number (any that fits when empty), `nationality` the country of a passport (any
    when empty).
    """
    purpose = _free(purpose, "purpose")[:200]
    party = _with_number(number, kind, nationality)
    return on_record.look_up(actor, party, LookUpKind.ASKED, purpose)


@action(
    "parties.look_up", label=_("Xem đầy đủ số định danh"), at=ANYWHERE, locks=False, once=False, watched=True
)
def reveal(actor: Actor, party: Party, /, *, purpose: str = "") -> LookUp:
    """Read the whole number of a party whose page is open; on record like a look-up."""
    return on_record.look_up(actor, party, LookUpKind.REVEALED, _free(purpose, "purpose")[:200])


def _with_number(number: str, kind: str, nationality: str) -> Party | None:
    today = clock.today()
    kinds = [kind] if kind else [identity.guess_kind(number), identity.guess_kind(number, Kind.BUSINESS)]
    hashes: dict[bytes, int] = {}
    for one in dict.fromkeys(kinds):
        if one in (NumberKind.NONE, NumberKind.BIRTH_CERT):
            continue
        country = nationality or ("ZZ" if one == NumberKind.PASSPORT else "VN")
        try:
            found = identity.number(number, one, today=today, nationality=country)
        except identity.Wrong as wrong:
            raise Invalid(str(wrong), field="number") from None
        spaces = [number_space(one, country)]
        if one == NumberKind.PASSPORT and not nationality:
            spaces = [number_space(one, a + b) for a in _LETTERS for b in _LETTERS]
        for space in spaces:
            hashes |= {value: len(hashes) for value in secrets.lookups(space, found)}
    if not hashes:
        raise Invalid(
            _("Số này không phải số định danh (12 số), CMND (9 số), mã số thuế hay hộ chiếu."),
            field="number",
        )
    return min(
        with_hash(list(hashes)), key=lambda party: hashes[bytes(party.number_hash or b"")], default=None
    )


def _free(value: str, field: str) -> str:
    try:
        return identity.line(value)
    except identity.Wrong as wrong:
        raise Invalid(str(wrong), field=field) from None


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def known_at(party: Party, unit_id: int) -> None:
    """Let the unit's people find the party from now on: it has a dossier there. Costs nothing when they can
    already.

    An index entry and no fact of its own, therefore not in the ledger: the dossier is.
    """
    if unit_id in party.units:
        return
    with transaction.atomic():
        fresh = Party.objects.select_for_update(no_key=True).get(pk=party.pk)
        if unit_id not in fresh.units:
            fresh.units = [*fresh.units, unit_id]
            fresh.set_search()
            fresh.save(update_fields=["units", "search"])
    party.units = fresh.units
