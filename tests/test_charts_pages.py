"""Charts on their pages: the figures are those of the one number, a table stands behind each, and they can be read."""

import datetime
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from branches.models import Indicator, PartyStep, Target
from branches.tree import scope_of
from reports.amounts import Amount
from reports.board import board_for
from reports.decision_charts import running_line
from reports.history import running_totals
from reports.judging import Aim, Progress, Standing
from reports.progress import progress_for
from reports.shown_charts import _figure, ranking_of, running_of
from tests.browsing import faults, says
from tests.factories import (
    ActivityFactory,
    IndicatorFactory,
    MemberFactory,
    MoneyFactory,
    QuantityFactory,
    ShareFactory,
    TargetFactory,
    UnionFactory,
    UnitFactory,
    account_at,
    year,
)
from tests.test_duties import today_is

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 6, 20)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    today_is(monkeypatch, TODAY)


def log(unit, indicator, month, value, qualifier="exact"):
    day = datetime.date(2026, month, 10)
    activity = ActivityFactory(unit=unit, starts_on=day, last_on=day)
    QuantityFactory(activity=activity, indicator=indicator, value=value, qualifier=qualifier)


class Scene:
    """Three branches of Đoàn Khối: 6 of 4, 2 of 4, nothing of 4; one without a plan that did 3."""

    def __init__(self):
        self.union = UnionFactory(name="Đoàn Khối")
        self.office = account_at(self.union, "superior_office")
        self.indicator = IndicatorFactory(name="Ngày thứ bảy tình nguyện", unit_word="buổi")
        names = ("Chi đoàn Tư pháp", "Chi đoàn Y tế", "Chi đoàn Nội vụ", "Chi đoàn Ngoài kế hoạch")
        self.branches = [UnitFactory(superior=self.union, name=name) for name in names]
        for branch in self.branches[:3]:
            TargetFactory(unit=branch, indicator=self.indicator, period=year(), value=4)
        for month, value in ((1, 2), (3, 4)):
            log(self.branches[0], self.indicator, month, value)
        log(self.branches[1], self.indicator, 2, 2)
        log(self.branches[3], self.indicator, 2, 3)


@pytest.fixture
def s(media):
    return Scene()


def test_months_add_up_to_the_figure_of_the_one_number(s):
    """The first branch: 2 in January, 4 in March; the union adds 2 and 3 in February: 2, 7, 11 to June."""
    totals = running_totals(s.branches[0], s.indicator, 2026, as_of=TODAY)
    assert [one.value for one in totals] == [2, 2, 6, 6, 6, 6]
    totals = running_totals(s.union, s.indicator, 2026, as_of=TODAY)
    assert [one.value for one in totals] == [2, 7, 11, 11, 11, 11]
    for unit in (s.union, *s.branches):
        row = progress_for(unit, year(), as_of=TODAY).row(s.indicator.code)
        if row:
            last = running_totals(unit, s.indicator, 2026, as_of=TODAY)[-1]
            assert (last.value, last.lines, last.qualifier) == (row.done.value, row.done.lines, row.done.qualifier)


def test_what_does_not_add_up_over_months_has_no_such_chart(s):
    share, last = ShareFactory(), IndicatorFactory(over_time="last")
    for indicator in (share, last):
        assert running_totals(s.union, indicator, 2026, as_of=TODAY) == []
    assert running_totals(s.union, s.indicator, 2027, as_of=TODAY) == []


def test_qualifiers_stay_with_their_sum(s):
    log(s.branches[1], s.indicator, 5, 3, "more")
    row = progress_for(s.branches[1], year(), as_of=TODAY).row(s.indicator.code)
    running = running_of(s.branches[1], row, year(), as_of=TODAY)
    assert [words.replace("\xa0", " ") for _, words in running.months] == [
        "Chưa có số", "2", "2", "2", "hơn 5", "hơn 5"
    ]  # fmt: skip


def test_a_month_costs_no_query_of_its_own(s, django_assert_num_queries):
    scope = scope_of(s.union, year().starts_on)
    for on in (datetime.date(2026, 1, 31), TODAY):
        with django_assert_num_queries(1):
            running_totals(s.union, s.indicator, 2026, as_of=on, scope=scope)


def test_the_figure_and_the_target_show_the_same_drawing_with_its_table(s, client):
    branch = s.branches[0]
    client.force_login(account_at(branch))
    pages = [
        client.get(reverse("reports:figure", args=[branch.pk, s.indicator.code])).content.decode(),
        client.get(reverse("reports:target", args=[Target.objects.get(unit=branch).pk])).content.decode(),
    ]
    drawn = [re.search(r'<svg[^>]*class="decides running".*?</svg>', page, re.S)[0] for page in pages]
    assert drawn[0] == drawn[1]
    assert "cộng dồn đến tháng 6 được 6 buổi, chỉ tiêu 4 buổi" in drawn[0]
    for page in pages:
        assert "Hết tháng 3</th>" in page


def test_units_rank_by_their_own_plan_and_the_silent_stand_apart(s):
    """6 of 4 is 1,5; 2 of 4 is 0,5; nothing was logged by the third; the fourth has no plan."""
    ranking = ranking_of(board_for(s.union, year(), as_of=TODAY))
    assert [(row.name, row.ratio) for row in ranking.rows] == [("Chi đoàn Tư pháp", 1.5), ("Chi đoàn Y tế", 0.5)]
    assert ranking.rows[0].figure == "6/4 buổi, Vượt 50%"
    assert ranking.silent == ("Chi đoàn Nội vụ",)
    assert ranking.unranked == (("Chi đoàn Ngoài kế hoạch", "3 buổi"),)


def test_what_is_counted_stands_behind_the_figure():
    """Of a share behind its two parts, of a yes or no of several units the units, of one unit's nothing."""
    share = Indicator(measure="share", unit_word="đoàn viên")
    plan = Indicator(measure="yes_no", unit_word="có/không")
    told = [
        _figure(Progress(1, indicator, None, aim, done, ratio=Decimal(1), standing=Standing.MET)).replace("\xa0", " ")
        for indicator, aim, done in (
            (share, Aim("ge", Decimal("0.9")), Amount(Decimal(13), Decimal(14), lines=1)),
            (plan, Aim("yes"), Amount(Decimal(12), Decimal(12), lines=12)),
            (plan, Aim("yes"), Amount(Decimal(1), lines=1)),
        )
    ]
    assert told == ["13/14 đoàn viên, cần ≥ 90%, Đạt", "12/12 đơn vị, Đạt", "Có, Đạt"]


def test_the_chart_of_a_range_names_both_its_ends(s):
    Target.objects.filter(unit=s.branches[0]).update(comparator="range", value=5, value_to=8)
    row = progress_for(s.branches[0], year(), as_of=TODAY).row(s.indicator.code)
    running = running_of(s.branches[0], row, year(), as_of=TODAY)
    svg = running_line(running.ends, running.unit, aim=running.aim, aim_words=running.aim_words)
    assert "được 6 buổi, chỉ tiêu 5–8 buổi" in svg


def test_a_ceiling_is_not_ranked(s):
    ceiling = IndicatorFactory(name="Vụ vi phạm", unit_word="vụ")
    TargetFactory(unit=s.branches[0], indicator=ceiling, period=year(), value=2, comparator="le")
    log(s.branches[0], ceiling, 2, 1)
    board = board_for(s.union, year(), as_of=TODAY)
    assert ranking_of(board, ceiling.code).code == s.indicator.code


def test_the_board_draws_the_ranking_it_is_asked_for(s, client):
    other = MoneyFactory(name="Quỹ vì người nghèo")
    TargetFactory(unit=s.branches[1], indicator=other, period=year(), value=1_000_000)
    log(s.branches[1], other, 2, 500_000)
    client.force_login(s.office)
    page = client.get(reverse("reports:board", args=[s.union.pk]) + f"?chi-tieu={other.code}").content.decode()
    drawn = re.search(r'<svg[^>]*class="decides ranked".*?</svg>', page, re.S)[0]
    assert "500.000/1.000.000" in drawn
    assert "Chi đoàn Tư pháp" not in drawn


def test_a_stranger_sees_no_chart(s, client):
    client.force_login(account_at(UnionFactory(), "superior_office"))
    assert client.get(reverse("reports:board", args=[s.union.pk])).status_code == 404
    assert client.get(reverse("reports:figure", args=[s.branches[0].pk, s.indicator.code])).status_code == 404


def step(branch, kind, count):
    for _ in range(count):
        PartyStep.objects.create(
            member=MemberFactory(home=branch), unit=branch, kind=kind, dated_on=datetime.date(2026, 3, 1),
            written_by=account_at(branch),
        )  # fmt: skip


def test_the_way_to_the_party_is_drawn_step_by_step_for_the_committee(s, client):
    step(s.branches[0], "outstanding", 3)
    step(s.branches[1], "introduced", 1)
    client.force_login(account_at(s.union, "party_secretary"))
    page = client.get(reverse("reports:party_summary", args=[s.union.pk])).content.decode()
    drawn = re.search(r'<svg[^>]*class="decides funnel".*?</svg>', page, re.S)[0]
    assert re.findall(r'<rect x="0" width="([\d.]+)%"', drawn) == ["96.0", "32.0"]  # 3 and 1 of 3


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_with_charts_are_readable(open_page, width, s):
    step(s.branches[0], "outstanding", 3)
    page = open_page(width, s.office)
    for address, heading in (
        (reverse("reports:board", args=[s.union.pk]), "Xếp theo một chỉ tiêu"),
        (reverse("reports:figure", args=[s.branches[0].pk, s.indicator.code]), "Cộng dồn qua các tháng"),
        (reverse("reports:party_summary", args=[s.union.pk]), "Phát triển Đảng"),
    ):
        page.goto(address)
        says(page, heading)
        for closed in page.locator("details:not([open]) > summary").all():
            closed.click()
        assert faults(page) == []
