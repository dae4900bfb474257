"""Defining a table: what cannot be is refused in Vietnamese at its field, and what is in use never changes."""

import datetime

import pytest

from branches.models import EditConflict
from reports.models import StatItem, StatTable
from reports.statistics.defining import (
    MOST_ITEMS,
    add_item,
    change_item,
    change_table,
    copy_table,
    create_table,
    drop_draft,
    drop_item,
    move_item,
    new_edition,
    put_in_use,
    take_out_of_use,
)
from reports.statistics.typing_in import StatRefused

from .factories import IndicatorFactory, MoneyFactory, ShareFactory, UnionFactory, UnitFactory, account_at

pytestmark = pytest.mark.django_db
What = StatItem.What
HEAD = {"number": "09", "title": "Biểu thử", "whom": "all", "kinds": ["year"]}
FIRST = datetime.date(2026, 1, 1)


@pytest.fixture
def union():
    union = UnionFactory()
    union.office = account_at(union, "superior_office")
    return union


@pytest.fixture
def table(union):
    return create_table(owner=union, by=union.office, **HEAD)


def typed(table, word="người", **said):
    return add_item(table=table, what=What.TYPED, unit_word=word, **{"name": f"Dòng {word}", **said})


def refusals(act) -> dict:
    with pytest.raises(StatRefused) as refused:
        act()
    return refused.value.errors


# --- the head -----------------------------------------------------------------------------------------


def test_head_without_its_parts_is_refused_at_each_field(union):
    said = {"number": " ", "title": "", "whom": "all", "kinds": []}
    assert refusals(lambda: create_table(owner=union, by=union.office, **said)) == {
        "number": "Hãy ghi số biểu, ví dụ 09.",
        "title": "Hãy ghi tên biểu.",
        "kinds": "Hãy chọn ít nhất một loại kỳ.",
    }
    assert StatTable.objects.filter(owner=union).count() == 0


def test_branch_defines_no_table(union):
    branch = UnitFactory(superior=union)
    assert list(refusals(lambda: create_table(owner=branch, by=union.office, **HEAD))) == [""]


def test_number_of_another_own_table_is_refused_and_a_common_one_is_not(union, table):
    assert list(refusals(lambda: create_table(owner=union, by=union.office, **HEAD))) == ["number"]
    same_as_common = create_table(owner=union, by=union.office, **HEAD | {"number": "01"})
    assert same_as_common.number == "01"
    create_table(owner=UnionFactory(), by=union.office, **HEAD)  # another superior counts for itself


def test_two_people_change_one_head(union, table):
    seen = StatTable.objects.get(pk=table.pk)
    change_table(table=table, version=1, **HEAD | {"title": "Tên của người trước"})
    with pytest.raises(EditConflict):
        change_table(table=seen, version=1, **HEAD | {"title": "Tên của người sau"})
    assert StatTable.objects.get(pk=table.pk).title == "Tên của người trước"


# --- lines --------------------------------------------------------------------------------------------


def test_unit_words_follow_the_source(table):
    assert add_item(table=table, what=What.INDICATOR, indicator=MoneyFactory()).unit_word == "đồng"
    share = ShareFactory()
    assert add_item(table=table, what=What.INDICATOR, indicator=share).unit_word == "%"
    assert add_item(table=table, what=What.INDICATOR, indicator=share, part="value").unit_word == "đoàn viên"
    assert add_item(table=table, what=What.FIGURE, figure="members").unit_word == "người"
    assert [one.position for one in table.items.order_by("position")] == [10, 20, 30, 40]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"what": What.INDICATOR, "indicator": None}, "indicator"),
        ({"what": What.FIGURE, "figure": "khong-co"}, "figure"),
        ({"what": What.FIGURE, "figure": "members", "part": "whole"}, "part"),
        ({"what": What.TYPED, "name": "Dòng", "unit_word": " "}, "unit_word"),
        ({"what": What.TYPED, "name": " ", "unit_word": "buổi"}, "name"),
        ({"what": What.HEADING, "name": ""}, "name"),
        ({"what": What.SUM, "name": "Cộng", "parts": []}, "parts"),
        ({"what": What.SHARE, "name": "Tỷ lệ"}, "share_of"),
    ],
)
def test_line_without_its_source_is_refused_at_its_field(table, said, field):
    assert field in refusals(lambda: add_item(table=table, **said))
    assert table.items.count() == 0


def test_part_of_what_is_no_share_is_refused(table):
    said = {"what": What.INDICATOR, "indicator": IndicatorFactory(), "part": "value"}
    assert list(refusals(lambda: add_item(table=table, **said))) == ["part"]


def test_people_turns_and_money_are_never_added(table):
    people, turns, money = typed(table, "người"), typed(table, "lượt người"), typed(table, "đồng")
    percent = typed(table, "%")
    heading = add_item(table=table, what=What.HEADING, name="Nhóm")
    for parts, words in (
        ([people, turns], "Không cộng được “người” và “lượt người” với nhau"),
        ([people, money], "Không cộng được “người” và “đồng”"),
        ([people, percent], "Tỷ lệ phần trăm không cộng được"),
        ([people, heading], "Tiêu đề nhóm không có số"),
        ([people], "ít nhất hai dòng"),
    ):
        said = refusals(lambda parts=parts: add_item(table=table, what=What.SUM, name="Cộng", parts=parts))
        assert words in said["parts"]
    same = add_item(table=table, what=What.SUM, name="Cộng", parts=[people, typed(table, "Người")])
    assert same.unit_word in ("người", "Người")  # the same word in another case is the same word


def test_share_is_of_two_lines_with_one_unit_word(table):
    people, turns, percent = typed(table, "người"), typed(table, "lượt người"), typed(table, "%")
    other = typed(table, "người", name="Cả thôn")

    def share(part, whole):
        return add_item(table=table, what=What.SHARE, name="Tỷ lệ", share_of=part, share_whole=whole)

    assert "cùng đơn vị tính" in refusals(lambda: share(people, turns))["share_whole"]
    assert "hai dòng khác nhau" in refusals(lambda: share(people, people))["share_whole"]
    assert "không tính từ một tỷ lệ khác" in refusals(lambda: share(percent, people))["share_of"]
    assert share(people, other).unit_word == "%"


def test_line_of_another_table_is_refused(union, table):
    other = create_table(owner=union, by=union.office, **HEAD | {"number": "10"})
    parts = [typed(table), typed(other)]
    assert list(refusals(lambda: add_item(table=table, what=What.SUM, name="Cộng", parts=parts))) == ["parts"]


def test_lines_are_not_made_of_each_other_in_a_circle(table):
    one, two, three = typed(table), typed(table, name="Hai"), typed(table, name="Ba")
    inner = add_item(table=table, what=What.SUM, name="Trong", parts=[one, two])
    outer = add_item(table=table, what=What.SUM, name="Ngoài", parts=[inner, three])
    said = refusals(lambda: change_item(item=inner, version=1, what=What.SUM, name="Trong", parts=[one, outer]))
    assert "không tính vòng" in said["parts"]
    assert (
        "chính nó"
        in refusals(lambda: change_item(item=inner, version=1, what=What.SUM, name="T", parts=[one, inner]))["parts"]
    )


def test_line_others_are_made_of_stays(table):
    one, two = typed(table, number="1"), typed(table, number="2", name="Hai")
    add_item(table=table, what=What.SUM, name="Cộng", number="3", parts=[one, two])
    assert "đang dùng để tính: 3" in refusals(lambda: drop_item(item=one, version=1))[""]
    said = refusals(lambda: change_item(item=one, version=1, what=What.TYPED, number="1", name="Một", unit_word="đồng"))
    assert "cùng đơn vị tính “người”" in said["unit_word"]
    assert (
        change_item(item=one, version=1, what=What.TYPED, number="1", name="Tên khác", unit_word="người").name
        == "Tên khác"
    )


def test_lines_change_places_and_stop_at_the_edge(table):
    one, two, three = typed(table), typed(table, name="Hai"), typed(table, name="Ba")

    def order():
        return list(table.items.order_by("position").values_list("pk", flat=True))

    move_item(item=three, up=True)
    assert order() == [one.pk, three.pk, two.pk]
    move_item(item=one, up=True)
    move_item(item=two, up=False)
    assert order() == [one.pk, three.pk, two.pk]


def test_of_two_who_change_the_lines_the_later_is_told(table):
    one, two = typed(table), typed(table, name="Hai")
    version = table.version
    change_item(item=one, version=version, what=What.TYPED, name="Của người trước", unit_word="người")
    stale = StatItem.objects.get(pk=one.pk)
    with pytest.raises(EditConflict):
        change_item(item=stale, version=version, what=What.TYPED, name="Của người sau", unit_word="người")
    with pytest.raises(EditConflict):
        drop_item(item=stale, version=version)
    assert StatItem.objects.get(pk=one.pk).name == "Của người trước"
    drop_item(item=stale, version=version + 1)
    for act in (
        lambda: change_item(item=stale, version=version + 2, what=What.TYPED, name="Lại có", unit_word="người"),
        lambda: drop_item(item=stale, version=version + 2),
        lambda: move_item(item=stale, up=True),
    ):
        assert "vừa bị bỏ khỏi biểu" in refusals(act)[""]
    said = refusals(lambda: add_item(table=table, what=What.SUM, name="Cộng", parts=[stale, two]))
    assert "vừa bị bỏ khỏi biểu" in said["parts"]
    said = refusals(lambda: add_item(table=table, what=What.SHARE, name="Tỷ lệ", share_of=two, share_whole=stale))
    assert "vừa bị bỏ khỏi biểu" in said["share_whole"]
    assert list(table.items.all()) == [two]


def test_a_table_has_an_end(table):
    StatItem.objects.bulk_create(
        StatItem(table=table, position=10 * place, name="Dòng", what=What.HEADING) for place in range(MOST_ITEMS)
    )
    assert list(refusals(lambda: typed(table))) == [""]


# --- the life of an edition ---------------------------------------------------------------------------


def test_table_without_a_figure_is_not_put_in_use(table):
    add_item(table=table, what=What.HEADING, name="Nhóm")
    assert "chưa có dòng số liệu" in refusals(lambda: put_in_use(table=table, version=1, valid_from=FIRST))[""]


def test_what_is_in_use_never_changes(table):
    line = typed(table)
    put_in_use(table=table, version=1, valid_from=FIRST)
    for act in (
        lambda: change_table(table=table, version=2, **HEAD),
        lambda: add_item(table=table, what=What.HEADING, name="Nhóm"),
        lambda: change_item(item=line, version=2, what=What.TYPED, name="Khác", unit_word="người"),
        lambda: drop_item(item=line, version=2),
        lambda: move_item(item=line, up=True),
        lambda: drop_draft(table=table, version=2),
        lambda: put_in_use(table=table, version=2, valid_from=FIRST),
    ):
        assert "Hãy lập bản mới" in refusals(act)[""]


def test_new_edition_has_the_same_lines_made_of_its_own(union, table):
    one, two = typed(table), typed(table, name="Hai")
    add_item(table=table, what=What.SUM, name="Cộng", parts=[one, two])
    add_item(table=table, what=What.SHARE, name="Tỷ lệ", share_of=one, share_whole=two)
    put_in_use(table=table, version=1, valid_from=FIRST)
    made = new_edition(table=table, by=union.office)
    lines = list(made.items.order_by("position").prefetch_related("parts"))
    assert (made.number, made.edition, made.replaces, made.state) == ("09", 2, table, "draft")
    assert [line.name for line in lines] == ["Dòng người", "Hai", "Cộng", "Tỷ lệ"]
    assert {part.pk for part in lines[2].parts.all()} == {lines[0].pk, lines[1].pk}
    assert (lines[3].share_of, lines[3].share_whole) == (lines[0], lines[1])
    assert "Đã có một bản mới" in refusals(lambda: new_edition(table=table, by=union.office))[""]
    assert list(refusals(lambda: put_in_use(table=made, version=1, valid_from=FIRST))) == ["valid_from"]
    put_in_use(table=StatTable.objects.get(pk=made.pk), version=1, valid_from=datetime.date(2026, 7, 1))
    old = StatTable.objects.get(pk=table.pk)
    assert (old.state, old.valid_to) == ("replaced", datetime.date(2026, 6, 30))


def test_an_edition_that_was_ended_later_is_cut_by_the_next(union, table):
    typed(table)
    put_in_use(table=table, version=1, valid_from=FIRST)
    made = new_edition(table=table, by=union.office)
    take_out_of_use(table=table, version=2, last_day=datetime.date(2026, 12, 31))
    put_in_use(table=made, version=1, valid_from=datetime.date(2026, 7, 1))
    assert StatTable.objects.get(pk=table.pk).valid_to == datetime.date(2026, 6, 30)


def test_copy_of_a_common_table_is_a_draft_of_the_superior(union):
    common = StatTable.objects.get(owner=None, number="04")
    made = copy_table(source=common, owner=union, by=union.office, number="14")
    assert (made.owner, made.state, made.items.count()) == (union, "draft", common.items.count())
    assert made.items.get(what=What.SUM).parts.count() == 2


def test_taken_out_of_use_not_before_it_began(union, table):
    typed(table)
    put_in_use(table=table, version=1, valid_from=FIRST)
    said = {"table": table, "version": 2}
    assert list(refusals(lambda: take_out_of_use(**said, last_day=datetime.date(2025, 12, 31)))) == ["last_day"]
    take_out_of_use(table=StatTable.objects.get(pk=table.pk), version=2, last_day=FIRST)
    assert StatTable.objects.get(pk=table.pk).state == "replaced"


def test_draft_is_dropped_with_its_lines(table):
    one, two = typed(table), typed(table, name="Hai")
    add_item(table=table, what=What.SHARE, name="Tỷ lệ", share_of=one, share_whole=two)
    add_item(table=table, what=What.SUM, name="Cộng", parts=[one, two])
    drop_draft(table=table, version=1)
    assert StatItem.objects.filter(table=table.pk).count() == 0
