from django.urls import path

from . import views

urlpatterns = [
    path("kiem-tra/", views.check, name="result_check"),
    path("kiem-tra/<path:number>", views.check, name="result_check_number"),
]
