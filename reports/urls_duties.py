"""Addresses of the duty calendar, the board of duties, what is said of one, and the weekly letter."""

from django.urls import path

from reports.views import digest, duties, duty_steps

ONE = "don-vi/<int:pk>/viec-dinh-ky/<slug:code>/<slug:day>/"

urlpatterns = [
    path("don-vi/<int:pk>/viec-dinh-ky/", duties.duty_calendar, name="duty_calendar"),
    path("don-vi/<int:pk>/viec-dinh-ky/truc-thuoc/", duties.duty_board, name="duty_board"),
    path("don-vi/<int:pk>/viec-dinh-ky/truc-thuoc/tai-ve.xlsx", duties.duty_board_xlsx, name="duty_board_xlsx"),
    path("don-vi/<int:pk>/viec-dinh-ky/truc-thuoc/nhac/", duty_steps.duty_remind, name="duty_remind"),
    path("don-vi/<int:pk>/viec-dinh-ky/giao/", duty_steps.duty_types, name="duty_types"),
    path("don-vi/<int:pk>/viec-dinh-ky/giao/moi/", duty_steps.duty_type_new, name="duty_type_new"),
    path("viec-dinh-ky/<int:pk>/thoi/", duty_steps.duty_type_end, name="duty_type_end"),
    path("nhip-rieng/<int:pk>/thoi/", duty_steps.duty_exception_end, name="duty_exception_end"),
    path("don-vi/<int:pk>/viec-dinh-ky/<slug:code>/nhip-rieng/", duty_steps.duty_exception, name="duty_exception"),
    path(ONE, duties.duty_cell, name="duty_cell"),
    path(f"{ONE}khong-lam/", duty_steps.duty_not_held, name="duty_not_held"),
    path(f"{ONE}da-lam/", duty_steps.duty_done, name="duty_done"),
    path(f"{ONE}mien/", duty_steps.duty_exempt, name="duty_exempt"),
    path(f"{ONE}bo/", duty_steps.duty_take_back, name="duty_take_back"),
    path("thu-nhac/", digest.digest_settings, name="digest_settings"),
]
