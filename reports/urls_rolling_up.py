"""Addresses: a superior's report rolled up from the approved reports of its units, and the checks of figures."""

from django.urls import path

from reports.views import consistency, joint, rolling_up, source

urlpatterns = [
    path("bao-cao/<int:pk>/theo-don-vi/", rolling_up.report_units, name="report_units"),
    path("bao-cao/<int:pk>/theo-don-vi.xlsx", rolling_up.report_units_xlsx, name="report_units_xlsx"),
    path("bao-cao/<int:pk>/theo-don-vi/<slug:code>/", rolling_up.report_units_figure, name="report_units_figure"),
    path("bao-cao/<int:pk>/nguon-so-lieu/", source.report_source, name="report_source"),
    path("bao-cao/<int:pk>/lay-so-moi/", rolling_up.report_take_all, name="report_take_all"),
    path("bao-cao/muc/<int:pk>/lay-cau/", rolling_up.section_take_text, name="section_take_text"),
    path("bao-cao/<int:pk>/hoat-dong-chung/", joint.joint_activities, name="joint_activities"),
    path("bao-cao/<int:pk>/hoat-dong-chung/<slug:key>/", joint.joint_decide, name="joint_decide"),
    path("bao-cao/<int:pk>/doi-chieu/", consistency.report_checks, name="report_checks"),
]
