"""Emulation scoring of units: their part of World (access_world.py), and of the tables of access and attacks.

`own` has a sheet at every step: empty, filled, sent, scored, ready, published. Nobody at `own` reaches the superior's
side, the superior only looks at the unit's, and the Party committee above reads what was published.
"""

import datetime
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone

from branches.models import Period
from branches.numbering import take_number
from reports.emulation.publishing import publish
from reports.models import (
    EmulationCluster,
    EmulationCriterion,
    EmulationSet,
    ScoreEvidence,
    ScoreLine,
    ScoreSheet,
)

from .access_people import INSPECTORS, OFFICERS, PARTY, READERS, may
from .inspection_attacks import SCAN

DAY, UNTIL = datetime.date(2026, 2, 1), datetime.date(2100, 1, 1)
# The set is kept by the superior of `own`; the administrator stands above both and reads.
KEPT = may({"superior"}, {"superior", "administrator"})
READ = may({"superior", "administrator"})
PUBLISHED = may({"superior", "administrator", "party_above"})
OWN = may(OFFICERS, READERS)
KEPT_STEPS = (
    "set_edit", "set_copy", "set_use", "set_revise", "set_end", "group_new", "criterion_new", "criterion_edit",
    "criterion_remove", "cluster_new", "cluster_edit", "cluster_remove", "score", "take_figures", "finish", "send_back",
    "reopen", "leave_out", "publish",
)  # fmt: skip

EXPECTED: dict = {
    "reports:emulation": may(READERS | PARTY),
    "reports:emulation_set_new": may({"superior"}, {"party_above", "administrator"} | INSPECTORS),
    **{f"reports:emulation_{name}": KEPT for name in KEPT_STEPS},
    **{f"reports:emulation_{name}": READ for name in ("set", "board")},
    **{f"reports:emulation_ranking{kind}": PUBLISHED for kind in ("", "_pdf", "_docx", "_xlsx")},
    **{f"reports:emulation_{name}": may(READERS) for name in ("sheet", "sheet_paper_pdf", "sheet_paper_docx", "file")},
    **{f"reports:emulation_{name}": OWN for name in ("self", "proof", "proof_paper", "proof_file", "proof_remove")},
    "reports:emulation_send": may({"secretary"}, READERS),
    "reports:emulation_own_ranking": may(READERS | PARTY),
}
POST_ONLY: set = set()

CRITERION = {"number": "3", "text": "Nền nếp sinh hoạt", "points": "10", "kind": "typed", "per_piece": "", "bands": ""}
FORMS: dict = {
    "reports:emulation_set_new": ("superior", lambda w: {"name": "Bộ tiêu chí mới", "self_until": "10/12/2026"}),
    "reports:emulation_set_edit": ("superior", lambda w: {"name": "Bộ tiêu chí đã sửa"}),
    "reports:emulation_set_copy": ("superior", lambda w: {"year": "2027", "self_until": "10/12/2027"}),
    "reports:emulation_group_new": ("superior", lambda w: {"number": "II", "text": "Xây dựng Đoàn"}),
    "reports:emulation_criterion_new": ("superior", lambda w: CRITERION),
    "reports:emulation_criterion_edit": ("superior", lambda w: {"text": "Nội dung đã sửa"}),
    "reports:emulation_cluster_new": ("superior", lambda w: {"name": "Cụm mới", "units": [w.own.pk]}),
    "reports:emulation_cluster_edit": ("superior", lambda w: {"name": "Cụm đã đổi tên"}),
    "reports:emulation_score": ("superior", lambda w: {"said": "50", "note": "Thiếu sổ"}),
    "reports:emulation_send_back": ("superior", lambda w: {"reason": "Thiếu ảnh"}),
    "reports:emulation_reopen": ("superior", lambda w: {"reason": "Đơn vị bổ sung"}),
    "reports:emulation_leave_out": ("superior", lambda w: {"reason": "Mới thành lập"}),
    **{
        f"reports:emulation_{name}": ("superior", lambda w: {})
        for name in (
            "set_use", "set_revise", "set_end", "criterion_remove", "cluster_remove", "take_figures", "finish",
            "publish",
        )
    },
    "reports:emulation_self": ("secretary", lambda w: {f"c{w.empty_line.pk}-said": "55"}),
    "reports:emulation_proof": ("secretary", lambda w: {"activities": f"h{w.activity.pk}"}),
    "reports:emulation_proof_paper": ("secretary", lambda w: {"papers": f"v{w.score_paper.pk}"}),
    "reports:emulation_proof_file": ("secretary", lambda w: {"files": SCAN}),
    "reports:emulation_proof_remove": ("secretary", lambda w: {}),
    "reports:emulation_send": ("secretary", lambda w: {}),
}  # fmt: skip
ATTACKS: list = [
    ("reports:emulation_cluster_new", "units", lambda one: {"units": [one.pk]}, "sibling", "unit"),
    ("reports:emulation_cluster_edit", "units", lambda one: {"units": [one.pk]}, "sibling", "unit"),
    ("reports:emulation_proof", "activities", lambda one: {"activities": f"h{one.pk}"}, "own_activity", "activity"),
    ("reports:emulation_proof_paper", "papers", lambda one: {"papers": f"v{one.pk}"}, "score_paper", "score_paper"),
]
SPOILT: dict = {
    "reports:emulation_criterion_new": ("kind", "rule", "indicator_code", "points", "bands"),
    "reports:emulation_cluster_edit": ("units", "version"),
    "reports:emulation_proof": ("activities",),
    "reports:emulation_proof_paper": ("papers",),
    "reports:emulation_proof_file": ("ticket",),
    "reports:emulation_score": ("said", "version"),
    "reports:emulation_set_new": ("year",),
}


def _set(world, name: str, *, is_draft=False):
    """A set with a typed line of 60 and a measured one of 40, `own` in its cluster."""
    found = EmulationSet.objects.create(
        unit=world.union, period=Period.objects.year(2026), name=name, total_points=Decimal(100), self_until=UNTIL,
        state="draft" if is_draft else "in_use", used_on=None if is_draft else DAY,
        created_by=world.accounts["superior"],
    )  # fmt: skip
    group = EmulationCriterion.objects.create(set=found, kind="group", number="I", text="Phong trào")
    line = {"set": found, "parent": group}
    typed = EmulationCriterion.objects.create(
        number="1", text="Nền nếp", kind="typed", points=Decimal(60), position=1, **line
    )
    EmulationCriterion.objects.create(
        number="2", text="Kết quả", kind="measured", points=Decimal(40), position=2, rule="proportional",
        indicator_code=world.target.indicator.code, **line,
    )  # fmt: skip
    cluster = EmulationCluster.objects.create(set=found, name="Cụm II")
    sheet = ScoreSheet.objects.create(set=found, unit=world.own, cluster=cluster, taken_on=DAY)
    return found, group, typed, cluster, sheet


def _lines(world, sheet, *, given: bool):
    """The unit's own points on every line and, where `given`, the superior's."""
    said = {"self_said": Decimal(30), "self_points": Decimal(30), "self_by": world.accounts["secretary"],
            "self_at": timezone.now(), "self_note": "Có sổ"}  # fmt: skip
    if given:
        said |= {"given_said": Decimal(30), "given_points": Decimal(30), "given_by": world.accounts["superior"],
                 "given_at": timezone.now(), "given_note": "Đủ sổ"}  # fmt: skip
    for one in sheet.set.criteria.exclude(kind="group"):
        ScoreLine.objects.create(sheet=sheet, criterion=one, **said)


def _stands(sheet, state: str) -> ScoreSheet:
    sheet.state = state
    sheet.save()
    return sheet


def add_far(far) -> None:
    """A paper in the register of another unit."""
    far.score_paper = take_number(unit=far.unit, type_code="KH", on=DAY, by=far.account, about="Nơi khác")


def add(world) -> None:
    world.score_paper = take_number(
        unit=world.own, type_code="KH", on=DAY, by=world.accounts["secretary"], about="Kế hoạch năm"
    )
    world.empty_set, _, world.empty_line, _, world.empty_sheet = _set(world, "Bộ tiêu chí chưa chấm")
    world.draft_set, world.draft_group, world.draft_line, world.draft_cluster, _ = _set(
        world, "Bộ tiêu chí đang soạn", is_draft=True
    )
    world.bare_cluster = EmulationCluster.objects.create(set=world.draft_set, name="Cụm trống")
    _, _, _, _, world.filled_sheet = _set(world, "Bộ tiêu chí đã tự chấm")
    _lines(world, world.filled_sheet, given=False)
    line = world.filled_sheet.lines.first()
    world.score_file = ScoreEvidence(line=line, kind="pdf", content_type="application/pdf", name="a.pdf")
    world.score_file.file.save("a.pdf", ContentFile(b"%PDF-1.4"))
    _, _, world.sent_line, _, sheet = _set(world, "Bộ tiêu chí chờ chấm")
    _lines(world, sheet, given=False)
    world.sent_sheet = _stands(sheet, "self_scored")
    *_, sheet = _set(world, "Bộ tiêu chí đang chấm")
    _lines(world, sheet, given=True)
    world.given_sheet = _stands(sheet, "self_scored")
    world.ready_set, *_, sheet = _set(world, "Bộ tiêu chí chờ công bố")
    _lines(world, sheet, given=True)
    _stands(sheet, "scored")
    world.ranked_set, *_, sheet = _set(world, "Bộ tiêu chí đã công bố")
    _lines(world, sheet, given=True)
    world.ranked_sheet = _stands(sheet, "scored")
    publish(set=world.ranked_set, version=1, by=world.accounts["superior"], on=DAY)
    world.ranked_sheet.refresh_from_db()


def objects(world) -> dict:
    """Address → the object it is about."""
    said = {
        "set": world.draft_set, "set_edit": world.draft_set, "set_copy": world.draft_set, "set_use": world.draft_set,
        "set_revise": world.empty_set, "set_end": world.ranked_set, "group_new": world.draft_set,
        "criterion_new": world.draft_group, "criterion_edit": world.draft_line, "criterion_remove": world.draft_line,
        "cluster_new": world.draft_set, "cluster_edit": world.draft_cluster, "cluster_remove": world.bare_cluster,
        "board": world.ready_set, "publish": world.ready_set, "ranking": world.ranked_set,
        "ranking_pdf": world.ranked_set, "ranking_docx": world.ranked_set, "ranking_xlsx": world.ranked_set,
        "own_ranking": world.ranked_sheet, "reopen": world.ranked_sheet, "sheet": world.sent_sheet,
        "sheet_paper_pdf": world.ranked_sheet, "sheet_paper_docx": world.sent_sheet,
        "self": world.empty_sheet, "send": world.filled_sheet, "file": world.score_file,
        "proof_remove": world.score_file, "take_figures": world.sent_sheet, "finish": world.given_sheet,
        "send_back": world.given_sheet, "leave_out": world.given_sheet,
    }  # fmt: skip
    return {f"reports:emulation_{name}": one for name, one in said.items()}


def arguments(world) -> dict:
    """Address → its arguments, where they are more than one key or not of `own`."""
    return {
        "reports:emulation_set_new": {"pk": world.union.pk},
        **{
            f"reports:emulation_proof{kind}": {"pk": world.empty_sheet.pk, "criterion": world.empty_line.pk}
            for kind in ("", "_paper", "_file")
        },
        "reports:emulation_score": {"pk": world.sent_sheet.pk, "criterion": world.sent_line.pk},
    }
