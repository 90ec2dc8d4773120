"""The API's view of time: due times and elapsed office time, the calendar, the legal regimes."""

from ninja import Router

from . import calendar, worktime

router = Router()
for part in (worktime, calendar):
    router.add_router("", part.router)
