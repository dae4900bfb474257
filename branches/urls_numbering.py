"""The number register of a unit."""

from django.urls import path

from branches.views import numbering

urlpatterns = [
    path("don-vi/<int:pk>/so-van-ban/", numbering.number_books, name="number_books"),
    path("don-vi/<int:pk>/so-van-ban/tai-ve.xlsx", numbering.number_books_xlsx, name="number_books_xlsx"),
    path("don-vi/<int:pk>/so-van-ban/giu-so/", numbering.number_reserve, name="number_reserve"),
    path("don-vi/<int:pk>/so-van-ban/cach-danh-so/", numbering.number_span, name="number_span"),
    path("so-van-ban/<int:pk>/bo/", numbering.number_release, name="number_release"),
]
