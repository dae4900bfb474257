"""Addresses of the unit, its plan, its work and its people. Vietnamese words without marks."""

from django.urls import path

from branches.views import activities, evidence, frame

app_name = "branches"

urlpatterns = [
    # Activities and their evidence
    path("don-vi/<int:pk>/hoat-dong/", activities.activity_list, name="activity_list"),
    path("don-vi/<int:pk>/hoat-dong/moi/", activities.activity_new, name="activity_new"),
    path("don-vi/<int:pk>/hoat-dong/tai-ve.xlsx", activities.activity_export, name="activity_export"),
    path("don-vi/<int:pk>/hoat-dong/dong-ket-qua/", activities.quantity_row, name="quantity_row"),
    path("hoat-dong/<int:pk>/", activities.activity, name="activity"),
    path("hoat-dong/<int:pk>/sua/", activities.activity_edit, name="activity_edit"),
    path("hoat-dong/<int:pk>/da-to-chuc/", activities.activity_hold, name="activity_hold"),
    path("hoat-dong/<int:pk>/khong-to-chuc/", activities.activity_cancel, name="activity_cancel"),
    path("minh-chung/<int:pk>/", evidence.evidence, name="evidence"),
    path("minh-chung/<int:pk>/xoa/", evidence.evidence_delete, name="evidence_delete"),
    path("them/", frame.more, name="more"),
    path("chuc-vu/", frame.post_switch, name="post_switch"),
]
