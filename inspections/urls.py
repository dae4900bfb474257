"""Addresses of inspection and supervision, all under /kiem-tra/."""

from django.urls import include, path

from inspections.views import cases, findings, visits

app_name = "inspections"

urlpatterns = [
    path("", include("inspections.urls_programmes")),
    path("", include("inspections.urls_moves")),
    path("", include("inspections.urls_complaints")),
    path("", include("inspections.urls_papers")),
    path("", include("inspections.urls_checklists")),
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
    path("", include("inspections.urls_follow_up")),
]
