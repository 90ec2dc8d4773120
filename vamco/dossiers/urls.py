"""Addresses of the one-stop shop."""

from django.urls import path, register_converter
from django.utils.translation import gettext_lazy as _

from vamco.web.imports import import_urls

from .importing import views as importing
from .importing.sheet import RUNNING
from .inbox import views as inbox
from .intake.views import at_once, correct
from .intake.views import counter as intake
from .models.codes import CodeConverter
from .page.views import dossier, person
from .papers.views import books, files
from .tracking import views as public

register_converter(CodeConverter, "dossier")

urlpatterns = [
    path("", public.home, name="home"),
    path("tra-cuu/", public.search, name="tracking_search"),
    path("tra-cuu/<str:code>/", public.tracking, name="tracking"),
    path("viec/", inbox.show, name="inbox"),
    path("viec/hang-loat/", inbox.many, name="inbox_many"),
    path("viec/bo-loc/", inbox.save_filter, name="inbox_filter_save"),
    path("viec/bo-loc/<int:pk>/xoa/", inbox.delete_filter, name="inbox_filter_delete"),
    path("viec/xuat/", inbox.export, name="export"),
    *import_urls(
        RUNNING,
        prefix="nhap-ho-so/",
        name="import",
        up=("inbox", _("Việc")),
        target=importing.unit,
        places=importing.units,
        back=lambda unit: "?tab=unit",
    ),
    path("tim/", inbox.find, name="find"),
    path("phieu/<int:pk>/", files.slip, name="slip"),
    path("tiep-nhan/", intake.show, name="intake"),
    path("tiep-nhan/thu-tuc/", intake.suggest, name="intake_suggest"),
    path("tiep-nhan/quet/<slug:code>/", intake.upload, name="intake_upload"),
    path("tiep-nhan/tep/<int:pk>/", intake.scan, name="intake_scan"),
    path("ho-so/<dossier:code>/sua/", correct.show, name="correct"),
    path("lam-ngay/", at_once.show, name="at_once"),
    path("nguoi/<int:pk>/", person.show, name="person"),
    path("nguoi/<int:pk>/sua/", person.correct, name="person_correct"),
    path("so/", books.show, name="books"),
    path("so/<int:pk>/", books.book, name="book"),
    path("so/<int:pk>/in/", books.book_pdf, name="book_pdf"),
    path("so/<int:pk>/khoa/", books.close, name="book_close"),
    path("so/theo-doi/in/", books.register_pdf, name="register_pdf"),
    path("ho-so/<dossier:code>/", dossier.show, name="dossier"),
    path("ho-so/<dossier:code>/dang-mo/", dossier.presence, name="dossier_presence"),
    path("ho-so/<dossier:code>/du-thao/", files.draft, name="dossier_draft"),
    path("ho-so/<dossier:code>/phieu-kiem-soat/", files.control, name="dossier_control"),
    path("ho-so/<dossier:code>/thong-bao-ket-thuc/", files.closing, name="dossier_closing"),
    path("ho-so/<dossier:code>/giay/<int:pk>/", files.paper, name="dossier_paper"),
    path("ho-so/<dossier:code>/ket-qua/<int:pk>/", files.result, name="dossier_result"),
    path("ho-so/<dossier:code>/y-kien/<int:pk>/", dossier.answer, name="dossier_answer"),
    path("ho-so/<dossier:code>/y-kien/<int:pk>/tep/", files.opinion, name="dossier_opinion"),
    path("ho-so/<dossier:code>/so/<int:pk>/", dossier.number, name="dossier_number"),
    path("ho-so/<dossier:code>/<slug:key>/", dossier.act, name="dossier_act"),
]
