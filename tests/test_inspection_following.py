"""From a finding to a closed recommendation: repeats, checks, what the unit makes of it, and the pages of all this."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from branches.aims import WrittenAim
from branches.models import Target, Task
from inspections.conducting import add_finding, conclude
from inspections.easing import accept_not_done, ask_extension
from inspections.following import answer_recommendation, check_answer
from inspections.models import ChecklistItem, ExtensionRequest, Finding, Inspection, Recommendation
from inspections.repeating import earlier_faults, suggest_repeats, times_found
from inspections.states import InspectionRefused
from inspections.taking_up import link_target, plan_as_target, plan_as_task
from inspections.views.cards import cards, with_lanes
from tests.factories import AccountFactory, IndicatorFactory, TargetFactory, account_at
from tests.inspecting import NOTICE, TODAY, answered, concluded, scene, stranger, visited, with_findings

pytestmark = pytest.mark.django_db
State = Recommendation.State
PHONE = 360


@pytest.fixture
def s():
    return scene()


@pytest.fixture
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


def at(name, *args):
    return reverse(f"inspections:{name}", args=args)


def key() -> dict:
    return {"form_key": str(uuid.uuid4())}


def fresh(row):
    return Recommendation.objects.select_related("inspection__unit").get(pk=row.pk)


def refusal(call, **kwargs) -> dict:
    with pytest.raises(InspectionRefused) as caught:
        call(**kwargs)
    return caught.value.errors


def told(s, **finding):
    """A case whose notice went out with this one fault."""
    case = visited(s)
    found = add_finding(inspection=case, by=s.chair, **{"kind": "shortcoming", "text": "Không có gì", **finding})
    conclude(inspection=case, version=case.version, by=s.chair, on=TODAY, concluded_on=NOTICE)
    return Finding.objects.select_related("inspection").get(pk=found.pk)


# --- findings that come again --------------------------------------------------------------------------------


def test_alike_is_the_same_target_the_same_item_or_like_words(s):
    indicator = IndicatorFactory(code="meetings_again", name="Số buổi sinh hoạt")
    target = TargetFactory(unit=s.branch, indicator=indicator)
    by_target = told(s, text="Chỉ tiêu này còn thấp", target=target)
    case = visited(s)
    item = ChecklistItem.objects.create(inspection=case, topic="Sinh hoạt", text="Biên bản có đủ chữ ký")
    by_item = add_finding(inspection=case, by=s.chair, kind="shortcoming", text="Thiếu chữ ký thư ký", item=item)
    conclude(inspection=case, version=case.version, by=s.chair, on=TODAY, concluded_on=NOTICE)
    by_words = told(s, text="Sổ theo dõi đoàn phí ghi chép không đầy đủ, chậm trích nộp")
    told(s, text="Hồ sơ kết nạp thiếu giấy khám sức khỏe")
    case = visited(s)
    earlier = earlier_faults(case)

    def alike(text="", **about):
        return [(one.finding.pk, one.why) for one in suggest_repeats(text, among=earlier, **about)]

    same_item = ChecklistItem(inspection=case, topic="Khác", text="BIÊN BẢN có đủ  chữ ký")
    assert alike(target=Target(indicator=indicator)) == [(by_target.pk, "cùng chỉ tiêu")]
    assert alike(item=same_item) == [(by_item.pk, "cùng mục trong phiếu kiểm tra")]
    # so, theo, ghi, chep, day, du, cham, trich, nop …: without marks, six tenths of the shorter text in common.
    assert alike("so doan phi ghi chep cham, trich nop khong day du") == [(by_words.pk, "nội dung giống nhau")]
    assert alike("Đoàn phí chậm nộp") == [(by_words.pk, "nội dung giống nhau")]
    assert alike("Đoàn phí nộp muộn so với kế hoạch của năm học tập") == []
    assert alike("Đoàn viên đi học xa") == []


def test_only_faults_of_this_unit_that_were_told_are_suggested(s):
    text = "Sinh hoạt hằng tháng không đều buổi"
    mine = told(s, text=text)
    told(s, text=text, kind="merit")
    draft = visited(s)
    add_finding(inspection=draft, by=s.chair, kind="shortcoming", text=text)
    elsewhere = visited(s, unit=s.sibling)
    add_finding(inspection=elsewhere, by=s.chair, kind="shortcoming", text=text)
    conclude(inspection=elsewhere, version=elsewhere.version, by=s.chair, on=TODAY, concluded_on=NOTICE)
    assert earlier_faults(visited(s)) == [mine]


def test_a_chain_is_counted_and_only_its_last_link_suggested(s):
    text = "Sinh hoạt hằng tháng không đều buổi"
    first = told(s, text=text)
    second = told(s, text=text, repeat_of=first)
    third = told(s, text=text, repeat_of=second)
    assert times_found([first, second, third], s.branch.pk) == {second.pk: 2, third.pk: 3}
    assert [one.finding for one in suggest_repeats(text, among=earlier_faults(visited(s)))] == [third]


@pytest.mark.parametrize("which", ["other unit", "draft", "merit"])
def test_repeat_of_anything_else_is_refused(s, which):
    if which == "other unit":
        case = visited(s, unit=s.sibling)
        before = add_finding(inspection=case, by=s.chair, kind="shortcoming", text="Ở nơi khác")
    elif which == "draft":
        before = add_finding(inspection=visited(s), by=s.chair, kind="shortcoming", text="Chưa thông báo")
    else:
        before = told(s, kind="merit", text="Làm tốt")
    said = refusal(add_finding, inspection=visited(s), by=s.chair, kind="shortcoming", text="Lại thế", repeat_of=before)
    assert list(said) == ["repeat_of"]


def test_form_asks_once_whether_it_is_the_same_again(client, s):
    before = told(s, text="Sinh hoạt hằng tháng không đều buổi")
    case = visited(s)
    client.force_login(s.chair)
    data = {"kind": "shortcoming", "text": "Tháng 3 không sinh hoạt, các buổi không đều hằng tháng"}

    page = client.post(at("finding_new", case.pk), data | key())
    assert page.context["form"].errors == {
        "again": ["Lần trước đã có nhận định giống thế này. Hãy chọn có lặp lại hay không."]
    }
    assert "05/10/2026: Sinh hoạt hằng tháng không đều buổi (nội dung giống nhau)" in page.text
    assert not Finding.objects.filter(inspection=case).exists()

    client.post(at("finding_new", case.pk), data | key() | {"again": "none"})
    client.post(at("finding_new", case.pk), data | key() | {"again": before.pk, "weight": "2", "facts": "7/9 buổi"})
    found = list(Finding.objects.filter(inspection=case).order_by("pk").values_list("repeat_of", "weight", "facts"))
    assert found == [(None, 0, ""), (before.pk, 2, "7/9 buổi")]
    assert "Lặp lại, lần thứ 2" in client.get(at("inspection", case.pk)).text


def test_merit_is_not_asked_and_keeps_no_weight(client, s):
    told(s, text="Sinh hoạt hằng tháng không đều buổi")
    case = visited(s)
    client.force_login(s.chair)
    data = {"kind": "merit", "text": "Sinh hoạt hằng tháng đều các buổi", "weight": "3"}
    assert client.post(at("finding_new", case.pk), data | key()).status_code == 302
    assert Finding.objects.get(inspection=case).weight == 0


def test_finding_starts_from_an_item(client, s):
    case = visited(s)
    item = ChecklistItem.objects.create(
        inspection=case, topic="Sinh hoạt", text="Họp đủ các tháng", fact_words="đã họp 7 trên 9 buổi"
    )
    other = ChecklistItem.objects.create(inspection=visited(s, unit=s.sibling), topic="Khác", text="Của nơi khác")
    client.force_login(s.chair)
    form = client.get(at("finding_new", case.pk) + f"?muc={item.pk}&loai=shortcoming").context["form"]
    assert (form.initial["item"], form.initial["facts"], form.initial["kind"]) == (
        item.pk, "đã họp 7 trên 9 buổi", "shortcoming",
    )  # fmt: skip
    for wrong in (other.pk, "abc", "9" * 30, ""):
        form = client.get(at("finding_new", case.pk) + f"?muc={wrong}").context["form"]
        assert "item" not in form.initial, wrong


# --- checks --------------------------------------------------------------------------------------------------


def judge(s, row, **fields):
    values = {"verdict": "adequate", "text": "Đã xem", "on": TODAY, "by": s.chair, **fields}
    return check_answer(recommendation=row, version=row.version, **values)


def test_what_needs_a_look_on_the_spot_is_closed_only_there(s):
    _, row = answered(s)
    judge(s, row, verdict="visit", text="Phải xem tủ hồ sơ")
    row = fresh(row)
    assert (row.state, row.sent_back_count) == (State.TO_VISIT, 0)
    assert list(Recommendation.objects.waiting_for_check()) == [row]
    assert refusal(judge, s=s, row=row) == {"mode": "Kiến nghị này chờ kiểm tra tại chỗ."}
    with pytest.raises(InspectionRefused, match="đang ở bước: chờ kiểm tra tại chỗ"):
        answer_recommendation(recommendation=row, version=row.version, by=s.secretary, on=TODAY, text="Thêm")
    judge(s, row, mode="visit")
    assert fresh(row).state == State.CLOSED


def test_reinspection_of_another_case_is_no_place_to_check(s):
    case, row = answered(s)
    other = visited(s)
    assert list(refusal(judge, s=s, row=row, mode="visit", in_case=other)) == ["in_case"]
    other.arose_from, other.arose_as = case, Inspection.Arose.REINSPECTION
    other.save()
    judge(s, row, mode="visit", in_case=other)
    assert row.checks.get().in_case == other


def test_card_warns_after_the_third_return(s):
    _, row = answered(s)
    for count in (1, 2, 3):
        judge(s, fresh(row), verdict="not_adequate", text="Còn thiếu")
        shown = cards(
            with_lanes(Recommendation.objects.filter(pk=row.pk)), TODAY, editable=set(), answerable=set(), warn_after=3
        )[0]
        expected = "Đã trả lại 3 lần, nên báo cấp trên của đơn vị." if count == 3 else ""
        assert (fresh(row).sent_back_count, shown["warning"]) == (count, expected)
        if count < 3:
            now = fresh(row)
            answer_recommendation(recommendation=now, version=now.version, by=s.secretary, on=TODAY, text="Đã bổ sung")


# --- what cards say and offer --------------------------------------------------------------------------------


def card_of(row, on=TODAY, **may):
    rights = {"editable": set(), "answerable": set(), **may}
    return cards(with_lanes(Recommendation.objects.filter(pk=row.pk)), on, **rights)[0]


def lanes(row, on=TODAY):
    card = card_of(row, on)
    return [(lane.standing, lane.word, lane.note) for lane in (card["unit"], card["check"])]


def test_lanes_of_what_is_accepted_and_after_it(s):
    _, row = concluded(s)
    accept_not_done(
        recommendation=row, version=row.version, by=s.chair, on=TODAY, until=datetime.date(2026, 12, 31),
        reason="Trụ sở đang sửa",
    )  # fmt: skip
    assert lanes(row) == [
        ("none", "Chưa phải làm", "Đến hết 31/12/2026"),
        ("none", "Chấp nhận chưa thực hiện", "Từ 22/11/2026 · Trụ sở đang sửa"),
    ]
    assert lanes(row, datetime.date(2027, 1, 2)) == [
        ("overdue", "Quá hạn 2 ngày", "Hết thời gian chấp nhận 31/12/2026"),
        ("none", "Chưa kiểm tra", "Chờ đơn vị báo"),
    ]


def test_lanes_of_what_waits_for_a_visit(s):
    _, row = answered(s)
    judge(s, row, verdict="visit", text="Phải xem tủ hồ sơ")
    assert lanes(row) == [
        ("done", "Đã làm", "20/10/2026"), ("going", "Chờ kiểm tra tại chỗ", "22/11/2026 · Phạm Thị Chủ Nhiệm"),
    ]  # fmt: skip


def test_who_is_offered_what_on_a_card(s):
    case, row = answered(s)
    ask_extension(
        recommendation=row, version=row.version, by=s.secretary, on=TODAY, due_on=datetime.date(2026, 12, 31),
        reason="Chờ lịch",
    )  # fmt: skip
    names = ("can_answer", "can_check", "can_move", "can_ask", "can_plan", "waits_for_me")

    def offered(**may):
        card = card_of(row, **may)
        return {name for name in names if card[name]}

    here = {case.pk}
    assert offered() == set()
    assert offered(answerable=here) == {"can_answer", "can_plan"}  # one request waits already
    assert offered(editable=here) == {"can_check", "waits_for_me"}
    assert offered(editable=here, deciding=here) == {"can_check", "can_move", "waits_for_me"}


def test_one_filled_button_on_the_page_of_a_case(client, s):
    case, _ = answered(s)
    for person in (s.chair, s.secretary):
        client.force_login(person)
        page = client.get(at("inspection", case.pk)).text
        assert page.count("btn-primary") <= 1


# --- into the plan -------------------------------------------------------------------------------------------


def test_recommendation_becomes_a_target_of_next_year(s):
    _, row = concluded(s)
    indicator = IndicatorFactory(code="meetings_taken", name="Số buổi sinh hoạt")
    target = plan_as_target(
        recommendation=row, version=row.version, by=s.secretary, unit=s.branch, year=2027, indicator=indicator,
        aim=WrittenAim(Target.Comparator.AT_LEAST, Decimal(12)),
    )  # fmt: skip
    assert list(fresh(row).targets.all()) == [target]
    assert (target.unit, target.period.year_number, target.value) == (s.branch, 2027, 12)
    assert target.document == "Thông báo kết luận 15-TB/ĐTN-UBKT, 05/10/2026, kiến nghị 1"
    assert fresh(row).state == State.OPEN  # planned is not done
    row = fresh(row)
    again = refusal(
        plan_as_target, recommendation=row, version=row.version, by=s.secretary, unit=s.branch, year=2027,
        indicator=indicator, aim=WrittenAim(Target.Comparator.AT_LEAST, Decimal(12)),
    )  # fmt: skip
    assert again == {None: "“Số buổi sinh hoạt” đã có chỉ tiêu trong năm 2027. Hãy sửa chỉ tiêu đó."}


def test_only_the_inspected_units_plan(s):
    _, row = concluded(s)
    said = "Chỉ đưa vào kế hoạch của đơn vị được kiểm tra."
    at_row = {"recommendation": row, "version": row.version, "by": s.secretary}
    assert refusal(link_target, **at_row, target=TargetFactory(unit=s.sibling)) == {None: said}
    assert refusal(plan_as_task, **at_row, on=TODAY, unit=s.sibling, text="Việc", owner_name="BCH") == {None: said}
    assert not Task.objects.exists()


@pytest.mark.usefixtures("_today")
def test_target_is_linked_once_and_shows_its_progress(client, s):
    case, row = concluded(s)
    target = TargetFactory(unit=s.branch, indicator=IndicatorFactory(code="taken_up", name="Số buổi sinh hoạt"))
    link_target(recommendation=row, version=row.version, by=s.secretary, target=target)
    row = fresh(row)
    again = refusal(link_target, recommendation=row, version=row.version, by=s.secretary, target=target)
    assert again == {"target": "Chỉ tiêu này đã gắn với kiến nghị."}
    client.force_login(s.chair)
    (card,) = client.get(at("inspection", case.pk)).context["cards"]
    from reports.followup import target_words
    from reports.progress import progress_for

    row_of_plan = next(r for r in progress_for(s.branch, target.period, as_of=TODAY).rows if r.target == target)
    assert card["plan"] == [{"target": target, "words": target_words([target], TODAY)[target.pk]}]
    assert card["plan"][0]["words"] == "kết quả chưa có số, kế hoạch ≥\u00a04 lượt người, chậm"
    assert (row_of_plan.done.lines, row_of_plan.is_late) == (0, True)


@pytest.mark.usefixtures("_today")
def test_unit_takes_it_up_through_the_pages(client, s):
    _, row = concluded(s)
    client.force_login(s.secretary)
    target = TargetFactory(unit=s.branch)
    url = at("recommendation_target", row.pk)
    empty = client.post(url, {"version": row.version} | key())
    assert empty.context["form"].errors == {"target": ["Hãy chọn chỉ tiêu."]}
    assert client.post(url, {"target": target.pk, "version": row.version} | key()).status_code == 302
    row = fresh(row)
    data = {"text": "Lập lịch sinh hoạt", "owner_name": "Ban Chấp hành", "version": row.version}
    assert client.post(at("recommendation_task", row.pk), data | key()).status_code == 302
    row = fresh(row)
    assert list(row.targets.all()) == [target]
    task = row.tasks.get()
    assert (task.unit, task.text, task.given_on, task.given_by) == (s.branch, "Lập lịch sinh hoạt", TODAY, s.secretary)
    page = client.get(at("inspection", row.inspection_id)).text
    assert "Việc đã giao" in page
    client.force_login(s.chair)
    page = client.get(at("inspection", row.inspection_id)).text
    assert "Lập lịch sinh hoạt" not in page  # the text of a task is the unit's own


# --- dates through the pages ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("_today")
def test_unit_asks_and_the_committee_answers(client, s):
    case, row = concluded(s)
    client.force_login(s.secretary)
    data = {"due_on": "31/12/2026", "reason": "Chờ lịch của Cục", "version": row.version} | key()
    assert client.post(at("extension_ask", row.pk), data).status_code == 302
    assert client.post(at("extension_ask", row.pk), data).status_code == 302  # sent twice is one
    asked = ExtensionRequest.objects.get()
    client.force_login(s.chair)
    listed = client.get(at("recommendation_list") + "?nhom=xin-gia-han").context
    assert ([card["row"].pk for card in listed["cards"]], listed["counts"]["asked"]) == ([row.pk], 1)
    wrong = client.post(at("extension_answer", asked.pk), {"answer": "no", "version": asked.version} | key())
    assert wrong.context["form"].errors == {"words": ["Hãy ghi vì sao không đồng ý."]}
    wrong = client.post(at("extension_answer", asked.pk), {"answer": "other", "version": asked.version} | key())
    assert wrong.context["form"].errors == {"due_on": ["Hãy ghi hạn khác."]}
    other = {"answer": "other", "due_on": "30/11/2026", "version": asked.version}
    assert client.post(at("extension_answer", asked.pk), other | key()).status_code == 302
    assert fresh(row).due_on == datetime.date(2026, 11, 30)
    page = client.get(at("inspection", case.pk)).text
    assert "hạn 30/11/2026, gốc 31/10/2026, gia hạn 1 lần" in page


@pytest.mark.parametrize("name", ["recommendation_accept", "recommendation_revoke", "recommendation_extend"])
def test_dates_are_decided_by_the_committee_and_not_by_a_seat_in_the_team(client, s, name):
    case, row = concluded(s)
    helper = AccountFactory(full_name="Người của đoàn kiểm tra")
    case.team.create(account=helper, name="Người của đoàn", starts_on=datetime.date(2026, 1, 1))
    member = account_at(s.branch, "member", full_name="Đoàn viên thường")
    for person, expected in [(s.chair, 200), (helper, 403), (s.secretary, 403), (member, 404), (stranger(), 404)]:
        client.force_login(person)
        assert client.get(at(name, row.pk)).status_code == expected, person


@pytest.mark.usefixtures("_today")
def test_acceptance_and_its_end_through_the_pages(client, s):
    _, row = concluded(s)
    client.force_login(s.chair)
    data = {"until": "31/12/2026", "reason": "Trụ sở đang sửa", "version": row.version} | key()
    assert client.post(at("recommendation_accept", row.pk), data).status_code == 302
    listed = client.get(at("recommendation_list") + "?nhom=chap-nhan").context
    assert ([card["row"].pk for card in listed["cards"]], listed["accepted"]) == ([row.pk], 1)
    assert client.get(at("recommendation_list")).context["cards"] == []
    row = fresh(row)
    assert client.post(at("recommendation_revoke", row.pk), {"version": row.version} | key()).status_code == 302
    assert fresh(row).state == State.OPEN


def test_recurring_is_written_and_shown_with_its_term(client, s):
    case, _ = with_findings(s)
    client.force_login(s.chair)
    data = {
        "text": "Nộp biên bản", "owner": "Thư ký", "due_on": "31/10/2026", "recurs": "month",
        "recurs_until": "31/12/2026",
    }  # fmt: skip
    assert client.post(at("recommendation_new", case.pk), data | key()).status_code == 302
    page = client.get(at("inspection", case.pk)).text
    assert "kỳ 1/3, hằng tháng đến 31/12/2026" in page
    wrong = client.post(at("recommendation_new", case.pk), data | key() | {"recurs_until": ""})
    assert list(wrong.context["form"].errors) == ["recurs_until"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_from_asking_for_time_to_closed_on_a_phone(open_page):
    """The unit asks for time and answers, the committee agrees and closes; on a phone, without anything typed twice."""
    s = scene()
    case, row = concluded(s)

    def go(page, role, name):
        with page.expect_navigation():
            page.get_by_role(role, name=name).click()

    unit = open_page(PHONE, s.secretary)
    unit.goto(at("inspection", case.pk))
    go(unit, "link", "Xin gia hạn")
    unit.locator("#id_due_on").fill("2031-12-31")
    unit.locator("#id_reason").fill("Chờ lịch của Cục")
    go(unit, "button", "Gửi đề nghị gia hạn")
    expect(unit.get_by_text("Đơn vị xin gia hạn đến")).to_be_visible()

    committee = open_page(PHONE, s.chair)
    committee.goto(at("inspection", case.pk))
    go(committee, "link", "Trả lời xin gia hạn")
    committee.get_by_text("Đồng ý đến 31/12/2031").click()
    go(committee, "button", "Trả lời đơn vị")
    expect(committee.get_by_text("hạn 31/12/2031, gốc 31/10/2026, gia hạn 1 lần")).to_be_visible()

    unit.goto(at("answer", row.pk))
    unit.locator("#id_text").fill("Đã họp đủ các tháng")
    go(unit, "button", "Gửi trả lời")
    expect(unit.get_by_text("Đã gửi trả lời")).to_be_visible()

    committee.goto(at("check", row.pk))
    committee.get_by_role("group", name="Kết quả").get_by_text("Đạt", exact=True).click()
    go(committee, "button", "Ghi kết quả kiểm tra")
    expect(committee.get_by_text("Đã ghi kết quả kiểm tra")).to_be_visible()
    assert fresh(row).state == State.CLOSED
    assert committee.evaluate("document.documentElement.scrollWidth") <= PHONE
