"""The plan: verbs with their refusals, the grid as a whole, and what a superior hands down."""

import datetime
import re
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from branches.cataloguing import add_indicator
from branches.models import EditConflict, Indicator, Period, Target, TargetRevision
from branches.plan_saving import GridRefused, PlanRow, save_plan
from branches.planning import (
    PlanningRefused,
    WrittenAim,
    copy_plan,
    hand_down,
    remove_target,
    revise_target,
    set_target,
)
from branches.terms import TermRefused, start_term
from tests.factories import (
    ActivityFactory,
    DirectionFactory,
    IndicatorFactory,
    MemberFactory,
    QuantityFactory,
    ShareFactory,
    TargetFactory,
    UnionFactory,
    UnitFactory,
    WorkAreaFactory,
    YesNoFactory,
    account_at,
    year,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 6, 1)
GE, EQ = Target.Comparator.AT_LEAST, Target.Comparator.EQUAL


@pytest.fixture
def union():
    return UnionFactory()


@pytest.fixture
def branch(union):
    return UnitFactory(superior=union)


@pytest.fixture
def secretary(branch):
    return account_at(branch)


def with_result(unit, indicator, value=3):
    return QuantityFactory(activity=ActivityFactory(unit=unit), indicator=indicator, value=value)


# --- verbs ----------------------------------------------------------------------------------------


def test_set_target_registers_what_the_unit_set(branch, secretary):
    target = set_target(
        by=secretary, unit=branch, period=year(), indicator=IndicatorFactory(), comparator=GE, value=Decimal(4)
    )
    assert (target.value, target.registered_value, target.assigned_value, target.version) == (4, 4, None, 1)
    assert target.history.get().history_user == secretary


@pytest.mark.parametrize(
    ("change", "field", "answer"),
    [
        ({"comparator": "range", "value": Decimal(3)}, "aim", "Một khoảng cần hai số, ví dụ 2-3."),
        ({"comparator": "ge", "value": None}, "aim", "Hãy ghi mức, ví dụ ≥ 3."),
        ({"due_on": datetime.date(2027, 1, 1)}, "due_on", "Hạn phải từ 01/01/2026 đến 31/12/2026."),
        ({"origin": "direction"}, "direction", "Hãy chọn chỉ đạo mà chỉ tiêu này trả lời."),
    ],
)
def test_wrong_target_is_refused_at_its_field(branch, secretary, change, field, answer):
    said = {"comparator": GE, "value": Decimal(4)} | change
    with pytest.raises(PlanningRefused) as refused:
        set_target(by=secretary, unit=branch, period=year(), indicator=IndicatorFactory(), **said)
    assert refused.value.errors == {field: answer}
    assert Target.objects.count() == 0


def test_owner_and_direction_of_another_unit_are_refused(branch, secretary):
    stranger = UnitFactory()
    with pytest.raises(PlanningRefused) as refused:
        set_target(
            by=secretary,
            unit=branch,
            period=year(),
            indicator=IndicatorFactory(),
            comparator=GE,
            value=Decimal(1),
            owner=MemberFactory(home=stranger),
            direction=DirectionFactory(unit=stranger),
        )
    assert set(refused.value.errors) == {"owner", "direction"}


def test_part_hangs_under_its_whole_whichever_comes_first(branch, secretary):
    whole = ShareFactory()
    part = ShareFactory(of=whole)
    said = {"by": secretary, "unit": branch, "period": year(), "comparator": EQ, "value": Decimal(20)}
    first = set_target(indicator=part, **said)
    second = set_target(indicator=whole, **said)
    first.refresh_from_db()
    assert first.parent == second


def test_revision_needs_a_reason_once_results_exist(branch, secretary):
    target = TargetFactory(unit=branch)
    said = {"target": target, "by": secretary, "on": DAY, "comparator": GE, "value": Decimal(6)}
    with_result(branch, target.indicator)
    with pytest.raises(PlanningRefused) as refused:
        revise_target(version=1, **said)
    assert refused.value.errors == {"reason": "Đã có kết quả của chỉ tiêu này. Hãy ghi lý do điều chỉnh."}
    revise_target(version=1, reason="Cấp trên giao thêm", document="15-CV/ĐK", **said)
    revision = TargetRevision.objects.get()
    assert (revision.old_value, revision.value, revision.reason, revision.document, revision.revised_on) == (
        4,
        6,
        "Cấp trên giao thêm",
        "15-CV/ĐK",
        DAY,
    )


def test_details_change_without_a_reason_and_without_a_revision(branch, secretary):
    target = TargetFactory(unit=branch)
    with_result(branch, target.indicator)
    owner = MemberFactory(home=branch)
    revise_target(
        target=target, version=1, by=secretary, on=DAY, comparator=GE, value=Decimal(4), details={"owner": owner}
    )
    target.refresh_from_db()
    assert (target.owner, target.value, TargetRevision.objects.count()) == (owner, 4, 0)


def test_second_reviser_is_refused(branch, secretary):
    target = TargetFactory(unit=branch)
    said = {"target": target, "version": 1, "by": secretary, "on": DAY, "comparator": GE}
    revise_target(value=Decimal(5), **said)
    with pytest.raises(EditConflict):
        revise_target(value=Decimal(7), **said)
    assert Target.objects.get().value == 5


def test_target_with_results_goes_only_with_a_reason_and_leaves_a_trace(branch, secretary):
    target = TargetFactory(unit=branch)
    with_result(branch, target.indicator)
    with pytest.raises(PlanningRefused, match="Hãy ghi lý do bỏ chỉ tiêu"):
        remove_target(target=target, version=1, by=secretary, on=DAY)
    remove_target(target=target, version=1, by=secretary, on=DAY, reason="Cấp trên thôi giao")
    gone = Target.history.filter(history_type="-").get()
    assert (Target.objects.count(), gone.history_change_reason, gone.history_user) == (
        0,
        "Cấp trên thôi giao",
        secretary,
    )


def test_copied_plan_has_values_and_parts_and_no_past(branch, secretary):
    whole = ShareFactory()
    part = ShareFactory(of=whole)
    old = year(2025)
    said = {"by": secretary, "unit": branch, "period": old, "comparator": EQ}
    leaver = MemberFactory(home=branch, is_active=False)
    kept = set_target(indicator=whole, value=Decimal(100), due_on=datetime.date(2025, 11, 30), **said)
    set_target(indicator=part, value=Decimal(20), owner=leaver, **said)
    gone = IndicatorFactory(last_year=2025)
    set_target(indicator=gone, value=Decimal(3), **said)
    Target.objects.filter(pk=kept.pk).update(assigned_value=90, note="Cả chi đoàn")
    made = copy_plan(unit=branch, from_period=old, to_period=year(2026), by=secretary)
    new = {target.indicator_id: target for target in Target.objects.filter(period=year(2026))}
    assert len(made) == len(new) == 2
    first, second = new[whole.pk], new[part.pk]
    assert (first.value, first.due_on, first.assigned_value, first.note) == (
        100,
        datetime.date(2026, 11, 30),
        None,
        "Cả chi đoàn",
    )
    assert (second.value, second.parent, second.owner) == (20, first, None)
    assert copy_plan(unit=branch, from_period=old, to_period=year(2026), by=secretary) == []


def test_nothing_to_copy_is_said(branch, secretary):
    with pytest.raises(PlanningRefused, match="Năm 2025 chưa có chỉ tiêu nào để chép"):
        copy_plan(unit=branch, from_period=year(2025), to_period=year(2026), by=secretary)


def test_own_indicator_is_of_the_unit_and_never_a_second_of_the_catalogue(union, branch, secretary):
    area = WorkAreaFactory()
    said = {"by": secretary, "unit": branch, "year": 2026, "unit_word": "vé", "measure": "count", "area": area}
    made = add_indicator(name="Vé xe Tết tặng công nhân", **said)
    assert (made.owner, made.first_year, made.over_time) == (branch, 2026, Indicator.OverTime.SUM)
    sibling = UnitFactory(superior=union)
    assert not Indicator.objects.usable_by(sibling).filter(pk=made.pk).exists()
    with pytest.raises(PlanningRefused) as refused:
        add_indicator(name="vé xe tết TẶNG công nhân", **said)
    assert list(refused.value.errors) == ["name"]


def test_handed_down_value_stands_beside_the_units_own(union, branch):
    office = account_at(union, "superior_office")
    top = TargetFactory(unit=union)
    own = TargetFactory(unit=branch, indicator=top.indicator, value=Decimal(5))
    other = UnitFactory(superior=union)
    for unit, value in ((branch, 3), (other, 2)):
        hand_down(by=office, target=top, unit=unit, on=DAY, comparator=GE, value=Decimal(value))
    own.refresh_from_db()
    assert (own.value, own.assigned_value, own.superior_target) == (5, 3, top)
    new = Target.objects.get(unit=other)
    assert (new.value, new.assigned_value, new.registered_value, new.origin) == (2, 2, None, "superior")
    with pytest.raises(PlanningRefused, match="không trực thuộc"):
        hand_down(by=office, target=top, unit=UnitFactory(), on=DAY, comparator=GE, value=Decimal(1))


def test_terms_of_a_unit_never_overlap(branch, secretary):
    first = datetime.date(2025, 1, 1)
    start_term(by=secretary, unit=branch, name="Nhiệm kỳ VI", starts_on=first, last_day=datetime.date(2027, 6, 30))
    with pytest.raises(TermRefused, match="Trùng với Nhiệm kỳ VI"):
        start_term(by=secretary, unit=branch, name="VII", starts_on=DAY, last_day=datetime.date(2029, 12, 31))
    assert Period.objects.get(kind="term").ends_on == datetime.date(2027, 7, 1)


# --- saving a grid --------------------------------------------------------------------------------


def test_grid_is_saved_as_a_whole_or_not_at_all(branch, secretary):
    good, bad = IndicatorFactory(), IndicatorFactory()
    stranger = MemberFactory()
    rows = [
        PlanRow(good, WrittenAim(GE, Decimal(3))),
        PlanRow(bad, WrittenAim(GE, Decimal(2)), details={"owner": stranger}),
    ]
    with pytest.raises(GridRefused) as refused:
        save_plan(by=secretary, unit=branch, period=year(), rows=rows, on=DAY)
    assert (list(refused.value.rows), Target.objects.count()) == ([bad.pk], 0)


def test_grid_asks_one_reason_for_all_changed_rows_with_results(branch, secretary):
    targets = [TargetFactory(unit=branch) for _ in range(2)]
    for target in targets:
        with_result(branch, target.indicator)
    rows = [PlanRow(target.indicator, WrittenAim(GE, Decimal(9)), 1) for target in targets]
    said = {"by": secretary, "unit": branch, "period": year(), "rows": rows, "on": DAY}
    with pytest.raises(GridRefused) as refused:
        save_plan(**said)
    assert list(refused.value.errors) == ["reason"]
    save_plan(reason="Theo nghị quyết giữa năm", **said)
    assert set(TargetRevision.objects.values_list("reason", "value")) == {("Theo nghị quyết giữa năm", 9)}
    assert TargetRevision.objects.count() == 2


def test_grid_never_overwrites_what_another_saved(branch, secretary):
    target = TargetFactory(unit=branch)
    revise_target(target=target, version=1, by=secretary, on=DAY, comparator=GE, value=Decimal(7))
    said = {"by": secretary, "unit": branch, "period": year(), "on": DAY}
    with pytest.raises(GridRefused) as refused:
        save_plan(rows=[PlanRow(target.indicator, WrittenAim(GE, Decimal(5)), 1)], **said)
    assert refused.value.meanwhile[target.indicator_id].value == 7
    # The same change made twice is no conflict.
    assert not save_plan(rows=[PlanRow(target.indicator, WrittenAim(GE, Decimal(7)), 1)], **said)


# --- the page -------------------------------------------------------------------------------------


def posted(page, **changes) -> dict:
    """Everything the browser would send back, with some fields typed over."""
    text = page.content.decode()
    data = {"form_key": str(uuid.uuid4()), "reason": "", "document": ""}
    for row in page.context["grid"].rows:
        for name, field in row.fields.items():
            bound = row[name]
            value = bound.value()
            data[bound.html_name] = "" if value is None else str(value)
            assert bound.html_name in text, field.label
    return data | changes


def test_grid_by_hand(client, branch, secretary):
    count, share, yes = IndicatorFactory(), ShareFactory(), YesNoFactory()
    old = TargetFactory(unit=branch, value=Decimal(2))
    client.force_login(secretary)
    url = reverse("reports:plan_edit", args=[branch.pk, 2026])
    data = posted(
        client.get(url),
        **{
            f"r{count.pk}-aim": "1/tháng",
            f"r{share.pk}-aim": "≥ 90%",
            f"r{yes.pk}-aim": "có",
            f"r{old.indicator_id}-aim": "",
        },
    )
    saved = client.post(url, data)
    assert saved.status_code == 302
    found = {t.indicator_id: (t.comparator, t.value) for t in Target.objects.filter(unit=branch)}
    assert found == {count.pk: ("per_month", 1), share.pk: ("ge", 90), yes.pk: ("yes", None)}
    assert client.post(url, data).status_code == 302  # the same form again is the same save
    assert TargetRevision.objects.count() == 0


def test_wrong_row_is_answered_and_everything_typed_stays(client, branch, secretary):
    good, bad = IndicatorFactory(), IndicatorFactory(unit_word="buổi")
    client.force_login(secretary)
    url = reverse("reports:plan_edit", args=[branch.pk, 2026])
    page = client.post(url, posted(client.get(url), **{f"r{good.pk}-aim": "≥ 3", f"r{bad.pk}-aim": "nhiều"}))
    assert page.status_code == 200
    assert [row.indicator.pk for row in page.context["grid"].wrong_rows] == [bad.pk]
    rows = {row.indicator.pk: row for row in page.context["grid"].rows}
    assert rows[bad.pk].errors["aim"] == ["Không đọc được “nhiều”. Hãy ghi ví dụ ≥ 3."]
    assert rows[good.pk]["aim"].value() == "≥ 3"
    assert Target.objects.count() == 0


def test_untouched_rows_never_collide_and_touched_ones_are_shown(client, branch, secretary):
    mine, theirs = TargetFactory(unit=branch), TargetFactory(unit=branch)
    client.force_login(secretary)
    url = reverse("reports:plan_edit", args=[branch.pk, 2026])
    opened = client.get(url)
    revise_target(target=theirs, version=1, by=secretary, on=DAY, comparator=GE, value=Decimal(8))
    assert client.post(url, posted(opened, **{f"r{mine.indicator_id}-aim": "≥ 6"})).status_code == 302
    page = client.post(url, posted(opened, **{f"r{theirs.indicator_id}-aim": "≥ 5"}))
    answer = page.context["grid"].wrong_rows[0].errors["aim"][0]
    assert answer == f"{secretary} vừa sửa thành ≥ 8. Chưa ghi đè. Lưu lần nữa thì dùng số đang ghi ở ô này."
    assert {t.pk: t.value for t in Target.objects.all()} == {mine.pk: 6, theirs.pk: 8}
    version = re.search(rf'name="r{theirs.indicator_id}-version" value="(\d+)"', page.content.decode())
    assert version[1] == "2"


@pytest.mark.parametrize("targets", [1, 3, 30])
def test_grid_query_count(client, branch, secretary, targets, django_assert_num_queries):
    for _ in range(targets):
        indicator = IndicatorFactory()
        TargetFactory(unit=branch, indicator=indicator, owner=MemberFactory(home=branch))
        TargetFactory(unit=branch, indicator=indicator, period=year(2025))
    client.force_login(secretary)
    with django_assert_num_queries(GRID_QUERIES):
        client.get(reverse("reports:plan_edit", args=[branch.pk, 2026]))


GRID_QUERIES = 15


@pytest.mark.parametrize(
    ("type", "status"),
    [("secretary", 200), ("committee_member", 200), ("member", 403), ("party_secretary", 403)],
)
def test_grid_is_for_those_who_record(client, branch, type, status):
    client.force_login(account_at(branch, type))
    assert client.get(reverse("reports:plan_edit", args=[branch.pk, 2026])).status_code == status


def test_plan_of_a_sibling_is_not_there(client, union, branch):
    target = TargetFactory(unit=branch)
    client.force_login(account_at(UnitFactory(superior=union)))
    for name, args in (("plan_edit", [branch.pk, 2026]), ("target", [target.pk]), ("target_revise", [target.pk])):
        assert client.get(reverse(f"reports:{name}", args=args)).status_code == 404


def test_party_reads_a_target_without_persons(client, branch):
    target = TargetFactory(unit=branch, owner=MemberFactory(home=branch, full_name="Lê Phụ Trách"))
    client.force_login(account_at(branch, "party_secretary"))
    page = client.get(reverse("reports:target", args=[target.pk]))
    assert page.status_code == 200
    assert "Lê Phụ Trách" not in page.content.decode()
    assert client.get(reverse("reports:target_revise", args=[target.pk])).status_code == 403


def test_copy_page_asks_first(client, branch, secretary):
    TargetFactory(unit=branch, period=year(2025))
    client.force_login(secretary)
    url = reverse("reports:plan_copy", args=[branch.pk, 2026])
    assert len(client.get(url).context["rows"]) == 1
    assert Target.objects.filter(period=year(2026)).count() == 0
    client.post(url)
    assert Target.objects.filter(period=year(2026)).count() == 1


def test_hand_down_page(client, union, branch):
    top = TargetFactory(unit=union)
    client.force_login(account_at(union, "superior_office"))
    url = reverse("reports:target_hand_down", args=[top.pk])
    assert [row["field"].label for row in client.get(url).context["rows"]] == [branch.name]
    client.post(url, {f"u{branch.pk}": "≥ 3", "document": "02-KH/ĐK"})
    target = Target.objects.get(unit=branch)
    assert (target.assigned_value, target.document) == (3, "02-KH/ĐK")
