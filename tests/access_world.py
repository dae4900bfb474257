"""A small organisation in which every relation to one branch occurs once, and one object of every kind there.

Trung ương ─ Tỉnh đoàn ─ Đoàn Khối ─┬─ own ── below
                 │                  └─ sibling
                 └─ (another) Tỉnh đoàn xa ─ far
"""

import datetime

from django.core.files.base import ContentFile
from django.utils import timezone

from branches.inviting import invite
from branches.models import (
    Admission,
    AwayStay,
    DataRequest,
    Evidence,
    HandoverNote,
    ImportRow,
    Member,
    MemberImport,
    Membership,
    Transfer,
    Unit,
)
from branches.proposing import propose
from branches.self_correcting import make_link
from inspections.models import (
    Finding,
    Inspection,
    InspectionProgramme,
    Recommendation,
    TeamSeat,
    UnitAnswer,
    UnitAnswerFile,
)
from reports.models import PeriodReport, ReportSection, ReportSentence

from .access_expectations import BY_SECRET
from .assessed_world import add_assessments, assessment_arguments
from .cases_world import add_cases, cases_objects
from .checklists_world import add_checklists, checklist_arguments, checklist_objects
from .dues_world import add_dues, dues_objects, february_paid
from .duties_world import add_duties, duty_arguments
from .factories import (
    AccountFactory,
    ActivityFactory,
    DirectionFactory,
    MemberFactory,
    PostFactory,
    QuantityFactory,
    TargetFactory,
    TermFactory,
    UnionFactory,
    UnitFactory,
    account_at,
    year,
)
from .following_world import add_following, following_objects
from .meetings_world import add_meetings, meetings_objects
from .merit_world import add_merit, merit_objects
from .minutes_world import add_minutes, minutes_objects
from .papers_world import add_papers, papers_objects
from .report_worlds import add_reports, reports_arguments, reports_objects
from .room_world import add_room, room_arguments, room_objects
from .tasks_world import add_tasks, tasks_objects
from .word_templates_world import pdf_beside

LONG_AGO = datetime.date(2020, 1, 1)
YESTERDAY = datetime.date.today() - datetime.timedelta(days=1)  # noqa: DTZ011 - both sides of midnight are former


RELATIONS = (
    "secretary", "committee_member", "member", "superior", "inspector", "party", "party_above", "administrator",
    "top_inspector", "below", "sibling", "sibling_party", "sibling_inspector", "far", "far_superior", "far_inspector",
    "former", "seat", "head", "former_seat", "other_seat", "no_post", "superuser_without_post",
)  # fmt: skip


class World:
    """Units, accounts by the name of their relation, and the keyword arguments every address needs."""

    def __init__(self):
        top = UnionFactory(kind=Unit.Kind.PROVINCE, name="Tỉnh đoàn")
        self.union = UnionFactory(superior=top)
        self.own = UnitFactory(superior=self.union, kind=Unit.Kind.GRASSROOTS_BRANCH)
        below = UnitFactory(superior=self.own, kind=Unit.Kind.SUB_BRANCH)
        sibling = UnitFactory(superior=self.union)
        far = UnitFactory(superior=UnionFactory(superior=UnionFactory(kind=Unit.Kind.PROVINCE)))
        self.accounts = {
            "secretary": account_at(self.own),
            "committee_member": account_at(self.own, "committee_member"),
            "member": account_at(self.own, "member"),
            "superior": account_at(self.union, "superior_office"),
            "inspector": account_at(self.union, "inspection_chair"),
            "party": account_at(self.own, "party_secretary"),
            "party_above": account_at(self.union, "party_member"),
            "administrator": account_at(top, "administrator"),
            "top_inspector": account_at(top, "inspection_chair"),
            "below": account_at(below),
            "sibling": account_at(sibling),
            "sibling_party": account_at(sibling, "party_secretary"),
            "sibling_inspector": account_at(sibling, "inspection_member"),
            "far": account_at(far),
            "far_superior": account_at(Unit.objects.get(pk=far.superior_pk), "superior_office"),
            "far_inspector": account_at(Unit.objects.get(pk=far.superior_pk), "inspection_chair"),
            "former": PostFactory(unit=self.own, starts_on=LONG_AGO, ends_on=YESTERDAY).account,
            "seat": AccountFactory(),
            "head": AccountFactory(),
            "former_seat": AccountFactory(),
            "other_seat": AccountFactory(),
            "no_post": AccountFactory(),
            "superuser_without_post": AccountFactory(is_superuser=True, is_staff=True),
        }
        self._person()
        self._work()
        add_dues(self)
        add_assessments(self)
        add_tasks(self)
        self._inspection()
        add_cases(self)
        add_papers(self)
        add_following(self)
        add_checklists(self)
        self._report()
        add_duties(self)
        add_meetings(self)
        add_minutes(self)
        add_merit(self)
        add_room(self)
        add_reports(self)

    def _person(self):
        self.member = MemberFactory(home=self.own)
        Member.objects.filter(pk=self.member.pk).update(phone="0900000001")
        account = self.accounts["member"]
        account.member = self.member
        account.save()
        self.other_member = MemberFactory(home=self.own)
        self._list()
        self._lives()
        self._privacy()
        self._posts()

    def _list(self):
        """A list from Excel at its preview, with one row that needs a correction."""
        self.list = MemberImport(
            unit=self.own, account=self.accounts["secretary"], name="danh sach.csv", state="preview",
            starts_on=LONG_AGO, sheets=[{
                "name": "danh sach", "taken": True, "unit": None, "legacy": "", "rows": 1,
                "header_rows": [1], "first_row": 2,
                "columns": [{"index": 0, "title": "Họ và tên", "key": "ho va ten", "field": "full_name", "sure": True,
                             "samples": []}],
            }],
        )  # fmt: skip
        self.list.file.save("danh-sach", ContentFile("Họ và tên\nNgười trong tệp\n".encode()))
        self.list_row = ImportRow.objects.create(
            belongs_to=self.list, sheet=0, number=2, unit=self.own, state="error",
            cells={"full_name": "Người trong tệp"}, values={"full_name": "Người trong tệp"}, problems=[],
        )  # fmt: skip

    def _posts(self):
        """A deputy, a note of a former secretary, somebody who has been invited."""
        self.deputy = PostFactory(unit=self.own, type="deputy_secretary")
        secretary = self.accounts["secretary"]
        self.note = HandoverNote.objects.create(
            unit=self.own, type=secretary.posts.get().type, text="Sổ ở tủ số 2", written_by=secretary,
            written_on=LONG_AGO,
        )  # fmt: skip
        newcomer = AccountFactory()
        newcomer.set_unusable_password()
        newcomer.save()
        PostFactory(unit=self.own, type="committee_member", account=newcomer)
        now = timezone.now()
        self.invitation = invite(by=secretary, account=newcomer, unit=self.own, at=now, on=now.date())

    def _lives(self):
        """Who asks to join, who moves to the sibling, who takes part elsewhere, a guest, who matured."""
        sibling, secretary = self.accounts["sibling"].posts.get().unit, self.accounts["secretary"]
        applicant = {
            "unit": self.own, "full_name": "Người xin vào", "birth_date": datetime.date(2009, 1, 1),
            "applied_on": datetime.date(2026, 9, 1), "introduced_by": "Một đoàn viên", "written_by": secretary,
        }  # fmt: skip
        self.applicant = Admission.objects.create(**applicant)
        self.voted = Admission.objects.create(
            state="voted",
            voted_on=datetime.date(2026, 10, 1),
            members_present=3,
            votes_for=3,
            **applicant | {"full_name": "Người chờ chuẩn y"},
        )
        self.moving = MemberFactory(home=self.own)
        self.transfer = Transfer.objects.create(
            member=self.moving, source=self.own, target=sibling, target_name=sibling.name, remark="Tốt",
            asked_on=datetime.date(2026, 10, 1), due_on=datetime.date(2026, 11, 1), sent_by=secretary,
        )  # fmt: skip
        away = {"kind": "temporary", "starts_on": datetime.date(2026, 9, 1), "begin_reason": "moved_in"}
        self.away = Membership.objects.create(member=self.other_member, unit=sibling, **away)
        self.away_outside = AwayStay.objects.create(
            member=self.other_member, kind="temporary", place="Thành phố Đà Nẵng", starts_on=away["starts_on"],
            written_by=self.accounts["secretary"],
        )  # fmt: skip
        self.guest = Membership.objects.create(member=MemberFactory(home=sibling), unit=self.own, **away)
        matured = MemberFactory(home=self.own, is_active=False)
        matured.memberships.update(ends_on=datetime.date(2026, 3, 26), end_reason="matured")

    def _privacy(self):
        """A link to correct one's own record, something proposed by it, a request about data, one who left long ago."""
        secretary = self.accounts["secretary"]
        self.link, self.token = make_link(unit=self.own, by=secretary, now=timezone.now())
        self.proposal = propose(member=self.other_member, values={"job": "Kế toán"}, link=self.link)[0]
        self.data_request = DataRequest.objects.create(
            unit=self.own, member=self.other_member, name="Người hỏi", kind="copy", received_on=LONG_AGO,
            answer_due_on=LONG_AGO, finish_due_on=LONG_AGO, written_by=secretary,
        )  # fmt: skip
        self.long_gone = MemberFactory(home=self.own, is_active=False)
        self.long_gone.memberships.update(ends_on=LONG_AGO, end_reason="matured")

    def _work(self):
        self.activity = ActivityFactory(unit=self.own)
        self.planned = ActivityFactory(unit=self.own, state="planned")
        self.target = TargetFactory(unit=self.own)
        QuantityFactory(activity=self.activity, indicator=self.target.indicator)
        self.union_target = TargetFactory(unit=self.union, indicator=self.target.indicator)
        self.direction = DirectionFactory(unit=self.own)
        earlier = TermFactory(unit=self.own)
        TargetFactory(unit=self.own, period=earlier)
        self.term = TermFactory(unit=self.own, starts_on=earlier.ends_on, ends_on=datetime.date(2027, 5, 1))
        self.evidence = Evidence(activity=self.activity, kind="picture", content_type="image/jpeg", name="anh.jpg")
        self.evidence.file.save("anh.jpg", ContentFile(b"not really a picture"))

    def _inspection(self):
        self.programme = InspectionProgramme.objects.create(
            unit=self.union, year=2026, number="02-KH/ĐTN-UBKT", issued_on=datetime.date(2026, 2, 28),
            in_name_of="inspection", title="Kiểm tra, giám sát năm 2026",
        )  # fmt: skip
        case = {
            "programme": self.programme, "unit": self.own, "title": "Công tác năm", "inspection_kind": "periodic",
            "review_from": datetime.date(2026, 1, 1), "review_to": datetime.date(2026, 10, 1),
            "visited_on": datetime.date(2026, 9, 1),
        }  # fmt: skip
        self.case = Inspection.objects.create(state="concluded", concluded_on=datetime.date(2026, 9, 10), **case)
        self.draft_case = Inspection.objects.create(state="visited", **case)
        seats = (("seat", "member", None), ("head", "head", None), ("former_seat", "member", YESTERDAY))
        for place, (name, role, ends_on) in enumerate(seats):
            for inspection in (self.case, self.draft_case):
                TeamSeat.objects.create(
                    inspection=inspection, account=self.accounts[name], name="Người trong đoàn", position=place,
                    role=role, starts_on=LONG_AGO, ends_on=ends_on,
                )  # fmt: skip
        self.open_seat = self.draft_case.team.get(account=self.accounts["seat"])
        self.finding = Finding.objects.create(inspection=self.draft_case, kind="shortcoming", text="Sinh hoạt chưa đều")
        due = datetime.date(2026, 12, 31)
        advice = {"text": "Sinh hoạt đều", "owner": "BCH", "original_due_on": due, "due_on": due}
        self.draft_advice = Recommendation.objects.create(inspection=self.draft_case, number=1, **advice)
        self.advice = Recommendation.objects.create(inspection=self.case, number=1, **advice)
        self.answered = Recommendation.objects.create(inspection=self.case, number=2, state="answered", **advice)
        self.answer = UnitAnswer.objects.create(
            recommendation=self.answered, text="Đã làm", answered_on=datetime.date(2026, 10, 1),
            answered_by=self.accounts["secretary"],
        )  # fmt: skip
        self.answer_file = UnitAnswerFile(answer=self.answer, kind="pdf", content_type="application/pdf", name="a.pdf")
        self.answer_file.file.save("a.pdf", ContentFile(b"%PDF-1.4"))

    def _report(self):
        self.report = PeriodReport.objects.create(
            unit=self.own, period=year(2026), number="7", dated_on=datetime.date(2026, 11, 20)
        )
        self.section = ReportSection.objects.create(report=self.report, key="movement", position=1)
        self.sentence = ReportSentence.objects.create(section=self.section, position=1, text="Câu tự viết.")

    def arguments(self, name: str) -> dict | None:
        """The arguments of a named address about `own`; None where nobody wrote them down yet."""
        name, unit = pdf_beside(name), {"pk": self.own.pk}
        objects = (
            cases_objects(self) | checklist_objects(self) | dues_objects(self) | merit_objects(self)
            | meetings_objects(self) | minutes_objects(self) | tasks_objects(self)
        ) | papers_objects(self) | following_objects(self) | room_objects(self) | reports_objects(self) | {
            "branches:import": self.list, "branches:import_columns": self.list, "branches:import_read": self.list,
            "branches:import_namesakes": self.list, "branches:import_apply": self.list,
            "branches:import_left_out": self.list, "branches:import_undo": self.list,
            "branches:import_row": self.list_row,
            "branches:activity": self.activity, "branches:activity_edit": self.activity,
            "branches:activity_hold": self.planned, "branches:activity_cancel": self.planned,
            "branches:evidence": self.evidence, "branches:evidence_delete": self.evidence,
            "branches:member": self.other_member, "branches:member_edit": self.other_member,
            "branches:member_sensitive": self.other_member, "branches:member_merges": self.other_member,
            "branches:admission": self.applicant, "branches:admission_edit": self.applicant,
            "branches:admission_vote": self.applicant, "branches:admission_withdraw": self.applicant,
            "branches:admission_decide": self.voted, "branches:admission_refuse": self.voted,
            "reports:admission_request_pdf": self.voted, "reports:admission_decision_pdf": self.voted,
            "branches:transfer": self.transfer, "branches:transfer_accept": self.transfer,
            "branches:transfer_return": self.transfer, "branches:transfer_withdraw": self.transfer,
            "branches:transfer_hand_on": self.transfer, "reports:transfer_letter_pdf": self.transfer,
            "branches:transfer_new": self.other_member, "branches:stay_new": self.other_member,
            "branches:away_end": self.away_outside,
            "branches:stay_end": self.guest, "branches:member_leave": self.other_member,
            "branches:member_return": self.other_member,
            "branches:stay_on": self.other_member,
            "branches:self_link_member": self.other_member, "branches:consent": self.other_member,
            "branches:own_data": self.other_member, "branches:anonymise": self.long_gone,
            "branches:self_link_revoke": self.link, "branches:data_request": self.data_request,
            "branches:post_edit": self.deputy, "branches:post_end": self.deputy, "branches:handover": self.deputy,
            "branches:post_invite": self.deputy, "branches:post_uninvite": self.deputy,
            "branches:handover_note": self.note, "branches:term_edit": self.term,
            "branches:direction_edit": self.direction, "branches:direction_answer": self.direction,
            "branches:direction_withdraw": self.direction,
            "reports:target": self.target, "reports:target_revise": self.target, "reports:target_remove": self.target,
            "reports:target_hand_down": self.union_target,
            "reports:report": self.report, "reports:report_settings": self.report,
            "reports:report_pdf": self.edition.report,
            "reports:report_sentence": self.sentence, "reports:report_sentence_new": self.section,
            "reports:report_section_review": self.section, "reports:conclusion_pdf": self.case,
            "inspections:programme": self.programme, "inspections:programme_edit": self.programme,
            "inspections:inspection": self.case, "inspections:edit": self.draft_case,
            "inspections:team": self.draft_case, "inspections:visit": self.draft_case,
            "inspections:finding_new": self.draft_case, "inspections:finding_edit": self.finding,
            "inspections:finding_delete": self.finding, "inspections:recommendation_new": self.draft_case,
            "inspections:recommendation_edit": self.draft_advice,
            "inspections:recommendation_delete": self.draft_advice,
            "inspections:recommendation_withdraw": self.advice, "inspections:recommendation_extend": self.advice,
            "inspections:answer": self.advice, "inspections:check": self.answered,
            "inspections:conclude": self.draft_case, "inspections:close": self.case,
            "inspections:number": self.case, "inspections:seat_end": self.open_seat,
            "inspections:answer_file": self.answer_file,
        }  # fmt: skip
        more = {
            "inspections:paper_new": {"pk": self.draft_case.pk, "kind": "decision"},
            "reports:figure": unit | {"code": self.target.indicator.code},
            "reports:board": {"pk": self.union.pk}, "reports:board_xlsx": {"pk": self.union.pk},
            "reports:plan_edit": unit | {"year": 2026}, "reports:plan_copy": unit | {"year": 2026},
            "reports:own_indicator_new": unit | {"year": 2026},
            "reports:term_plan_edit": unit | {"period": self.term.pk},
            "reports:term_plan_copy": unit | {"period": self.term.pk},
            "reports:party_summary_pdf": unit | {"year": 2026}, "reports:branch_book_pdf": unit | {"year": 2026},
            "reports:direction_sending": unit | {"sending": self.given.sending},
            "branches:direction_sending_edit": unit | {"sending": self.given.sending},
            "branches:direction_sending_withdraw": unit | {"sending": self.given.sending},
            "branches:member_merge": {"pk": self.other_member.pk, "other": self.member.pk},
            "branches:stay_end_at_home": {"pk": self.other_member.pk, "stay": self.away.pk},
            "branches:member_leave_for": {"pk": self.other_member.pk, "reason": "xoa-ten"},
            "branches:party_list": unit | {"kind": "introduced"},
            "branches:party_step_new": {"pk": self.other_member.pk, "kind": "prospect"},
            "reports:maturity_decision_pdf": unit | {"day": "2026-03-26"},
            **duty_arguments(self),
            **room_arguments(self),
            **reports_arguments(self),
            **checklist_arguments(self),
        }  # fmt: skip
        more |= assessment_arguments(self)
        if name == "branches:invitation":
            return {"token": self.invitation}
        if name == "branches:calendar_feed":
            return {"token": self.calendar}
        if name == "reports:paper_proof":
            return {"token": self.proof.token}
        if name in BY_SECRET:
            return {"token": self.token}
        if name in objects:
            return {"pk": objects[name].pk}
        return more.get(name, unit)

    def form(self, name: str) -> dict:
        """What a small state change needs to be understood."""
        forms = {
            "branches:dues_receive": february_paid(self),
            "reports:report_sentence": {"do": "save", "text": "Câu tự viết lại.", "version": self.sentence.version},
            "branches:duplicate_answer": {"do": "say", "first": self.member.pk, "second": self.other_member.pk},
        }
        return forms.get(name, {})
