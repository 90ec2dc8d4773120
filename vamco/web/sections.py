"""Pages that several rooms fill: each room gives sections, and the page knows none of the rooms."""

import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.context_processors import csrf
from django.template.loader import get_template
from django.utils.safestring import SafeString

from vamco.core import actors, rooms
from vamco.core.actors import Actor
from vamco.core.rooms import Section

log = logging.getLogger(__name__)


def render_sections(request: HttpRequest, kind: str, subject: Any = None) -> list[SafeString]:
    """What the rooms show of the subject to whoever asks, by place. `kind`: home, morning, unit or record.

    A section that fails does not take the page down: it is logged, and a line on the page says that a part is missing,
    so that nobody takes what they see for all there is.
    """
    actor = actors.of_request(request)
    shown = (
        _rendered(request, section, actor, subject)
        for section in sorted(rooms.of_all(kind), key=lambda section: section.place)
        if not section.permission or actor.may_anywhere(section.permission)
    )
    return [part for part in shown if part]


def _rendered(request: HttpRequest, section: Section, actor: Actor, subject: Any) -> SafeString:
    # Without the context processors: the frame's own questions are not asked again for every section.
    frame = {"request": request, "actor": actor, "subject": subject, **csrf(request)}
    try:
        found = section.context(actor, subject)
        return SafeString("" if found is None else get_template(section.template).render({**frame, **found}))
    except Exception:
        if not settings.SECTIONS_MAY_FAIL:
            raise
        log.exception("a section of %s failed: %s", request.path, section.template)
        return SafeString(get_template("vamco/parts/section_failed.html").render(frame))
