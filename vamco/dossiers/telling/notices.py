"""What colleagues are told of their work, on the bell or by mail, in the transaction of what they are told of.

A mention, work that is given or sent to them, a supplement that came in, a due time that is near, dossiers that somebody
who goes has left behind. Nobody is told of what they did themselves. Who opens the dossier, or deals with it, has read
what the bell said of it. Mails say what `templates/notify/<language>/<kind>.txt` says.
"""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.stored import in_vietnamese
from vamco.notify import bell, outbox
from vamco.organisation.models import Delegation, Unit, User
from vamco.organisation.validity import held_on

from ..models import Dossier
from ..rules import moves
from ..rules.addresses import page_url

HEADS = ("head", "leader")
"""Roles of those who head a unit: its deputies, too, since a chair is often away."""


def _ring(
    dossier: Dossier, person: User | None, actor: Actor, kind: str, sentence: str, **words: str
) -> None:
    """Ring for a person, unless they did it themselves or nobody has the dossier."""
    if person is None or person.pk == actor.user_id:
        return
    text = sentence % {"who": actor.label, "code": dossier.code, **words}
    bell.ring(person, text, url=reverse("dossier", args=[dossier.code]), kind=kind, about=dossier.code)


def _mail(dossier: Dossier, people: Iterable[User], kind: str, **words: object) -> None:
    """Write to people about a dossier."""
    words = {"procedure": moves.definition_of(dossier).name, "url": page_url(dossier.code), **words}
    for person in people:
        outbox.tell(
            kind,
            unit=dossier.unit,
            words=words,
            to_email=person.email,
            to_name=person.full_name,
            dossier=dossier.code,
            user=person,
        )


@in_vietnamese
def mentioned(dossier: Dossier, person: User, actor: Actor) -> None:
    """An internal note names the person."""
    _ring(dossier, person, actor, "mention", _("%(who)s nhắc ông/bà trong ghi chú hồ sơ %(code)s."))
    note = dossier.notes.last()
    _mail(dossier, [person], "mention", who=actor.label, note=note.text if note else "")


@in_vietnamese
def given(dossier: Dossier, actor: Actor) -> None:
    """Somebody gave the dossier to the one who has it now."""
    _ring(dossier, dossier.holder, actor, "given", _("%(who)s giao hồ sơ %(code)s cho ông/bà giải quyết."))


@in_vietnamese
def sent(dossier: Dossier, actor: Actor, *, back: bool = False) -> None:
    """The dossier came by its process to the one who has it now; nobody is told of what lies in a unit's pool."""
    if dossier.holder is None:
        return
    if back:
        sentence = _("%(who)s trả lại hồ sơ %(code)s cho ông/bà, bước «%(step)s».")
    else:
        sentence = _("%(who)s chuyển hồ sơ %(code)s đến ông/bà, bước «%(step)s».")
    _ring(dossier, dossier.holder, actor, "sent", sentence, step=moves.step_of(dossier).name)


@in_vietnamese
def supplemented(dossier: Dossier, actor: Actor) -> None:
    """The applicant handed in what the one who has the dossier had asked for."""
    sentence = _("Người nộp đã bổ sung hồ sơ %(code)s. Thời hạn giải quyết chạy tiếp.")
    _ring(dossier, dossier.holder, actor, "supplemented", sentence)


@in_vietnamese
def back_to_pool(unit: Unit, person: User, count: int) -> None:
    """Somebody who goes left dossiers behind: those who head the unit assign them, and are told on the bell and by mail.
    No dossier is named, since not everybody who reads it may see each."""
    url = f"{reverse('inbox')}?tab=unassigned"
    sentence = _("%(count)s hồ sơ của %(who)s về hàng chung của %(unit)s, chờ phân công.")
    text = sentence % {"count": count, "who": person.full_name, "unit": unit.agency}
    for head in _holders(unit.pk, HEADS):
        if head.pk != person.pk:
            bell.ring(head, text, url=url, kind="back_to_pool")
            outbox.tell(
                "back_to_pool",
                unit=unit,
                words={"who": person.full_name, "count": count, "url": settings.BASE_URL + url},
                to_email=head.email,
                to_name=head.full_name,
                user=head,
            )


def warning(dossier: Dossier, share: int) -> None:
    """Warn of the due time: the holder and who stands in for them, or while nobody has it those who may do the step;
    from 90 % of the time also the unit's heads; when late also the one-stop unit."""
    step = moves.step_of(dossier)
    if dossier.holder:
        people = [dossier.holder, *_stand_ins(dossier.holder)]
    else:
        people = _holders(dossier.holder_unit_id, (step.role,))
    if share >= 90:
        people += _holders(dossier.holder_unit_id, HEADS)
    if share >= 100:
        people += _holders(dossier.unit_id, ("supervisor", "intake"))
    _mail(
        dossier,
        dict.fromkeys(people),
        "warning",
        share=share,
        late=share >= 100,
        due=dossier.due_at,
        step=step.name,
        holder=dossier.holder.full_name if dossier.holder else "",
    )


def _stand_ins(person: User) -> list[User]:
    """Who does the person's work today (ủy quyền)."""
    day = clock.today()
    valid = Delegation.objects.filter(giver=person, revoked_at__isnull=True, since__lte=day, until__gte=day)
    return [given.receiver for given in valid.select_related("receiver") if given.receiver.is_active]


def _holders(unit_id: int, roles: tuple[str, ...]) -> list[User]:
    """Who holds a post with one of the roles in the unit today."""
    return list(
        User.objects.filter(
            held_on(clock.today(), "holdings__"),
            is_active=True,
            holdings__post__grants__unit_id=unit_id,
            holdings__post__grants__role__in=roles,
        ).distinct()
    )
