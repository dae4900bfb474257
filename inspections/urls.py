"""Addresses of inspection and supervision, all under /kiem-tra/."""

from django.urls import path

from inspections.views import cases, findings, follow_up, programmes, visits

app_name = "inspections"

urlpatterns = [
    # The programmes
    path("chuong-trinh/", programmes.programme_list, name="programme_list"),
    path("chuong-trinh/moi/", programmes.programme_new, name="programme_new"),
    path("chuong-trinh/<int:pk>/", programmes.programme, name="programme"),
    path("chuong-trinh/<int:pk>/sua/", programmes.programme_edit, name="programme_edit"),
    # The cases
    path("", cases.inspection_list, name="list"),
    path("moi/", cases.inspection_new, name="new"),
    path("<int:pk>/", cases.inspection, name="inspection"),
    path("<int:pk>/sua/", cases.inspection_edit, name="edit"),
    path("<int:pk>/doan/", cases.inspection_team, name="team"),
    path("thanh-vien/<int:pk>/thoi/", cases.seat_end, name="seat_end"),
    path("<int:pk>/lam-viec/", visits.inspection_visit, name="visit"),
    path("<int:pk>/ket-luan/", visits.inspection_conclude, name="conclude"),
    path("<int:pk>/ket-thuc/", visits.inspection_close, name="close"),
    # Findings and draft recommendations
    path("<int:pk>/nhan-dinh/moi/", findings.finding_new, name="finding_new"),
    path("nhan-dinh/<int:pk>/sua/", findings.finding_edit, name="finding_edit"),
    path("nhan-dinh/<int:pk>/bo/", findings.finding_delete, name="finding_delete"),
    path("<int:pk>/kien-nghi/moi/", findings.recommendation_new, name="recommendation_new"),
    path("kien-nghi/<int:pk>/sua/", findings.recommendation_edit, name="recommendation_edit"),
    path("kien-nghi/<int:pk>/bo/", findings.recommendation_delete, name="recommendation_delete"),
    # What becomes of them
    path("kien-nghi/", follow_up.recommendation_list, name="recommendation_list"),
    path("kien-nghi/<int:pk>/tra-loi/", follow_up.answer, name="answer"),
    path("kien-nghi/<int:pk>/kiem-tra/", follow_up.check, name="check"),
    path("kien-nghi/<int:pk>/gia-han/", follow_up.recommendation_extend, name="recommendation_extend"),
    path("kien-nghi/<int:pk>/rut/", follow_up.recommendation_withdraw, name="recommendation_withdraw"),
    path("tep-tra-loi/<int:pk>/", follow_up.answer_file, name="answer_file"),
]
