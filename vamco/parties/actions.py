"""What is done with the records of people and businesses."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Unpack

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
from .models import Kind, LookUp, LookUpKind, NumberKind, Party, number_space
from .stated import CONTACT, Country, Judge, News, Number, OfNumber, Purpose, Reason, Stated, without_none
from .stated import PartyData as PartyData
from .stated import checked as checked

_STATED = ("birth_date", "gender")


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
    news = {key: getattr(data, key) for key in CONTACT if getattr(data, key) not in ("", getattr(party, key))}
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


@action(
    "parties.register",
    label=_("Cập nhật người, tổ chức"),
    done=_("Đã cập nhật thông tin."),
    at=ANYWHERE,
)
def update(actor: Actor, party: Party, /, **changes: Unpack[News]) -> Party:
    """Note newer contact data (cập nhật); what is left out stays."""
    judge = Judge()
    for key, value in without_none(changes).items():
        setattr(party, key, judge.take(key, CONTACT[key], value) if key in CONTACT else value)
    judge.finish()
    party.save(update_fields=[*changes])
    return party


@action(
    "parties.correct",
    label=_("Đính chính người, tổ chức"),
    done=_("Đã sửa thông tin, giữ lại bản cũ và lý do."),
    at=ANYWHERE,
)
def correct(actor: Actor, party: Party, /, *, reason: Reason, **changes: Unpack[Stated]) -> Party:
    """Correct what was wrong from the start (đính chính); what is left out stays.

    Old and new values stand in the ledger, with the reason; of the number only that it changed. Raises `Refused` when the
    new number belongs to another record.
    """
    data = checked(
        **{**_as_stated(party), "number_kind": _kind_after(party, changes), **without_none(changes)}
    )
    old_number = party.number
    purpose = gettext_noop("sửa thông tin người, tổ chức")
    if changes.keys() & {"id_number", "number_kind", "nationality"}:
        find(actor, data, purpose=purpose)
    for key in ("name", "kind", "number_kind", "number", "nationality", *_STATED, *CONTACT):
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
    party.audit_extra = {"reason": reason, "number_changed": party.number != old_number}
    return party


def _as_stated(party: Party) -> dict[str, Any]:
    """The record as arguments of `checked`."""
    names = ("name", "kind", "nationality", *_STATED, *CONTACT, "groups")
    return {"id_number": party.number} | {name: getattr(party, name) for name in names}


def _kind_after(party: Party, changes: Stated) -> str:
    """The kind of the number: that of a new number is guessed."""
    return "" if "id_number" in changes else party.number_kind


@action(
    "parties.look_up", label=_("Tra cứu số định danh"), at=ANYWHERE, locks=False, once=False, watched=True
)
def look_up(
    actor: Actor,
    parent: None,
    /,
    *,
    number: Number,
    number_kind: OfNumber = None,
    nationality: Country = "",
    purpose: Purpose = "",
) -> LookUp:
    """Look up the party with a number (tra cứu); on record whether found or not, without the number.

    Without a kind any that fits is looked for, without a nationality passports of all countries.
    """
    party = _with_number(number, number_kind or "", nationality.strip().upper())
    return on_record.look_up(actor, party, LookUpKind.ASKED, purpose)


@action(
    "parties.look_up", label=_("Xem đầy đủ số định danh"), at=ANYWHERE, locks=False, once=False, watched=True
)
def reveal(actor: Actor, party: Party, /, *, purpose: Purpose = "") -> LookUp:
    """Read a party's full number (xem đầy đủ số); on record like a look-up."""
    return on_record.look_up(actor, party, LookUpKind.REVEALED, purpose)


def _with_number(number: str, kind: str, nationality: str) -> Party | None:
    """The party with a number of this kind, or of any kind that it may be."""
    today = clock.today()
    kinds = [kind] if kind else [identity.guess_kind(number), identity.guess_kind(number, Kind.BUSINESS)]
    hashes: dict[bytes, int] = {}
    for each in dict.fromkeys(kinds):
        if each in (NumberKind.NONE, NumberKind.BIRTH_CERT):
            continue
        country = nationality or ("ZZ" if each == NumberKind.PASSPORT else "VN")
        try:
            found = identity.number(number, each, today=today, nationality=country)
        except identity.Wrong as wrong:
            raise Invalid(str(wrong), field="number") from None
        spaces = [number_space(each, country)]
        if each == NumberKind.PASSPORT and not nationality:
            spaces = [number_space(each, a + b) for a in _LETTERS for b in _LETTERS]
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
