"""Addresses of what it adds up to: home, plan against result, the board, reports and papers."""

from django.urls import include, path

from reports.views import (
    board,
    branch_book,
    directions,
    figures,
    home,
    minutes,
    papers_assessment,
    papers_dues,
    papers_inspection,
    papers_merit,
    papers_people,
    plans,
    progress,
    reports,
    sentences,
    structure,
    summary,
    targets,
)

app_name = "reports"


def papers(route: str, view, name: str) -> list:
    """A paper as PDF and, beside it, as a Word file: one view, told by `ending` which of them is asked for."""
    return [path(f"{route}.{ending}", view, {"ending": ending}, name=f"{name}_{ending}") for ending in ("pdf", "docx")]


urlpatterns = [
    path("", home.home, name="home"),
    # Plan against result
    path("don-vi/<int:pk>/ket-qua/", progress.progress, name="progress"),
    path("don-vi/<int:pk>/ket-qua/tai-ve.xlsx", progress.progress_xlsx, name="progress_xlsx"),
    path("don-vi/<int:pk>/ket-qua/<slug:code>/", figures.figure, name="figure"),
    path("don-vi/<int:pk>/ket-qua-se-thanh/", figures.quantity_effect, name="quantity_effect"),
    path("don-vi/<int:pk>/bang/", board.board, name="board"),
    path("don-vi/<int:pk>/bang/tai-ve.xlsx", board.board_xlsx, name="board_xlsx"),
    # The structure of the members
    path("don-vi/<int:pk>/co-cau/", structure.structure, name="structure"),
    path("don-vi/<int:pk>/co-cau/tai-ve.xlsx", structure.structure_xlsx, name="structure_xlsx"),
    *papers("don-vi/<int:pk>/co-cau/ban-in", structure.structure_paper, "structure"),
    # Reports
    path("don-vi/<int:pk>/bao-cao/", reports.report_list, name="report_list"),
    path("don-vi/<int:pk>/bao-cao/moi/", reports.report_new, name="report_new"),
    path("bao-cao/<int:pk>/", reports.report, name="report"),
    path("bao-cao/<int:pk>/thong-tin/", reports.report_settings, name="report_settings"),
    path("bao-cao/<int:pk>/mo-muc/", sentences.report_chapter_begin, name="report_chapter_begin"),
    path("bao-cao/cau/<int:pk>/", sentences.report_sentence, name="report_sentence"),
    path("bao-cao/muc/<int:pk>/them-cau/", sentences.report_sentence_new, name="report_sentence_new"),
    path("bao-cao/muc/<int:pk>/soat/", sentences.report_section_review, name="report_section_review"),
    # The plan: grids of a year and of a term, and single targets
    path("don-vi/<int:pk>/ke-hoach/<int:year>/", plans.plan_edit, name="plan_edit"),
    path("don-vi/<int:pk>/ke-hoach/<int:year>/chep/", plans.plan_copy, name="plan_copy"),
    path("don-vi/<int:pk>/ke-hoach/<int:year>/chi-tieu-rieng/", plans.own_indicator_new, name="own_indicator_new"),
    path("don-vi/<int:pk>/nhiem-ky/moi/", plans.term_new, name="term_new"),
    path("don-vi/<int:pk>/nhiem-ky/<int:period>/ke-hoach/", plans.term_plan_edit, name="term_plan_edit"),
    path("don-vi/<int:pk>/nhiem-ky/<int:period>/chep/", plans.term_plan_copy, name="term_plan_copy"),
    path("chi-tieu/<int:pk>/", targets.target, name="target"),
    path("chi-tieu/<int:pk>/dieu-chinh/", targets.target_revise, name="target_revise"),
    path("chi-tieu/<int:pk>/bo/", targets.target_remove, name="target_remove"),
    path("chi-tieu/<int:pk>/giao/", targets.target_hand_down, name="target_hand_down"),
    # The Party committee's year
    path("don-vi/<int:pk>/tong-hop/", summary.party_summary, name="party_summary"),
    *papers("don-vi/<int:pk>/tong-hop/<int:year>/tom-tat", summary.party_summary_paper, "party_summary"),
    path("don-vi/<int:pk>/tong-hop/<int:year>/tom-tat.xlsx", summary.party_summary_xlsx, name="party_summary_xlsx"),
    path("don-vi/<int:pk>/tong-hop/<int:year>/trinh-chieu/", summary.party_screen, name="party_screen"),
    # What was asked of units, and where each stands
    path("don-vi/<int:pk>/chi-dao/", directions.direction_list, name="direction_list"),
    path("don-vi/<int:pk>/chi-dao/da-giao/", directions.direction_given, name="direction_given"),
    path("don-vi/<int:pk>/chi-dao/da-giao/<uuid:sending>/", directions.direction_sending, name="direction_sending"),
    # Minutes of a meeting
    path("bien-ban/<int:pk>/ban-in.pdf", minutes.minutes_pdf, name="minutes_pdf"),
    path("bien-ban/<int:pk>/bien-ban.docx", minutes.minutes_docx, name="minutes_docx"),
    # Papers about people
    *papers("chuyen-sinh-hoat/<int:pk>/giay", papers_people.transfer_letter, "transfer_letter"),
    *papers("ket-nap/<int:pk>/to-trinh", papers_people.admission_request, "admission_request"),
    *papers("ket-nap/<int:pk>/quyet-dinh", papers_people.admission_decision, "admission_decision"),
    *papers("don-vi/<int:pk>/truong-thanh/danh-sach", papers_people.maturity_list, "maturity_list"),
    *papers("don-vi/<int:pk>/truong-thanh/<slug:day>/quyet-dinh", papers_people.maturity_decision, "maturity_decision"),
    # The branch book of a year
    *papers("don-vi/<int:pk>/so-chi-doan/<int:year>", branch_book.branch_book, "branch_book"),
    # Papers of dues
    *papers("buoc-vao-dang/<int:pk>/nghi-quyet", papers_merit.party_introduction, "party_introduction"),
    *papers("don-vi/<int:pk>/doan-vien-uu-tu", papers_merit.outstanding_list, "outstanding_list"),
    *papers("nhan-xet-tien-bo/<int:pk>/nhan-xet", papers_merit.party_remark, "party_remark"),
    *papers("ky-luat/<int:pk>/quyet-dinh", papers_merit.discipline_decision, "discipline_decision"),
    *papers("ky-luat/<int:pk>/bien-ban", papers_merit.discipline_minutes, "discipline_minutes"),
    *papers("phieu-thu/<int:pk>/phieu", papers_dues.dues_receipt, "dues_receipt"),
    # Papers of the yearly assessment
    *papers("don-vi/<int:pk>/danh-gia/<int:round>/danh-sach", papers_assessment.assessment_list, "assessment_list"),
    *papers(
        "don-vi/<int:pk>/danh-gia/<int:round>/quyet-dinh", papers_assessment.assessment_decision, "assessment_decision"
    ),
    *(
        path(
            f"don-vi/<int:pk>/danh-gia/<int:round>/cac-chi-doan.{kind}",
            getattr(papers_assessment, f"assessment_units_{kind}"),
            name=f"assessment_units_{kind}",
        )
        for kind in ("pdf", "docx", "xlsx")
    ),
    *papers("danh-gia/<int:pk>/phieu", papers_assessment.assessment_self, "assessment_self"),
    *papers("nop-doan-phi/<int:pk>/phieu", papers_dues.remittance, "remittance"),
    *papers("don-vi/<int:pk>/quy/so-quy", papers_dues.fund, "fund"),
    path("", include("reports.urls_inspecting")),
    path("", include("reports.urls_duties")),
    path("", include("reports.urls_evidence")),
    path("", include("reports.urls_rounds")),
    path("", include("reports.urls_submissions")),
    path("", include("reports.urls_writing")),
    path("", include("reports.urls_rolling_up")),
    path("", include("reports.urls_statistics")),
    path("", include("reports.urls_emulation")),
    path("", include("reports.urls_word_templates")),
    path("", include("reports.urls_print_jobs")),
    path("", include("reports.urls_proofs")),
    path("", include("reports.urls_congress")),
    # Papers of an inspection
    path("kiem-tra/<int:pk>/thong-bao-ket-luan.pdf", papers_inspection.conclusion_pdf, name="conclusion_pdf"),
    path("kiem-tra/<int:pk>/thong-bao-ket-luan.docx", papers_inspection.conclusion_docx, name="conclusion_docx"),
    path("don-vi/<int:pk>/kiem-tra/bao-cao-nam.pdf", papers_inspection.inspection_year_pdf, name="inspection_year_pdf"),
    path(
        "don-vi/<int:pk>/kiem-tra/bao-cao-nam.docx", papers_inspection.inspection_year_docx, name="inspection_year_docx"
    ),
    path("kiem-tra/van-ban/<int:pk>/ban-in.pdf", papers_inspection.case_paper_pdf, name="case_paper_pdf"),
    path("kiem-tra/van-ban/<int:pk>/van-ban.docx", papers_inspection.case_paper_docx, name="case_paper_docx"),
]
