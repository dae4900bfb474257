"""Addresses: emulation scoring."""

from django.urls import path

from reports.views import emulation, emulation_evidence, emulation_rankings, emulation_sheets

urlpatterns = [
    path("don-vi/<int:pk>/thi-dua/", emulation.emulation, name="emulation"),
    path("don-vi/<int:pk>/thi-dua/moi/", emulation.emulation_set_new, name="emulation_set_new"),
    # A set, its criteria and clusters
    path("thi-dua/<int:pk>/", emulation.emulation_set, name="emulation_set"),
    path("thi-dua/<int:pk>/thong-tin/", emulation.emulation_set_edit, name="emulation_set_edit"),
    path("thi-dua/<int:pk>/chep/", emulation.emulation_set_copy, name="emulation_set_copy"),
    path("thi-dua/<int:pk>/dua-vao-dung/", emulation.emulation_set_use, name="emulation_set_use"),
    path("thi-dua/<int:pk>/ban-moi/", emulation.emulation_set_revise, name="emulation_set_revise"),
    path("thi-dua/<int:pk>/ket-thuc/", emulation.emulation_set_end, name="emulation_set_end"),
    path("thi-dua/<int:pk>/nhom-moi/", emulation.emulation_group_new, name="emulation_group_new"),
    path("thi-dua/nhom/<int:pk>/tieu-chi-moi/", emulation.emulation_criterion_new, name="emulation_criterion_new"),
    path("thi-dua/tieu-chi/<int:pk>/", emulation.emulation_criterion_edit, name="emulation_criterion_edit"),
    path("thi-dua/tieu-chi/<int:pk>/bo/", emulation.emulation_criterion_remove, name="emulation_criterion_remove"),
    path("thi-dua/<int:pk>/cum-moi/", emulation.emulation_cluster_new, name="emulation_cluster_new"),
    path("thi-dua/cum/<int:pk>/", emulation.emulation_cluster_edit, name="emulation_cluster_edit"),
    path("thi-dua/cum/<int:pk>/bo/", emulation.emulation_cluster_remove, name="emulation_cluster_remove"),
    # The sheet of a unit
    path("thi-dua/phieu/<int:pk>/", emulation_sheets.emulation_sheet, name="emulation_sheet"),
    *(
        path(
            f"thi-dua/phieu/<int:pk>/phieu-diem.{ending}",
            emulation_sheets.emulation_sheet_paper,
            {"ending": ending},
            name=f"emulation_sheet_paper_{ending}",
        )
        for ending in ("pdf", "docx")
    ),
    path("thi-dua/phieu/<int:pk>/tu-cham/", emulation_sheets.emulation_self, name="emulation_self"),
    *(
        path(
            f"thi-dua/phieu/<int:pk>/minh-chung/<int:criterion>/{place}",
            emulation_evidence.emulation_proof,
            {"kind": kind},
            name=name,
        )
        for place, kind, name in (
            ("", "activity", "emulation_proof"),
            ("van-ban/", "paper", "emulation_proof_paper"),
            ("tep/", "file", "emulation_proof_file"),
        )
    ),
    path("thi-dua/tep/<int:pk>/", emulation_evidence.emulation_file, name="emulation_file"),
    path("thi-dua/minh-chung/<int:pk>/bo/", emulation_evidence.emulation_proof_remove, name="emulation_proof_remove"),
    path("thi-dua/phieu/<int:pk>/gui/", emulation_sheets.emulation_send, name="emulation_send"),
    path("thi-dua/phieu/<int:pk>/cham/<int:criterion>/", emulation_sheets.emulation_score, name="emulation_score"),
    path("thi-dua/phieu/<int:pk>/lay-diem/", emulation_sheets.emulation_take_figures, name="emulation_take_figures"),
    path("thi-dua/phieu/<int:pk>/cham-xong/", emulation_sheets.emulation_finish, name="emulation_finish"),
    path("thi-dua/phieu/<int:pk>/tra-lai/", emulation_sheets.emulation_send_back, name="emulation_send_back"),
    path("thi-dua/phieu/<int:pk>/mo-lai/", emulation_sheets.emulation_reopen, name="emulation_reopen"),
    path("thi-dua/phieu/<int:pk>/khong-xet/", emulation_sheets.emulation_leave_out, name="emulation_leave_out"),
    # The ranking
    path("thi-dua/<int:pk>/bang/", emulation_rankings.emulation_board, name="emulation_board"),
    path("thi-dua/<int:pk>/xep-hang/", emulation_rankings.emulation_ranking, name="emulation_ranking"),
    path("thi-dua/<int:pk>/cong-bo/", emulation_rankings.emulation_publish, name="emulation_publish"),
    path("thi-dua/<int:pk>/xep-hang.pdf", emulation_rankings.emulation_ranking_pdf, name="emulation_ranking_pdf"),
    path("thi-dua/<int:pk>/xep-hang.docx", emulation_rankings.emulation_ranking_docx, name="emulation_ranking_docx"),
    path("thi-dua/<int:pk>/xep-hang.xlsx", emulation_rankings.emulation_ranking_xlsx, name="emulation_ranking_xlsx"),
    path("thi-dua/phieu/<int:pk>/xep-hang/", emulation_rankings.emulation_own_ranking, name="emulation_own_ranking"),
]
