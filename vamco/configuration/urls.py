"""Addresses of the settings' pages."""

from django.urls import path

from . import views

urlpatterns = [
    path("cau-hinh/", views.index, name="settings"),
    path("cau-hinh/<str:key>/", views.change, name="setting"),
    path("cau-hinh/<str:key>/mac-dinh/", views.reset, name="setting_reset"),
]
