"""The steps of a case, a page each, under /kiem-tra/<case>/."""

from django.urls import path

from inspections.views import moves, self_report

urlpatterns = [
    path("<int:pk>/gui-ke-hoach/", moves.send_plan_page, name="send_plan"),
    path("<int:pk>/bao-cao-don-vi/", self_report.self_report, name="self_report"),
    path("<int:pk>/bao-cao-giay/", self_report.self_report_paper, name="self_report_paper"),
    path("tep-bao-cao/<int:pk>/", self_report.self_report_file, name="self_report_file"),
    path("<int:pk>/tham-tra/", moves.verify, name="verify"),
    path("<int:pk>/bao-cao-doan/", moves.team_report, name="team_report"),
    path("<int:pk>/lui-buoc/", moves.step_back_page, name="step_back"),
    path("<int:pk>/mo-lai/", moves.reopen_page, name="reopen"),
    path("<int:pk>/dua-ra/", moves.cancel, name="cancel"),
    path("<int:pk>/chuyen-kiem-tra/", moves.escalate_page, name="escalate"),
    path("<int:pk>/phuc-tra/", moves.reinspect, name="reinspect"),
]
