"""Addresses of the yearly assessment: rounds, one branch in a round, one assessment and its steps."""

from django.urls import path

from branches.views import assessing, assessing_rounds, assessing_steps, self_assessing

urlpatterns = [
    path("don-vi/<int:pk>/danh-gia/", assessing.assessment_list, name="assessment_list"),
    path("don-vi/<int:pk>/danh-gia/moi/", assessing_rounds.assessment_round_new, name="assessment_round_new"),
    path("danh-gia/dot/<int:pk>/", assessing_rounds.assessment_round, name="assessment_round"),
    path("danh-gia/dot/<int:pk>/sua/", assessing_rounds.assessment_round_edit, name="assessment_round_edit"),
    path("danh-gia/dot/<int:pk>/khep/", assessing_rounds.assessment_round_close, name="assessment_round_close"),
    path("don-vi/<int:pk>/danh-gia/<int:round>/", assessing.assessment_unit, name="assessment_unit"),
    path("don-vi/<int:pk>/danh-gia/<int:round>/ket-luan/", assessing_steps.assessment_conclude,
         name="assessment_conclude"),
    path("don-vi/<int:pk>/danh-gia/<int:round>/chuan-y/", assessing_steps.assessment_answer,
         name="assessment_answer"),
    path("don-vi/<int:pk>/danh-gia/<int:round>/them/", assessing_steps.assessment_add, name="assessment_add"),
    path("danh-gia/", assessing.assessment_own, name="assessment_own"),
    path("danh-gia/<int:pk>/", assessing.assessment, name="assessment"),
    path("danh-gia/<int:pk>/tu-danh-gia/", assessing_steps.assessment_self, name="assessment_self"),
    path("danh-gia/<int:pk>/khong-danh-gia/", assessing_steps.assessment_exclude, name="assessment_exclude"),
    path("danh-gia/<int:pk>/dua-vao-danh-gia/", assessing_steps.assessment_include, name="assessment_include"),
    path("tu-sua/<str:token>/danh-gia/", self_assessing.self_assessment, name="self_assessment"),
]  # fmt: skip
