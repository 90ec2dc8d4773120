"""Addresses of attached files."""

from django.urls import path

from . import views

urlpatterns = [
    path("tep/them/<str:kind>/<int:thing>/", views.attach, name="attachment_new"),
    path("tep/<int:pk>/", views.content, name="attachment"),
    path("tep/<int:pk>/go/", views.remove, name="attachment_remove"),
    path("tep/<int:pk>/lay-lai/", views.put_back, name="attachment_put_back"),
]
