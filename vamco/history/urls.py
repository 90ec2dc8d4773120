"""Addresses of histories and notes."""

from django.urls import path

from . import views

urlpatterns = [
    path("lich-su/<str:kind>/<int:thing>/", views.history, name="history"),
    path("lich-su/<str:kind>/<int:thing>/ghi-chu/", views.note, name="history_note"),
]
