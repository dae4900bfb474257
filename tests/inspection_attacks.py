"""Forms of inspection, its papers, letters and the number register: how an honest person fills each, and the objects
each is attacked with. The rest stands in form_attacks.py; the worlds in foreign_world.py."""

import datetime
import io
import uuid

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from branches.models import Meeting
from inspections.models import (
    ChecklistAnswer,
    ChecklistItem,
    ChecklistTemplate,
    Finding,
    Inspection,
    Recommendation,
    SelfReport,
    SelfReportFile,
    SiteEntry,
    SiteFile,
    TemplateItem,
)
from inspections.papering import begin_paper

from .factories import ActivityFactory, IndicatorFactory
from .sent_files import Anew

DAY = datetime.date(2026, 9, 15)
FAULT = "Sinh hoạt chi đoàn chưa đều, thiếu biên bản"
THEN = datetime.datetime(2026, 9, 10, 8, tzinfo=datetime.UTC)


def _picture() -> Anew:
    kept = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(kept, "PNG")
    return Anew(kept.getvalue(), name="ban-ky.png")


SCAN = _picture()


def add_inspection_targets(world) -> None:
    """What the honest forms need beside the objects of the access test."""
    inspector, secretary = world.accounts["inspector"], world.accounts["secretary"]
    world.earlier_fault = Finding.objects.create(inspection=world.case, kind="shortcoming", text=FAULT)
    world.violation = Finding.objects.create(inspection=world.case, kind="violation", text="Thu sai đoàn phí")
    world.own_item, world.free_item = (
        ChecklistItem.objects.create(inspection=world.draft_case, topic="Nền nếp", text=text)
        for text in ("Họp đều", "Có kế hoạch năm")
    )
    answer = {"answered_by": secretary, "answered_at": THEN, "note": "Đủ"}
    ChecklistAnswer.objects.create(item=world.own_item, side="team", result="met", **answer)
    world.differing = SiteEntry.objects.create(
        client_id=uuid.uuid4(), inspection=world.draft_case, item=world.own_item, result="not_met", note="Thiếu",
        state="differs", written_at=timezone.now(), written_by=inspector,
    )  # fmt: skip
    world.own_photo = SiteFile(inspection=world.draft_case, item=world.own_item, kind="picture", name="a.jpg")
    world.own_photo.content_type = "image/jpeg"
    world.own_photo.file.save("b.jpg", ContentFile(b"\xff\xd8\xff"))
    asked = {"inspection": world.cases["plan_sent"], "topic": "Nền nếp"}
    world.asked_item = ChecklistItem.objects.create(text="Họp đều", **asked)
    report = SelfReport.objects.create(inspection=world.cases["plan_sent"], text="Đang viết")
    world.kept_file = SelfReportFile(report=report, kind="pdf", content_type="application/pdf", name="c.pdf")
    world.kept_file.file.save("c.pdf", ContentFile(b"%PDF-1.4"))
    world.again = Inspection.objects.create(
        programme=world.case.programme, unit=world.own, title="Phúc tra", inspection_kind="thematic", state="visited",
        review_from=world.case.review_from, review_to=world.case.review_to, visited_on=DAY, arose_from=world.case,
        arose_as="reinspection",
    )  # fmt: skip
    world.reminder = begin_paper(inspection=world.cases["following"], kind="reminder", by=inspector, on=DAY)
    world.followed = world.cases["following"].recommendations.get()
    world.usable = ChecklistTemplate.objects.filter(state="in_use", unit=None).first()
    world.free_indicator = IndicatorFactory()
    world.within = ActivityFactory(unit=world.own, starts_on=DAY, last_on=DAY)
    world.met = Meeting.objects.create(
        unit=world.own, title="Sinh hoạt tháng 9", starts_at=THEN, state="held", roll_opened_at=THEN,
        created_by=secretary,
    )  # fmt: skip


def add_far_inspection(far) -> None:
    """The same of another unit under another committee: what no form of the first may take or point at."""
    told = {"programme": far.programme, "unit": far.unit, "inspection_kind": "periodic"}
    span = {"review_from": datetime.date(2026, 1, 1), "review_to": datetime.date(2026, 10, 1)}
    far.told_case = Inspection.objects.create(
        title="Nơi khác", state="following", concluded_on=DAY, arose_as="", **told, **span
    )
    far.again = Inspection.objects.create(
        title="Nơi khác", state="visited", visited_on=DAY, arose_from=far.told_case, arose_as="reinspection", **told,
        **span,
    )  # fmt: skip
    far.earlier_fault = Finding.objects.create(inspection=far.told_case, kind="shortcoming", text=FAULT)
    far.advice = Recommendation.objects.create(
        inspection=far.told_case, number=1, text="Nơi khác", owner="BCH", no_due_date=True
    )
    far.item = ChecklistItem.objects.create(inspection=far.case, topic="Nơi khác", text="Nơi khác")
    far.template = ChecklistTemplate.objects.create(unit=far.union, code="noi-khac", name="Nơi khác", state="in_use")
    TemplateItem.objects.create(template=far.template, topic="Nơi khác", text="Nơi khác")
    report = SelfReport.objects.create(inspection=far.again, text="Nơi khác")
    far.kept_file = SelfReportFile(report=report, kind="pdf", content_type="application/pdf", name="x.pdf")
    far.kept_file.file.save("x.pdf", ContentFile(b"%PDF-1.4"))


def attack_objects(world) -> dict:
    """Address → the object it is about, where the one of the access test is past the step."""
    return {
        "inspections:finding_discipline": world.violation, "inspections:case_checklist_add": world.draft_case,
        "inspections:case_checklist_remove": world.free_item, "inspections:self_check_item": world.asked_item,
        "inspections:site": world.draft_case, "inspections:site_file_remove": world.own_photo,
        "inspections:site_choose": world.differing, "inspections:template_copy": world.usable,
        "inspections:paper_edit": world.reminder,
    }  # fmt: skip


LETTER = {"kind": "petition", "received_on": "15/09/2026", "text": "Xin xem lại"}
ITEM = {"topic": "Nền nếp", "text": "Có sổ sách"}
INSPECTION_FORMS = {
    # Papers and numbers
    "inspections:paper_new": ("inspector", lambda w: {}),
    "inspections:programme_paper": ("inspector", lambda w: {}),
    "inspections:paper_edit": ("inspector", lambda w: {}),
    "inspections:paper_issue": ("inspector", lambda w: {"signer_name": "Người Ký"}),
    "inspections:paper_replace": ("inspector", lambda w: {"reason": "Ghi nhầm ngày"}),
    "inspections:paper_drop": ("inspector", lambda w: {}),
    "inspections:paper_scan": ("inspector", lambda w: {"files": SCAN}),
    "inspections:scan_remove": ("inspector", lambda w: {}),
    "branches:number_reserve": ("secretary", lambda w: {"type_code": "BC", "about": "Báo cáo tháng"}),
    "branches:number_release": ("secretary", lambda w: {"reason": "Không cần nữa"}),
    "branches:number_span": ("secretary", lambda w: {"span": "year"}),
    # Letters and discipline
    "inspections:complaint_new": ("inspector", lambda w: LETTER | {"unit": w.own.pk}),
    "inspections:complaint_edit": ("inspector", lambda w: {"text": "Xin xem lại lần nữa"}),
    "inspections:complaint_take_up": ("inspector", lambda w: {"words": "Giao đồng chí ủy viên"}),
    "inspections:complaint_answer": ("inspector", lambda w: {"answer": "Đã xem xét, không có vi phạm"}),
    "inspections:complaint_refuse": ("inspector", lambda w: {"reason": "Không thuộc thẩm quyền"}),
    "inspections:complaint_forward": ("inspector", lambda w: {"reason": "Chuyển chi bộ"}),
    "inspections:complaint_case": ("inspector", lambda w: {"title": "Kiểm tra đoàn phí"}),
    "inspections:complaint_link": ("inspector", lambda w: {"inspection": w.case.pk}),
    "inspections:case_discipline": ("secretary", lambda w: {"disciplines": w.discipline.pk}),
    "inspections:finding_discipline": ("secretary", lambda w: {"member": w.other_member.pk}),
    # Checklists
    "inspections:template_new": ("inspector", lambda w: {"name": "Phiếu mới", "scoring": "none"}),
    "inspections:template_copy": ("inspector", lambda w: {}),
    "inspections:template_edit": ("inspector", lambda w: {"name": "Phiếu tên khác"}),
    "inspections:template_item_new": ("inspector", lambda w: ITEM),
    "inspections:template_item_edit": ("inspector", lambda w: {"text": "Họp đều hằng tháng"}),
    "inspections:template_item_remove": ("inspector", lambda w: {}),
    "inspections:template_use": ("inspector", lambda w: {}),
    "inspections:template_drop": ("inspector", lambda w: {}),
    "inspections:case_checklist_add": ("seat", lambda w: {"templates": w.usable.pk}),
    "inspections:case_checklist_remove": ("seat", lambda w: {}),
    "inspections:self_check_item": ("secretary", lambda w: {"result": "met", "note": "Đã họp đủ"}),
    "inspections:site": ("seat", lambda w: {"note": "Sổ sách đủ", f"r{w.free_item.pk}": "met"}),
    "inspections:site_file_remove": ("seat", lambda w: {}),
    "inspections:site_choose": ("seat", lambda w: {"result": "partly", "note": "Thiếu hai buổi"}),
}
# What they are about is gone with the first sending.
GONE_AFTERWARDS = {
    "inspections:paper_drop", "inspections:scan_remove", "inspections:template_item_remove",
    "reports:submission_scan_remove", "reports:emulation_criterion_remove", "reports:emulation_cluster_remove",
    "reports:emulation_proof_remove", "reports:word_template_drop",
    "inspections:template_drop", "inspections:case_checklist_remove", "inspections:site_file_remove",
}  # fmt: skip


def _again(one) -> dict:
    return {"kind": "shortcoming", "text": FAULT, "again": one.pk}


INSPECTION_ATTACKS = [
    *[
        (f"inspections:finding_{name}", field, said, own, far)
        for name in ("new", "edit")
        for field, said, own, far in (
            ("meeting", lambda one: {"again": "none", "meeting": one.pk}, "met", "meeting"),
            ("item", lambda one: {"again": "none", "item": one.pk}, "own_item", "item"),
            ("again", _again, "earlier_fault", "earlier_fault"),
        )
    ],
    ("inspections:recommendation_target", "target", lambda one: {"target": one.pk}, "target", "target"),
    (
        "inspections:recommendation_target", "indicator",
        lambda one: {"target": "", "indicator": one.pk, "aim": "3"}, "free_indicator", "indicator",
    ),
    (
        "inspections:recommendation_task", "owner",
        lambda one: {"owner_name": "", "owner": one.pk}, "other_member", "member",
    ),
    ("inspections:check", "in_case", lambda one: {"mode": "visit", "in_case": one.pk}, "again", "again"),
    ("inspections:self_report", "dropped", lambda one: {"dropped": one.pk, "do": "save"}, "kept_file", "kept_file"),
    ("inspections:paper_edit", "about", lambda one: {"about": one.pk}, "followed", "advice"),
    ("inspections:complaint_new", "unit", lambda one: {"unit": one.pk}, "own", "unit"),
    ("inspections:complaint_edit", "unit", lambda one: {"unit": one.pk}, "sibling", "unit"),
    ("inspections:complaint_case", "programme", lambda one: {"programme": one.pk}, "programme", "programme"),
    ("inspections:complaint_link", "inspection", lambda one: {"inspection": one.pk}, "case", "told_case"),
    ("inspections:case_discipline", "disciplines", lambda one: {"disciplines": one.pk}, "discipline", "discipline"),
    ("inspections:finding_discipline", "member", lambda one: {"member": one.pk}, "other_member", "member"),
    ("inspections:case_checklist_add", "templates", lambda one: {"templates": one.pk}, "usable", "template"),
    ("inspections:self_check_item", "activities", lambda one: {"activities": one.pk}, "within", "activity"),
    ("inspections:self_check_item", "meetings", lambda one: {"meetings": one.pk}, "met", "meeting"),
    # What a page on site sends is named by the items of its own case.
    ("inspections:site", "r*", lambda one: {f"r{one.pk}": "met", f"n{one.pk}": "Ghi"}, "free_item", "item"),
]  # fmt: skip
INSPECTION_SPOILT = {
    "inspections:finding_new": ("target", "activity", "meeting", "item", "again", "weight", "source"),
    "inspections:finding_edit": ("item", "again", "version"),
    "inspections:recommendation_target": ("target", "indicator", "version"),
    "inspections:recommendation_task": ("owner", "version"),
    "inspections:check": ("in_case", "mode", "verdict"),
    "inspections:self_report": ("dropped", "ticket", "version"),
    "inspections:complaint_new": ("unit", "received_by", "ticket", "kind"),
    "inspections:complaint_case": ("programme", "review_from"),
    "inspections:complaint_link": ("inspection", "discipline", "version"),
    "inspections:case_discipline": ("disciplines",),
    "inspections:finding_discipline": ("member",),
    "inspections:case_checklist_add": ("templates", "suggestion", "do", "rieng-fact"),
    "inspections:self_check_item": ("activities", "meetings", "result", "ticket", "version"),
    "inspections:site": ("note", "form_key"),
    "inspections:site_choose": ("take", "result", "version"),
    "inspections:template_item_edit": ("do", "fact", "form_key"),
    "inspections:paper_edit": ("version", "about", "form_key"),
    "inspections:paper_issue": ("wanted", "dated_on", "version"),
    "inspections:paper_scan": ("ticket", "form_key"),
    "branches:number_reserve": ("type_code", "body", "use", "wanted"),
    "branches:number_span": ("span",),
}
