"""Addresses of the cashier's pages."""

from django.urls import path

from . import views

urlpatterns = [
    path("thu-tien/", views.cash, name="cash"),
    path("thu-tien/thu/", views.collect, name="cash_collect"),
    path("thu-tien/bien-lai/", views.receipts, name="cash_receipts"),
    path("thu-tien/bien-lai/<int:pk>/", views.receipt, name="cash_receipt"),
    path("thu-tien/bien-lai/<int:pk>/in/", views.receipt_pdf, name="cash_receipt_pdf"),
    path("thu-tien/bien-lai/<int:pk>/huy/", views.cancel, name="cash_cancel"),
    path("thu-tien/bien-lai/<int:pk>/thay/", views.replace, name="cash_replace"),
    path("thu-tien/khoa-so/", views.close_day, name="cash_close"),
    path("thu-tien/khoa-so/<int:pk>/in/", views.closing_pdf, name="cash_closing_pdf"),
    path("thu-tien/quyen/", views.books, name="cash_books"),
    path("thu-tien/quyen/<int:pk>/khoa/", views.close_book, name="cash_book_close"),
]
