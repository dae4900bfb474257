"""No form breaks on anything typed into it: saved, or an answer in Vietnamese, and never a 500.

Each form is read from its own page, filled so that it would be saved, and then some of its boxes get
something else. What is sent is what a browser would send. (The log of an activity is in test_activity_log.py.)
"""

import datetime
import re
from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from branches.models import Indicator
from reports.drafting import start_report
from reports.material import collect
from reports.models import ReportSection, ReportSentence

from . import inspecting
from .factories import (
    ActivityFactory,
    DirectionFactory,
    IndicatorFactory,
    MemberFactory,
    QuantityFactory,
    ShareFactory,
    TargetFactory,
    TermFactory,
    UnitFactory,
    WorkAreaFactory,
    account_at,
    year,
)

pytestmark = pytest.mark.django_db

TRICKY = (
    "", " ", "0", "-1", "1,5", "1.200,5", "1e9", "NaN", "Infinity", "9" * 40, "٣", "²", "\x00", "a\x00b", "=1+1",
    "<b>x</b>", "'; DROP TABLE x;--", "on", "None", "null", "true", "[]", "2-3", "3-2", "≥ 0", "≤", "100%", "101%",
    "không", "12/tháng", "0/0", "31/02/2026", "0001-01-01", "9999-12-31", "2026-13-45", "22/11/26", "1/1",
    "x" * 5000, "́" * 40, "\u202e\u200b", "🙂" * 30, "-9223372036854775809", "99999999999999999999",
)  # fmt: skip
JUNK = st.one_of(st.sampled_from(TRICKY), st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
# The words of Django's own answers: a person here would not understand them.
FOREIGN = re.compile(
    r"This field|Select a valid|Enter a |Ensure th|ManagementForm|may not be|not a valid|already exists|is required|"
    r"is not one of|Please |must be |Traceback|Hidden field"
)


class _Form(HTMLParser):
    """What a browser would send of the first form that posts in the main part of a page, as it stands."""

    def __init__(self):
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.choices: dict[str, list[str]] = {}
        self.in_main = self.inside = self.ended = False
        self.select = self.area = ""

    def handle_starttag(self, tag, attrs):
        one = dict(attrs)
        self.in_main = self.in_main or tag == "main"
        if tag == "form" and self.in_main and not self.ended:
            self.inside = (one.get("method") or "").lower() == "post"
        if not self.inside:
            return
        name, value = one.get("name") or "", one.get("value")
        if tag == "input" and name and one.get("type") not in ("file", "submit", "button"):
            if one.get("type") in ("radio", "checkbox"):
                value = "on" if value is None else value
                self.choices.setdefault(name, []).append(value)
                if "checked" not in one:
                    return
            self.sent.setdefault(name, []).append(value or "")
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            self.choices.setdefault(self.select, []).append(value or "")
            if "selected" in one or self.select not in self.sent:
                self.sent[self.select] = [value or ""]
        elif tag == "textarea":
            self.area = name
            self.sent[name] = [""]

    def handle_data(self, data):
        if self.area:
            self.sent[self.area][0] += data.strip()

    def handle_endtag(self, tag):
        if tag == "form" and self.inside:
            self.inside, self.ended = False, True
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""


def form_on(page: str) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    form = _Form()
    form.feed(page)
    form.sent.pop("csrfmiddlewaretoken", None)
    return form.sent, form.choices


# --- the forms, each with who opens it, where, and what makes it right -------------------------------------


def _branch():
    unit = UnitFactory()
    MemberFactory(home=unit, full_name="Nguyễn Thị Ánh")
    return unit, account_at(unit)


def plan_grid():
    unit, secretary = _branch()
    DirectionFactory(unit=unit)
    Indicator.objects.filter(owner=None).update(owner=UnitFactory())  # the whole catalogue would only cost time
    for make in (IndicatorFactory, ShareFactory):
        TargetFactory(unit=unit, indicator=make(), value=80)
    tied = TargetFactory(unit=unit).indicator
    QuantityFactory(activity=ActivityFactory(unit=unit), indicator=tied)
    IndicatorFactory(measure="yes_no")
    return secretary, "reports:plan_edit", [unit.pk, 2026], {}


def own_indicator():
    unit, secretary = _branch()
    filled = {"area": str(WorkAreaFactory().pk), "name": "Buổi chạy bộ", "unit_word": "buổi", "aim": "≥ 4"}
    return secretary, "reports:own_indicator_new", [unit.pk, 2026], filled


def term():
    unit, secretary = _branch()
    filled = {"name": "Nhiệm kỳ VII", "starts_on": "2027-01-01", "last_day": "2029-12-31"}
    return secretary, "reports:term_new", [unit.pk], filled


def term_grid():
    unit, secretary = _branch()
    Indicator.objects.filter(owner=None).update(owner=UnitFactory())
    term = TermFactory(unit=unit)
    TargetFactory(unit=unit, period=term, indicator=IndicatorFactory())
    return secretary, "reports:term_plan_edit", [unit.pk, term.pk], {}


def revision():
    unit, secretary = _branch()
    target = TargetFactory(unit=unit)
    QuantityFactory(activity=ActivityFactory(unit=unit), indicator=target.indicator)
    return secretary, "reports:target_revise", [target.pk], {"aim": "≥ 6", "reason": "Cấp trên giao thêm"}


def hand_down():
    scene = inspecting.scene()
    target = TargetFactory(unit=scene.union, value=10)
    return account_at(scene.union, "superior_office"), "reports:target_hand_down", [target.pk], {}


def direction():
    unit, secretary = _branch()
    filled = {"given_by": "party", "body_name": "Chi bộ", "given_on": "2026-03-31", "text": "Lượng hóa công việc"}
    return secretary, "branches:direction_new", [unit.pk], filled


def direction_edit():
    unit, secretary = _branch()
    return secretary, "branches:direction_edit", [DirectionFactory(unit=unit).pk], {}


def direction_answer():
    unit, secretary = _branch()
    filled = {"answer": "Đã lập kế hoạch", "answered_on": "2026-05-01"}
    return secretary, "branches:direction_answer", [DirectionFactory(unit=unit).pk], filled


def member():
    unit, secretary = _branch()
    filled = {"full_name": "Trần Văn Đức", "sex": "male", "birth_date": "2001-03-26", "starts_on": "2026-01-05"}
    return secretary, "branches:member_new", [unit.pk], filled


def member_edit():
    unit, secretary = _branch()
    return secretary, "branches:member_edit", [unit.memberships.get().member_id], {}


def member_sensitive():
    unit, secretary = _branch()
    return secretary, "branches:member_sensitive", [unit.memberships.get().member_id], {}


def cancelling():
    unit, secretary = _branch()
    activity = ActivityFactory(unit=unit, state="planned")
    return secretary, "branches:activity_cancel", [activity.pk], {"cancel_reason": "Mưa bão"}


def programme():
    filled = {
        "number": "07-KH/UBKT", "issued_on": "2026-02-28", "in_name_of": "inspection", "title": "Kiểm tra năm 2026",
    }  # fmt: skip
    return inspecting.scene().chair, "inspections:programme_new", [], filled


def programme_edit():
    scene = inspecting.scene()
    return scene.chair, "inspections:programme_edit", [scene.programme.pk], {"reason": "Theo văn bản"}


def case_new():
    scene = inspecting.scene()
    filled = {
        "title": "Công tác Đoàn", "units": str(scene.branch.pk), "inspection_kind": "periodic",
        "inspect_topics": "Nền nếp\nSổ sách", "visited_on": "2026-09-28", "day_part": "morning",
        "reason": "Bổ sung theo chỉ đạo",
    }  # fmt: skip
    return scene.chair, "inspections:new", [], filled


def case_edit():
    scene = inspecting.scene()
    return scene.chair, "inspections:edit", [inspecting.planned(scene).pk], {}


def team():
    scene = inspecting.scene()
    return scene.chair, "inspections:team", [inspecting.planned(scene).pk], {"doan-2-name": "Người Mới"}


def visit():
    scene = inspecting.scene()
    filled = {"day_part": "afternoon", "nguoi-du-0-name": "Toàn thể đoàn viên", "cau-hoi-0-text": "Vì sao?"}
    filled["reason"] = "Đơn vị báo cáo tại chỗ"
    return scene.chair, "inspections:visit", [inspecting.planned(scene).pk], filled


def finding():
    scene = inspecting.scene()
    TargetFactory(unit=scene.branch)
    ActivityFactory(unit=scene.branch)
    return scene.chair, "inspections:finding_new", [inspecting.visited(scene).pk], {"kind": "merit", "text": "Tốt"}


def recommendation():
    scene = inspecting.scene()
    case, _ = inspecting.with_findings(scene)
    filled = {"text": "Sinh hoạt đều", "owner": "Bí thư", "due_on": "2026-12-31"}
    return scene.chair, "inspections:recommendation_new", [case.pk], filled


def recommendation_edit():
    scene = inspecting.scene()
    return scene.chair, "inspections:recommendation_edit", [inspecting.with_findings(scene)[1].pk], {}


def conclusion():
    scene = inspecting.scene()
    return scene.chair, "inspections:conclude", [inspecting.with_findings(scene)[0].pk], {"number": "09-TB/ĐTN"}


def answer():
    scene = inspecting.scene()
    ActivityFactory(unit=scene.branch)
    TargetFactory(unit=scene.branch)
    return scene.secretary, "inspections:answer", [inspecting.concluded(scene)[1].pk], {"text": "Đã làm xong"}


def check():
    scene = inspecting.scene()
    return scene.chair, "inspections:check", [inspecting.answered(scene)[1].pk], {"verdict": "adequate", "text": "Đúng"}


def extension():
    scene = inspecting.scene()
    filled = {"due_on": "2026-12-31", "reason": "Đơn vị xin lùi"}
    return scene.chair, "inspections:recommendation_extend", [inspecting.concluded(scene)[1].pk], filled


def withdrawal():
    scene = inspecting.scene()
    return scene.chair, "inspections:recommendation_withdraw", [inspecting.concluded(scene)[1].pk], {"reason": "Trùng"}


def _report():
    unit, secretary = _branch()
    target = TargetFactory(unit=unit, indicator=IndicatorFactory(area=WorkAreaFactory()))
    QuantityFactory(activity=ActivityFactory(unit=unit), indicator=target.indicator, value=3)
    material = collect(unit, year(2026), as_of=inspecting.TODAY)
    return secretary, start_report(by=secretary, unit=unit, period=year(2026), material=material)


def report_new():
    unit, secretary = _branch()
    return secretary, "reports:report_new", [unit.pk], {"period": "2026"}


def report_settings():
    secretary, report = _report()
    return secretary, "reports:report_settings", [report.pk], {"number": "3", "dated_on": "2026-11-20"}


def sentence():
    secretary, report = _report()
    one = ReportSentence.objects.filter(section__report=report).order_by("pk").last()
    return secretary, "reports:report_sentence", [one.pk], {"text": "Câu khác.", "version": "1", "do": "save"}


def sentence_new():
    secretary, report = _report()
    section = ReportSection.objects.filter(report=report, key="merits").get()
    key = "5f0c1f0e-8d8f-4a55-9d0f-0f6f5a1b2c3d"
    return secretary, "reports:report_sentence_new", [section.pk], {"text": "Câu mới.", "form_key": key, "source": ""}


FORMS = (
    plan_grid, own_indicator, term, term_grid, revision, hand_down, direction, direction_edit, direction_answer,
    member, member_edit, member_sensitive, cancelling, programme, programme_edit, case_new, case_edit, team, visit,
    finding, recommendation, recommendation_edit, conclusion, answer, check, extension, withdrawal, report_new,
    report_settings, sentence, sentence_new,
)  # fmt: skip
WITHOUT_PAGE = (sentence, sentence_new)  # they post from the editor of the report


def assert_answered(answer):
    """Saved, or shown again with an answer in Vietnamese."""
    assert answer.status_code in (200, 302, 409)
    if answer.status_code != 302:
        page = answer.content.decode()
        assert 'role="alert"' in page or "invalid-feedback" in page
        assert FOREIGN.findall(page) == []


@pytest.mark.parametrize("make", FORMS, ids=lambda make: make.__name__)
def test_form_saves_or_answers_in_vietnamese(client, monkeypatch, make):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: datetime.date(2026, 11, 22))
    person, name, args, filled = make()
    client.force_login(person)
    address = reverse(name, args=args)
    sent, choices = ({}, {}) if make in WITHOUT_PAGE else form_on(client.get(address).content.decode())
    right = sent | {box: [value] for box, value in filled.items()}
    with transaction.atomic():
        saved = client.post(address, right)
        transaction.set_rollback(True)
    assert saved.status_code == 302, "the form would not be saved even when filled in rightly"

    if make not in WITHOUT_PAGE:
        with transaction.atomic():  # what a browser sends after it lost the page's fields: nothing
            assert_answered(client.post(address, {}))
            transaction.set_rollback(True)

    @settings(max_examples=8, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(data=st.data())
    def whatever_is_typed(data):
        typed = dict(right)
        boxes = sorted((right.keys() | choices.keys()) - {"do"})  # which button it was is nothing a person types
        for box in data.draw(st.lists(st.sampled_from(boxes), min_size=1, max_size=5)):
            known = [st.lists(st.sampled_from(choices[box]), max_size=3)] if box in choices else []
            typed[box] = data.draw(st.one_of(st.lists(JUNK, max_size=2), *known))
        with transaction.atomic():  # every try begins at the same record
            answer = client.post(address, typed)
            transaction.set_rollback(True)
        assert_answered(answer)

    whatever_is_typed()
