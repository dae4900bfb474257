"""A server killed in the middle of an import leaves the register as it was; two at once import once."""

import contextlib
import datetime
import os
import signal
import threading
from contextlib import nullcontext

import pytest
from django.db import connection, transaction

from branches.importing import applying, deciding
from branches.importing.applying import ListRefused
from branches.importing.deciding import apply_import
from branches.models import Member, MemberImport, Membership
from tests.factories import UnitFactory, account_at
from tests.test_importing import AN, BINH, TODAY, staged

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def source():
    branch = UnitFactory(name="Chi đoàn Sở Thông tin", code="so-tttt")
    return staged(branch, account_at(branch), AN, BINH)


def killed_while_importing(source, monkeypatch) -> int:
    """Import in a child process that is killed after the members were written; the signal that ended it."""
    monkeypatch.setattr(applying, "_keep_former", lambda *rest: os.kill(os.getpid(), signal.SIGKILL))
    inherited = connection.connection  # referred to for good: closing it in the child would close the parent's
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            connection.connection = None
            apply_import(source=source, by=source.account, today=TODAY, leave_out=False)
        os._exit(1)
    _, status = os.waitpid(pid, 0)
    assert inherited is connection.connection
    return os.WTERMSIG(status)


def test_import_killed_halfway_leaves_nothing_and_can_be_done_again(source, monkeypatch):
    connection.close()
    with monkeypatch.context() as patched:
        assert killed_while_importing(source, patched) == signal.SIGKILL
    assert (Member.objects.count(), Membership.objects.count()) == (0, 0)
    source.refresh_from_db()
    assert (source.state, source.rows.count()) == (MemberImport.State.PREVIEW, 2)
    assert apply_import(source=source, by=source.account, today=TODAY, leave_out=False) == {"new": 2, "changed": 0}


def test_control_without_a_transaction_a_killed_import_leaves_members_behind(source, monkeypatch):
    connection.close()
    monkeypatch.setattr(transaction, "atomic", lambda *rest, **more: rest[0] if rest else nullcontext())
    monkeypatch.setattr(deciding.MemberImport.objects, "select_for_update", deciding.MemberImport.objects.all)
    monkeypatch.setattr(applying, "lock_units", lambda units: None)
    monkeypatch.setattr(deciding, "lock_units", lambda units: None)
    monkeypatch.setattr(applying, "apply_rows", applying.apply_rows.__wrapped__)
    monkeypatch.setattr(deciding, "apply_rows", applying.apply_rows)
    assert killed_while_importing(source, monkeypatch) == signal.SIGKILL
    assert Member.objects.count() == 2


def test_the_same_list_applied_by_two_people_at_once_goes_in_once(source):
    outcomes = []
    start = threading.Barrier(2)

    def apply():
        start.wait()
        try:
            outcomes.append(apply_import(source=source, by=source.account, today=TODAY, leave_out=False))
        except ListRefused as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=apply) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Member.objects.count() == 2
    assert sorted(map(str, outcomes)) == sorted(
        [str({"new": 2, "changed": 0}), "Danh sách này đã nhập xong hoặc chưa đọc xong."]
    )


def test_two_lists_of_one_branch_at_once_enrol_a_person_once(source):
    """The second list meets what the first one wrote: its preview is no longer true, and nothing is doubled."""
    other = staged(source.unit, source.account, AN)
    outcomes = []
    start = threading.Barrier(2)

    def apply(one):
        start.wait()
        try:
            outcomes.append(apply_import(source=one, by=source.account, today=TODAY, leave_out=False))
        finally:
            connection.close()

    threads = [threading.Thread(target=apply, args=(one,)) for one in (source, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Member.objects.filter(full_name="Lê Thu An").count() == 1
    assert outcomes.count(None) in (1, 0)
    born = datetime.date(2001, 3, 22)
    assert Member.objects.get(full_name="Lê Thu An").birth_date == born
