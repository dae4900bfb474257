"""Addresses of what it adds up to: home, plan against result, the board, reports and papers."""

from django.urls import path

from reports.views import board, figures, home, papers_inspection, progress, reports, sentences

app_name = "reports"

urlpatterns = [
    path("", home.home, name="home"),
    # Plan against result
    path("don-vi/<int:pk>/ket-qua/", progress.progress, name="progress"),
    path("don-vi/<int:pk>/ket-qua/tai-ve.xlsx", progress.progress_xlsx, name="progress_xlsx"),
    path("don-vi/<int:pk>/ket-qua/<slug:code>/", figures.figure, name="figure"),
    path("don-vi/<int:pk>/ket-qua-se-thanh/", figures.quantity_effect, name="quantity_effect"),
    path("don-vi/<int:pk>/bang/", board.board, name="board"),
    path("don-vi/<int:pk>/bang/tai-ve.xlsx", board.board_xlsx, name="board_xlsx"),
    # Reports
    path("don-vi/<int:pk>/bao-cao/", reports.report_list, name="report_list"),
    path("don-vi/<int:pk>/bao-cao/moi/", reports.report_new, name="report_new"),
    path("bao-cao/<int:pk>/", reports.report, name="report"),
    path("bao-cao/<int:pk>/thong-tin/", reports.report_settings, name="report_settings"),
    path("bao-cao/<int:pk>/ban-in.pdf", reports.report_pdf, name="report_pdf"),
    path("bao-cao/cau/<int:pk>/", sentences.report_sentence, name="report_sentence"),
    path("bao-cao/muc/<int:pk>/them-cau/", sentences.report_sentence_new, name="report_sentence_new"),
    path("bao-cao/muc/<int:pk>/soat/", sentences.report_section_review, name="report_section_review"),
    # Papers of an inspection
    path("kiem-tra/<int:pk>/thong-bao-ket-luan.pdf", papers_inspection.conclusion_pdf, name="conclusion_pdf"),
]
