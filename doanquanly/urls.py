"""Addresses of the whole site: accounts, then the three apps in the order they import each other."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("tai-khoan/", include("branches.urls_account")),
    path("quan-tri/", admin.site.urls),
    path("", include("branches.urls")),
    path("kiem-tra/", include("inspections.urls")),
    path("", include("reports.urls")),
]
handler400 = "branches.views.errors.bad_request"
handler403 = "branches.views.errors.forbidden"
handler404 = "branches.views.errors.not_found"
handler500 = "branches.views.errors.server_error"
