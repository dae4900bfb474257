"""The page of one activity: who reaches what, its files, changing, holding, cancelling."""

import datetime
import io
import re
import uuid
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from branches.models import Activity, Evidence, Quantity
from branches.totals import compare_totals
from branches.uploads import MOST_FILES
from tests.factories import (
    ActivityFactory,
    IndicatorFactory,
    MemberFactory,
    ParticipationFactory,
    QuantityFactory,
    TargetFactory,
    TermFactory,
    UnionFactory,
    UnitFactory,
    account_at,
)
from tests.logging_activities import TOMORROW, edit_url, errors_of, list_url, new_url, picture, typed


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


# --- what every page keeps ----------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 30])
def test_activity_page_asks_the_same_queries(client, unit, secretary, django_assert_num_queries, count):
    activity = ActivityFactory(unit=unit)
    for _ in range(count):
        QuantityFactory(activity=activity)
        ParticipationFactory(activity=activity, member=MemberFactory(home=unit))
        Evidence.objects.create(activity=activity, link="https://vidu.vn/1")

    with django_assert_num_queries(9):  # session, account, posts, activity, lines, targets, people, evidence, history
        client.get(reverse("branches:activity", args=[activity.pk]))


def test_pages_have_no_inline_style_or_script(client, unit, secretary):
    line = QuantityFactory(activity__unit=unit, activity__title='"><svg onload=alert(1)>')
    urls = [list_url(unit), new_url(unit), edit_url(line.activity), edit_url(line.activity, "activity")]

    for url in urls:
        html = client.get(url).content.decode()
        assert "<svg onload" not in html
        assert re.findall(r"\sstyle=|<style|\son\w+=\"|<script(?![^>]*\ssrc=)", html) == []
