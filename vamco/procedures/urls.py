"""Addresses of the catalogue: for everybody, and for its administrators."""

from django.urls import path

from . import views
from .admin import shape
from .admin import views as admin

urlpatterns = [
    path("thu-tuc/", views.procedure_list, name="procedure_list"),
    path("thu-tuc/quan-tri/", admin.index, name="procedures_admin"),
    path("thu-tuc/quan-tri/them/", shape.new_procedure, name="procedures_admin_new"),
    path("thu-tuc/quan-tri/them-linh-vuc/", shape.new_sector, name="procedures_admin_sector"),
    path("thu-tuc/quan-tri/<int:pk>/", admin.version, name="procedures_admin_version"),
    path("thu-tuc/quan-tri/<int:pk>/thong-tin/", admin.texts, name="procedures_admin_texts"),
    path("thu-tuc/quan-tri/<int:pk>/nhap/", admin.new_draft, name="procedures_admin_draft"),
    path("thu-tuc/quan-tri/<int:pk>/xoa/", admin.discard, name="procedures_admin_discard"),
    path("thu-tuc/quan-tri/<int:pk>/cong-bo/", admin.publish, name="procedures_admin_publish"),
    path("thu-tuc/quan-tri/<int:pk>/bai-bo/", admin.retire, name="procedures_admin_retire"),
    path("thu-tuc/quan-tri/<int:pk>/thu-tu/", shape.move, name="procedures_admin_move"),
    path("thu-tuc/quan-tri/<int:pk>/them-truong-hop/", shape.new_case, name="procedures_admin_case_new"),
    path("thu-tuc/quan-tri/<int:pk>/truong-hop/<slug:case>/", admin.case, name="procedures_admin_case"),
    path(
        "thu-tuc/quan-tri/<int:pk>/truong-hop/<slug:case>/bo/",
        shape.case_out,
        name="procedures_admin_case_out",
    ),
    path(
        "thu-tuc/quan-tri/<int:pk>/truong-hop/<slug:case>/thoi-han/",
        shape.limit,
        name="procedures_admin_limit_new",
    ),
    path(
        "thu-tuc/quan-tri/<int:pk>/truong-hop/<slug:case>/thoi-han/<int:number>/",
        shape.limit,
        name="procedures_admin_limit",
    ),
    path(
        "thu-tuc/quan-tri/<int:pk>/truong-hop/<slug:case>/thoi-han/<int:number>/bo/",
        shape.limit_out,
        name="procedures_admin_limit_out",
    ),
    path(
        "thu-tuc/quan-tri/<int:pk>/truong-hop/<slug:case>/quy-trinh/",
        shape.process,
        name="procedures_admin_process",
    ),
    path(
        "thu-tuc/quan-tri/<int:pk>/truong-hop/<slug:case>/them-buoc/",
        shape.new_step,
        name="procedures_admin_step_new",
    ),
    path(
        "thu-tuc/quan-tri/<int:pk>/truong-hop/<slug:case>/buoc/<slug:step>/bo/",
        shape.step_out,
        name="procedures_admin_step_out",
    ),
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
