"""Checklists: versions that never change, copies in a case, what the records suggest, both sides, the figures."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from branches.models import Activity, Unit
from branches.models.versioned import EditConflict
from inspections.checking.entries import answer_item
from inspections.checking.facts import fact_choices
from inspections.checking.items import add_item, put_checklists, remove_item, suggestions, take_suggestion
from inspections.checking.templates import (
    ItemLine,
    add_template_item,
    change_template,
    change_template_item,
    copy_template,
    draft_template,
    move_template_item,
    put_into_use,
    remove_template_item,
)
from inspections.models import ChecklistAnswer, ChecklistItem, ChecklistTemplate, Finding, Inspection
from inspections.states import InspectionRefused
from tests.factories import ActivityFactory, EvidenceLinkFactory, TargetFactory, account_at, year
from tests.inspecting import TODAY, concluded, planned, scene, stranger, visited

pytestmark = pytest.mark.django_db
READY = {
    "cong-tac-nam": 12, "sinh-hoat": 10, "doan-phi": 10, "doan-vien": 11, "doan-vien-uu-tu": 10, "phan-mem": 9,
    "thuc-hien-chi-thi": 10,
}  # fmt: skip


@pytest.fixture
def s():
    return scene()


def ready(code="sinh-hoat") -> ChecklistTemplate:
    return ChecklistTemplate.objects.get(unit=None, code=code)


def asked(s, **fields) -> Inspection:
    """A case whose plan was sent, with the checklist of meetings."""
    case = planned(s, **fields)
    put_checklists(inspection=case, templates=[ready()], by=s.chair)
    Inspection.objects.filter(pk=case.pk).update(state="plan_sent")
    case.refresh_from_db()
    return case


def on(day, unit, **fields) -> Activity:
    return ActivityFactory(unit=unit, starts_on=day, last_on=day, **fields)


def own_draft(s, items=1) -> ChecklistTemplate:
    made = draft_template(unit=s.union, by=s.chair, on=TODAY, name="Phiếu  riêng của Đoàn")
    for number in range(1, items + 1):
        add_template_item(template=made, line=ItemLine("Nền nếp", f"Mục {number}"))
    return made


# --- templates --------------------------------------------------------------------------------------------


def test_ready_made_checklists_are_there_and_name_only_known_facts():
    rows = ChecklistTemplate.objects.filter(unit=None, state="in_use")
    assert {row.code: row.items.count() for row in rows} == READY
    named = {item.fact for row in rows for item in row.items.all()} - {""}
    assert named - {key for key, _ in fact_choices()} == set()
    assert len(named) >= 12
    for row in rows:
        assert [item.position for item in row.items.all()] == list(range(1, READY[row.code] + 1))


def test_version_in_use_never_changes(s):
    draft = own_draft(s, items=2)
    used = put_into_use(template=draft, version=1)
    first = used.items.first()
    line = ItemLine("Nền nếp", "Đổi trộm")
    for verb in (
        lambda: change_template(template=used, version=2, name="Khác", about="", scoring="none", source=""),
        lambda: add_template_item(template=used, line=line),
        lambda: change_template_item(item=first, version=1, line=line),
        lambda: remove_template_item(item=first),
        lambda: move_template_item(item=first, down=True),
    ):
        with pytest.raises(InspectionRefused, match="đã đưa vào dùng"):
            verb()
    assert [item.text for item in used.items.order_by("position")] == ["Mục 1", "Mục 2"]


def test_next_version_retires_the_one_before_and_a_case_keeps_what_it_took(s):
    used = put_into_use(template=own_draft(s), version=1)
    case = planned(s)
    [item] = put_checklists(inspection=case, templates=[used], by=s.chair)
    again = copy_template(template=used, unit=s.union, by=s.chair, on=TODAY)
    assert (again.code, again.edition, again.state) == (used.code, 2, "draft")
    change_template_item(item=again.items.get(), version=1, line=ItemLine("Nền nếp", "Mục 1, viết lại"))
    with pytest.raises(InspectionRefused, match="bản soạn dở"):
        copy_template(template=used, unit=s.union, by=s.chair, on=TODAY)
    put_into_use(template=again, version=1)
    used.refresh_from_db()
    item.refresh_from_db()
    assert (used.state, item.text, item.template) == ("retired", "Mục 1", used)
    with pytest.raises(InspectionRefused, match="đã có trong cuộc"):
        put_checklists(inspection=case, templates=[ChecklistTemplate.objects.get(pk=again.pk)], by=s.chair)


def test_empty_or_scored_without_points_is_not_put_into_use(s):
    with pytest.raises(InspectionRefused, match="chưa có mục nào"):
        put_into_use(template=draft_template(unit=s.union, by=s.chair, on=TODAY, name="Trống"), version=1)
    scored = draft_template(unit=s.union, by=s.chair, on=TODAY, name="Chấm", scoring="weighted")
    add_template_item(template=scored, line=ItemLine("Nền nếp", "Không điểm"))
    with pytest.raises(InspectionRefused, match="điểm tối đa"):
        put_into_use(template=scored, version=1)
    with pytest.raises(EditConflict):
        put_into_use(template=scored, version=7)


def test_items_of_a_topic_stay_together_and_move_within_it(s):
    made = own_draft(s, items=2)
    add_template_item(template=made, line=ItemLine("Đoàn phí", "Thu đủ"))
    add_template_item(template=made, line=ItemLine("Nền nếp", "Mục 3"))
    texts = lambda: list(made.items.order_by("position").values_list("text", flat=True))  # noqa: E731
    assert texts() == ["Mục 1", "Mục 2", "Mục 3", "Thu đủ"]
    move_template_item(item=made.items.get(text="Mục 3"), down=False)
    move_template_item(item=made.items.get(text="Thu đủ"), down=False)
    assert texts() == ["Mục 1", "Mục 3", "Mục 2", "Thu đủ"]


def test_drafts_are_their_committees_own_and_those_in_use_are_read_below(s, client):
    below = account_at(s.branch, "inspection_member")
    draft = own_draft(s)
    for account in (below, s.chair, s.secretary, stranger()):
        client.force_login(account)
        status = client.get(reverse("inspections:template", args=[draft.pk])).status_code
        assert status == (200 if account == s.chair else 404), account
    put_into_use(template=draft, version=1)
    client.force_login(below)
    assert client.get(reverse("inspections:template", args=[draft.pk])).status_code == 200
    assert client.get(reverse("inspections:template_edit", args=[draft.pk])).status_code == 403
    client.force_login(s.secretary)
    assert client.get(reverse("inspections:template", args=[ready().pk])).status_code == 404


def test_pages_from_the_ready_made_one_to_an_own_version_in_use(s, client):
    client.force_login(s.chair)

    def send(address, pk, /, **data):
        page = client.get(reverse(f"inspections:{address}", args=[pk]))
        form = page.context["form"]
        hidden = {field.html_name: field.value() for field in form.hidden_fields()}
        return client.post(reverse(f"inspections:{address}", args=[pk]), hidden | data, follow=True)

    answer = send("template_copy", ready("phan-mem").pk)
    copy = ChecklistTemplate.objects.get(unit=s.union)
    assert (answer.context["template"], copy.items.count()) == (copy, 9)
    item = copy.items.first()
    send("template_item_edit", item.pk, topic=item.topic, text="Mọi đoàn viên có mã", max_points="20", weight="2")
    item.refresh_from_db()
    assert (item.text, item.max_points, item.weight, item.is_critical) == ("Mọi đoàn viên có mã", 20, 2, False)
    refused = send("template_item_edit", item.pk, topic=item.topic, text="Khác", max_points="101", weight="0")
    assert set(refused.context["form"].errors) == {"max_points", "weight"}
    send("template_use", copy.pk)
    copy.refresh_from_db()
    assert copy.state == "in_use"
    assert "đã đưa vào dùng" in send("template_edit", copy.pk, name="Khác", scoring="none").text


def test_a_name_of_signs_alone_still_gets_a_code(s):
    names = ("{", "—", "Phiếu (riêng)/2026")
    made = [draft_template(unit=s.union, by=s.chair, on=TODAY, name=name) for name in names]
    assert [row.code for row in made] == ["phieu", "phieu-2", "phieu-rieng2026"]


def test_two_people_at_one_item_of_a_draft_never_overwrite_each_other(s, client):
    draft = own_draft(s, items=2)
    item = draft.items.first()
    client.force_login(s.chair)
    address = reverse("inspections:template_item_edit", args=[item.pk])
    hidden = {field.html_name: field.value() for field in client.get(address).context["form"].hidden_fields()}
    change_template_item(item=item, version=1, line=ItemLine(item.topic, "Sổ chi đoàn ghi đủ"))
    page = client.post(address, hidden | {"topic": item.topic, "text": "Sổ ghi đủ từng tháng"})
    item.refresh_from_db()
    assert item.text == "Sổ chi đoàn ghi đủ"
    assert "Sổ chi đoàn ghi đủ" in page.text
    assert "Sổ ghi đủ từng tháng" in page.text
    seen = {"version": page.context["form"]["version"].value()}
    client.post(address, hidden | {"topic": item.topic, "text": "Sổ ghi đủ từng tháng"} | seen)
    item.refresh_from_db()
    assert item.text == "Sổ ghi đủ từng tháng"
    remove_template_item(item=item)
    gone = ItemLine(item.topic, "Mục đã bỏ")
    with pytest.raises(EditConflict):
        change_template_item(item=item, version=item.version, line=gone)


# --- in a case --------------------------------------------------------------------------------------------


def test_items_of_a_case_are_copies_in_order_and_go_only_while_nothing_is_said(s):
    case = asked(s)
    add_item(inspection=case, by=s.chair, text="Việc  riêng")
    rows = list(case.items.order_by("position"))
    assert [row.position for row in rows] == list(range(1, 12))
    assert (rows[-1].text, rows[-1].origin, rows[-1].template) == ("Việc riêng", "own", None)
    remove_item(item=rows[-1], by=s.chair)
    answer_item(item=rows[0], version=0, by=s.secretary, at=timezone.now(), result="met")
    with pytest.raises(InspectionRefused, match="đã có trả lời"):
        remove_item(item=rows[0], by=s.chair)
    assert case.items.count() == 10


def test_records_suggest_weak_targets_missing_evidence_and_what_is_still_open(s):
    _, before = concluded(s)
    again = planned(s, title="Lần sau", review_from=datetime.date(2026, 1, 1), review_to=datetime.date(2026, 12, 31))
    target = TargetFactory(unit=s.branch, period=year(2026), value=12)
    naked = on(datetime.date(2026, 5, 4), s.branch, title="Dọn vệ sinh")
    EvidenceLinkFactory(activity=on(datetime.date(2026, 5, 5), s.branch))
    on(datetime.date(2025, 12, 31), s.branch)  # the day before the span
    on(datetime.date(2026, 5, 4), s.sibling)
    found = suggestions(again, on=datetime.date(2026, 12, 30))
    assert {(one.origin, (one.target or one.activity or one.before).pk) for one in found} == {
        ("target", target.pk), ("evidence", naked.pk), ("before", before.pk),
    }  # fmt: skip
    for one in found:
        take_suggestion(inspection=again, key=one.key, by=s.chair, on=datetime.date(2026, 12, 30))
    assert suggestions(again, on=datetime.date(2026, 12, 30)) == []
    with pytest.raises(InspectionRefused, match="không còn"):
        take_suggestion(inspection=again, key=found[0].key, by=s.chair, on=datetime.date(2026, 12, 30))
    with pytest.raises(InspectionRefused, match="không còn"):
        take_suggestion(inspection=again, key="evidence-999999", by=s.chair, on=TODAY)
    assert again.items.count() == 3


def test_unit_answers_its_side_with_what_is_its_own(s):
    case = asked(s)
    item = case.items.order_by("position").first()
    own = on(datetime.date(2026, 3, 1), s.branch)
    foreign = on(datetime.date(2026, 3, 1), s.sibling)
    now = timezone.now()
    with pytest.raises(InspectionRefused, match="chính đơn vị"):
        answer_item(item=item, version=0, by=s.secretary, at=now, result="met", activities=[foreign])
    with pytest.raises(InspectionRefused, match="phải trả lời"):
        answer_item(item=item, version=0, by=s.secretary, at=now, result="na")
    said = answer_item(item=item, version=0, by=s.secretary, at=now, result="partly", note="Thiếu", activities=[own])
    assert (said.version, list(said.activities.all())) == (1, [own])
    with pytest.raises(EditConflict):
        answer_item(item=item, version=0, by=s.secretary, at=now, result="met")
    Inspection.objects.filter(pk=case.pk).update(state="visited")
    with pytest.raises(InspectionRefused, match="tự chấm"):
        answer_item(item=item, version=1, by=s.secretary, at=now, result="met")


def test_unit_reads_no_inspectors_answer_before_the_notice_and_nothing_of_an_unannounced_visit(s, client):
    case = asked(s)
    item = case.items.first()
    ChecklistAnswer.objects.create(
        item=item, side="team", result="not_met", note="Chưa họp tháng 3", answered_by=s.chair,
        answered_at=timezone.now(),
    )  # fmt: skip
    url = reverse("inspections:case_checklist", args=[case.pk])
    client.force_login(s.secretary)
    assert "Chưa họp tháng 3" not in client.get(url).text
    client.force_login(s.chair)
    assert "Chưa họp tháng 3" in client.get(url).text
    client.force_login(stranger())
    assert client.get(url).status_code == 404
    Inspection.objects.filter(pk=case.pk).update(state="following", concluded_on=TODAY)
    client.force_login(s.secretary)
    assert "Chưa họp tháng 3" in client.get(url).text
    Inspection.objects.filter(pk=case.pk).update(state="plan_sent", inspection_kind="sudden", concluded_on=None)
    for name, pk in (("case_checklist", case.pk), ("self_check", case.pk), ("self_check_item", item.pk)):
        assert client.get(reverse(f"inspections:{name}", args=[pk])).status_code == 404, name


def test_unit_is_not_shown_the_items_before_the_plan_is_sent(s, client):
    case = asked(s)
    Inspection.objects.filter(pk=case.pk).update(state="team")
    client.force_login(s.secretary)
    for name in ("case_checklist", "self_check"):
        page = client.get(reverse(f"inspections:{name}", args=[case.pk]))
        assert (page.status_code, page.context["count"]) == (200, 0)
    item = case.items.first()
    assert client.get(reverse("inspections:self_check_item", args=[item.pk])).status_code == 302


def test_self_check_page_saves_once_goes_on_to_the_next_and_shows_two_editors(s, client):
    case = asked(s)
    first, second = case.items.order_by("position")[:2]
    client.force_login(s.secretary)
    url = reverse("inspections:self_check_item", args=[first.pk])
    form = client.get(url).context["form"]
    data = {field.html_name: field.value() for field in form.hidden_fields()} | {"result": "met", "note": "Đủ"}
    answer = client.post(url, data | {"next": "1"})
    assert answer.headers["Location"] == reverse("inspections:self_check_item", args=[second.pk])
    client.post(url, data | {"next": "1"})
    assert ChecklistAnswer.objects.filter(item=first).count() == 1
    late = client.post(url, data | {"form_key": "0b9df9a5-6a6a-4d54-8c3a-111111111111", "result": "not_met"})
    assert late.context["form"].conflict is not None
    assert ChecklistAnswer.objects.get(item=first).result == "met"
    missing = client.post(url, data | {"form_key": "0b9df9a5-6a6a-4d54-8c3a-222222222222", "result": ""})
    assert missing.context["form"].errors["result"] == ["Hãy chọn “Đơn vị tự đánh giá”."]


def test_list_is_narrowed_to_what_differs_is_open_or_not_met(s, client):
    """Of ten: the unit says met of two; the team met, not met, partly; seven are open, one differs, two fall short."""
    case = asked(s)
    rows = list(case.items.order_by("position"))
    for row in rows[:2]:
        answer_item(item=row, version=0, by=s.secretary, at=timezone.now(), result="met")
    for row, result in zip(rows, ("met", "not_met", "partly"), strict=False):
        ChecklistAnswer.objects.create(
            item=row, side="team", result=result, answered_by=s.chair, answered_at=timezone.now()
        )
    url = reverse("inspections:case_checklist", args=[case.pk])
    client.force_login(s.chair)
    page = client.get(url)
    assert [(key, number) for key, _, number in page.context["choices"]] == [
        ("", 10), ("khac", 1), ("chua", 7), ("chua-dat", 2),
    ]  # fmt: skip
    assert page.text.count("Hai bên khác nhau</span>") == 1  # the badge, in words
    for asked_for, found in (("khac", rows[1:2]), ("chua", rows[3:]), ("chua-dat", rows[1:3]), ("bay-ba", rows)):
        narrowed = client.get(url, {"loc": asked_for}).context["topics"]
        assert [row.item for _, some in narrowed for row in some] == found
    client.force_login(s.secretary)  # before the notice the team's answers are not told by their number either
    page = client.get(url, {"loc": "khac"})
    assert page.context["choices"] == [("", "Mọi mục", 10)]
    assert page.context["differing"] == 0


def test_figure_opens_in_the_case_for_the_team_and_on_its_own_page_for_the_unit(s, client):
    case = asked(s)
    for key in ("activities_evidence", "minutes_signed", "recommendations"):
        add_item(inspection=case, by=s.chair, text=f"Mục {key}", fact=key)
    urls = {}
    for account in (s.chair, s.secretary, account_at(Unit.objects.get(name="Tỉnh Đoàn thử"), "inspection_member")):
        client.force_login(account)
        page = client.get(reverse("inspections:case_checklist", args=[case.pk]))
        rows = [row for _, some in page.context["topics"] for row in some]
        urls[account] = [row.url for row in rows if row.item.text.startswith("Mục ")]
        assert {client.get(url).status_code for url in urls[account] if url} <= {200}
    there = f"/kiem-tra/{case.pk}/phieu/so-lieu"
    assert urls[s.chair] == [
        f"{there}/activities_evidence/", f"{there}/minutes_signed/", f"{there}/recommendations/",
    ]  # fmt: skip
    span = "?ky=tu-den&tu=2026-01-01&den=2026-09-30"
    assert urls[s.secretary] == [
        reverse("branches:activity_list", args=[s.branch.pk]) + span,
        reverse("branches:meeting_list", args=[s.branch.pk]) + "?nam=2026", "",
    ]  # fmt: skip
    assert set(urls.popitem()[1]) <= {""}  # from above, before the notice: the figure without a way into the unit


def test_page_says_by_itself_what_the_records_suggest(s, client):
    case = asked(s)
    held = on(datetime.date(2026, 5, 4), s.branch, title="Dọn vệ sinh")
    url = reverse("inspections:case_checklist", args=[case.pk])
    client.force_login(s.chair)
    page = client.get(url)
    assert "gợi ý xem thêm 1 mục: Minh chứng của hoạt động “Dọn vệ sinh” ngày 04/05/2026" in page.text
    EvidenceLinkFactory(activity=held)
    assert client.get(url).context["suggested"] == []
    client.force_login(s.secretary)
    assert client.get(url).context["suggested"] == []


def test_page_costs_the_same_for_ten_and_sixty_items(s, client):
    case = asked(s)
    client.force_login(s.chair)
    url = reverse("inspections:case_checklist", args=[case.pk])
    client.get(url)
    with _counted() as ten:
        assert client.get(url).context["count"] == 10
    facts = [item.fact for item in case.items.all()]
    for number in range(50):
        item = add_item(inspection=case, by=s.chair, text=f"Mục thêm {number}", fact=facts[number % 10])
        ChecklistAnswer.objects.create(
            item=item, side="team", result="met", answered_by=s.chair, answered_at=timezone.now()
        )
    with _counted() as sixty:
        assert client.get(url).context["count"] == 60
    assert len(ten) - len(sixty) in (0, -2)  # what is attached to answers is asked for once there are any


def _counted():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return CaptureQueriesContext(connection)


def test_finding_starts_from_an_item_in_one_tap(s, client):
    case = visited(s)
    put_checklists(inspection=case, templates=[ready()], by=s.chair)
    item = case.items.order_by("position").first()
    client.force_login(s.chair)
    page = client.get(reverse("inspections:case_checklist", args=[case.pk]))
    assert f"{reverse('inspections:finding_new', args=[case.pk])}?muc={item.pk}&amp;loai=shortcoming" in page.text
    assert Finding.objects.count() == 0
    assert ChecklistItem.objects.filter(inspection=case).count() == 10
