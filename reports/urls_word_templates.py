"""Addresses: word templates of papers."""

from django.urls import path

from reports.views import word_templates as views

urlpatterns = [
    path("don-vi/<int:pk>/mau-word/", views.word_template_list, name="word_template_list"),
    path("don-vi/<int:pk>/mau-word/<slug:paper>/", views.word_template_kind, name="word_template_kind"),
    path("don-vi/<int:pk>/mau-word/<slug:paper>/mau-goc.docx", views.word_starter, name="word_starter"),
    path("mau-word/<int:pk>/", views.word_template, name="word_template"),
    path("mau-word/<int:pk>/tep.docx", views.word_template_file, name="word_template_file"),
    path("mau-word/<int:pk>/xem-thu.docx", views.word_template_preview, name="word_template_preview"),
    path("mau-word/<int:pk>/dung/", views.word_template_use, name="word_template_use"),
    path("mau-word/<int:pk>/thoi-dung/", views.word_template_end, name="word_template_end"),
    path("mau-word/<int:pk>/bo/", views.word_template_drop, name="word_template_drop"),
]
