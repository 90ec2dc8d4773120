"""Addresses of the log of messages and of the bell."""

from django.urls import path

from . import notices, views

urlpatterns = [
    path("tin-gui/", views.messages, name="messages"),
    path("tin-gui/<int:pk>/", views.message, name="message"),
    path("tin-gui/<int:pk>/gui-lai/", views.resend, name="message_resend"),
    path("thong-bao/", notices.notices, name="notices"),
    path("thong-bao/da-doc/", notices.read, name="notices_read"),
    path("thong-bao/<int:pk>/", notices.follow, name="notice"),
]
