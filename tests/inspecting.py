"""A small world for the inspection tests: who inspects, who is inspected, who must see nothing."""

import datetime
from dataclasses import dataclass

from branches.models import Account, Unit
from inspections.conducting import add_finding, conclude, record_visit
from inspections.following import answer_recommendation, recommend
from inspections.models import Finding, Inspection, InspectionProgramme, Recommendation
from inspections.preparing import SeatLine, plan_inspections
from inspections.programming import TopicLine, draft_programme, issue_programme
from tests.factories import AccountFactory, UnionFactory, UnitFactory, account_at

ISSUED = datetime.date(2026, 2, 28)
VISIT = datetime.date(2026, 9, 28)
NOTICE = datetime.date(2026, 10, 5)
DUE = datetime.date(2026, 10, 31)
TODAY = datetime.date(2026, 11, 22)


@dataclass
class Scene:
    """One Đoàn with an inspection committee over two branches, and another Đoàn next to it."""

    union: Unit
    branch: Unit
    sibling: Unit
    chair: Account
    inspector: Account
    secretary: Account
    programme: InspectionProgramme


def scene() -> Scene:
    top = UnionFactory(name="Tỉnh Đoàn thử", kind=Unit.Kind.PROVINCE)
    union = UnionFactory(name="Đoàn Thanh niên Bộ thử", superior=top, document_code="ĐTN")
    branch = UnitFactory(name="Chi đoàn Cục Thử nghiệm", superior=union)
    sibling = UnitFactory(name="Chi đoàn Vụ Bên cạnh", superior=union)
    chair = account_at(union, "inspection_chair", full_name="Phạm Thị Chủ Nhiệm")
    programme = draft_programme(
        by=chair,
        unit=union,
        year=2026,
        number="02-KH/ĐTN-UBKT",
        issued_on=ISSUED,
        in_name_of=InspectionProgramme.InNameOf.COMMITTEE,
        title="Kiểm tra công tác Đoàn và phong trào thanh niên năm 2026",
    )
    programme = issue_programme(programme=programme, version=1, by=chair, number=programme.number, issued_on=ISSUED)
    return Scene(
        union=union, branch=branch, sibling=sibling, chair=chair,
        inspector=account_at(union, "inspection_member", full_name="Mai Thị Ủy Viên"),
        secretary=account_at(branch, "secretary", full_name="Lê Văn Bí Thư"),
        programme=programme,
    )  # fmt: skip


def planned(s: Scene, unit: Unit | None = None, **fields) -> Inspection:
    """A case of one branch, inspection and supervision in one session, visit agreed."""
    values = {
        "title": "Công tác Đoàn năm 2026",
        "inspection_kind": Inspection.Kind.PERIODIC,
        "supervision_kind": Inspection.Kind.THEMATIC,
        "review_from": datetime.date(2026, 1, 1),
        "review_to": datetime.date(2026, 10, 1),
        "visited_on": VISIT,
        "topics": [
            TopicLine("Công tác Đoàn và phong trào thanh niên năm 2026"),
            TopicLine("Việc thực hiện Chỉ thị 42-CT/TW", use="supervise"),
            TopicLine("Ứng dụng công nghệ thông tin thế nào?", use="question"),
        ],
        "team": [SeatLine("Vương Quốc Trung", "Phó Bí thư", role="head"), SeatLine("Mai Thị Duyên", role="secretary")],
        "reason": "Bổ sung theo yêu cầu của Ban Chấp hành",
        **fields,
    }
    units = [unit or s.branch]
    return plan_inspections(by=s.chair, on=ISSUED, programme=s.programme, units=units, **values)[0]


def visited(s: Scene, **fields) -> Inspection:
    case = planned(s, **fields)
    return record_visit(
        inspection=case, version=case.version, by=s.chair, on=TODAY, visited_on=VISIT, day_part="afternoon",
        place="Trụ sở Cục", unit_account="Đã làm kế hoạch và tổ chức 12 hoạt động.",
        party_remark="Ghi nhận cố gắng của Ban Chấp hành.", reason="Đơn vị báo cáo tại buổi làm việc",
    )  # fmt: skip


def with_findings(s: Scene, *, due_on=DUE, **fields) -> tuple[Inspection, Recommendation]:
    case = visited(s, **fields)
    add_finding(inspection=case, by=s.chair, kind=Finding.Class.MERIT, text="Chuẩn bị báo cáo tốt")
    weak = add_finding(
        inspection=case, by=s.chair, kind=Finding.Class.SHORTCOMING, text="Sinh hoạt chưa đều", self_stated=True
    )
    row = recommend(
        inspection=case, by=s.chair, text="Sinh hoạt đều hằng tháng", owner="Bí thư chi đoàn", due_on=due_on,
        no_due_date=due_on is None, findings=[weak],
    )  # fmt: skip
    return case, row


def concluded(s: Scene, **fields) -> tuple[Inspection, Recommendation]:
    """A notice went out with one recommendation, still open."""
    case, row = with_findings(s, **fields)
    before = Inspection.objects.exclude(conclusion_number="").count()  # a number is given once
    case = conclude(
        inspection=case, version=case.version, by=s.chair, on=TODAY, concluded_on=NOTICE,
        number=f"{15 + before}-TB/ĐTN-UBKT",
        signer_capacity="TM. BAN CHẤP HÀNH", signer_post="PHÓ BÍ THƯ", signer_name="Vương Quốc Trung",
    )  # fmt: skip
    return case, Recommendation.objects.select_related("inspection").get(pk=row.pk)


def answered(s: Scene, **fields) -> tuple[Inspection, Recommendation]:
    case, row = concluded(s, **fields)
    answer_recommendation(
        recommendation=row, version=row.version, by=s.secretary, on=datetime.date(2026, 10, 20),
        text="Đã họp hai buổi theo lịch",
    )  # fmt: skip
    row.refresh_from_db()
    return case, row


def stranger() -> Account:
    """Secretary of a branch under another Đoàn."""
    return account_at(UnitFactory(superior=UnionFactory()), "secretary", full_name="Người Lạ")


def nobody() -> Account:
    return AccountFactory(full_name="Không Chức Vụ")
