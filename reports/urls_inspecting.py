"""Addresses of what inspection adds up to."""

from django.urls import path

from reports.views import inspecting

urlpatterns = [
    path("don-vi/<int:pk>/kiem-tra/", inspecting.inspecting, name="inspecting"),
    path("don-vi/<int:pk>/kiem-tra/tai-ve.xlsx", inspecting.inspecting_xlsx, name="inspecting_xlsx"),
    path("don-vi/<int:pk>/kiem-tra/kien-nghi/", inspecting.inspecting_open, name="inspecting_open"),
    path("don-vi/<int:pk>/kiem-tra/da-khep/", inspecting.inspecting_closed, name="inspecting_closed"),
    path("don-vi/<int:pk>/kiem-tra/cuoc/", inspecting.inspecting_cases, name="inspecting_cases"),
    path("don-vi/<int:pk>/kiem-tra/nhan-dinh/", inspecting.inspecting_findings, name="inspecting_findings"),
]
