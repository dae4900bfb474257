"""The log form of an activity: what it saves and answers, and what it asks of the database."""

import datetime
import threading
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from branches.models import Activity, Indicator, Quantity
from branches.totals import compare_totals
from tests.factories import (
    ActivityFactory,
    IndicatorFactory,
    MemberFactory,
    ShareFactory,
    TargetFactory,
    UnionFactory,
    UnitFactory,
    WorkAreaFactory,
    YesNoFactory,
    account_at,
    year,
)
from tests.logging_activities import TODAY, TOMORROW, errors_of, fill, list_url, new_url, picture, typed


@pytest.fixture
def union(db):
    return UnionFactory()


@pytest.fixture
def unit(union):
    return UnitFactory(name="Chi đoàn Sở Thông tin", superior=union)


@pytest.fixture
def secretary(unit, client):
    account = account_at(unit)
    client.force_login(account)
    return account


def test_log_saves_several_results_people_and_a_picture(client, unit, secretary, media):
    gifts = IndicatorFactory(name="Quà tặng", unit_word="suất")
    share, agreed = ShareFactory(name="Đăng ký học tập"), YesNoFactory(name="Ban hành kế hoạch")
    members = [MemberFactory(home=unit), MemberFactory(home=unit)]

    answer = client.post(
        new_url(unit),
        typed(
            (gifts, {"value": "1.200", "qualifier": "about", "each": "700.000", "note": "hộ nghèo"}),
            (share, {"value": "1", "denominator": "2"}),
            (agreed, {"value": "1"}),
            members=[member.pk for member in members],
            guest_count="3",
            raised="2.000.000",
            links="https://vidu.vn/bai-1\nhttps://vidu.vn/bai-2",
            files=[picture()],
        ),
    )

    made = Activity.objects.get()
    assert answer.url == reverse("branches:activity", args=[made.pk])
    assert (made.title, made.starts_on, made.state, made.created_by) == ("Tặng quà hộ nghèo", TODAY, "held", secretary)
    assert (made.area, made.guest_count, made.raised) == (gifts.area, 3, 2_000_000)
    assert list(
        made.quantities.order_by("pk").values_list("indicator", "value", "denominator", "qualifier", "each", "note")
    ) == [
        (gifts.pk, Decimal(1200), None, "about", 700_000, "hộ nghèo"),
        (share.pk, Decimal(1), Decimal(2), "exact", None, ""),
        (agreed.pk, Decimal(1), None, "exact", None, ""),
    ]
    assert made.participations.count() == 2
    assert list(made.evidence.order_by("pk").values_list("name", "link")) == [
        ("ảnh.jpg", ""),
        ("", "https://vidu.vn/bai-1"),
        ("", "https://vidu.vn/bai-2"),
    ]
    assert len(list(media.rglob("*.jpg"))) == 1
    assert compare_totals() == []


def test_log_of_a_day_to_come_is_planned(client, unit, secretary):
    client.post(
        new_url(unit),
        typed(day="other", starts_on=TOMORROW.strftime("%d/%m/%Y"), area=IndicatorFactory().area_id),
    )

    made = Activity.objects.get()
    assert (made.state, made.starts_on, made.last_on) == ("planned", TOMORROW, TOMORROW)


def test_log_of_several_days(client, unit, secretary):
    client.post(
        new_url(unit),
        typed(day="other", starts_on="24/10/2018", last_on="26/10/2018", area=IndicatorFactory().area_id),
    )

    made = Activity.objects.get()
    assert (made.starts_on, made.last_on) == (datetime.date(2018, 10, 24), datetime.date(2018, 10, 26))


def test_log_says_consciously_that_a_figure_is_unknown(client, unit, secretary):
    news = IndicatorFactory(name="Tin, bài", unit_word="tin, bài")

    silent = client.post(new_url(unit), typed((news, {"value": ""})))
    said = client.post(new_url(unit), typed((news, {"value": "", "unknown": "on"})))

    assert errors_of(silent) == {f"q{news.pk}-value": ["Hãy ghi số tin, bài, hoặc đánh dấu “Chưa có số”."]}
    assert said.status_code == 302
    assert Quantity.objects.get().value is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": ""}, {"title": ["Hãy ghi “Đã làm việc gì”."]}),
        ({"day": "other"}, {"starts_on": ["Hãy chọn ngày làm."]}),
        ({"day": "other", "starts_on": "31/02/2026"}, None),
        (
            {"day": "other", "starts_on": "05/01/2026", "last_on": "04/01/2026"},
            {"last_on": ["Ngày cuối không thể trước ngày đầu. Hãy xem lại hai ngày."]},
        ),
        ({"area": ""}, {"area": ["Chưa ghi kết quả nào thì hãy chọn mục báo cáo."]}),
        ({"raised": "1,2 triệu"}, {"raised": ["Hãy ghi đủ số đồng bằng chữ số, ví dụ 1.200.000."]}),
        (
            {"links": "javascript:alert(1)"},
            {"links": ["“javascript:alert(1)” chưa phải đường dẫn. Hãy chép cả địa chỉ, bắt đầu bằng https://"]},
        ),
        ({"organiser": "nobody"}, {"organiser": ["Mục đã chọn không còn trong danh sách. Hãy chọn lại."]}),
        ({"day": "hôm kia"}, {"day": ["Mục đã chọn không còn trong danh sách. Hãy chọn lại."]}),
    ],
)
def test_log_answers_bad_input_at_the_field(client, unit, secretary, fields, expected):
    area = IndicatorFactory().area_id

    answer = client.post(new_url(unit), typed(**{"area": area, **fields}))

    assert answer.status_code == 200
    assert Activity.objects.count() == 0
    if expected is not None:
        assert errors_of(answer) == expected


def test_log_answers_a_share_above_its_whole(client, unit, secretary):
    share = ShareFactory()

    answer = client.post(new_url(unit), typed((share, {"value": "15", "denominator": "14"})))

    assert errors_of(answer) == {f"q{share.pk}-value": ["Số này lớn hơn tổng số. Hãy xem lại hai số."]}


def test_log_without_javascript_adds_and_drops_rows_and_keeps_everything(client, unit, secretary):
    first, second = IndicatorFactory(), IndicatorFactory()

    added = client.post(new_url(unit), typed((first, {"value": "7x"}), do="add", pick=second.pk, title=""))
    dropped = client.post(
        new_url(unit), typed((first, {"value": "7x"}), (second, {"value": "3"}), do=f"drop-{first.pk}")
    )

    form = added.context["form"]
    assert [row.indicator for row in form.rows] == [first, second]
    assert form.rows[0]["value"].value() == "7x"
    assert errors_of(added) == {}
    assert [row.indicator for row in dropped.context["form"].rows] == [second]
    assert Activity.objects.count() == 0


def test_log_with_a_result_picked_but_not_added_asks_for_its_figure(client, unit, secretary):
    picked = IndicatorFactory()

    answer = client.post(new_url(unit), typed(pick=picked.pk))

    assert [row.indicator for row in answer.context["form"].rows] == [picked]
    assert Activity.objects.count() == 0


def test_log_offers_the_indicators_of_the_plan_first(client, unit, secretary):
    IndicatorFactory(area=WorkAreaFactory(code="education"))
    indicator = IndicatorFactory(area=WorkAreaFactory(code="building"))

    planned = TargetFactory(unit=unit, indicator=indicator, period=year(TODAY.year))
    TargetFactory(unit=UnitFactory(), period=year(TODAY.year))

    groups = client.get(new_url(unit)).context["form"].choices

    assert groups[0] == ("Chỉ tiêu trong kế hoạch", [planned.indicator])


def test_log_opened_from_the_plan_starts_with_that_result(client, unit, secretary):
    blood = IndicatorFactory(code="t-blood")
    MemberFactory(home=unit)
    share = ShareFactory(code="t-share")

    form = client.get(new_url(unit) + "?chi_tieu=t-blood&chi_tieu=t-share&chi_tieu=gone").context["form"]

    assert [row.indicator for row in form.rows] == [blood, share]
    assert form.rows[1]["denominator"].value() == "1"


def test_save_and_log_another_keeps_the_frame_and_empties_the_figures(client, unit, secretary):
    blood, member = IndicatorFactory(), MemberFactory(home=unit)

    answer = client.post(
        new_url(unit),
        typed(
            (blood, {"value": "5"}),
            do="another",
            day="other",
            starts_on="26/03/2026",
            organiser="joint",
            partner="Hội Chữ thập đỏ",
            members=[member.pk],
        ),
    )
    form = client.get(answer.url).context["form"]

    assert (form["title"].value(), form["partner"].value()) == (None, "Hội Chữ thập đỏ")
    assert (form["day"].value(), form["starts_on"].value()) == ("other", datetime.date(2026, 3, 26))
    assert (form["organiser"].value(), form["members"].value()) == ("joint", [member.pk])
    assert [(row.indicator, row["value"].value()) for row in form.rows] == [(blood, None)]


def test_log_of_another_unit_is_not_copied(client, unit, secretary):
    theirs = ActivityFactory(organiser="joint", partner="Bí mật")

    form = client.get(f"{new_url(unit)}?tiep={theirs.pk}").context["form"]

    assert form["partner"].value() is None


def test_double_post_makes_one_activity_and_says_so(client, unit, secretary):
    sent = typed((IndicatorFactory(), {"value": "5"}))

    first, second = client.post(new_url(unit), sent), client.post(new_url(unit), sent, follow=True)

    assert Activity.objects.count() == 1
    assert second.redirect_chain == [(first.url, 302)]
    assert [str(m) for m in second.context["messages"]][-1] == (
        "“Tặng quà hộ nghèo” đã lưu từ lần gửi trước, không ghi thêm. Nếu vừa ghi khác đi, hãy sửa lại."
    )


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_the_same_moment_make_one_activity():
    unit = UnitFactory()
    account, sent = account_at(unit), typed((IndicatorFactory(), {"value": "5"}))
    clients = [Client(), Client()]
    for one in clients:
        one.force_login(account)
    gate, answers = threading.Barrier(2), []

    def tap(one):
        gate.wait()
        try:
            answers.append(one.post(new_url(unit), sent).url)
        finally:
            connection.close()

    threads = [threading.Thread(target=tap, args=[one]) for one in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert answers == [reverse("branches:activity", args=[Activity.objects.get().pk])] * 2
    assert compare_totals() == []


# --- the price, and any input -------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 30])
def test_log_page_asks_the_same_queries(client, unit, secretary, django_assert_num_queries, count):
    fill(unit, count)

    with django_assert_num_queries(7):  # session, account, posts, unit, lock, members, catalogue
        client.get(new_url(unit))


@pytest.mark.parametrize("count", [1, 3])
def test_saving_asks_the_same_queries_for_any_number_of_results(
    client, unit, secretary, django_assert_num_queries, count
):
    rows = [(IndicatorFactory(), {"value": "5"}) for _ in range(count)]
    sent = typed(*rows)

    # 17 that read or write: 5 for the rights and the catalogue, 11 to lock, ask whether the day is closed, write, total
    # and keep the receipt, 1 for the message; and 6 savepoints, which the test adds or which cost nothing.
    with django_assert_num_queries(23):
        client.post(new_url(unit), sent)


JUNK = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "-1", "1e9", "9" * 40, "NaN", "\x00", "=1+1", "<b>", "1.200,5", "31/02/2026", "٣", "other"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_log_never_breaks_on_any_input(client, unit, secretary, data):
    count, share, agreed = (
        Indicator.objects.filter(code=f"t-junk-{kind.__name__}").first() or kind(code=f"t-junk-{kind.__name__}")
        for kind in (IndicatorFactory, ShareFactory, YesNoFactory)
    )
    names = [
        "form_key", "title", "day", "starts_on", "last_on", "organiser", "partner", "member_count", "guest_count",
        "raised", "spent", "place", "area", "links", "note", "planned", "do", "pick", "members", "kept", "quantity",
    ]  # fmt: skip
    names += [
        f"q{one.pk}-{field}"
        for one in (count, share, agreed)
        for field in ("value", "denominator", "qualifier", "unknown", "each", "note")
    ]
    sent = typed((count, {"value": "5"}), (share, {"value": "1", "denominator": "2"}), (agreed, {"value": "1"}))
    for name in data.draw(st.lists(st.sampled_from(names), max_size=6)):
        sent[name] = data.draw(JUNK)

    assert client.post(new_url(unit), sent).status_code in (200, 302)
    url = list_url(unit)
    assert client.get(url, {"ky": data.draw(JUNK), "trang": data.draw(JUNK), "q": data.draw(JUNK)}).status_code in (
        200,
        302,
    )
