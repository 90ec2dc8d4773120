"""What rings for colleagues: a note that names them, work that is given or sent to them, a supplement that came in,
dossiers that somebody who goes has left behind.

Nobody is told of what they did themselves. Who opens the dossier, or deals with it, has read what was told of it.
"""

from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core.actors import Actor
from vamco.core.stored import in_vietnamese
from vamco.notify import bell
from vamco.organisation.models import Unit, User

from ..models import Dossier
from ..rules import moves


@in_vietnamese
def mentioned(dossier: Dossier, person: User, actor: Actor) -> None:
    """An internal note names the person."""
    said = _("%(who)s nhắc ông/bà trong ghi chú hồ sơ %(code)s.")
    _ring(dossier, person, actor, "mention", said)


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
        said = _("%(who)s trả lại hồ sơ %(code)s cho ông/bà, bước «%(step)s».")
    else:
        said = _("%(who)s chuyển hồ sơ %(code)s đến ông/bà, bước «%(step)s».")
    _ring(dossier, dossier.holder, actor, "sent", said, step=moves.step_of(dossier).name)


@in_vietnamese
def supplemented(dossier: Dossier, actor: Actor) -> None:
    """The applicant handed in what the one who has the dossier had asked for."""
    said = _("Người nộp đã bổ sung hồ sơ %(code)s. Thời hạn giải quyết chạy tiếp.")
    _ring(dossier, dossier.holder, actor, "supplemented", said)


@in_vietnamese
def back_to_pool(head: User, unit: Unit, person: User, count: int) -> None:
    """Somebody who goes left dossiers behind, which one of the unit's heads assigns. None of them is named."""
    said = _("%(count)s hồ sơ của %(who)s về hàng chung của %(unit)s, chờ phân công.")
    words = {"count": count, "who": person.full_name, "unit": unit.agency}
    bell.ring(head, said % words, url=f"{reverse('inbox')}?tab=unassigned", kind="back_to_pool")


def _ring(dossier: Dossier, person: User | None, actor: Actor, kind: str, said: str, **more: str) -> None:
    if person is None or person.pk == actor.user_id:
        return
    words = {"who": actor.label, "code": dossier.code, **more}
    url = reverse("dossier", args=[dossier.code])
    bell.ring(person, said % words, url=url, kind=kind, about=dossier.code)
