"""Addresses of the catalogue: for everybody, and for its administrators."""

from django.urls import path

from . import views
from .admin import views as admin

urlpatterns = [
    path("thu-tuc/", views.procedure_list, name="procedure_list"),
    path("thu-tuc/quan-tri/", admin.index, name="procedures_admin"),
    path("thu-tuc/quan-tri/<int:pk>/", admin.version, name="procedures_admin_version"),
    path("thu-tuc/quan-tri/<int:pk>/thong-tin/", admin.texts, name="procedures_admin_texts"),
    path("thu-tuc/quan-tri/<int:pk>/nhap/", admin.new_draft, name="procedures_admin_draft"),
    path("thu-tuc/quan-tri/<int:pk>/xoa/", admin.discard, name="procedures_admin_discard"),
    path("thu-tuc/quan-tri/<int:pk>/cong-bo/", admin.publish, name="procedures_admin_publish"),
    path("thu-tuc/quan-tri/<int:pk>/bai-bo/", admin.retire, name="procedures_admin_retire"),
    path("thu-tuc/quan-tri/<int:pk>/truong-hop/<slug:case>/", admin.case, name="procedures_admin_case"),
    path(
        "thu-tuc/quan-tri/<int:pk>/truong-hop/<slug:case>/buoc/<slug:step>/",
        admin.step,
        name="procedures_admin_step",
    ),
    path(
        "thu-tuc/quan-tri/<int:pk>/truong-hop/<slug:case>/<slug:part>/",
        admin.part,
        name="procedures_admin_part_new",
    ),
    path(
        "thu-tuc/quan-tri/<int:pk>/truong-hop/<slug:case>/<slug:part>/<slug:key>/",
        admin.part,
        name="procedures_admin_part",
    ),
    path(
        "thu-tuc/quan-tri/<int:pk>/truong-hop/<slug:case>/<slug:part>/<slug:key>/bo/",
        admin.take_out,
        name="procedures_admin_take_out",
    ),
    path("thu-tuc/<str:code>/", views.procedure, name="procedure"),
]
