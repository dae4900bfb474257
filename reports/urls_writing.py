"""Addresses of the builder: templates of chapters, autosave, revisions."""

from django.urls import path

from reports.views import report_revisions, report_templates

urlpatterns = [
    path("don-vi/<int:pk>/mau-bao-cao/", report_templates.report_templates, name="report_templates"),
    path(
        "don-vi/<int:pk>/mau-bao-cao/<int:template>/chep/",
        report_templates.report_template_copy,
        name="report_template_copy",
    ),
    path("mau-bao-cao/<int:pk>/", report_templates.report_template, name="report_template"),
    path("mau-bao-cao/<int:pk>/ap-dung/", report_templates.report_template_settings, name="report_template_settings"),
    path("mau-bao-cao/<int:pk>/bo/", report_templates.report_template_drop, name="report_template_drop"),
    path("mau-bao-cao/<int:pk>/muc-moi/", report_templates.report_chapter_new, name="report_chapter_new"),
    path("mau-bao-cao/<int:pk>/tach-muc/", report_templates.report_areas_split, name="report_areas_split"),
    path("mau-bao-cao/muc/<int:pk>/", report_templates.report_chapter_edit, name="report_chapter_edit"),
    path("mau-bao-cao/muc/<int:pk>/buoc/", report_templates.report_chapter_step, name="report_chapter_step"),
    path("bao-cao/cau/<int:pk>/tu-luu/", report_revisions.report_sentence_autosave, name="report_sentence_autosave"),
    path("bao-cao/muc/<int:pk>/cac-lan-luu/", report_revisions.report_revisions, name="report_revisions"),
    path("bao-cao/muc/<int:pk>/lay-lai/", report_revisions.report_revision_restore, name="report_revision_restore"),
]
