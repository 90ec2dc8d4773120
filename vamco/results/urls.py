"""Addresses of results. The number of a paper may be part of an address, its check code never."""

from django.urls import path, re_path

from . import views

urlpatterns = [
    path("kiem-tra/", views.check, name="result_check"),
    path("kiem-tra/<path:number>", views.check, name="result_check_number"),
    path("ket-qua/", views.results, name="results"),
    path("ket-qua/mau/", views.template_list, name="result_templates"),
    path("ket-qua/mau/moi/", views.template_new, name="result_template_new"),
    path("ket-qua/mau/<slug:key>/", views.template_edit, name="result_template"),
    path("ket-qua/<int:pk>/", views.result, name="result"),
    path("ket-qua/<int:pk>/tep", views.result_file, name="result_file"),
    re_path(
        r"^ket-qua/(?P<pk>\d{1,18})/(?P<verb>withdraw|correct|sign|issue|drop)/$",
        views.act,
        name="result_act",
    ),
]
