"""Addresses of the one-stop shop."""

from django.urls import path

from .views import dossier, public

urlpatterns = [
    path("tra-cuu/<str:code>/", public.tracking, name="tracking"),
    path("ho-so/<str:code>/", dossier.show, name="dossier"),
]
