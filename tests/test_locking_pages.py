"""Pages of the calendar lock: the office sets and lifts it, opens one unit; the unit reads why before it types."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from branches.locking import lock_over
from branches.models import Activity, LockException, PeriodLock

from .browsing import Looker
from .conftest import DESKTOP, PHONE
from .factories import UnionFactory, UnitFactory, account_at
from .test_locking import DAY, LOCKED, MAY, TODAY, Scene
from .test_locking_meetings import meeting


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    real = timezone.localdate  # of a moment it says the day as ever
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: real(*args) if args else TODAY)


@pytest.fixture
def s(db):
    return Scene()


@pytest.fixture
def go(client):
    def _go(account, name, *args, data=None, status=None):
        client.force_login(account)
        url = reverse(f"branches:{name}", args=args)
        answer = client.get(url) if data is None else client.post(url, {"form_key": str(uuid.uuid4()), **data})
        assert answer.status_code == (status or (200 if data is None else 302)), answer.content.decode()[:2000]
        return answer.content.decode()

    return _go


def last_word() -> int:
    return PeriodLock.objects.latest("pk").pk


def test_an_office_without_a_lock_is_told_what_it_is_for(s, go):
    page = go(s.office, "locks", s.union.pk)
    assert "Chưa khóa ngày nào" in page
    assert reverse("branches:lock_set", args=[s.union.pk]) in page


def test_the_office_locks_lowers_with_a_reason_and_every_change_stays(s, go):
    page = go(s.office, "lock_set", s.union.pk)
    assert "Đang không khóa ngày nào." in page
    go(s.office, "lock_set", s.union.pk, data={"through": "30/06/2026", "before": ""})
    assert lock_over(s.unit, MAY, on=TODAY).through == LOCKED
    refused = go(s.office, "lock_set", s.union.pk, data={"through": "", "before": last_word()}, status=200)
    assert "Hãy ghi lý do lùi ngày khóa." in refused
    data = {"through": "31/03/2026", "before": last_word(), "reason": "Quý II sai mẫu"}
    go(s.office, "lock_set", s.union.pk, data=data)
    page = go(s.office, "locks", s.union.pk)
    assert "Đến hết ngày 31/03/2026" in page
    assert "Khóa đến hết ngày 30/06/2026" in page  # of the changes
    assert "Trần Văn Khối, ngày 22/11/2026 · Quý II sai mẫu" in page


def test_a_form_sent_twice_locks_once(s, client):
    client.force_login(s.office)
    url = reverse("branches:lock_set", args=[s.union.pk])
    data = {"form_key": str(uuid.uuid4()), "through": "30/06/2026", "before": ""}
    assert [client.post(url, data).status_code for _ in range(2)] == [302, 302]
    assert PeriodLock.objects.count() == 1


def test_the_office_opens_a_unit_for_a_while_and_closes_it_again(s, go):
    s.lock()
    data = {
        "units": [s.unit.pk], "first_on": "01/05/2026", "last_on": "31/05/2026", "valid_until": "30/11/2026",
        "reason": "Sót phiếu",
    }  # fmt: skip
    assert "Chi đoàn A" in go(s.office, "lock_open", s.union.pk)
    go(s.office, "lock_open", s.union.pk, data=data)
    given = LockException.objects.get()
    page = go(s.office, "locks", s.union.pk)
    assert reverse("branches:lock_exception_end", args=[given.pk]) in page
    assert "Việc từ 01/05/2026 đến 31/05/2026 · mở đến hết ngày 30/11/2026" in page
    assert "những gì đã ghi trong lúc mở vẫn giữ nguyên" in go(s.office, "lock_exception_end", given.pk)
    go(s.office, "lock_exception_end", given.pk, data={})
    page = go(s.office, "locks", s.union.pk)
    assert "thôi mở ngày 22/11/2026, Trần Văn Khối" in page
    assert reverse("branches:lock_exception_end", args=[given.pk]) not in page


def test_the_office_opens_several_units_in_one_form(s, go):
    s.lock()
    data = {"first_on": "01/05/2026", "last_on": "31/05/2026", "valid_until": "30/11/2026", "reason": "Sót phiếu"}
    page = go(s.office, "lock_open", s.union.pk, data=data, status=200)
    assert "Hãy chọn “Đơn vị được mở”." in page
    go(s.office, "lock_open", s.union.pk, data={**data, "units": [s.unit.pk, s.other.pk]})
    page = go(s.office, "locks", s.union.pk)
    assert "Đã mở tạm cho 2 đơn vị." in page
    for given in LockException.objects.all():
        assert reverse("branches:lock_exception_end", args=[given.pk]) in page
    again = go(s.office, "lock_open", s.union.pk, data={**data, "units": [s.other.pk]}, status=200)
    assert "Chi đoàn B đang ghi được việc của ngày 01/05/2026, không cần mở tạm." in again


def test_units_of_others_are_not_offered(s, go):
    s.lock()
    stranger = UnitFactory(name="Chi đoàn Xa", superior=s.province)
    assert "Chi đoàn Xa" not in go(s.office, "lock_open", s.union.pk)
    data = {
        "units": [stranger.pk], "first_on": "01/05/2026", "last_on": "31/05/2026", "valid_until": "30/11/2026",
        "reason": "x",
    }  # fmt: skip
    assert "không còn trong danh sách" in go(s.office, "lock_open", s.union.pk, data=data, status=200)


def test_the_unit_reads_of_the_lock_before_it_types(s, go):
    s.lock()
    s.open()
    for page in (go(s.by, "activity_list", s.unit.pk), go(s.by, "activity_new", s.unit.pk)):
        assert "Đoàn Khối đã khóa số liệu đến hết ngày 30/06/2026" in page
        assert "Đang mở tạm việc từ 01/05/2026 đến 31/05/2026, đến hết ngày 30/11/2026." in page
        assert "Trần Văn Khối, Đoàn Khối, mở ngày 22/11/2026: Sót phiếu. Qua ngày đó khóa tự đóng lại." in page
    page = go(s.by, "locks", s.unit.pk)
    assert "đề nghị đơn vị đã khóa mở tạm" in page
    assert reverse("branches:lock_set", args=[s.unit.pk]) not in page
    go(s.by, "lock_set", s.unit.pk, status=404)  # a branch locks nothing
    go(s.by, "lock_set", s.union.pk, status=404)  # and does not see its superior


def test_the_home_page_tells_above_everything_else_what_is_open_and_what_will_be_locked(s, client):
    s.lock(DAY(2026, 3, 31))
    s.open(first_on=DAY(2026, 2, 1), last_on=DAY(2026, 2, 28), valid_until=DAY(2027, 5, 1))
    s.lock(holds_from=DAY(2026, 12, 1))
    client.force_login(s.by)
    page = client.get(reverse("reports:home")).content.decode()
    told = [page.index(words) for words in ("Ghi bổ sung việc từ 01/02/2026 đến 28/02/2026",
            "Từ ngày 01/12/2026 Đoàn Khối khóa số liệu đến hết ngày 30/06/2026", "Cần làm trước")]  # fmt: skip
    assert told == sorted(told)


def test_the_office_announces_changes_and_withdraws(s, go):
    data = {"through": "30/06/2026", "holds_from": "01/12/2026", "before": ""}
    go(s.office, "lock_set", s.union.pk, data=data)
    s.record(state="planned")
    for page in (go(s.by, "activity_list", s.unit.pk), go(s.by, "activity_new", s.unit.pk)):
        assert "Từ ngày 01/12/2026 Đoàn Khối khóa số liệu đến hết ngày 30/06/2026." in page
        assert "Đơn vị còn 1 hoạt động dự kiến chưa ghi kết quả" in page
    page = go(s.by, "locks", s.unit.pk)
    assert "Đến hết ngày 30/06/2026, khóa từ ngày 01/12/2026" in page
    assert reverse("branches:lock_withdraw", args=[s.union.pk]) not in page
    page = go(s.office, "lock_set", s.union.pk)
    assert "Đã báo trước: từ ngày 01/12/2026 khóa đến hết ngày 30/06/2026." in page
    data = {**data, "holds_from": "08/12/2026", "before": last_word()}
    assert "Hãy ghi lý do đổi." in go(s.office, "lock_set", s.union.pk, data=data, status=200)
    go(s.office, "lock_set", s.union.pk, data={**data, "reason": "Lùi một tuần"})
    assert reverse("branches:lock_withdraw", args=[s.union.pk]) in go(s.office, "locks", s.union.pk)
    assert "từ ngày 08/12/2026 khóa đến hết ngày 30/06/2026" in go(s.office, "lock_withdraw", s.union.pk)
    go(s.office, "lock_withdraw", s.union.pk, data={"reason": "Chờ quý IV", "before": last_word()})
    page = go(s.office, "locks", s.union.pk)
    assert page.count("Đã đổi trước ngày đó") == 2
    assert "Thôi báo trước: Chờ quý IV" in page
    assert "Không có ngày khóa nào đang báo trước." in go(s.office, "lock_withdraw", s.union.pk)


def test_a_meeting_of_a_locked_day_says_before_typing_that_it_cannot_be_ended(s, go):
    late = meeting(s)
    s.lock()
    words = "việc của ngày 12/05/2026 không ghi hay sửa được nữa"
    assert words in go(s.by, "meeting_close", late.pk)
    data = {"day": "12/05/2026", "time": "18:00"}
    assert words in go(s.by, "meeting_close", late.pk, data=data, status=200)
    assert type(late).objects.get().state == "planned"


def test_without_a_lock_nothing_is_said(s, go):
    for name in ("activity_list", "activity_new"):
        assert "khóa số liệu" not in go(s.by, name, s.unit.pk)


def test_changing_a_locked_activity_is_answered_before_and_after_typing(s, go):
    made = s.record()
    s.lock()
    words = "việc của ngày 12/05/2026 không ghi hay sửa được nữa"
    for name in ("activity_edit", "activity_cancel"):
        assert words in go(s.by, name, made.pk)
    data = {"version": 1, "cancel_reason": "Nhầm"}
    assert words in go(s.by, "activity_cancel", made.pk, data=data, status=200)
    assert Activity.objects.get().state == "held"


def test_evidence_is_added_on_the_page_of_a_locked_activity(s, go):
    made = s.record(quantities=[])
    s.lock()
    assert "Ảnh và minh chứng vẫn thêm được." in go(s.by, "activity_edit", made.pk)
    data = {
        "version": 1, "title": "Hiến máu", "day": "other", "starts_on": "12/05/2026", "organiser": "own",
        "area": s.area.pk, "guest_count": "", "links": "https://anh.example.vn/1",
    }  # fmt: skip
    assert "hãy xin mở tạm" in go(s.by, "activity_edit", made.pk, data={**data, "title": "Khác"}, status=200)
    assert made.evidence.count() == 0
    go(s.by, "activity_edit", made.pk, data=data)
    assert made.evidence.get().link == "https://anh.example.vn/1"


def test_a_plan_in_locked_days_says_before_typing_that_it_cannot_be_held(s, go):
    plan = s.record(state="planned")
    s.lock()
    words = "việc của ngày 12/05/2026 không ghi hay sửa được nữa"
    assert words in go(s.by, "activity_hold", plan.pk)
    for name in ("activity_edit", "activity_cancel"):  # a plan is changed and called off as ever
        assert words not in go(s.by, name, plan.pk)


def test_a_form_with_a_locked_day_is_refused_with_everything_typed_still_there(s, go):
    s.lock()
    data = {
        "title": "Hiến máu", "day": "other", "starts_on": "12/05/2026", "organiser": "own", "area": s.area.pk,
        "guest_count": "",
    }  # fmt: skip
    page = go(s.by, "activity_new", s.unit.pk, data=data, status=200)
    assert "Nếu còn phải bổ sung, hãy xin mở tạm ở Đoàn Khối." in page
    assert 'value="Hiến máu"' in page


def test_strangers_and_the_party_see_no_lock(s, go):
    s.lock()
    elsewhere = account_at(UnionFactory(name="Đoàn xa"), "superior_office")
    party = account_at(s.union, "party_secretary")
    for account in (elsewhere, party):
        go(account, "locks", s.unit.pk, status=404)
        go(account, "lock_set", s.union.pk, status=404)


def test_the_page_asks_the_same_for_one_exception_and_for_three(s, client, django_assert_num_queries):
    s.lock()
    s.open()
    client.force_login(s.office)
    url = reverse("branches:locks", args=[s.union.pk])
    client.get(url)
    with django_assert_num_queries(9) as first:
        client.get(url)
    s.open(first_on=DAY(2026, 4, 1), last_on=DAY(2026, 4, 30))
    s.open(first_on=DAY(2026, 3, 1), last_on=DAY(2026, 3, 31), unit=s.other)
    with django_assert_num_queries(len(first)):
        client.get(url)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_fit_a_phone_and_a_desk(open_page):
    s = Scene()
    s.lock()
    given = s.open()
    s.lock(DAY(2026, 9, 30), holds_from=DAY(2026, 12, 1))
    pages = (
        (s.office, "locks", s.union.pk), (s.office, "lock_set", s.union.pk), (s.office, "lock_open", s.union.pk),
        (s.office, "lock_exception_end", given.pk), (s.by, "locks", s.unit.pk), (s.by, "activity_list", s.unit.pk),
        (s.office, "lock_withdraw", s.union.pk),
        (s.by, "activity_new", s.unit.pk),
    )  # fmt: skip
    looker = Looker("locks")
    for width in (PHONE, DESKTOP):
        for account in (s.office, s.by):
            tab = open_page(width, account)
            for reader, name, pk in pages:
                if reader == account:
                    tab.goto(reverse(f"branches:{name}", args=[pk]))
                    looker.at(tab, name)
    assert looker.wrong == {}
