"""Home, "waiting on me": targets without results, recommendations sent back, the way to one's own record."""

import datetime
import html

import pytest
from django.urls import reverse

from inspections.easing import extend_due
from inspections.following import check_answer
from inspections.models import Recommendation

from .factories import (
    AccountFactory,
    IndicatorFactory,
    MemberFactory,
    PostFactory,
    ShareFactory,
    TargetFactory,
    UnitFactory,
    account_at,
)
from .inspecting import TODAY, answered, concluded, scene
from .test_progress import log, on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def read(client):
    """read(account, name, *args): the page as this account reads it, entities undone."""

    def _read(account, name, *args, query=""):
        client.force_login(account)
        answer = client.get(reverse(name, args=args) + query)
        assert answer.status_code == 200
        return html.unescape(answer.content.decode())

    return _read


def target(branch, name, factory=IndicatorFactory, **fields):
    return TargetFactory(unit=branch, indicator=factory(name=name), **fields)


def test_targets_without_results_are_named_and_open_filtered(read):
    branch = UnitFactory()
    # No figure yet: nothing to compare a share with, and a yearly sum whose day is far.
    target(branch, "Đoàn viên được học nghị quyết", ShareFactory, value=100)
    target(branch, "Đoàn viên được xếp loại", ShareFactory, value=90)
    # These are no gaps: logged, late by now, of zero, a ceiling, asked of each month.
    log(branch, target(branch, "Đã có số").indicator, 4, on(2))
    target(branch, "Đang chậm", value=12)
    target(branch, "Không để xảy ra", comparator="zero")
    target(branch, "Không quá", comparator="at_most", value=2)
    target(branch, "Mỗi tháng", comparator="per_month", value=1)
    secretary = account_at(branch)

    page = read(secretary, "reports:home")
    assert "2 chỉ tiêu chưa có kết quả năm 2026" in page
    assert "Đoàn viên được học nghị quyết; Đoàn viên được xếp loại<" in page
    link = f"{reverse('reports:progress', args=[branch.pk])}?loc=chua-co"
    assert f'href="{link}"' in page

    filtered = read(secretary, "reports:progress", branch.pk, query="?loc=chua-co")
    assert filtered.count('data-label="Chỉ tiêu"') == 2
    assert "Đoàn viên được học nghị quyết" in filtered
    assert "Đang chậm" not in filtered
    assert "Đã có số" not in filtered


def test_no_line_about_results_when_each_target_has_some_or_is_late(read):
    branch = UnitFactory()
    target(branch, "Đang chậm", value=12)
    assert "chưa có kết quả năm" not in read(account_at(branch), "reports:home")


def test_filter_without_such_targets_says_so_and_shows_no_other(read):
    branch = UnitFactory()
    log(branch, target(branch, "Đã có số").indicator, 4, on(2))
    page = read(account_at(branch), "reports:progress", branch.pk, query="?loc=chua-co")
    assert "Không có chỉ tiêu nào như vậy" in page
    assert "Đã có số" not in page


def test_recommendation_sent_back_is_listed_at_once_with_the_committees_words(read):
    world = scene()
    _, row = answered(world, due_on=datetime.date(2027, 6, 30))
    assert "kiến nghị: Sinh hoạt đều hằng tháng" not in read(world.secretary, "reports:home")
    check_answer(
        recommendation=row, version=row.version, by=world.chair, on=TODAY, verdict="not_adequate",
        text="Chưa thấy biên bản tháng 9",
    )  # fmt: skip
    page = read(world.secretary, "reports:home")
    assert "Làm tiếp kiến nghị: Sinh hoạt đều hằng tháng" in page
    assert "Ủy ban Kiểm tra trả lại: Chưa thấy biên bản tháng 9" in page
    assert "Trả lại, còn 220 ngày" in page  # 22/11/2026 to 30/6/2027
    assert reverse("inspections:answer", args=[row.pk]) in page
    # The branch beside it has nothing to do with that.
    other = account_at(world.sibling)
    assert "Chưa thấy biên bản tháng 9" not in read(other, "reports:home")


def test_recommendation_sent_back_and_overdue_says_overdue(read):
    world = scene()
    _, row = answered(world)  # due 31/10/2026
    check_answer(
        recommendation=row, version=row.version, by=world.chair, on=TODAY, verdict="not_adequate", text="Còn thiếu"
    )
    page = read(world.secretary, "reports:home")
    assert "Ủy ban Kiểm tra trả lại: Còn thiếu" in page
    assert "Quá hạn 22 ngày" in page


def test_recommendation_never_answered_waits_for_its_date(read):
    world = scene()
    _, row = concluded(world)
    extend_due(
        recommendation=row, version=row.version, by=world.chair, on=TODAY, due_on=datetime.date(2027, 6, 30),
        reason="Chờ đại hội",
    )  # fmt: skip
    assert Recommendation.objects.get().state == "open"
    assert "Sinh hoạt đều hằng tháng" not in read(world.secretary, "reports:home")


def test_member_finds_their_own_record_from_home(read):
    branch = UnitFactory()
    member = MemberFactory(home=branch)
    account = AccountFactory(member=member)
    PostFactory(account=account, unit=branch, type="member")
    page = read(account, "reports:home")
    link = reverse("branches:member", args=[member.pk])
    assert f'href="{link}"' in page
    assert "Hồ sơ của tôi" in page
    assert member.full_name in read(account, "branches:member", member.pk)
    # An account that is tied to no record has none to open.
    assert "Hồ sơ của tôi" not in read(account_at(branch, "member"), "reports:home")
