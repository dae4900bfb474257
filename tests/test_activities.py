"""The pages of activities: who reaches them, what they show, what they save, and at what price."""

import datetime
import io
import re
import threading
import uuid
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from branches.models import Activity, Evidence, Indicator, Quantity
from branches.totals import compare_totals
from branches.uploads import MOST_FILES
from tests.factories import (
    ActivityFactory,
    IndicatorFactory,
    MemberFactory,
    ParticipationFactory,
    QuantityFactory,
    ShareFactory,
    TargetFactory,
    TermFactory,
    UnionFactory,
    UnitFactory,
    WorkAreaFactory,
    YesNoFactory,
    account_at,
    year,
)

TODAY = datetime.datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
YESTERDAY = TODAY - datetime.timedelta(days=1)
TOMORROW = TODAY + datetime.timedelta(days=1)


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


def picture(name="ảnh.jpg", colour="red") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue())


def typed(*rows, **fields) -> dict:
    """What the log form sends; a row is (indicator, {field: text})."""
    data = {
        "form_key": str(uuid.uuid4()),
        "title": "Tặng quà hộ nghèo",
        "day": TODAY.isoformat(),
        "organiser": "own",
        "do": "save",
        "quantity": [str(indicator.pk) for indicator, _ in rows],
    }
    for indicator, texts in rows:
        data |= {f"q{indicator.pk}-{name}": text for name, text in ({"qualifier": "exact"} | texts).items()}
    return data | fields


def new_url(unit) -> str:
    return reverse("branches:activity_new", args=[unit.pk])


def list_url(unit, query="") -> str:
    return reverse("branches:activity_list", args=[unit.pk]) + query


def titles(response) -> list[str]:
    return [row.title for row in response.context["page"].rows]


def errors_of(response) -> dict[str, list[str]]:
    return {name: list(texts) for name, texts in response.context["form"].errors.items()}


# --- who reaches what -----------------------------------------------------------------------------

PAGES = (
    ("activity_list", "unit", 200, 200),
    ("activity_new", "unit", 403, 200),
    ("activity_export", "unit", 200, 200),
    ("quantity_row", "unit", 403, 204),
    ("activity", "activity", 200, 200),
    ("activity_edit", "activity", 403, 200),
    ("activity_hold", "activity", 403, 200),
    ("activity_cancel", "activity", 403, 200),
    ("evidence_delete", "evidence", 403, 200),
)


@pytest.mark.parametrize(("name", "of", "reader", "writer"), PAGES)
def test_page_opens_for_the_right_people_only(client, union, unit, name, of, reader, writer):
    activity = ActivityFactory(unit=unit)
    link = Evidence.objects.create(activity=activity, link="https://vidu.vn/bai")
    pk = {"unit": unit, "activity": activity, "evidence": link}[of].pk
    expected = {
        account_at(unit): writer,
        account_at(unit, "member"): reader,
        account_at(union, "superior_office"): reader,
        account_at(unit, "party_secretary"): 404,
        account_at(union, "inspection_chair"): 404,
        account_at(UnitFactory(superior=union)): 404,
        account_at(UnionFactory(), "superior_secretary"): 404,
    }

    answers = {}
    for account in expected:
        client.force_login(account)
        answers[account] = client.get(reverse(f"branches:{name}", args=[pk])).status_code

    assert answers == expected


@pytest.mark.parametrize("name", ["activity_edit", "activity_hold", "activity_cancel"])
def test_reader_cannot_post(client, unit, name):
    activity = ActivityFactory(unit=unit, title="Nguyên")
    client.force_login(account_at(unit, "member"))

    answer = client.post(
        reverse(f"branches:{name}", args=[activity.pk]), typed(version=1, cancel_reason="x", title="Đổi")
    )

    activity.refresh_from_db()
    assert (answer.status_code, activity.title, activity.state) == (403, "Nguyên", "held")


def test_names_of_participants_are_hidden_from_those_who_only_view(client, unit):
    activity = ActivityFactory(unit=unit)
    ParticipationFactory(activity=activity, member=MemberFactory(home=unit, full_name="Trần Thị Kín"))
    url = reverse("branches:activity", args=[activity.pk])

    client.force_login(account_at(unit, "member"))
    seen_by_member = client.get(url)
    client.force_login(account_at(unit))
    seen_by_secretary = client.get(url)

    assert "Trần Thị Kín" not in seen_by_member.content.decode()
    assert seen_by_member.context["people"] == "1 đoàn viên"
    assert [name for _, name in seen_by_secretary.context["named"]] == ["Trần Thị Kín"]


# --- the quick log ----------------------------------------------------------------------------------


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


# --- files ------------------------------------------------------------------------------------------


def test_chosen_picture_survives_an_error_elsewhere(client, unit, secretary, media):
    blood = IndicatorFactory()
    sent = typed((blood, {"value": ""}), files=[picture("ảnh thứ nhất.png")])

    refused = client.post(new_url(unit), sent)
    tickets = [ticket for ticket, _ in refused.context["form"].kept]
    again = typed((blood, {"value": "5"}), form_key=sent["form_key"], kept=tickets)
    client.post(new_url(unit), again)

    assert Evidence.objects.get().name == "ảnh thứ nhất.jpg"
    assert len(list(media.rglob("*.jpg"))) == 1


def test_ticket_of_another_form_or_account_brings_nothing(client, unit, secretary, media):
    blood = IndicatorFactory()
    refused = client.post(new_url(unit), typed((blood, {"value": ""}), files=[picture()]))
    tickets = [ticket for ticket, _ in refused.context["form"].kept]

    client.post(new_url(unit), typed((blood, {"value": "5"}), kept=[*tickets, "nonsense"]))

    assert Activity.objects.count() == 1
    assert Evidence.objects.count() == 0


def test_refused_file_is_named_and_the_good_one_kept(client, unit, secretary, media):
    blood = IndicatorFactory()
    bad = SimpleUploadedFile("trang.jpg", b"<html><script>alert(1)</script>")

    answer = client.post(new_url(unit), typed((blood, {"value": "5"}), files=[picture("tốt.jpg"), bad]))

    assert errors_of(answer) == {
        "files": ["Không nhận tệp “trang.jpg”. Chỉ nhận ảnh JPG, PNG, WebP, tệp PDF, Word (docx) và Excel (xlsx)."]
    }
    assert [stored.name for _, stored in answer.context["form"].kept] == ["tốt.jpg"]
    assert Activity.objects.count() == 0


def test_too_many_files_get_an_answer(client, unit, secretary, media):
    blood = IndicatorFactory()

    answer = client.post(
        new_url(unit), typed((blood, {"value": "5"}), files=[picture(f"{n}.jpg") for n in range(MOST_FILES + 1)])
    )

    assert errors_of(answer) == {"files": ["Mỗi lần chọn tối đa 12 tệp. Hãy chọn lại, phần còn lại thêm sau."]}


def test_evidence_is_served_disarmed_and_only_through_the_rule(client, unit, secretary, media):
    client.post(new_url(unit), typed((IndicatorFactory(), {"value": "5"}), files=[picture('ảnh "lạ"\r\n.jpg')]))
    found = Evidence.objects.get()
    url = reverse("branches:evidence", args=[found.pk])

    shown = client.get(url)
    body = b"".join(shown.streaming_content)
    small = client.get(url, {"nho": "1"})
    client.force_login(account_at(UnitFactory()))
    stranger = client.get(url)

    assert body[:2] == b"\xff\xd8"
    assert shown.headers["Content-Type"] == small.headers["Content-Type"] == "image/jpeg"
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in shown.headers["Cache-Control"]
    assert "private" in shown.headers["Cache-Control"]
    assert shown.headers["Content-Disposition"].startswith("inline; filename")
    assert Image.open(io.BytesIO(small.content)).size == (64, 48)
    assert stranger.status_code == 404


def test_evidence_delete_removes_the_file_after_asking(
    client, unit, secretary, media, django_capture_on_commit_callbacks
):
    client.post(new_url(unit), typed((IndicatorFactory(), {"value": "5"}), files=[picture()]))
    found = Evidence.objects.get()
    url = reverse("branches:evidence_delete", args=[found.pk])

    asked = client.get(url)
    still_there = Evidence.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(url)

    assert (asked.status_code, still_there) == (200, 1)
    assert done.url == reverse("branches:activity", args=[found.activity_id])
    assert Evidence.objects.count() == 0
    assert list(media.rglob("*.jpg")) == []
    assert compare_totals() == []


# --- change, hold, cancel -----------------------------------------------------------------------------


def edit_url(activity, name="activity_edit") -> str:
    return reverse(f"branches:{name}", args=[activity.pk])


def test_edit_page_shows_what_is_stored(client, unit, secretary):
    line = QuantityFactory(activity__unit=unit, value=Decimal("1200"), qualifier="about")

    form = client.get(edit_url(line.activity)).context["form"]

    assert form["title"].value() == line.activity.title
    assert (form["day"].value(), form["starts_on"].value()) == ("other", datetime.date(2026, 1, 29))
    assert [(row["value"].value(), row["qualifier"].value()) for row in form.rows] == [("1.200", "about")]


def test_edit_saves_and_raises_the_version(client, unit, secretary):
    line = QuantityFactory(activity__unit=unit)

    client.post(
        edit_url(line.activity),
        typed((line.indicator, {"value": "9"}), version=1, day="other", starts_on="29/01/2026"),
    )

    found = Activity.objects.get()
    assert (found.title, found.version, found.quantities.get().value) == ("Tặng quà hộ nghèo", 2, Decimal(9))


def test_edit_conflict_shows_both_versions_and_loses_nothing(client, unit, secretary, media):
    line = QuantityFactory(activity__unit=unit, indicator__name="Hiến máu", value=5)
    activity = line.activity
    mine = typed(
        (line.indicator, {"value": "9"}), version=1, day="other", starts_on="29/01/2026", title="Của tôi",
        files=[picture()],
    )  # fmt: skip
    theirs = typed((line.indicator, {"value": "7"}), version=1, day="other", starts_on="29/01/2026", title="Của họ")
    client.post(edit_url(activity), theirs)

    conflict = client.post(edit_url(activity), mine)
    stored = Activity.objects.get()
    rows = {row["label"]: (row["theirs"], row["mine"]) for row in conflict.context["rows"] if row["differs"]}
    again: dict = {}
    for name, value in conflict.context["carried"]:
        again.setdefault(name, []).append(value)
    kept = client.post(edit_url(activity), again)

    assert conflict.status_code == 409
    assert (stored.title, stored.version) == ("Của họ", 2)
    assert rows == {
        "Tên hoạt động": ("Của họ", "Của tôi"),
        "Kết quả": ("Hiến máu: 7\u00a0lượt người", "Hiến máu: 9\u00a0lượt người"),
    }
    assert kept.status_code == 302
    stored.refresh_from_db()
    assert (stored.title, stored.version, stored.quantities.get().value) == ("Của tôi", 3, Decimal(9))
    assert stored.evidence.get().name == "ảnh.jpg"


def test_hold_turns_a_plan_into_a_result(client, unit, secretary):
    line = QuantityFactory(activity__unit=unit, activity__state="planned")

    client.post(
        edit_url(line.activity, "activity_hold"),
        typed((line.indicator, {"value": "6"}), version=1, day="other", starts_on="29/01/2026"),
    )

    assert (Activity.objects.get().state, Quantity.objects.counted().get().value) == ("held", Decimal(6))


def test_hold_of_a_day_to_come_is_refused_at_the_day(client, unit, secretary):
    planned = ActivityFactory(unit=unit, state="planned", starts_on=TOMORROW)

    answer = client.post(
        edit_url(planned, "activity_hold"),
        typed(version=1, day="other", starts_on=TOMORROW.isoformat(), area=IndicatorFactory().area_id),
    )

    assert list(errors_of(answer)) == ["starts_on"]
    assert Activity.objects.get().state == "planned"


def test_cancel_asks_for_a_reason_and_keeps_the_activity(client, unit, secretary):
    activity = ActivityFactory(unit=unit)
    url = edit_url(activity, "activity_cancel")

    without = client.post(url, {"version": 1, "cancel_reason": " "})
    done = client.post(url, {"version": 1, "cancel_reason": "Mưa bão"})
    late = client.post(url, {"version": 1, "cancel_reason": "Lý do khác"})

    assert errors_of(without) == {"cancel_reason": ["Hãy ghi “Lý do không tổ chức”."]}
    assert done.status_code == 302
    assert late.status_code == 409
    activity.refresh_from_db()
    assert (activity.state, activity.cancel_reason) == ("cancelled", "Mưa bão")


def test_cancel_sent_twice_is_one_answer(client, unit, secretary):
    activity = ActivityFactory(unit=unit)
    sent = {"version": 1, "cancel_reason": "Mưa bão", "form_key": str(uuid.uuid4())}

    answers = [client.post(edit_url(activity, "activity_cancel"), sent) for _ in range(2)]

    assert [answer.url for answer in answers] == [reverse("branches:activity", args=[activity.pk])] * 2
    activity.refresh_from_db()
    assert activity.version == 2


def test_activity_page_says_which_plans_a_result_counts_for(client, unit, secretary):
    line = QuantityFactory(activity__unit=unit, value=5)
    TargetFactory(unit=unit, indicator=line.indicator)
    TargetFactory(
        unit=unit,
        indicator=line.indicator,
        period=TermFactory(
            unit=unit, name="Nhiệm kỳ 2024-2027", starts_on=datetime.date(2024, 5, 1), ends_on=datetime.date(2027, 5, 1)
        ),
    )
    TargetFactory(indicator=line.indicator)

    rows = client.get(reverse("branches:activity", args=[line.activity_id])).context["lines"]

    assert [(row["words"], row["periods"]) for row in rows] == [
        ("5\u00a0lượt người", ["nhiệm kỳ 2024-2027", "năm 2026"])
    ]


# --- the list ---------------------------------------------------------------------------------------


@pytest.fixture
def various(unit):
    """Five activities of the unit and one of a stranger."""
    blood = IndicatorFactory(code="t-blood")
    education = WorkAreaFactory(code="education")
    IndicatorFactory(area=education)
    january = ActivityFactory(unit=unit, title="Hiến máu đầu xuân", starts_on=datetime.date(2026, 1, 10))
    QuantityFactory(activity=january, indicator=blood)
    Evidence.objects.create(activity=january, link="https://vidu.vn/1")
    ActivityFactory(unit=unit, title="Học nghị quyết", area=education, starts_on=datetime.date(2026, 4, 2))
    ActivityFactory(unit=unit, title="Giải bóng đá", organiser="joint", starts_on=datetime.date(2025, 12, 31))
    ActivityFactory(unit=unit, title="Dự kiến hè", state="planned", starts_on=datetime.date(2026, 7, 1))
    ActivityFactory(
        unit=unit, title="Hoãn", state="cancelled", cancel_reason="Bão", starts_on=datetime.date(2026, 9, 1)
    )
    ActivityFactory(title="Của đơn vị lạ", starts_on=datetime.date(2026, 4, 2))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Hoãn", "Dự kiến hè", "Học nghị quyết", "Hiến máu đầu xuân", "Giải bóng đá"]),
        ("?ky=2025", ["Giải bóng đá"]),
        ("?ky=2026-q1", ["Hiến máu đầu xuân"]),
        ("?ky=2026-04", ["Học nghị quyết"]),
        ("?ky=tu-den&tu=2026-01-01&den=2026-04-02", ["Học nghị quyết", "Hiến máu đầu xuân"]),
        ("?muc=education", ["Học nghị quyết"]),
        ("?chi_tieu=t-blood", ["Hiến máu đầu xuân"]),
        ("?tinh_trang=planned", ["Dự kiến hè"]),
        ("?to_chuc=joint", ["Giải bóng đá"]),
        ("?minh_chung=thieu", ["Học nghị quyết", "Giải bóng đá"]),
        ("?q=nghị", ["Học nghị quyết"]),
        ("?ky=2026-q9&muc=x&tinh_trang=x&trang=-1&don_vi=1&tu=x", None),
    ],
)
def test_list_filters(client, unit, secretary, various, query, expected):
    found = titles(client.get(list_url(unit, query)))

    assert found == expected if expected is not None else len(found) == 5


def test_list_of_a_superior_shows_units_below_when_asked(client, union, unit):
    sibling = UnitFactory(superior=union)
    ActivityFactory(unit=union, title="Của Đoàn")
    ActivityFactory(unit=unit, title="Của chi đoàn")
    ActivityFactory(unit=sibling, title="Của chi đoàn khác")
    ActivityFactory(title="Của đơn vị lạ")
    client.force_login(account_at(union, "superior_office"))

    assert titles(client.get(list_url(union))) == ["Của Đoàn"]
    assert set(titles(client.get(list_url(union, "?below=1")))) == {"Của Đoàn", "Của chi đoàn", "Của chi đoàn khác"}
    assert titles(client.get(list_url(union, f"?don_vi={unit.pk}"))) == ["Của chi đoàn"]


def test_list_turns_pages_in_a_stable_order(client, unit, secretary):
    made = [ActivityFactory(unit=unit, title=f"Số {n}") for n in range(60)]

    first, second = client.get(list_url(unit)), client.get(list_url(unit, "?trang=2"))
    beyond = client.get(list_url(unit, "?trang=9&ky=2026"))

    assert titles(first) + titles(second) == [one.title for one in reversed(made)]
    assert (first.context["page"].total, first.context["page"].next, second.context["page"].next) == (60, 2, None)
    assert beyond.url == list_url(unit, "?ky=2026")


def _fill(unit, count):
    blood = IndicatorFactory()
    for _ in range(count):
        activity = ActivityFactory(unit=unit)
        QuantityFactory(activity=activity, indicator=blood)
        ParticipationFactory(activity=activity, member=MemberFactory(home=unit))
        Evidence.objects.create(activity=activity, link="https://vidu.vn/1")


@pytest.mark.parametrize("count", [1, 3, 30])
def test_list_asks_the_same_queries_for_1_and_30_rows(client, unit, secretary, django_assert_num_queries, count):
    _fill(unit, count)
    client.get(list_url(unit))

    with django_assert_num_queries(8):  # session, account, posts, unit, indicators, terms, page, lines
        response = client.get(list_url(unit))

    assert len(titles(response)) == count


@pytest.mark.parametrize("count", [1, 3, 30])
def test_list_of_units_below_asks_the_same_queries(client, union, unit, django_assert_num_queries, count):
    for _ in range(count):
        _fill(UnitFactory(superior=union), 1)
    client.force_login(account_at(union, "superior_office"))

    with django_assert_num_queries(9):  # as above, and the units to choose from
        response = client.get(list_url(union, "?below=1"))

    assert len(titles(response)) == count


@pytest.mark.parametrize("count", [1, 30])
def test_log_page_asks_the_same_queries(client, unit, secretary, django_assert_num_queries, count):
    _fill(unit, count)

    with django_assert_num_queries(6):  # session, account, posts, unit, members, catalogue
        client.get(new_url(unit))


@pytest.mark.parametrize("count", [1, 30])
def test_activity_page_asks_the_same_queries(client, unit, secretary, django_assert_num_queries, count):
    activity = ActivityFactory(unit=unit)
    for _ in range(count):
        QuantityFactory(activity=activity)
        ParticipationFactory(activity=activity, member=MemberFactory(home=unit))
        Evidence.objects.create(activity=activity, link="https://vidu.vn/1")

    with django_assert_num_queries(9):  # session, account, posts, activity, lines, targets, people, evidence, history
        client.get(reverse("branches:activity", args=[activity.pk]))


# --- the file ---------------------------------------------------------------------------------------


def test_export_holds_the_filtered_list_as_inert_text(client, unit, secretary):
    hostile = '=HYPERLINK("http://xau.vn","bấm")\x01\x0b'
    line = QuantityFactory(
        activity__unit=unit, activity__title=hostile, activity__note="@cmd", activity__raised=1_500_000, value=5,
        indicator__name="+Hiến máu", qualifier="about",
    )  # fmt: skip
    ActivityFactory(unit=unit, title="Năm ngoái", starts_on=datetime.date(2025, 1, 1))
    url = reverse("branches:activity_export", args=[unit.pk])

    answer = client.get(url, {"ky": "2026"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    activities, results = ([[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] for sheet in book)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}

    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    assert len(activities) == len(results) == 1
    assert activities[0][2] == '=HYPERLINK("http://xau.vn","bấm")'
    assert (activities[0][12], activities[0][15]) == (1_500_000, "@cmd")
    assert activities[0][8] == "+Hiến máu: khoảng\u00a05\u00a0lượt người"
    assert results[0][5:9] == ["+Hiến máu", line.indicator.unit_word, "Khoảng", 5]
    assert kinds <= {"s", "n", "d"}


def test_pages_have_no_inline_style_or_script(client, unit, secretary):
    line = QuantityFactory(activity__unit=unit, activity__title='"><svg onload=alert(1)>')
    urls = [list_url(unit), new_url(unit), edit_url(line.activity), edit_url(line.activity, "activity")]

    for url in urls:
        html = client.get(url).content.decode()
        assert "<svg onload" not in html
        assert re.findall(r"\sstyle=|<style|\son\w+=\"|<script(?![^>]*\ssrc=)", html) == []


@pytest.mark.parametrize("count", [1, 3])
def test_saving_asks_the_same_queries_for_any_number_of_results(
    client, unit, secretary, django_assert_num_queries, count
):
    rows = [(IndicatorFactory(), {"value": "5"}) for _ in range(count)]
    sent = typed(*rows)

    # 17 that read or write: 6 for the rights and the choices of the form, 10 to lock, write, total and keep
    # the receipt, 1 for the message; and 6 savepoints, which the test adds or which cost nothing.
    with django_assert_num_queries(23):
        client.post(new_url(unit), sent)


JUNK = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "-1", "1e9", "9" * 40, "NaN", "\x00", "=1+1", "<b>", "1.200,5", "31/02/2026", "٣", "other"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
