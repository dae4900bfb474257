"""Addresses: rounds of reports, and the steps of a report on its way."""

from django.urls import path

from reports.views import report_steps, round_steps, rounds

urlpatterns = [
    path("don-vi/<int:pk>/dot-bao-cao/", rounds.round_list, name="round_list"),
    path("don-vi/<int:pk>/dot-bao-cao/mo/", rounds.round_new, name="round_new"),
    path("dot-bao-cao/<int:pk>/", rounds.round, name="round"),
    path("dot-bao-cao/<int:pk>/tai-ve.xlsx", rounds.round_xlsx, name="round_xlsx"),
    path("dot-bao-cao/<int:pk>/nhac/", round_steps.round_remind, name="round_remind"),
    path("dot-bao-cao/<int:pk>/doi-han/", round_steps.round_due, name="round_due"),
    path("dot-bao-cao/<int:pk>/them-don-vi/", round_steps.round_add, name="round_add"),
    path("dot-bao-cao/<int:pk>/khep/", round_steps.round_close, name="round_close"),
    path("dot-bao-cao/don-vi/<int:pk>/doi-han/", round_steps.round_unit_due, name="round_unit_due"),
    path("dot-bao-cao/don-vi/<int:pk>/mien/", round_steps.round_unit_excuse, name="round_unit_excuse"),
    path("bao-cao/<int:pk>/nop/", report_steps.report_submit, name="report_submit"),
    path("bao-cao/<int:pk>/rut-lai/", report_steps.report_take_back, name="report_take_back"),
    path("bao-cao/<int:pk>/duyet/", report_steps.report_approve, name="report_approve"),
    path("bao-cao/<int:pk>/tra-lai/", report_steps.report_return, name="report_return"),
    path("bao-cao/<int:pk>/mo-lai/", report_steps.report_reopen, name="report_reopen"),
    path("bao-cao/<int:pk>/duyet-ngoai/", report_steps.report_approve_outside, name="report_approve_outside"),
]
