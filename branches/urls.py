"""Addresses of the unit, its plan, its work and its people. Vietnamese words without marks."""

from django.urls import path

from branches.views import activities, directions, evidence, frame, members, units

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
    # The unit, its people, and what it was asked to do
    path("don-vi/<int:pk>/", units.unit, name="unit"),
    path("don-vi/<int:pk>/ai-xem-duoc/", units.unit_access, name="unit_access"),
    path("don-vi/<int:pk>/doan-vien/", members.member_list, name="member_list"),
    path("don-vi/<int:pk>/doan-vien/moi/", members.member_new, name="member_new"),
    path("doan-vien/<int:pk>/", members.member, name="member"),
    path("doan-vien/<int:pk>/sua/", members.member_edit, name="member_edit"),
    path("doan-vien/<int:pk>/phan-giu-kin/", members.member_sensitive, name="member_sensitive"),
    path("don-vi/<int:pk>/chi-dao/", directions.direction_list, name="direction_list"),
    path("don-vi/<int:pk>/chi-dao/moi/", directions.direction_new, name="direction_new"),
    path("chi-dao/<int:pk>/sua/", directions.direction_edit, name="direction_edit"),
    path("chi-dao/<int:pk>/tra-loi/", directions.direction_answer, name="direction_answer"),
    path("them/", frame.more, name="more"),
    path("chuc-vu/", frame.post_switch, name="post_switch"),
]
