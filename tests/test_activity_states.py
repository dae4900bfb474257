"""Planned, held, called off: an activity that is edited, and what then counts."""

from decimal import Decimal

import pytest
from django.urls import reverse

from branches.models import Activity, PeriodTotal
from branches.totals import compare_totals
from tests.factories import ActivityFactory, IndicatorFactory, QuantityFactory, UnionFactory, UnitFactory, account_at
from tests.logging_activities import TODAY, TOMORROW, edit_url, errors_of, typed


@pytest.fixture
def unit(db):
    return UnitFactory(name="Chi đoàn Sở Thông tin", superior=UnionFactory())


@pytest.fixture
def secretary(unit, client):
    account = account_at(unit)
    client.force_login(account)
    return account


@pytest.fixture
def line(unit, secretary):
    """Five turns of an activity held today."""
    return QuantityFactory(activity__unit=unit, activity__starts_on=TODAY, value=5)


def sent(line, **fields):
    fields = {"day": "other", "starts_on": TOMORROW.isoformat(), "title": "Hiến máu", **fields}
    return typed((line.indicator, {"value": "5"}), version=Activity.objects.get().version, **fields)


def counted() -> Decimal:
    return sum(total.value for total in PeriodTotal.objects.filter(month=0).exclude(code="") if total.value)


def said(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_held_becomes_planned_again_and_stops_counting(client, line):
    form = client.get(edit_url(line.activity))
    assert "Mới là dự kiến, chưa tổ chức" in form.content.decode()
    assert form.context["form"]["planned"].value() is False

    answer = client.post(edit_url(line.activity), sent(line, planned="on"), follow=True)

    found = Activity.objects.get()
    assert (found.state, found.last_on, found.quantities.get().value) == ("planned", TOMORROW, Decimal(5))
    assert said(answer) == [
        "Đã lưu “Hiến máu” là dự kiến, số liệu chưa tính vào kết quả. Xong việc, hãy ghi là đã tổ chức."
    ]
    assert counted() == 0
    assert compare_totals() == []


def test_held_never_stops_counting_unasked(client, line):
    """A day typed wrong must not take results away: the answer stands at the day and names the choice."""
    answer = client.post(edit_url(line.activity), sent(line))
    day = TOMORROW.strftime("%d/%m/%Y")
    assert errors_of(answer) == {
        "starts_on": [f"Ngày {day} chưa đến nên chưa ghi là đã tổ chức được. Hãy xem lại ngày hoặc để là dự kiến."]
    }
    assert (Activity.objects.get().state, counted()) == ("held", Decimal(5))


def test_planned_stays_planned_when_its_day_moves_and_counts_once_it_is_held(client, unit, secretary):
    line = QuantityFactory(activity__unit=unit, activity__state="planned", activity__starts_on=TODAY, value=5)
    assert client.get(edit_url(line.activity)).context["form"]["planned"].value() is True

    client.post(edit_url(line.activity), sent(line, planned="on"))
    assert (Activity.objects.get().state, Activity.objects.get().last_on, counted()) == ("planned", TOMORROW, 0)

    client.post(edit_url(line.activity), sent(line, starts_on=TODAY.isoformat()))
    assert (Activity.objects.get().state, counted()) == ("held", Decimal(5))
    assert compare_totals() == []


def test_cancelled_stays_cancelled_and_nothing_is_said_to_count(client, unit, secretary):
    line = QuantityFactory(
        activity__unit=unit, activity__state="cancelled", activity__cancel_reason="Mưa bão",
        activity__starts_on=TODAY, value=5,
    )  # fmt: skip
    assert "Mới là dự kiến, chưa tổ chức" not in client.get(edit_url(line.activity)).content.decode()

    answer = client.post(edit_url(line.activity), sent(line, planned="on", starts_on=TODAY.isoformat()), follow=True)

    found = Activity.objects.get()
    assert (found.state, found.cancel_reason, found.title) == ("cancelled", "Mưa bão", "Hiến máu")
    assert said(answer) == ["Đã lưu “Hiến máu”. Hoạt động không tổ chức nên số liệu không tính vào kết quả."]
    assert counted() == 0


def test_a_typed_figure_is_never_planned(client, unit, secretary):
    figure = ActivityFactory(unit=unit, nature="figure", starts_on=TODAY)
    QuantityFactory(activity=figure, indicator=IndicatorFactory())
    line = figure.quantities.get()
    assert "Mới là dự kiến, chưa tổ chức" not in client.get(edit_url(figure)).content.decode()
    client.post(edit_url(figure), sent(line, planned="on", starts_on=TODAY.isoformat()))
    assert (Activity.objects.get().state, Activity.objects.get().title) == ("held", "Hiến máu")


def test_hold_leads_to_moving_the_day(client, unit, secretary):
    planned = ActivityFactory(unit=unit, state="planned", starts_on=TODAY)
    page = client.get(edit_url(planned, "activity_hold")).content.decode()
    assert "Mới là dự kiến" not in page
    assert f'href="{reverse("branches:activity_edit", args=[planned.pk])}">sửa ngày và để là dự kiến</a>' in page
