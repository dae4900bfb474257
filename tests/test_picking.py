"""A long list found by words: with marks and without, chosen rows stay, nothing is saved while one looks."""

import pytest
from django import forms
from django.template.loader import render_to_string
from django.urls import reverse

from branches.forms.base import OfficeForm
from branches.forms.picking import CHOSEN, MOST_SHOWN, PickField, PickManyField
from reports.statistics.defining import add_item, create_table
from reports.statistics.figures import FIGURES

from .factories import IndicatorFactory, UnionFactory, account_at
from .hostile import POISON, form_of

LIST = [
    ("Đoàn phí", [("owed", "Đoàn phí phải thu (đồng)"), ("paid", "Đoàn phí đã thu (đồng)")]),
    ("Đoàn viên", [("members", "Đoàn viên cuối kỳ (người)"), ("admitted", "Mới kết nạp (người)")]),
]


class OneForm(OfficeForm):
    one = PickField(label="Số liệu", choices=LIST)


class ManyForm(OfficeForm):
    many = PickManyField(label="Số liệu", choices=LIST, required=False)


def shown(form, name="one") -> dict[str, list[str]]:
    return {group: [row.value for row in rows] for group, rows in form[name].picked.groups}


def looked_for(words, chosen=""):
    return OneForm({"one-tim": words, "one": chosen})


def test_without_words_the_whole_list_stands_there():
    form = OneForm()
    assert shown(form) == {"Đoàn phí": ["owed", "paid"], "Đoàn viên": ["members", "admitted"]}
    assert form["one"].picked.says == "4 mục."


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("doan phi", ["owed", "paid"]),  # without marks, words of the group count too
        ("ĐOÀN PHÍ", ["owed", "paid"]),
        ("thu đã", ["paid"]),  # in any order
        ("kết na", ["admitted"]),  # the beginning of a word
        ("ket nap nguoi", ["admitted"]),
        ("nạp kế", ["admitted"]),
        ("nàp", []),  # with a mark only its own spelling
        ("oan", []),  # not the middle of a word
        ("()", []),
        ("   ", ["owed", "paid", "members", "admitted"]),
    ],
)
def test_words_find_with_marks_and_without(words, found):
    assert [value for rows in shown(looked_for(words)).values() for value in rows] == found


def test_what_is_found_is_counted_and_nothing_found_says_what_to_do():
    assert looked_for("doan phi")["one"].picked.says == "2 mục hợp với “doan phi”."
    assert looked_for("xyz")["one"].picked.says.startswith("Không có mục nào hợp với “xyz”. Hãy thử ít chữ hơn")


def test_what_is_chosen_never_disappears_and_is_chosen_once():
    form = looked_for("đoàn phí", chosen="admitted")
    assert shown(form) == {CHOSEN: ["admitted"], "Đoàn phí": ["owed", "paid"]}
    assert [row.value for _, rows in form["one"].picked.groups for row in rows if row.is_chosen] == ["admitted"]
    assert shown(looked_for("đoàn phí", chosen="paid")) == {"Đoàn phí": ["owed", "paid"]}
    several = ManyForm({"many-tim": "phải", "many": ["members", "owed"]})
    assert shown(several, "many") == {CHOSEN: ["members"], "Đoàn phí": ["owed"]}
    assert several.is_valid()
    assert several.cleaned_data["many"] == ["members", "owed"]


def test_a_choice_of_nothing_is_always_offered_and_not_counted():
    class MayForm(OfficeForm):
        one = PickField(label="Số liệu", required=False, choices=[("", "Không lấy số liệu"), *LIST])

    form = MayForm({"one-tim": "kết nạp"})
    assert shown(form) == {"": [""], "Đoàn viên": ["admitted"]}
    assert form["one"].picked.says == "1 mục hợp với “kết nạp”."
    assert next(row for _, rows in MayForm()["one"].picked.groups for row in rows).is_chosen


def test_a_very_long_list_shows_its_beginning_and_says_so():
    rows = [(f"h{place}", f"Hoạt động {place}") for place in range(MOST_SHOWN + 20)]
    form = type("LongForm", (OfficeForm,), {"one": PickField(label="Hoạt động", choices=rows)})
    first = form({"one": "h119"})["one"].picked
    assert [len(found) for _, found in first.groups] == [1, 100]  # the chosen one, and the first hundred
    assert first.says == "120 mục, đang hiện 100 mục đầu. Hãy gõ thêm chữ để tìm."
    assert form({"one-tim": "119"})["one"].picked.says == "1 mục hợp với “119”."


def test_what_is_not_in_the_list_is_refused_and_typed_words_stay_text():
    form = OneForm({"one-tim": POISON, "one": POISON})
    assert not form.is_valid()
    assert form.errors["one"] == ["Mục đã chọn không còn trong danh sách. Hãy chọn lại."]
    page = render_to_string("_form.html", {"form": form})
    assert "<svg onload" not in page
    assert "<xss" not in page
    assert form["one"].picked.words == POISON[:100]
    assert isinstance(form.fields["one"], forms.ChoiceField)


# --- on the page ----------------------------------------------------------------------------------------


@pytest.fixture
def table(db):
    union = UnionFactory(name="Đoàn Khối")
    office = account_at(union, "superior_office")
    found = create_table(owner=union, by=office, number="09", title="Biểu thử", whom="all", kinds=["year"])
    found.office = office
    return found


def new_line(client, table, kind, **values):
    client.force_login(table.office)
    url = f"{reverse('reports:stat_item_new', args=[table.pk])}?loai={kind}"
    filled = {name: value for name, value in form_of(client, url).filled().items() if name != "csrfmiddlewaretoken"}
    return client.post(url, filled | values)


@pytest.mark.once
def test_looking_through_the_figures_saves_nothing_and_keeps_what_was_typed(client, table):
    answer = new_line(client, table, "so-lieu", do="find", name="Tên riêng", **{"figure-tim": "doan phi"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="Tên riêng"' in page
    assert 'value="dues_paid"' in page
    assert 'value="members"' not in page
    assert "Xem lại" not in page  # no verdict while one looks
    assert not table.items.exists()


@pytest.mark.once
def test_a_found_figure_is_chosen_and_saved(client, table):
    answer = new_line(client, table, "so-lieu", figure="dues_paid", **{"figure-tim": "doan phi"})
    assert answer.status_code == 302
    item = table.items.get()
    assert (item.figure, item.name) == ("dues_paid", FIGURES["dues_paid"].label)


@pytest.mark.once
def test_a_line_that_stands_shows_its_indicator_whatever_is_looked_for(client, table):
    blood = IndicatorFactory(name="Hiến máu tình nguyện", unit_word="lượt người")
    IndicatorFactory(name="Phần việc thanh niên", unit_word="phần việc")
    item = add_item(table=table, what="indicator", indicator=blood, number="1")
    client.force_login(table.office)
    url = reverse("reports:stat_item", args=[item.pk])
    filled = form_of(client, url).filled()
    assert filled["indicator"] == [blood.code]
    offered = client.post(url, filled | {"do": "find", "indicator-tim": "phan viec"}).content.decode()
    assert CHOSEN in offered
    assert f'value="{blood.code}" checked' in offered
    assert "Phần việc thanh niên (phần việc)" in offered
