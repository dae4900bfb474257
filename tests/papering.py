"""Case A (28/11/2019) as far as its papers need it: one session, inspection and supervision, three recommendations."""

import datetime
from dataclasses import dataclass

from branches.models import Account, Unit
from inspections.conducting import HostLine, add_finding, conclude, record_visit
from inspections.following import recommend
from inspections.issuing import issue_paper
from inspections.models import CasePaper, Finding, Inspection, InspectionProgramme
from inspections.moving import send_plan
from inspections.papering import begin_paper
from inspections.preparing import SeatLine, plan_inspections
from inspections.programming import TopicLine, draft_programme, issue_programme
from reports.papers.inspection_frame import PAPERS
from tests.factories import UnionFactory, UnitFactory, account_at

Day = datetime.date
PROGRAMMED, SENT, VISIT, NOTICE = Day(2019, 2, 28), Day(2019, 11, 11), Day(2019, 11, 28), Day(2019, 12, 5)
MINISTRY = "Đoàn Thanh niên Bộ Tư pháp"
BRANCH = "Chi đoàn Cục Công nghệ thông tin"


@dataclass
class CaseA:
    union: Unit
    branch: Unit
    chair: Account
    secretary: Account
    programme: InspectionProgramme
    case: Inspection

    def fresh(self) -> Inspection:
        return Inspection.objects.select_related("programme__unit", "unit").get(pk=self.case.pk)

    def sister(self, place: int, *, visited: bool = False) -> Inspection:
        """Another case of the same committee, at a unit of its own."""
        unit = UnitFactory(name=f"Chi đoàn số {place}", superior=self.union)
        [case] = plan_inspections(
            by=self.chair, on=Day(2019, 11, 4), programme=self.programme, units=[unit], title="Kiểm tra công tác Đoàn",
            inspection_kind="periodic", review_from=Day(2019, 1, 1), review_to=VISIT, visited_on=VISIT,
            reason="Bổ sung", topics=[TopicLine("Công tác Đoàn")], team=[SeatLine("Trần Minh Quân", role="head")],
        )  # fmt: skip
        if not visited:
            return case
        case = record_visit(
            inspection=case, version=case.version, by=self.chair, on=VISIT, visited_on=VISIT, reason="Họp luôn"
        )
        add_finding(inspection=case, by=self.chair, kind=Finding.Class.MERIT, text="Chuẩn bị tốt")
        return case

    def draft(self, kind: str, on=VISIT) -> CasePaper:
        by = self.secretary if kind in CasePaper.OF_THE_UNIT else self.chair
        return PAPERS.get(pk=begin_paper(inspection=self.case, kind=kind, by=by, on=on).pk)

    def issue(self, kind: str, on: Day, **fields) -> CasePaper:
        paper = self.draft(kind, on)
        signer = {name: getattr(paper, name) for name in ("signer_capacity", "signer_post", "signer_name")}
        by = self.secretary if kind in CasePaper.OF_THE_UNIT else self.chair
        issue_paper(paper=paper, version=paper.version, by=by, on=on, dated_on=on, **signer | fields)
        return PAPERS.get(pk=paper.pk)


def draft_of_a_year(beside: CaseA | None = None) -> CaseA:
    """A programme that has no number yet; no case."""
    union = beside.union if beside else UnionFactory(name=MINISTRY, document_code="ĐTN", place="Hà Nội")
    chair = beside.chair if beside else account_at(union, "inspection_chair", full_name="Trần Minh Quân")
    programme = draft_programme(
        by=chair, unit=union, year=2019, in_name_of="committee", title="Kế hoạch kiểm tra, giám sát năm 2019"
    )
    return CaseA(union, None, chair, None, programme, None)


def planned_case() -> CaseA:
    top = UnionFactory(name="Trung ương Đoàn", kind=Unit.Kind.CENTRAL)
    union = UnionFactory(name=MINISTRY, superior=top, document_code="ĐTN", place="Hà Nội")
    branch = UnitFactory(name=BRANCH, superior=union, party_body="Chi bộ Cục Công nghệ thông tin", place="Hà Nội")
    chair = account_at(union, "inspection_chair", full_name="Trần Minh Quân")
    secretary = account_at(branch, "secretary", full_name="Đỗ Hải Yến")
    programme = draft_programme(
        by=chair, unit=union, year=2019, number="02-KH/ĐTN-UBKT", issued_on=PROGRAMMED, in_name_of="committee",
        title="Kế hoạch kiểm tra, giám sát công tác Đoàn và phong trào thanh niên năm 2019",
        purpose="Đánh giá việc thực hiện nhiệm vụ năm 2019.", topics=[TopicLine("Công tác Đoàn năm 2019")],
    )  # fmt: skip
    programme = issue_programme(
        programme=programme, version=programme.version, by=chair, number=programme.number, issued_on=PROGRAMMED
    )
    [case] = plan_inspections(
        by=chair, on=Day(2019, 11, 4), programme=programme, units=[branch],
        title="Kiểm tra công tác Đoàn năm 2019, giám sát thực hiện Chỉ thị số 42-CT/TW",
        inspection_kind="periodic", supervision_kind="thematic", review_from=Day(2019, 1, 1), review_to=VISIT,
        visited_on=VISIT, day_part="afternoon", place="Trụ sở Cục", reason="Theo lịch năm",
        topics=[
            TopicLine("Công tác Đoàn và phong trào thanh niên năm 2019"),
            TopicLine("Thực hiện Chỉ thị số 42-CT/TW ngày 24/03/2015", use="supervise"),
            TopicLine("Việc ứng dụng công nghệ thông tin trong công tác Đoàn", use="question"),
        ],
        team=[
            SeatLine("Trần Minh Quân", "Phó Bí thư, Chủ nhiệm Ủy ban Kiểm tra", role="head"),
            SeatLine("Lê Thị Hoa", "Ủy viên Ủy ban Kiểm tra", role="secretary"),
        ],
    )  # fmt: skip
    return CaseA(union, branch, chair, secretary, programme, case)


def sent_case() -> CaseA:
    a = planned_case()
    a.case = send_plan(
        inspection=a.case, version=a.case.version, by=a.chair, on=SENT, sent_on=SENT,
        self_report_due_on=Day(2019, 11, 21),
    )  # fmt: skip
    return a


def visited_case() -> CaseA:
    a = sent_case()
    question = a.case.topics.get(use="question")
    a.case = record_visit(
        inspection=a.case, version=a.case.version, by=a.chair, on=VISIT, visited_on=VISIT, day_part="afternoon",
        place="Trụ sở Cục", unit_account="Năm 2019, Chi đoàn đăng 06 ý tưởng, hoàn thành 01 công trình thanh niên.",
        party_remark="Chi bộ coi buổi làm việc là dịp nhìn lại một năm.", reason="Đơn vị báo cáo tại buổi làm việc",
        hosts=[HostLine("Đỗ Hải Yến", "Bí thư Chi đoàn"), HostLine("Toàn thể đoàn viên Chi đoàn")],
        answers={question.pk: "Chi đoàn đã làm phần mềm thi trắc nghiệm"},
    )  # fmt: skip
    find = {"inspection": a.case, "by": a.chair}
    add_finding(**find, kind=Finding.Class.MERIT, text="Chuẩn bị báo cáo và hồ sơ đầy đủ")
    weak = add_finding(
        **find, kind=Finding.Class.SHORTCOMING, text="Hoạt động chưa đều, chưa thường xuyên.", self_stated=True,
        weight=2, facts="Sinh hoạt 9/12 tháng",
    )  # fmt: skip
    ask = {"inspection": a.case, "by": a.chair, "owner": "Ban Chấp hành Chi đoàn"}
    recommend(**ask, text="Xây dựng ngay kế hoạch năm 2020.", due_on=Day(2020, 1, 15), expected_proof="Kế hoạch 2020",
              findings=[weak])  # fmt: skip
    recommend(**ask, text="Triển khai đều các mặt công tác, chọn một điểm mạnh.", due_on=Day(2020, 6, 30))
    recommend(**ask, text="Chủ động đề xuất và nhận những việc có thể đi đầu.", no_due_date=True)
    return a


def concluded_case(number: str = "11-TB/ĐTN-UBKT") -> CaseA:
    a = visited_case()
    case = a.fresh()
    a.case = conclude(
        inspection=case, version=case.version, by=a.chair, on=NOTICE, concluded_on=NOTICE, number=number,
        opening="Chi đoàn chuẩn bị tốt, báo cáo trung thực.", signer_capacity="TM. BAN CHẤP HÀNH",
        signer_post="PHÓ BÍ THƯ", signer_name="Trần Minh Quân",
    )  # fmt: skip
    return a
