"""Papers of a case and of a programme, under /kiem-tra/."""

from django.urls import path

from inspections.views import papers

urlpatterns = [
    path("<int:pk>/van-ban/", papers.papers, name="papers"),
    path("<int:pk>/van-ban/<slug:kind>/lap/", papers.paper_new, name="paper_new"),
    path("chuong-trinh/<int:pk>/van-ban/", papers.programme_paper, name="programme_paper"),
    path("van-ban/<int:pk>/", papers.paper, name="paper"),
    path("van-ban/<int:pk>/sua/", papers.paper_edit, name="paper_edit"),
    path("van-ban/<int:pk>/ban-hanh/", papers.paper_issue, name="paper_issue"),
    path("van-ban/<int:pk>/ban-moi/", papers.paper_replace, name="paper_replace"),
    path("van-ban/<int:pk>/bo/", papers.paper_drop, name="paper_drop"),
    path("van-ban/<int:pk>/ban-ky/", papers.paper_scan, name="paper_scan"),
    path("ban-ky/<int:pk>/", papers.scan_file, name="scan_file"),
    path("ban-ky/<int:pk>/bo/", papers.scan_remove, name="scan_remove"),
]
