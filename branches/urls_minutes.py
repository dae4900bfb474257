"""Addresses of the minutes of a meeting. The printed papers are in reports/urls.py."""

from django.urls import path

from branches.views import minutes, minutes_steps

urlpatterns = [
    path("hop/<int:pk>/bien-ban/", minutes.minutes, name="minutes"),
    path("hop/<int:pk>/bien-ban/ai-dang-ghi/", minutes.minutes_writers, name="minutes_writers"),
    path("hop/<int:pk>/bien-ban/thong-qua/", minutes_steps.minutes_confirm, name="minutes_confirm"),
    path("hop/<int:pk>/bien-ban/ky/", minutes_steps.minutes_sign, name="minutes_sign"),
    path("hop/<int:pk>/bien-ban/mo-lai/", minutes_steps.minutes_reopen, name="minutes_reopen"),
    path("hop/<int:pk>/bien-ban/ban-moi/", minutes_steps.minutes_new_edition, name="minutes_new_edition"),
    path("hop/<int:pk>/bien-ban/so/", minutes_steps.minutes_number, name="minutes_number"),
    path("bien-ban/<int:pk>/", minutes.minutes_edition, name="minutes_edition"),
    path("bien-ban/<int:pk>/cac-lan-luu/", minutes.minutes_history, name="minutes_history"),
    path("bien-ban/<int:pk>/lay-lai/", minutes.minutes_restore, name="minutes_restore"),
]
