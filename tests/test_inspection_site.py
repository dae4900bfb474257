"""Notes from the site: sent once however often they come, two inspectors beside each other, photos, other accounts."""

import datetime
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from branches.models import Member
from inspections.checking.entries import EntryLine, settle_difference, take_entries
from inspections.checking.items import add_item, put_checklists
from inspections.models import ChecklistAnswer, ChecklistTemplate, Inspection, SiteEntry, SiteFile
from inspections.states import InspectionRefused
from tests.browsing import picture
from tests.factories import MemberFactory, account_at
from tests.inspecting import TODAY, scene, stranger, visited

pytestmark = pytest.mark.django_db
NINE = datetime.datetime(2026, 9, 28, 9, tzinfo=datetime.UTC)


@pytest.fixture
def s():
    found = scene()
    found.case = visited(found)
    put_checklists(
        inspection=found.case, templates=[ChecklistTemplate.objects.get(unit=None, code="phan-mem")], by=found.chair
    )
    found.item = found.case.items.order_by("position").first()  # critical, ten points, the members' codes beside it
    return found


def line(s, result="met", note="", *, minutes=0, base=0, item=True, **fields) -> EntryLine:
    return EntryLine(
        fields.pop("client_id", uuid.uuid4()), NINE + datetime.timedelta(minutes=minutes), s.item.pk if item else None,
        result, note=note, base=base, **fields,
    )  # fmt: skip


def take(s, *lines, by=None):
    return take_entries(inspection=s.case, lines=lines, by=by or s.chair, on=TODAY)


def answer(s) -> tuple:
    found = ChecklistAnswer.objects.get(item=s.item, side="team")
    return found.result, found.note, found.answered_by, found.version


# --- the verbs --------------------------------------------------------------------------------------------


def test_entry_becomes_the_answer_and_freezes_the_figure(s):
    MemberFactory(home=s.branch)
    Member.objects.update(national_code="")
    [taken] = take(s, line(s, "not_met", "Chưa nhập ai"))
    assert (taken.state, taken.version) == ("taken", 1)
    assert answer(s) == ("not_met", "Chưa nhập ai", s.chair, 1)
    s.item.refresh_from_db()
    assert s.item.fact_words == "0 trên 1 đoàn viên có mã trên phần mềm (0%)"
    Member.objects.update(national_code="DV1")
    s.item.refresh_from_db()
    assert s.item.fact_words == "0 trên 1 đoàn viên có mã trên phần mềm (0%)"


def test_resend_is_the_same_entry(s):
    one, free = line(s, note="Đủ"), line(s, "", "Gặp hai đoàn viên", item=False)
    first = take(s, one, free)
    assert take(s, one, free) == first
    take(s, free)
    assert (SiteEntry.objects.count(), answer(s)[3]) == (2, 1)


def test_second_inspector_who_did_not_see_the_first_differs_and_overwrites_nothing(s):
    take(s, line(s, "met", "Đủ"))
    [late] = take(s, line(s, "not_met", "Thiếu ba người", minutes=5), by=s.inspector)
    assert (late.state, late.version) == ("differs", 1)
    assert answer(s) == ("met", "Đủ", s.chair, 1)
    [same] = take(s, line(s, "met", "Đủ", minutes=6), by=s.inspector)
    assert same.state == "taken"  # two who agree


def test_second_inspector_who_saw_the_first_corrects_it(s):
    take(s, line(s, "met", "Đủ"))
    [taken] = take(s, line(s, "partly", "Thiếu một", minutes=5, base=1), by=s.inspector)
    assert taken.state == "taken"
    assert answer(s) == ("partly", "Thiếu một", s.inspector, 2)


def test_ones_own_later_word_counts_whichever_phone_sent_it_first(s):
    take(s, line(s, "partly", "Sau", minutes=9))
    take(s, line(s, "met", "Trước", minutes=1))
    assert answer(s) == ("partly", "Sau", s.chair, 1)
    take(s, line(s, "not_met", "Cuối", minutes=10))
    assert answer(s)[:2] == ("not_met", "Cuối")
    assert SiteEntry.objects.count() == 3


def test_difference_is_settled_once_and_against_the_version_shown(s):
    take(s, line(s, "met", "Đủ"))
    take(s, line(s, "not_met", "Thiếu", minutes=5), by=s.inspector)
    entry = SiteEntry.objects.get(state="differs")
    settled = settle_difference(
        entry=entry, version=1, by=s.chair, at=NINE, result="partly", points=None, note="Đủ\nThiếu"
    )
    assert (settled.result, settled.note, settled.version) == ("partly", "Đủ\nThiếu", 2)
    with pytest.raises(InspectionRefused, match="đã có người chọn"):
        settle_difference(entry=entry, version=2, by=s.chair, at=NINE, result="met", points=None, note="")


def test_note_on_an_item_taken_out_meanwhile_is_kept_as_a_free_note(s):
    gone = add_item(inspection=s.case, by=s.chair, text="Sẽ bỏ")
    pk = gone.pk
    gone.delete()
    take(s, EntryLine(uuid.uuid4(), NINE, pk, "not_met", note="Thấy thiếu sổ"))
    [kept] = SiteEntry.objects.all()
    assert (kept.item, kept.note) == (None, "(Mục đã bỏ khỏi phiếu) Chưa đạt. Thấy thiếu sổ")


def test_points_stay_within_the_item_and_belong_to_a_part(s):
    take(s, line(s, "partly", points=99))
    assert ChecklistAnswer.objects.get(item=s.item).points == 10
    take(s, line(s, "met", points=3, minutes=1))
    assert ChecklistAnswer.objects.get(item=s.item).points is None


def test_id_of_somebody_else_and_a_case_that_went_out_are_refused(s):
    one = line(s)
    take(s, one)
    with pytest.raises(InspectionRefused, match="tài khoản khác"):
        take(s, one, by=s.inspector)
    Inspection.objects.filter(pk=s.case.pk).update(state="following", concluded_on=TODAY)
    with pytest.raises(InspectionRefused, match="Kết luận đã thông báo"):
        take(s, line(s, "not_met"))
    assert SiteEntry.objects.count() == 1


# --- what a browser sends ------------------------------------------------------------------------------------


def batch(s, client, *entries, account=None):
    body = {"account": str(account or s.chair.pk), "entries": entries}
    return client.post(
        reverse("inspections:site_send", args=[s.case.pk]), json.dumps(body), content_type="application/json"
    )


def entry(s, result="met", **fields):
    return {"id": str(uuid.uuid4()), "item": s.item.pk, "result": result, "points": "", "note": "", "base": 0,
            "ago": 60_000} | fields  # fmt: skip


def test_batch_is_answered_with_every_item_as_it_stands(s, client):
    take(s, line(s, "met", "Đủ"), by=s.inspector)
    client.force_login(s.chair)
    one = entry(s, "not_met")
    said = batch(s, client, one).json()
    assert said["taken"] == [[one["id"], "differs", 1]]
    assert said["rows"] == [[s.item.pk, 1, "met", "", "Đủ", "Mai Thị Ủy Viên"]]
    assert said["clashes"] == 1
    free = entry(s, "", item=None, note="Dòng một\nDòng hai")
    batch(s, client, free)
    kept = SiteEntry.objects.get(item=None)
    assert kept.note == "Dòng một\nDòng hai"
    assert 50 < (timezone.now() - kept.written_at).total_seconds() < 90


@pytest.mark.parametrize(
    "bad",
    [
        {"id": "khong-phai"}, {"result": "tuyet-voi"}, {"item": -1}, {"item": "9" * 30}, {"note": 7}, {"ago": "x"},
        {"base": -1}, {"note": "\0"},
    ],
)  # fmt: skip
def test_batch_that_cannot_be_read_is_refused_whole(s, client, bad):
    client.force_login(s.chair)
    assert batch(s, client, entry(s), entry(s) | bad).status_code == 400
    assert SiteEntry.objects.count() == 0


def test_what_another_account_kept_on_this_phone_is_never_sent_under_this_one(s, client):
    client.force_login(s.inspector)
    answer = batch(s, client, entry(s), account=s.chair.pk)
    assert (answer.status_code, "tài khoản khác" in answer.json()["error"]) == (409, True)
    assert SiteEntry.objects.count() == 0


def test_stranger_unit_and_former_member_send_nothing(s, client):
    for account, status in ((stranger(), 404), (s.secretary, 403), (account_at(s.sibling, "inspection_chair"), 404)):
        client.force_login(account)
        assert batch(s, client, entry(s), account=account.pk).status_code == status
        for name in ("site", "site_worker"):
            assert client.get(reverse(f"inspections:{name}", args=[s.case.pk])).status_code == status
    assert SiteEntry.objects.count() == 0


def photo(s, client, client_id, content=None, account=None):
    upload = SimpleUploadedFile("ảnh sổ.jpg", content or picture()["buffer"], "image/jpeg")
    data = {"id": str(client_id), "account": str(account or s.chair.pk), "item": s.item.pk, "ago": 0, "file": upload}
    return client.post(reverse("inspections:site_photo", args=[s.case.pk]), data)


def test_photo_is_drawn_anew_and_there_once(s, client, media):
    client.force_login(s.chair)
    key = uuid.uuid4()
    url = reverse("inspections:site_photo", args=[s.case.pk])
    assert client.get(url, {"id": str(key)}).status_code == 204
    first = photo(s, client, key).json()
    assert photo(s, client, key).json() == first == client.get(url, {"id": str(key)}).json()
    [kept] = SiteFile.objects.all()
    assert (kept.item, kept.side, kept.kind, kept.name) == (s.item, "team", "picture", "ảnh sổ.jpg")
    assert len(list((media / "sitefile").iterdir())) == 1
    assert client.get(first["url"]).headers["Content-Type"] == "image/jpeg"
    client.force_login(s.secretary)
    assert client.get(first["url"]).status_code == 404  # before the notice
    refused = photo(s, client, uuid.uuid4())
    assert refused.status_code == 403


def test_photo_that_is_none_is_refused_with_what_to_do(s, client, media):
    client.force_login(s.chair)
    answer = photo(s, client, uuid.uuid4(), b"khong phai anh")
    assert (answer.status_code, "Chỉ nhận ảnh" in answer.json()["error"]) == (409, True)
    assert photo(s, client, uuid.uuid4(), account=s.inspector.pk).status_code == 409
    assert SiteFile.objects.count() == 0


def test_page_without_script_is_one_form_sent_once(s, client, media):
    client.force_login(s.chair)
    url = reverse("inspections:site", args=[s.case.pk])
    page = client.get(url)
    other = s.case.items.order_by("position")[1]
    data = {
        "form_key": str(page.context["form_key"]), f"r{s.item.pk}": "partly", f"p{s.item.pk}": "7,5",
        f"n{s.item.pk}": "Thiếu một", f"v{s.item.pk}": "0", f"r{other.pk}": "", f"n{other.pk}": "",
        "note": "Ghi chung", f"f{s.item.pk}": SimpleUploadedFile("a.jpg", picture()["buffer"]),
        "f0": SimpleUploadedFile("b.jpg", b"hong"),
    }  # fmt: skip
    answer = client.post(url, data, follow=True)
    assert "Chưa lưu được ảnh" in answer.text
    data["f0"] = SimpleUploadedFile("b.jpg", picture()["buffer"])
    client.post(url, data)
    found = ChecklistAnswer.objects.get()
    assert (found.item, found.result, found.points, found.note) == (s.item, "partly", 7.5, "Thiếu một")
    assert SiteEntry.objects.filter(item=None).count() == 1
    assert SiteFile.objects.count() == 1


def test_two_notes_are_chosen_or_joined_on_a_page(s, client):
    take(s, line(s, "met", "Đủ"))
    take(s, line(s, "not_met", "Thiếu ba", minutes=5), by=s.inspector)
    one = SiteEntry.objects.get(state="differs")
    client.force_login(s.chair)
    case_page = client.get(reverse("inspections:case_checklist", args=[s.case.pk]))
    assert "1 mục hai người ghi khác nhau" in case_page.text
    url = reverse("inspections:site_choose", args=[one.pk])
    form = client.get(url).context["form"]
    assert form["note"].value() == "Đủ\nThiếu ba"
    hidden = {field.html_name: field.value() for field in form.hidden_fields()}
    client.post(url, hidden | {"take": "mine", "result": "met", "note": "không dùng"})
    assert answer(s)[:2] == ("not_met", "Thiếu ba")
    assert client.get(url).status_code == 302
    client.force_login(s.secretary)
    assert client.get(url).status_code == 404


def test_site_page_costs_the_same_for_nine_and_thirty_items(s, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(s.chair)
    url = reverse("inspections:site", args=[s.case.pk])
    take(s, line(s))
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(21):
        item = add_item(inspection=s.case, by=s.chair, text=f"Thêm {number}")
        take(s, EntryLine(uuid.uuid4(), NINE, item.pk, "met"))
    with django_assert_num_queries(len(few)):
        assert client.get(url).context["count"] == 30
