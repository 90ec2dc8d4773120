"""Addresses of the log of messages."""

from django.urls import path

from . import views

urlpatterns = [
    path("tin-gui/", views.messages, name="messages"),
    path("tin-gui/<int:pk>/", views.message, name="message"),
    path("tin-gui/<int:pk>/gui-lai/", views.resend, name="message_resend"),
]
