"""The morning page, and what machines ask every site for."""

from django.urls import path

from . import views

urlpatterns = [
    path("hom-nay/", views.morning, name="morning"),
    path("favicon.ico", views.icon, name="favicon"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
]
