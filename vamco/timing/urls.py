"""Addresses of the calendar's pages."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from vamco.web.imports import import_urls

from . import views
from .imports import CALENDAR

urlpatterns = [
    *import_urls(
        CALENDAR,
        prefix="lich/nhap/",
        name="calendar_import",
        up=("calendar_admin", _("Lịch")),
        target=views.unit_to_change,
        back=views.own_query,
    ),
    path("lich/", views.days, name="calendar_admin"),
    path("lich/ngay/moi/", views.new_day, name="calendar_day_new"),
    path("lich/ngay/<int:pk>/bo/", views.remove_day, name="calendar_day_remove"),
    path("lich/gio/", views.hours, name="calendar_hours"),
    path("lich/gio/<int:weekday>/", views.change_hours, name="calendar_hours_change"),
    path("lich/che-do/", views.regimes, name="calendar_regimes"),
    path("lich/che-do/moi/", views.new_regime, name="calendar_regime_new"),
    path("lich/che-do/<slug:key>/", views.change_regime, name="calendar_regime"),
]
