"""Tasks: given, reported with what shows it, accepted or sent back, dropped; what they count for whom."""

import datetime
import html
import threading
import uuid

import pytest
from django.db import connection
from django.urls import reverse

from branches.models import AgendaItem, Conclusion, EditConflict, Meeting, Task, TaskCarry, TaskFile, TaskStep
from branches.tasks import (
    TaskFigures,
    TaskRefused,
    accept_task,
    carry_over,
    change_task,
    drop_task,
    give_task,
    give_tasks,
    remove_task_file,
    reopen_task,
    report_task,
    send_back_task,
    tasks_of,
)
from branches.uploads import Clean, store
from reports.waiting import waiting_for
from tests.browsing import picture
from tests.factories import AccountFactory, DirectionFactory, MemberFactory, UnionFactory, UnitFactory, account_at

TODAY = datetime.date(2026, 11, 22)
GIVEN, DUE = datetime.date(2026, 10, 1), datetime.date(2026, 10, 31)
YEAR = (datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


class Scene:
    def __init__(self):
        self.union = UnionFactory()
        self.branch = UnitFactory(superior=self.union, name="Chi đoàn Sở Tư pháp")
        self.secretary = account_at(self.branch)
        self.deputy = account_at(self.branch, "deputy_secretary")
        self.member = MemberFactory(home=self.branch, full_name="Lê Thu An")
        self.account = account_at(self.branch, "member")
        self.account.member = self.member
        self.account.save()

    def give(self, **said):
        values = {
            "by": self.secretary, "unit": self.branch, "on": GIVEN, "text": "  Lập danh sách 20 hộ nghèo ",
            "owner": self.member, "due_on": DUE,
        }  # fmt: skip
        return give_task(**values | said)

    def report(self, task, on=DUE, **said):
        values = {"by": self.account, "on": on, "result": "Đã lập danh sách 21 hộ"}
        return report_task(task=task, version=task.version, **values | said)

    def accept(self, task, on=TODAY, by=None):
        return accept_task(task=task, version=task.version, by=by or self.secretary, on=on)

    def meeting(self, **said):
        values = {
            "unit": self.branch, "title": "Sinh hoạt tháng 10", "created_by": self.secretary,
            "starts_at": datetime.datetime(2026, 10, 1, 8, tzinfo=datetime.UTC),
        }  # fmt: skip
        return Meeting.objects.create(**values | said)

    def conclusion(self, text="Giao đồng chí An lập danh sách hộ nghèo", **said):
        item = AgendaItem.objects.create(meeting=self.meeting(**said), position=1, title="Chăm lo người nghèo")
        return Conclusion.objects.create(item=item, position=1, text=text)


@pytest.fixture
def scene(db):
    return Scene()


# --- verbs ----------------------------------------------------------------------------------------


def test_task_goes_from_given_to_accepted_with_every_step_kept(scene):
    task = scene.give()
    assert (task.text, task.whose, task.state) == ("Lập danh sách 20 hộ nghèo", "Lê Thu An", "given")
    task = scene.report(task, on=datetime.date(2026, 11, 3))
    assert (task.state, task.reported_by, task.days_late(TODAY)) == ("reported", scene.account, 3)
    task = send_back_task(task=task, version=task.version, by=scene.secretary, on=TODAY, reason="Thiếu địa chỉ")
    assert (task.state, task.returned_count, task.days_late(TODAY)) == ("given", 1, 22)  # 31/10 to 22/11
    task = scene.accept(scene.report(task, on=TODAY, result="Đã bổ sung địa chỉ"))
    assert (task.state, task.closed_on, task.closed_by, task.returned_because) == (
        "accepted", TODAY, scene.secretary, "Thiếu địa chỉ",
    )  # fmt: skip
    steps = [(step.kind, step.done_by, step.words) for step in task.steps.all()]
    assert steps == [
        ("given", scene.secretary, ""), ("reported", scene.account, "Đã lập danh sách 21 hộ"),
        ("returned", scene.secretary, "Thiếu địa chỉ"), ("reported", scene.account, "Đã bổ sung địa chỉ"),
        ("accepted", scene.secretary, ""),
    ]  # fmt: skip


def test_the_same_to_several_is_one_task_each(scene):
    other = MemberFactory(home=scene.branch)
    said = {"by": scene.secretary, "unit": scene.branch, "on": GIVEN, "text": "Thăm hộ nghèo"}
    given = give_tasks(owners=[scene.member, other, "Ban Chấp hành"], **said)
    assert [(one.owner, one.owner_name) for one in given] == [(scene.member, ""), (other, ""), (None, "Ban Chấp hành")]
    with pytest.raises(TaskRefused, match="Hãy chọn người thực hiện") as refused:
        give_tasks(owners=[], **said)
    assert list(refused.value.errors) == ["owner"]


def test_conclusion_brings_its_meeting(scene):
    conclusion = scene.conclusion()
    task = scene.give(conclusion=conclusion)
    assert (task.conclusion, task.meeting) == (conclusion, conclusion.item.meeting)


@pytest.mark.parametrize(
    ("said", "field", "answer"),
    [
        ({"text": "  "}, "text", "Hãy ghi việc cần làm"),
        ({"owner": None}, "owner", "Hãy chọn người thực hiện"),
        ({"due_on": GIVEN - datetime.timedelta(days=1)}, "due_on", "từ ngày giao 01/10/2026"),
    ],
)
def test_task_without_what_who_or_with_a_wrong_day_is_refused(scene, said, field, answer):
    with pytest.raises(TaskRefused) as refused:
        scene.give(**said)
    assert answer in refused.value.errors[field]
    assert not Task.objects.exists()
    assert not TaskStep.objects.exists()


def test_owner_and_source_of_another_unit_are_refused(scene):
    stranger = UnitFactory(superior=scene.union)
    with pytest.raises(TaskRefused, match="không thuộc Chi đoàn Sở Tư pháp"):
        scene.give(owner=MemberFactory(home=stranger))
    with pytest.raises(TaskRefused, match="đơn vị khác"):
        scene.give(direction=DirectionFactory(unit=stranger))


def test_report_needs_words_and_a_day_from_the_giving_on(scene):
    task = scene.give()
    with pytest.raises(TaskRefused, match="Hãy ghi đã làm được gì"):
        scene.report(task, result=" ")
    with pytest.raises(TaskRefused, match="từ 01/10/2026"):
        scene.report(task, on=GIVEN - datetime.timedelta(days=1))
    scene.report(task)
    with pytest.raises(TaskRefused, match="đã báo xong, đang chờ nhận"):
        scene.report(task)


def test_nothing_is_accepted_or_sent_back_that_was_not_reported(scene):
    task = scene.give()
    with pytest.raises(TaskRefused, match="chưa báo xong"):
        scene.accept(task)
    with pytest.raises(TaskRefused, match="chưa báo xong"):
        send_back_task(task=task, version=1, by=scene.secretary, on=TODAY, reason="Sai")
    task = scene.report(task)
    with pytest.raises(TaskRefused, match="Hãy ghi còn thiếu gì"):
        send_back_task(task=task, version=task.version, by=scene.secretary, on=TODAY, reason=" ")


def test_whoever_does_it_does_not_accept_it_unless_nobody_else_could(scene):
    scene.secretary.member = MemberFactory(home=scene.branch)
    scene.secretary.save()
    own = {"owner": scene.secretary.member, "by": scene.deputy}
    task = scene.report(scene.give(**own), by=scene.secretary)
    with pytest.raises(TaskRefused, match="Việc của chính mình"):
        scene.accept(task)
    assert scene.accept(task, by=scene.deputy).state == "accepted"
    alone = scene.report(scene.give(**own), by=scene.secretary)
    scene.deputy.posts.update(ends_on=TODAY)
    assert scene.accept(alone).state == "accepted"


def test_dropping_and_opening_again_need_reasons(scene):
    task = scene.give()
    with pytest.raises(TaskRefused, match="Hãy ghi lý do không làm nữa"):
        drop_task(task=task, version=1, by=scene.secretary, on=TODAY, reason="")
    task = drop_task(task=task, version=1, by=scene.secretary, on=TODAY, reason="Xã đã có danh sách")
    assert (task.state, task.closed_on, task.days_late(TODAY)) == ("dropped", TODAY, 0)
    with pytest.raises(TaskRefused, match="đã thôi từ 22/11/2026"):
        scene.report(task)
    with pytest.raises(TaskRefused, match="Hãy ghi lý do mở lại"):
        reopen_task(task=task, version=task.version, by=scene.secretary, on=TODAY, reason="")
    task = reopen_task(task=task, version=task.version, by=scene.secretary, on=TODAY, reason="Xã bỏ danh sách cũ")
    assert (task.state, task.closed_on, task.drop_reason) == ("given", None, "")
    with pytest.raises(TaskRefused, match="đang mở"):
        reopen_task(task=task, version=task.version, by=scene.secretary, on=TODAY, reason="x")


def test_change_keeps_the_old_words_and_date_and_no_name(scene):
    task = scene.give()
    other = MemberFactory(home=scene.branch, full_name="Trần Bảo Bình")
    said = {"text": "Lập danh sách 30 hộ", "owner": other, "due_on": TODAY, "owner_name": "", "expected": ""}
    task = change_task(task=task, version=1, by=scene.secretary, on=TODAY, **said)
    words = task.steps.last().words
    assert words == "Trước là: Lập danh sách 20 hộ nghèo. Hạn cũ: 31/10/2026. Đổi người thực hiện"
    assert (task.owner, task.due_on) == (other, TODAY)
    with pytest.raises(EditConflict):
        change_task(task=task, version=1, by=scene.secretary, on=TODAY, text="Khác")
    with pytest.raises(TypeError):
        change_task(task=task, version=2, by=scene.secretary, on=TODAY, state="accepted")


def test_report_keeps_files_and_a_closed_task_keeps_them_for_good(scene, media):
    stored = store(Clean("anh.jpg", "picture", "image/jpeg", b"jpeg"), "taskfile")
    task = scene.report(scene.give(), files=[stored])
    kept = TaskFile.objects.get()
    assert (kept.file.name, kept.uploaded_by, kept.name) == (stored.path, scene.account, "anh.jpg")
    task = scene.accept(task)
    kept.task.refresh_from_db()
    with pytest.raises(TaskRefused, match="Minh chứng giữ nguyên"):
        remove_task_file(file=kept)
    reopen_task(task=task, version=task.version, by=scene.secretary, on=TODAY, reason="Ảnh nhầm")
    remove_task_file(file=TaskFile.objects.get())
    assert not TaskFile.objects.exists()


def test_carried_over_is_counted_once_a_meeting_and_only_while_open(scene):
    task, done = scene.give(), scene.accept(scene.report(scene.give()))
    first = scene.meeting()
    assert carry_over(meeting=first, tasks=[task, done]) == 1
    assert carry_over(meeting=first, tasks=[task]) == 0
    assert carry_over(meeting=scene.meeting(title="Tháng 11"), tasks=[task]) == 1
    assert TaskCarry.objects.filter(task=task).count() == 2


# --- figures --------------------------------------------------------------------------------------


def test_figures_of_a_member_over_a_year(scene, django_assert_num_queries):
    idle = MemberFactory(home=scene.branch)
    day = datetime.date
    scene.accept(scene.report(scene.give()))  # in time
    scene.accept(scene.report(scene.give(), on=day(2026, 11, 1)))  # a day late
    scene.give()  # open, and past its date
    scene.give(due_on=day(2026, 12, 24))  # open, in time
    scene.report(scene.give(due_on=None))  # reported, waits: open, never late
    dropped = scene.give()
    drop_task(task=dropped, version=1, by=scene.secretary, on=TODAY, reason="Thôi")
    scene.give(on=day(2027, 1, 5), due_on=None)  # next year's
    old = scene.give(on=day(2025, 11, 1), due_on=day(2025, 12, 1))  # carried into the year, closed in it
    scene.accept(scene.report(old, on=day(2026, 2, 1)), on=day(2026, 2, 2))
    gone = scene.give(on=day(2025, 1, 1), due_on=None)  # closed before the year
    scene.accept(scene.report(gone, on=day(2025, 2, 1)), on=day(2025, 3, 1))
    with django_assert_num_queries(1):
        found = tasks_of([scene.member.pk, idle.pk], *YEAR, on=TODAY)
    assert found == {scene.member.pk: TaskFigures(given=6, accepted=3, late=3, open=3), idle.pk: TaskFigures()}
    # Asked for the year as a whole, the task due on 24/12 is late too.
    assert tasks_of([scene.member.pk], *YEAR)[scene.member.pk].late == 4
    # In 2025 the old one was open and late, the other one done; what was closed later does not reach back.
    last = tasks_of([scene.member.pk], day(2025, 1, 1), day(2026, 1, 1))[scene.member.pk]
    assert last == TaskFigures(given=2, accepted=1, late=1, open=1)


# --- two people at once ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_owner_reports_while_the_secretary_drops_and_one_of_them_wins():
    scene = Scene()
    task = scene.give()
    start, told = threading.Barrier(2), {}

    def do(name, verb):
        try:
            start.wait()
            verb()
            told[name] = "done"
        except (TaskRefused, EditConflict) as refused:
            told[name] = type(refused).__name__
        finally:
            connection.close()

    both = {
        "report": lambda: report_task(task=task, version=1, by=scene.account, on=DUE, result="Xong"),
        "drop": lambda: drop_task(task=task, version=1, by=scene.secretary, on=TODAY, reason="Thôi"),
    }
    threads = [threading.Thread(target=do, args=pair) for pair in both.items()]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told.values())[0] in ("EditConflict", "TaskRefused")
    assert "done" in told.values()
    task.refresh_from_db()
    winner = "report" if told["report"] == "done" else "drop"
    assert (task.state, task.version) == ({"report": "reported", "drop": "dropped"}[winner], 2)
    assert [step.kind for step in task.steps.all()] == ["given", task.state]


# --- pages ----------------------------------------------------------------------------------------


def read(client, name, *args, query="", status=200):
    answer = client.get(reverse(f"branches:{name}", args=args) + query)
    assert answer.status_code == status
    return html.unescape(answer.content.decode())


def test_conclusion_becomes_a_task_in_one_form_and_sent_twice_it_is_one(scene, client):
    conclusion = scene.conclusion()
    scene.meeting(title="Tháng 12", starts_at=datetime.datetime(2099, 12, 1, 8, tzinfo=datetime.UTC))
    client.force_login(scene.secretary)
    page = read(client, "task_from_conclusion", conclusion.pk)
    assert conclusion.text in page
    assert "Buổi\xa0sinh\xa0hoạt\xa0tới" in page
    assert "2\xa0tuần\xa0(06/12)" in page
    url = reverse("branches:task_from_conclusion", args=[conclusion.pk])
    said = {
        "text": conclusion.text, "owner": scene.member.pk, "due": "2026-12-06", "owner_name": "", "expected": "",
        "form_key": str(uuid.uuid4()),
    }  # fmt: skip
    assert [client.post(url, said).status_code, client.post(url, said).status_code] == [302, 302]
    task = Task.objects.get()
    assert (task.conclusion, task.due_on, task.given_on) == (conclusion, datetime.date(2026, 12, 6), TODAY)


def test_several_owners_one_form(scene, client):
    other = MemberFactory(home=scene.branch)
    client.force_login(scene.secretary)
    said = {
        "text": "Thăm hộ nghèo", "owner": scene.member.pk, "owners": [other.pk, scene.member.pk], "due": "none",
        "form_key": str(uuid.uuid4()),
    }  # fmt: skip
    client.post(reverse("branches:task_new", args=[scene.branch.pk]), said)
    assert set(Task.objects.values_list("owner", "due_on")) == {(scene.member.pk, None), (other.pk, None)}


def test_form_answers_a_missing_owner_and_both_kinds_of_owner(scene, client):
    client.force_login(scene.secretary)
    url = reverse("branches:task_new", args=[scene.branch.pk])
    said = {"text": "Thăm hộ nghèo", "due": "other", "form_key": str(uuid.uuid4())}
    assert "Hãy chọn ngày." in html.unescape(client.post(url, said).content.decode())
    page = html.unescape(client.post(url, said | {"due": "none"}).content.decode())
    assert "Hãy chọn người thực hiện, hoặc ghi tên tập thể." in page
    both = said | {"due": "none", "owner": scene.member.pk, "owner_name": "Ban Chấp hành"}
    assert "không cả hai" in html.unescape(client.post(url, both).content.decode())
    assert not Task.objects.exists()


def test_owner_reports_with_a_photo_and_the_secretary_accepts(scene, client, media):
    task = scene.give()
    client.force_login(scene.account)
    assert "Lập danh sách 20 hộ nghèo" in read(client, "task_own")
    page = read(client, "task", task.pk)
    assert "Báo xong việc" in page
    assert "Xem và nhận" not in page
    photo = picture()
    from django.core.files.uploadedfile import SimpleUploadedFile

    upload = SimpleUploadedFile(photo["name"], photo["buffer"], photo["mimeType"])
    url = reverse("branches:task_report", args=[task.pk])
    said = {
        "result": "", "reported_on": "2026-11-20", "version": 1, "form_key": str(uuid.uuid4()), "files": upload,
    }  # fmt: skip
    page = client.post(url, said)
    ticket = page.context["form"].kept[0][0]
    again = said | {"result": "Đã xong", "kept": ticket}
    del again["files"]
    assert [client.post(url, again).status_code, client.post(url, again).status_code] == [302, 302]
    kept = TaskFile.objects.get()
    assert kept.file.name.startswith("taskfile/")
    assert kept.kind == "picture"
    assert client.get(reverse("branches:task_file", args=[kept.pk])).status_code == 200
    assert client.get(reverse("branches:task_review", args=[task.pk])).status_code == 403

    client.force_login(scene.secretary)
    assert "Chờ 2 ngày" in html.unescape(client.get(reverse("reports:home")).content.decode())
    review = reverse("branches:task_review", args=[task.pk])
    assert "Lê Thu An báo ngày 20/11/2026, chậm 20 ngày" in read(client, "task_review", task.pk)
    refused = client.post(review, {"verdict": "return", "reason": "", "version": 2})
    assert "Hãy ghi còn thiếu gì" in html.unescape(refused.content.decode())
    assert client.post(review, {"verdict": "accept", "version": 2}).status_code == 302
    task.refresh_from_db()
    assert task.state == "accepted"


def test_reported_for_an_owner_without_an_account_is_said(scene, client):
    task = scene.give(owner=MemberFactory(home=scene.branch, full_name="Nguyễn Thị Không Máy"))
    client.force_login(scene.deputy)
    assert "Ghi thay Nguyễn Thị Không Máy" in read(client, "task_report", task.pk)
    said = {"result": "Đã làm", "reported_on": "2026-11-20", "version": 1, "form_key": str(uuid.uuid4())}
    client.post(reverse("branches:task_report", args=[task.pk]), said)
    assert f"{scene.deputy} ghi thay" in read(client, "task", task.pk)


def test_fellow_member_sees_the_task_and_not_whose_it_is(scene, client):
    task = scene.give()
    fellow = account_at(scene.branch, "member")
    client.force_login(fellow)
    for page in (read(client, "task_list", scene.branch.pk), read(client, "task", task.pk)):
        assert "Lập danh sách 20 hộ nghèo" in page
        assert "Lê Thu An" not in page
        assert str(scene.secretary) not in page
    assert client.get(reverse("branches:task_report", args=[task.pk])).status_code == 403
    client.force_login(scene.deputy)
    assert "Lê Thu An" in read(client, "task_list", scene.branch.pk)


def test_stranger_finds_nothing_and_the_owner_without_a_post_finds_the_own_task(scene, client, media):
    task = scene.give()
    kept = TaskFile.objects.create(task=task, file="taskfile/x.jpg", kind="picture")
    stranger = account_at(UnitFactory(superior=scene.union))
    client.force_login(stranger)
    for name in ("task", "task_report", "task_edit", "task_review", "task_drop", "task_reopen"):
        assert client.get(reverse(f"branches:{name}", args=[task.pk])).status_code == 404, name
    assert client.get(reverse("branches:task_file", args=[kept.pk])).status_code == 404
    scene.account.posts.all().delete()
    client.force_login(scene.account)
    assert "Lập danh sách" in read(client, "task", task.pk)
    assert "Lập danh sách" in html.unescape(client.get(reverse("reports:home")).content.decode())
    for name in ("task_edit", "task_drop", "task_review"):
        assert client.get(reverse(f"branches:{name}", args=[task.pk])).status_code == 403, name
    # Not one's own any more: nothing is left.
    Task.objects.update(owner=MemberFactory(home=scene.branch))
    assert client.get(reverse("branches:task", args=[task.pk])).status_code == 404


def test_the_party_committee_opens_no_task(scene, client):
    task = scene.give()
    client.force_login(account_at(scene.branch, "party_secretary"))
    assert client.get(reverse("branches:task", args=[task.pk])).status_code == 404
    assert client.get(reverse("branches:task_list", args=[scene.branch.pk])).status_code == 404


def test_second_editor_is_told_and_nothing_is_overwritten(scene, client):
    task = scene.give()
    change_task(task=task, version=1, by=scene.deputy, on=TODAY, text="Lập danh sách 30 hộ")
    client.force_login(scene.secretary)
    said = {"text": "Lập danh sách 40 hộ", "owner": scene.member.pk, "due": "none", "version": 1}
    page = client.post(reverse("branches:task_edit", args=[task.pk]), said)
    assert "Chưa ghi đè gì cả" in html.unescape(page.content.decode())
    task.refresh_from_db()
    assert task.text == "Lập danh sách 30 hộ"


def test_list_has_overdue_first_filters_and_counts(scene, client):
    scene.give(text="Còn hạn", due_on=datetime.date(2026, 12, 1))
    scene.give(text="Quá hạn")
    scene.give(text="Không hạn", due_on=None, owner=MemberFactory(home=scene.branch))
    scene.accept(scene.report(scene.give(text="Xong rồi")))
    meeting = scene.meeting()
    carry_over(meeting=meeting, tasks=Task.objects.filter(text="Quá hạn"))
    client.force_login(scene.secretary)
    page = client.get(reverse("branches:task_list", args=[scene.branch.pk]))
    assert [one.text for one in page.context["page"]] == ["Quá hạn", "Còn hạn", "Không hạn"]
    assert page.context["counts"] == {"open": 3, "overdue": 1, "reported": 0, "accepted": 1}
    assert "chuyển 1 lần" in page.content.decode()
    filtered = client.get(reverse("branches:task_list", args=[scene.branch.pk]), {"nguoi": scene.member.pk})
    assert [one.text for one in filtered.context["page"]] == ["Quá hạn", "Còn hạn"]
    done = client.get(reverse("branches:task_list", args=[scene.branch.pk]), {"loc": "xong", "nguoi": "x"})
    assert [one.text for one in done.context["page"]] == ["Xong rồi"]


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_list_asks_the_same_number_of_queries(scene, client, rows, django_assert_num_queries):
    direction = DirectionFactory(unit=scene.branch)
    for _ in range(rows):
        scene.give(owner=MemberFactory(home=scene.branch), direction=direction)
    client.force_login(scene.secretary)
    with django_assert_num_queries(10):
        client.get(reverse("branches:task_list", args=[scene.branch.pk]))


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_members_page_and_waiting_ask_the_same_number_of_queries(scene, client, rows, django_assert_num_queries):
    for _ in range(rows):
        scene.give()
    client.force_login(scene.account)
    with django_assert_num_queries(5):
        client.get(reverse("branches:task_own"))
    account = type(scene.account).objects.get(pk=scene.account.pk)
    post = account.posts_today[0]
    with django_assert_num_queries(2):  # the rules of the day; everything of one's own
        waiting = waiting_for(account, post, on=TODAY)
    assert len(waiting.first) == min(rows, 20)


def test_member_page_shows_the_tasks_of_the_year_with_their_figures(scene, client):
    scene.accept(scene.report(scene.give()))
    scene.give(text="Viết tin")
    client.force_login(scene.secretary)
    page = read(client, "member", scene.member.pk)
    assert "Năm 2026: 2 việc, xong 1, đang làm 1, chậm hạn 1" in page
    assert "Viết tin" in page


def test_waiting_of_the_secretary_names_late_tasks_of_others_in_one_line(scene):
    scene.give()
    scene.give()
    first = waiting_for(scene.secretary, scene.secretary.posts_today[0], on=TODAY).first
    told = [(one.what, one.word) for one in first if "việc" in one.what]
    assert told == [("2 việc đã giao bị quá hạn", "Quá hạn 22 ngày")]
    nobody = AccountFactory()
    assert waiting_for(nobody, None, on=TODAY).nothing
