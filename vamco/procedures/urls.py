"""Addresses of the catalogue for everybody."""

from django.urls import path

from . import views

urlpatterns = [
    path("thu-tuc/", views.procedure_list, name="procedure_list"),
    path("thu-tuc/<str:code>/", views.procedure, name="procedure"),
]
