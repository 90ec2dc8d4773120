"""What happens to posts and people by the clock."""

import logging

from django.db.models import Q

from vamco.core import clock
from vamco.core.actors import SYSTEM
from vamco.core.errors import Refused
from vamco.core.jobs import app
from vamco.core.transactions import atomic

from . import leaving
from .models import User

_log = logging.getLogger(__name__)


@app.periodic(cron="5 17 * * *")  # 00:05 in Viet Nam
@app.task(name="organisation.leavers", queueing_lock="organisation.leavers")
def hand_over_of_leavers(timestamp: int = 0) -> None:
    """Hand over what those have whose last day in a post is over, and what has come to a closed account meanwhile.

    Only of those who still have something: most leavers were done the night after their last day.
    """
    gone = Q(is_active=False) | Q(holdings__until__lt=clock.today())
    for person in User.objects.filter(gone, leaving.still_holding()).distinct().order_by("pk"):
        try:
            with atomic():
                leaving.hand_over(SYSTEM, person)
        except Refused as refusal:
            _log.warning("user %s: %s", person.pk, refusal)
