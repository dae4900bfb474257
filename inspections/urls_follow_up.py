"""Addresses of recommendations after the notice: answers, checks, dates, decisions, the unit's plan."""

from django.urls import path

from inspections.views import easing, follow_up, taking_up

urlpatterns = [
    path("kien-nghi/", follow_up.recommendation_list, name="recommendation_list"),
    path("kien-nghi/<int:pk>/tra-loi/", follow_up.answer, name="answer"),
    path("kien-nghi/<int:pk>/kiem-tra/", follow_up.check, name="check"),
    path("tep-tra-loi/<int:pk>/", follow_up.answer_file, name="answer_file"),
    # Dates and decisions
    path("kien-nghi/<int:pk>/gia-han/", easing.recommendation_extend, name="recommendation_extend"),
    path("kien-nghi/<int:pk>/xin-gia-han/", easing.extension_ask, name="extension_ask"),
    path("gia-han/<int:pk>/", easing.extension_answer, name="extension_answer"),
    path("kien-nghi/<int:pk>/chap-nhan/", easing.recommendation_accept, name="recommendation_accept"),
    path("kien-nghi/<int:pk>/thoi-chap-nhan/", easing.recommendation_revoke, name="recommendation_revoke"),
    path("kien-nghi/<int:pk>/rut/", easing.recommendation_withdraw, name="recommendation_withdraw"),
    # Into the unit's plan
    path("kien-nghi/<int:pk>/chi-tieu/", taking_up.recommendation_target, name="recommendation_target"),
    path("kien-nghi/<int:pk>/giao-viec/", taking_up.recommendation_task, name="recommendation_task"),
]
