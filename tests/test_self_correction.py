"""The link by which members see and correct their own record: who gets in, what is sent, what the keeper decides."""

import datetime
import hashlib
import html
import io
import re
import threading
import time
import uuid

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from branches.consenting import ConsentRefused, say_consent, text_in_force
from branches.days import PartialDay
from branches.enrolling import change_member
from branches.models import (
    Consent,
    EditConflict,
    Member,
    Membership,
    ProposedValue,
    SelfServiceLink,
    SensitiveAccess,
    SensitiveData,
)
from branches.proposing import ProposalRefused, decide, propose
from branches.qr_code import qr_code
from branches.self_correcting import LinkRefused, Tries, identify, live_link, make_link, members_of, revoke_link

from .factories import MemberFactory, UnionFactory, UnitFactory, account_at
from .test_forms_fuzz import FOREIGN, TRICKY

pytestmark = pytest.mark.django_db
BORN = datetime.date(2001, 5, 19)
TODAY = datetime.date(2026, 11, 22)
NOW = datetime.datetime(2026, 11, 22, 2, 0, tzinfo=datetime.UTC)  # nine in the morning in Vietnam
KIN = {"who-full_name": "le thu an", "who-birth_date": "19/05/2001", "who-digits": "5678", "do": "who"}


@pytest.fixture
def branch():
    return UnitFactory(superior=UnionFactory(), name="Chi đoàn Sở Tư pháp")


@pytest.fixture
def secretary(branch):
    return account_at(branch)


@pytest.fixture
def member(branch):
    return MemberFactory(
        home=branch, full_name="Lê Thu An", birth_date=BORN, phone="0912 345 678", national_code="30.1234",
        job="Chuyên viên",
    )  # fmt: skip


@pytest.fixture
def link(branch, secretary):
    return make_link(unit=branch, by=secretary, now=timezone.now())


def page_of(token):
    return reverse("branches:self_correction", args=[token])


def enter(client, token, **said):
    return client.post(page_of(token), KIN | said)


# --- links ----------------------------------------------------------------------------------------------


def test_only_the_hash_is_kept_and_the_last_day_is_whole(branch, secretary):
    made, token = make_link(unit=branch, by=secretary, now=NOW)
    assert made.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert len(token) >= 32
    # 14 days after 22/11 in Vietnam: to the end of 06/12.
    last = datetime.datetime(2026, 12, 6, 16, 59, tzinfo=datetime.UTC)
    assert live_link(token, last) == made
    assert live_link(token, last + datetime.timedelta(minutes=1)) is None


def test_unknown_and_revoked_open_nothing(branch, secretary):
    made, token = make_link(unit=branch, by=secretary, now=NOW)
    assert live_link(f"{token}x", NOW) is None
    revoke_link(link=made, now=NOW)
    revoke_link(link=made, now=NOW + datetime.timedelta(hours=1))
    made.refresh_from_db()
    assert live_link(token, NOW) is None
    assert made.revoked_at == NOW


def test_no_link_above_a_branch_nor_for_somebody_unrecognisable(branch, secretary):
    with pytest.raises(LinkRefused, match="một chi đoàn"):
        make_link(unit=UnionFactory(), by=secretary, now=NOW)
    bare = MemberFactory(home=branch, full_name="Lê Bình", birth_date=None)
    with pytest.raises(LinkRefused, match="chưa ghi đủ để nhận ra Lê Bình"):
        make_link(unit=branch, member=bare, by=secretary, now=NOW)
    gone = MemberFactory(home=branch, is_active=False)
    with pytest.raises(LinkRefused, match="không còn sinh hoạt"):
        make_link(unit=branch, member=gone, by=secretary, now=NOW)


def test_link_reaches_its_branch_and_the_groups_below_and_nobody_else(branch, member, link):
    below = MemberFactory(home=UnitFactory(superior=branch, kind="sub_branch"))
    MemberFactory(home=UnitFactory())
    MemberFactory(home=branch, is_active=False)
    assert set(members_of(link[0])) == {member, below}


def test_qr_code_is_a_square_with_a_quiet_zone():
    code = qr_code("https://doan.example.vn/tu-sua/abc/")
    assert code.size == 29 + 2 * 4  # version 3
    assert code.path.startswith("M4 4h1v1h-1z")
    assert not re.search(r"M[0-3] ", code.path)


# --- who is there ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "is_right"),
    [
        ({"name": "Lê Thu An", "birth_date": BORN, "digits": "5678"}, True),
        ({"name": "LE  thu an", "birth_date": BORN, "digits": "5678"}, True),
        ({"name": "Lê Thu An", "birth_date": BORN, "digits": "1234"}, False),  # of the code, which is easily guessed
        ({"name": "Lê Thu An", "birth_date": BORN, "digits": "9876"}, True),  # of the personal number
        ({"name": "Lê Thu An", "birth_date": BORN, "digits": "0000"}, False),
        ({"name": "Lê Thu An", "birth_date": datetime.date(2001, 5, 20), "digits": "5678"}, False),
        ({"name": "Lê Thu Bình", "birth_date": BORN, "digits": "5678"}, False),
        ({"name": "Lê Thu An", "birth_date": BORN}, False),  # one fact too few
        ({"name": "Lê Thu An", "digits": "5678"}, False),
        ({"birth_date": BORN, "digits": "5678"}, False),
    ],
)
def test_branch_link_wants_name_birth_date_and_a_number(member, link, said, is_right):
    SensitiveData.objects.create(member=member, personal_number="001201009876")
    assert identify(link[0], **said) == (member if is_right else None)


def test_the_code_proves_somebody_of_whom_no_other_number_is_held(member, link):
    Member.objects.filter(pk=member.pk).update(phone="")
    assert identify(link[0], name="Lê Thu An", birth_date=BORN, digits="1234") == member


@pytest.mark.parametrize(
    ("said", "is_right"),
    [
        ({"name": "Lê Thu An", "birth_date": BORN}, True),
        ({"birth_date": BORN, "digits": "5678"}, True),
        ({"name": "Lê Thu An", "digits": "5678"}, False),  # the branch has the birth date, so it is asked for
        ({"birth_date": BORN}, False),
        ({"name": "Lê Thu An", "birth_date": BORN, "digits": "0000"}, False),  # what is said must be right
    ],
)
def test_own_link_wants_the_birth_date_and_one_more(branch, secretary, member, said, is_right):
    own, _ = make_link(unit=branch, member=member, by=secretary, now=NOW)
    assert identify(own, **said) == (member if is_right else None)


def test_own_link_says_which_facts_are_enough(client, branch, secretary, member):
    """Name and number alone never open it where the branch has the birth date, so the page must not ask for "two"."""
    _, token = make_link(unit=branch, member=member, by=secretary, now=NOW)
    url = reverse("branches:self_correction", args=[token])
    assert "Ghi ngày sinh và ít nhất một ô nữa" in html.unescape(client.get(url).content.decode())
    said = {"do": "who", "who-full_name": member.full_name, "who-birth_date": "", "who-digits": "5678"}
    page = html.unescape(client.post(url, said).content.decode())
    assert "hãy hỏi Bí thư chi đoàn đang ghi gì về bạn" in page
    assert "liên kết riêng" not in page


def test_a_birth_date_known_by_its_year_is_no_fact(branch, secretary, member, link):
    Member.objects.filter(pk=member.pk).update(birth_date=datetime.date(2001, 1, 1), birth_precision="year")
    said = {"name": "Lê Thu An", "birth_date": datetime.date(2001, 1, 1), "digits": "5678"}
    assert identify(link[0], **said) is None
    own, _ = make_link(unit=branch, member=Member.objects.get(), by=secretary, now=NOW)
    assert identify(own, name="Lê Thu An", digits="5678") == member


def test_two_people_whom_everything_fits_are_nobody(branch, member, link):
    MemberFactory(home=branch, full_name="Lê Thu Ân", birth_date=BORN, phone="0999995678")
    assert identify(link[0], name="Le Thu An", birth_date=BORN, digits="5678") is None


def test_one_query_whoever_is_named(member, link, django_assert_num_queries):
    for name in ("Lê Thu An", "Không Có Ai"):
        with django_assert_num_queries(1):
            identify(link[0], name=name, birth_date=BORN, digits="0000")


# --- getting in -----------------------------------------------------------------------------------------


def test_visitor_proves_who_they_are_and_sees_the_own_record_only(client, branch, member, link):
    MemberFactory(home=branch, full_name="Người Bên Cạnh")
    assert "Lê Thu An" not in client.get(page_of(link[1])).content.decode()
    answer = enter(client, link[1])
    assert (answer.status_code, answer.headers["Location"]) == (302, page_of(link[1]))
    page = client.get(page_of(link[1])).content.decode()
    assert "Lê Thu An" in page
    assert "Chuyên viên" in page
    assert "Người Bên Cạnh" not in page
    made = SelfServiceLink.objects.get()
    assert (made.uses, made.used_at is not None) == (1, True)


def test_wrong_answers_are_all_alike(client, branch, member, link):
    """Whether the person exists, and which fact was wrong, is told by nothing on the page."""
    MemberFactory(home=branch, full_name="Trần Không Số", birth_date=BORN)
    pages = set()
    for said in (
        {"who-digits": "0000"},
        {"who-birth_date": "20/05/2001"},
        {"who-full_name": "Nguyễn Không Có"},
        {"who-full_name": "Trần Không Số"},
    ):
        answer = enter(Client(), link[1], **said)
        assert answer.status_code == 200
        text = re.sub(r'(value|name)="[^"]*"', "", answer.content.decode())
        pages.add(text)
    assert len(pages) == 1
    assert "Chưa khớp" in html.unescape(pages.pop())


def test_unknown_expired_and_revoked_links_answer_alike(client, branch, secretary, link):
    token = link[1]
    answers = [client.get(page_of("khong-co")), client.get(page_of("khong-co") + "da-gui/")]
    SelfServiceLink.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    answers.append(client.get(page_of(token)))
    SelfServiceLink.objects.update(expires_at=timezone.now() + datetime.timedelta(days=1), revoked_at=timezone.now())
    answers += [client.get(page_of(token)), client.get(page_of(token) + "ban-sao.xlsx"), enter(client, token)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_session_key_changes_and_revoking_ends_the_visit(client, member, link):
    client.get(page_of(link[1]))
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    enter(client, link[1])
    assert client.session.session_key != before
    assert client.get(page_of(link[1]) + "da-gui/").status_code == 200
    revoke_link(link=link[0], now=timezone.now())
    assert client.get(page_of(link[1]) + "da-gui/").status_code == 404
    assert client.post(page_of(link[1]), {"do": "send", "sua-job": "1", "job": "Khác"}).status_code == 404
    assert ProposedValue.objects.count() == 0


def test_visit_of_one_link_opens_no_other(client, branch, secretary, member, link):
    enter(client, link[1])
    _, other = make_link(unit=branch, by=secretary, now=timezone.now())
    assert "Bạn là ai?" in client.get(page_of(other)).content.decode()


def test_visit_ends_after_half_an_hour_and_keeps_what_was_typed(client, member, link, monkeypatch):
    enter(client, link[1])
    later = timezone.now() + datetime.timedelta(minutes=31)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    page = client.post(page_of(link[1]), {"do": "send", "sua-job": "1", "job": "Kế toán trưởng"})
    text = page.content.decode()
    assert "Bạn là ai?" in text
    assert 'name="job" value="Kế toán trưởng"' in html.unescape(text)
    assert ProposedValue.objects.count() == 0
    back = client.post(page_of(link[1]), KIN | {"sua-job": "1", "job": "Kế toán trưởng"})
    assert back.status_code == 200
    assert "Đã lấy lại phần bạn vừa ghi" in back.content.decode()
    assert 'value="Kế toán trưởng"' in html.unescape(back.content.decode())
    assert ProposedValue.objects.count() == 0


def test_leaving_closes_the_record(client, member, link):
    enter(client, link[1])
    assert "Đã đóng hồ sơ" in client.post(page_of(link[1]), {"do": "leave"}).content.decode()
    assert "Lê Thu An" not in client.get(page_of(link[1])).content.decode()


def test_person_who_left_the_branch_is_out(client, member, link):
    enter(client, link[1])
    Member.objects.update(is_active=False)
    assert "Bạn là ai?" in client.get(page_of(link[1])).content.decode()


# --- too many tries -------------------------------------------------------------------------------------


def test_a_person_is_guessed_at_five_times_wherever_from_and_then_waits_even_when_right(member, link):
    for number in range(5):
        answer = Client().post(page_of(link[1]), KIN | {"who-digits": "0000"}, REMOTE_ADDR=f"10.0.0.{number}")
        assert answer.status_code == 200
    right = Client().post(page_of(link[1]), KIN, REMOTE_ADDR="10.0.1.1")
    assert right.status_code == 429
    assert "Đã thử nhiều lần" in html.unescape(right.content.decode())
    cache.clear()
    assert Client().post(page_of(link[1]), KIN, REMOTE_ADDR="10.0.1.1").status_code == 302


def test_a_name_that_does_not_exist_has_to_wait_as_well(member, link):
    said = KIN | {"who-full_name": "Không Có Ai"}
    statuses = [Client().post(page_of(link[1]), said).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]


def test_one_place_tries_ten_names_and_then_waits(branch, member, link):
    statuses = [
        Client().post(page_of(link[1]), KIN | {"who-full_name": f"Lê Văn {letter}"}).status_code
        for letter in "abcdeghikl"
    ]
    assert statuses == [200] * 10
    assert Client().post(page_of(link[1]), KIN).status_code == 429
    # From elsewhere the owner gets in; many right answers from one office use nothing up.
    for _ in range(12):
        assert Client().post(page_of(link[1]), KIN, REMOTE_ADDR="10.9.9.9").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_tries_sent_at_once_do_not_slip_through(branch, secretary, monkeypatch):
    """Eight guesses at one person at the same moment: five are let through, as if they came one by one."""
    made, _ = make_link(unit=branch, by=secretary, now=timezone.now())
    recent = Tries._recent

    def slowly(tries, what):
        found = recent(tries, what)
        time.sleep(0.02)  # as long as another process may need to look at the same count
        return found

    monkeypatch.setattr(Tries, "_recent", slowly)
    start, let_through = threading.Barrier(8), []

    def guess(number):
        try:
            start.wait()
            let_through.append(Tries(made, address=f"10.0.0.{number}", name="Lê Thu An").take())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(let_through) == [False] * 3 + [True] * 5


# --- the record -----------------------------------------------------------------------------------------


def test_sensitive_values_are_never_shown_back(client, member, link):
    SensitiveData.objects.create(member=member, ethnicity="Ê Đê", religion="Phật giáo", discipline="Khiển trách")
    # Deleted years ago and back since: the grounds are as closed as a discipline.
    Membership.objects.create(
        member=member, unit=member.home, starts_on=datetime.date(2012, 1, 1), ends_on=datetime.date(2013, 1, 1),
        begin_reason="admitted", end_reason="deleted", end_note="Bỏ sinh hoạt vì đi lễ",
    )  # fmt: skip
    enter(client, link[1])
    page = html.unescape(client.get(page_of(link[1])).content.decode())
    client.post(page_of(link[1]), {"do": "send", "sua-ethnicity": "1", "ethnicity": "Ba Na"})
    later = html.unescape(client.get(page_of(link[1])).content.decode())
    sent = html.unescape(client.get(page_of(link[1]) + "da-gui/").content.decode())
    for text in (page, later, sent):
        assert not re.search("Ê Đê|Phật giáo|Khiển trách|Ba Na", text)
    assert "đã ghi" in page
    assert ProposedValue.objects.get().value == "Ba Na"
    copy = client.get(page_of(link[1]) + "ban-sao.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(copy.content))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "Lê Thu An" in cells
    assert not re.search("Ê Đê|Phật giáo|Khiển trách|Ba Na|đi lễ", " ".join(cells))


def test_missing_fields_come_first_and_only_what_is_corrected_is_sent(client, member, link):
    enter(client, link[1])
    page = client.get(page_of(link[1]))
    names = [row["name"] for row in page.context["missing"]]
    assert names == ["address", "education_level", "admitted_on", "ethnicity"]
    said = {
        "do": "send", "address": "12 Lê Duẩn", "admitted_on": "3/2017", "sua-phone": "1", "phone": "0987654321",
        "sua-job": "0", "job": "không đọc đến",
    }  # fmt: skip
    answer = client.post(page_of(link[1]), said)
    assert answer.headers["Location"] == page_of(link[1]) + "da-gui/"
    rows = ProposedValue.objects.order_by("field").values_list("field", "value", "state", "member", "link")
    assert list(rows) == [
        ("address", "12 Lê Duẩn", "waiting", member.pk, link[0].pk),
        ("admitted_on", "2017-03", "waiting", member.pk, link[0].pk),
        ("phone", "0987654321", "waiting", member.pk, link[0].pk),
    ]
    member.refresh_from_db()
    assert (member.address, member.phone, member.version) == ("", "0912 345 678", 1)
    text = html.unescape(client.get(page_of(link[1]) + "da-gui/").content.decode())
    assert "03/2017" in text
    assert "Chờ Bí thư xem" in text


@pytest.mark.parametrize(
    ("field", "typed", "answer"),
    [
        ("admitted_on", "31/02/2017", "Không có ngày 31/2/2017. Hãy xem lại ngày và tháng."),
        ("admitted_on", "2000", "Ngày vào Đoàn phải sau ngày sinh 19/05/2001."),
        ("personal_number", "12345", "Số căn cước có 12 chữ số (chứng minh cũ có 9). Hãy xem lại số."),
        ("email", "khong phai thu", "Hãy ghi địa chỉ thư đầy đủ, ví dụ ten@donvi.gov.vn."),
        ("full_name", "", "Hãy ghi “họ và tên”."),
        ("phone", "", "Hãy ghi cho đúng, hoặc chọn “Đúng rồi”."),
    ],
)
def test_wrong_value_is_answered_at_its_field_and_nothing_is_sent(client, member, link, field, typed, answer):
    enter(client, link[1])
    page = client.post(page_of(link[1]), {"do": "send", f"sua-{field}": "1", field: typed, "address": "12 Lê Duẩn"})
    assert page.status_code == 200
    assert [str(text).lower() for text in page.context["form"].errors[field]] == [answer.lower()]
    assert "12 Lê Duẩn" in html.unescape(page.content.decode())
    assert ProposedValue.objects.count() == 0


def test_nothing_to_send_is_said(client, member, link):
    enter(client, link[1])
    page = client.post(page_of(link[1]), {"do": "send"})
    assert "Chưa sửa ô nào" in html.unescape(page.content.decode())


def test_sent_twice_is_once_and_sent_anew_replaces(client, member, link):
    enter(client, link[1])
    for value in ("Kế toán", "Kế toán", "Thủ quỹ"):
        client.post(page_of(link[1]), {"do": "send", "sua-job": "1", "job": value})
    assert list(ProposedValue.objects.order_by("pk").values_list("value", "state")) == [
        ("Kế toán", "replaced"), ("Thủ quỹ", "waiting"),
    ]  # fmt: skip
    # Saying what the record says takes the proposal back.
    client.post(page_of(link[1]), {"do": "send", "sua-job": "1", "job": "Chuyên viên"})
    assert not ProposedValue.objects.waiting().exists()


def test_unknown_field_is_an_error(member):
    with pytest.raises(TypeError):
        propose(member=member, values={"discipline": "không"})


def test_whatever_is_typed_is_answered_in_vietnamese(client, branch, secretary, member, link):
    _, own = make_link(unit=branch, member=member, by=secretary, now=timezone.now())
    SensitiveData.objects.create(member=member, ethnicity="Kinh")
    for value in TRICKY:
        for token in (own, link[1]):
            cache.clear()
            asked = Client().post(page_of(token), dict.fromkeys(KIN, value) | {"do": "who", "job": value})
            assert asked.status_code in (200, 429)
            assert FOREIGN.findall(asked.content.decode()) == []
    enter(client, link[1])
    names = [
        row["name"] for kind in ("missing", "written", "more") for row in client.get(page_of(link[1])).context[kind]
    ]
    assert len(names) == 20
    for value in TRICKY:
        said = dict.fromkeys(names, value) | {f"sua-{name}": "1" for name in names}
        page = client.post(page_of(link[1]), said | {"do": "send", "consent": value, "guardian": value})
        assert page.status_code in (200, 302), value
        assert FOREIGN.findall(page.content.decode()) == [], value
        assert client.get(page_of(link[1])).status_code == 200


# --- consent --------------------------------------------------------------------------------------------


def test_consent_is_unticked_asked_with_its_version_and_written_once(client, member, link):
    enter(client, link[1])
    page = client.get(page_of(link[1])).content.decode()
    assert not re.search(r'name="consent"[^>]*checked', page)
    assert "Bản 1, áp dụng từ 01/01/2026" in html.unescape(page)
    for answer in ("yes", "yes", "no"):
        assert client.post(page_of(link[1]), {"do": "send", "consent": answer}).status_code == 302
    said = Consent.objects.order_by("pk").values_list("member", "given", "means", "text__version", "written_by")
    assert list(said) == [(member.pk, True, "link", 1, None), (member.pk, False, "link", 1, None)]


@pytest.mark.parametrize(
    ("born", "precision", "asks"),
    [
        (datetime.date(2010, 11, 22), "day", False),  # sixteen today
        (datetime.date(2010, 11, 23), "day", True),
        (datetime.date(2010, 1, 1), "year", True),  # perhaps not yet sixteen
        (datetime.date(2009, 1, 1), "year", False),
    ],
)
def test_below_sixteen_the_guardian_agrees_too(branch, born, precision, asks):
    young = MemberFactory(home=branch, birth_date=born, birth_precision=precision)
    said = {"member": young, "text": text_in_force(TODAY), "means": "link", "on": TODAY}
    if asks:
        with pytest.raises(ConsentRefused) as refused:
            say_consent(given=True, **said)
        assert list(refused.value.errors) == ["guardian"]
    else:
        say_consent(given=True, **said)
    assert say_consent(given=True, guardian="Lê Văn Cha", **said).guardian == "Lê Văn Cha"
    assert say_consent(given=False, **said).given is False


def test_no_text_before_the_law_is_in_force():
    assert text_in_force(datetime.date(2025, 12, 31)) is None


def test_keeper_writes_consent_from_paper_and_the_member_takes_it_back(client, branch, secretary, member):
    own = account_at(branch, "member")
    own.member = member
    own.save()
    url = reverse("branches:consent", args=[member.pk])
    client.force_login(secretary)
    assert client.post(url, {"given": "yes"}).status_code == 200  # which paper?
    client.post(url, {"given": "yes", "note": "Đơn ngày 20/11/2026, tủ 2"})
    client.force_login(own)
    client.post(url, {"given": "no"})
    said = Consent.objects.order_by("pk").values_list("given", "means", "written_by", "note")
    assert list(said) == [
        (True, "paper", secretary.pk, "Đơn ngày 20/11/2026, tủ 2"), (False, "account", own.pk, ""),
    ]  # fmt: skip
    client.force_login(account_at(branch, "committee_member"))
    assert client.get(url).status_code == 403
    client.force_login(account_at(UnitFactory()))
    assert client.get(url).status_code == 404


# --- the keeper decides ---------------------------------------------------------------------------------


def proposed(member, **values):
    return {row.field: row for row in propose(member=member, values=values)}


def test_accepted_goes_into_the_record_and_declined_keeps_its_reason(member, secretary):
    rows = proposed(member, job="Kế toán", admitted_on=PartialDay.read("3/2017"), phone="0987654321")
    assert decide(
        member=member, version=1, accepted=[rows["job"].pk, rows["admitted_on"].pk],
        declined={rows["phone"].pk: "Số này của người khác"}, by=secretary, now=NOW,
    ) == (2, 1)  # fmt: skip
    member.refresh_from_db()
    assert (member.job, member.admitted_on, member.admitted_precision, member.phone, member.version) == (
        "Kế toán", datetime.date(2017, 3, 1), "month", "0912 345 678", 2,
    )  # fmt: skip
    said = ProposedValue.objects.order_by("field").values_list("field", "state", "reason", "decided_by")
    assert list(said) == [
        ("admitted_on", "accepted", "", secretary.pk), ("job", "accepted", "", secretary.pk),
        ("phone", "declined", "Số này của người khác", secretary.pk),
    ]  # fmt: skip
    assert member.history.first().history_user == secretary


def test_decided_twice_is_decided_once(member, secretary):
    row = proposed(member, job="Kế toán")["job"]
    said = {"member": member, "version": 1, "accepted": [row.pk], "declined": {}, "by": secretary, "now": NOW}
    assert decide(**said) == (1, 0)
    assert decide(**said) == (0, 0)
    member.refresh_from_db()
    assert member.version == 2


def test_record_changed_meanwhile_is_not_overwritten(member, secretary):
    row = proposed(member, job="Kế toán")["job"]
    change_member(member=member, version=1, by=secretary, job="Phó phòng")
    with pytest.raises(EditConflict):
        decide(member=member, version=1, accepted=[row.pk], declined={}, by=secretary, now=NOW)
    member.refresh_from_db()
    assert (member.job, ProposedValue.objects.get().state) == ("Phó phòng", "waiting")


def test_what_the_register_refuses_is_said_at_the_row(branch, member, secretary):
    MemberFactory(home=branch, full_name="Trần Có Mã", national_code="99001")
    rows = proposed(member, national_code="99001", job="Kế toán")
    with pytest.raises(ProposalRefused) as refused:
        decide(member=member, version=1, accepted=[row.pk for row in rows.values()], declined={}, by=secretary, now=NOW)
    assert refused.value.errors == {rows["national_code"].pk: "Mã này đã ghi cho Trần Có Mã. Hãy xem lại mã."}
    member.refresh_from_db()
    assert member.job == "Chuyên viên"


def test_declining_needs_a_reason(member, secretary):
    row = proposed(member, job="Kế toán")["job"]
    with pytest.raises(ProposalRefused) as refused:
        decide(member=member, version=1, accepted=[], declined={row.pk: " "}, by=secretary, now=NOW)
    assert list(refused.value.errors) == [row.pk]


def test_sensitive_value_shows_after_a_recorded_click_and_accepting_leaves_a_row(client, branch, secretary, member):
    row = proposed(member, ethnicity="Ê Đê", job="Kế toán")["ethnicity"]
    client.force_login(secretary)
    url = reverse("branches:proposals", args=[branch.pk])
    assert "Ê Đê" not in html.unescape(client.get(url).content.decode())
    assert not SensitiveAccess.objects.exists()
    keys = {"thay": list(ProposedValue.objects.values_list("pk", flat=True)), f"ban-{member.pk}": "1"}
    shown = client.post(url, keys | {"do": f"open-{member.pk}"})
    assert "Ê Đê" in html.unescape(shown.content.decode())
    client.post(url, keys | {"do": "save", f"quyet-{row.pk}": "nhan"})
    assert SensitiveData.objects.get(member=member).ethnicity == "Ê Đê"
    assert list(SensitiveAccess.objects.order_by("pk").values_list("account", "kind")) == [
        (secretary.pk, "opened"), (secretary.pk, "changed"),
    ]  # fmt: skip


def test_take_all_takes_what_was_on_the_page_and_nothing_of_others(client, branch, secretary, member):
    other = MemberFactory(home=branch)
    stranger = MemberFactory()
    for one in (member, other, stranger):
        propose(member=one, values={"job": "Việc mới"})
    client.force_login(secretary)
    url = reverse("branches:proposals", args=[branch.pk])
    shown = list(ProposedValue.objects.exclude(member=other).values_list("pk", flat=True))
    versions = {f"ban-{one.pk}": "1" for one in (member, other, stranger)}
    client.post(url, {"thay": shown, "do": "all"} | versions)
    assert dict(ProposedValue.objects.values_list("member", "state")) == {
        member.pk: "accepted", other.pk: "waiting", stranger.pk: "waiting",
    }  # fmt: skip


def test_refusal_stands_at_its_row_and_what_was_chosen_stays(client, branch, secretary, member):
    rows = proposed(member, job="Kế toán", phone="0987654321")
    client.force_login(secretary)
    url = reverse("branches:proposals", args=[branch.pk])
    said = {"thay": [row.pk for row in rows.values()], f"ban-{member.pk}": "1", "do": "save",
            f"quyet-{rows['job'].pk}": "nhan", f"quyet-{rows['phone'].pk}": "khong"}  # fmt: skip
    page = client.post(url, said)
    assert page.status_code == 200
    items = {item["row"].field: (item["choice"], bool(item["error"])) for item in page.context["people"][0]["rows"]}
    assert items == {"job": ("nhan", False), "phone": ("khong", True)}


def test_of_two_keepers_the_second_is_told_who_was_first(client, branch, secretary, member):
    rows = proposed(member, job="Kế toán", address="12 Lê Duẩn")
    other = account_at(branch, full_name="Trần Thị Hai")
    url = reverse("branches:proposals", args=[branch.pk])
    shown = {"thay": [row.pk for row in rows.values()], f"ban-{member.pk}": "1", "do": "save"}
    job, address = rows["job"].pk, rows["address"].pk
    client.force_login(other)
    client.post(url, shown | {f"quyet-{job}": "nhan"})
    client.force_login(secretary)  # whose page still shows both
    page = client.post(url, shown | {f"quyet-{job}": "khong", f"ly-do-{job}": "Nhầm"}, follow=True)
    when = timezone.localtime(ProposedValue.objects.get(pk=job).decided_at)
    assert [str(said) for said in page.context["messages"]] == [
        f"Công việc, chức vụ của {member.full_name}: Trần Thị Hai đã nhận lúc {when:%H:%M, %d/%m/%Y}. "
        "Lựa chọn của bạn không ghi vào."
    ]
    member.refresh_from_db()
    assert member.job == "Kế toán"
    # The member writes anew while the keeper looks at the old value.
    propose(member=member, values={"address": "14 Lê Duẩn"})
    page = client.post(url, shown | {f"ban-{member.pk}": "2", f"quyet-{address}": "nhan"}, follow=True)
    assert "đoàn viên vừa gửi lại" in " ".join(map(str, page.context["messages"]))
    assert Member.objects.get(pk=member.pk).address == ""


def test_the_same_choices_sent_twice_are_no_quarrel(client, branch, secretary, member):
    row = proposed(member, job="Kế toán")["job"]
    client.force_login(secretary)
    url = reverse("branches:proposals", args=[branch.pk])
    said = {"thay": [row.pk], f"ban-{member.pk}": "1", "do": "save", f"quyet-{row.pk}": "nhan"}
    first = client.post(url, said, follow=True)
    second = client.post(url, said, follow=True)
    assert [[str(one) for one in page.context["messages"]] for page in (first, second)] == [
        ["Đã nhận 1 ô, không nhận 0 ô."], ["Các ô này bạn đã lưu trước đó."],
    ]  # fmt: skip
    nothing = client.post(url, {"thay": [row.pk], "do": "save"}, follow=True)
    assert "Chưa chọn ô nào" in " ".join(map(str, nothing.context["messages"]))


def test_what_others_decided_of_a_stranger_is_not_told(client, branch, secretary):
    stranger = MemberFactory()
    row = proposed(stranger, job="Kế toán")["job"]
    decide(member=stranger, version=1, accepted=[row.pk], declined={}, by=account_at(stranger.home), now=NOW)
    client.force_login(secretary)
    said = {"thay": [row.pk], "do": "save", f"quyet-{row.pk}": "nhan"}
    page = client.post(reverse("branches:proposals", args=[branch.pk]), said, follow=True)
    assert stranger.full_name not in " ".join(str(one) for one in page.context["messages"])


@pytest.mark.parametrize("rows", [1, 3, 15])
def test_proposals_ask_the_same_queries(client, branch, secretary, rows, django_assert_num_queries):
    for _ in range(rows):
        propose(member=MemberFactory(home=branch), values={"job": "Kế toán", "ethnicity": "Tày"})
    client.force_login(secretary)
    with django_assert_num_queries(7):  # session, account, posts, unit, how many, members, proposals
        page = client.get(reverse("branches:proposals", args=[branch.pk]))
    assert len(page.context["people"]) == rows


def test_home_of_the_keeper_says_what_waits_and_nobody_elses(client, branch, secretary, member):
    propose(member=member, values={"job": "Kế toán", "address": "12 Lê Duẩn"})
    seen = {}
    for name, account in {
        "secretary": secretary,
        "committee": account_at(branch, "committee_member"),
        "sibling": account_at(UnitFactory()),
    }.items():
        client.force_login(account)
        seen[name] = "2 ô đoàn viên đề nghị sửa" in html.unescape(client.get(reverse("reports:home")).content.decode())
    assert seen == {"secretary": True, "committee": False, "sibling": False}


# --- the keeper's links ---------------------------------------------------------------------------------


def test_address_is_shown_once_and_a_form_sent_twice_is_one_link(client, branch, secretary):
    client.force_login(secretary)
    url = reverse("branches:self_link_new", args=[branch.pk])
    said = {"form_key": str(uuid.uuid4())}
    made = client.post(url, said)
    token = re.search(r"/tu-sua/([^/\"]+)/", made.content.decode()).group(1)
    assert live_link(token, timezone.now()) == SelfServiceLink.objects.get()
    assert f"http://testserver/tu-sua/{token}/" in made.content.decode()
    again = client.post(url, said)
    assert (again.status_code, SelfServiceLink.objects.count()) == (302, 1)
    listed = client.get(reverse("branches:self_service", args=[branch.pk])).content.decode()
    assert token not in listed
    assert SelfServiceLink.objects.get().token_hash not in listed


def test_revoking_is_asked_first_and_then_done(client, branch, secretary, link):
    client.force_login(secretary)
    url = reverse("branches:self_link_revoke", args=[link[0].pk])
    client.get(url)
    assert live_link(link[1], timezone.now())
    client.post(url)
    assert live_link(link[1], timezone.now()) is None
    client.force_login(account_at(UnitFactory()))
    assert client.get(url).status_code == 404


def test_own_copy_of_the_keeper_has_the_closed_part_and_leaves_a_row(client, branch, secretary, member):
    SensitiveData.objects.create(member=member, ethnicity="=Ê Đê")
    url = reverse("branches:own_data", args=[member.pk])
    client.force_login(account_at(branch, "committee_member"))
    assert client.post(url).status_code == 403
    client.force_login(secretary)
    assert client.get(url).status_code == 405
    book = openpyxl.load_workbook(io.BytesIO(client.post(url).content))
    assert book.sheetnames == [
        "Hồ sơ", "Quá trình sinh hoạt", "Hoạt động", "Kết nạp, chuyển, ở lại", "Chức vụ", "Đồng ý", "Đề nghị, yêu cầu",
        "Mở phần giữ kín",
    ]  # fmt: skip
    cells = {row[0].value: row[1] for row in book["Hồ sơ"].iter_rows(min_row=4)}
    assert (cells["Dân tộc"].value, cells["Dân tộc"].data_type) == ("=Ê Đê", "s")
    assert cells["Ngày sinh"].value == "19/05/2001"
    assert book["Mở phần giữ kín"].max_row == 2  # this opening is in it
    assert list(SensitiveAccess.objects.values_list("account", "kind")) == [(secretary.pk, "opened")]


# --- the size of the page, and two at once --------------------------------------------------------------


def test_page_with_its_sheet_is_below_50_kb(client, member, link):
    """Uncompressed, everything the page loads; a full record, the longest page there is."""
    from django.contrib.staticfiles import finders

    Member.objects.update(
        address="x" * 200, hometown="x" * 200, email="a@b.vn", education="Đại học Luật", politics="Sơ cấp",
        admitted_on=TODAY, admitted_at="x" * 160, card_number="1" * 20, sex="female",
    )  # fmt: skip
    enter(client, link[1])
    answer = client.get(page_of(link[1]))
    text = answer.content.decode()
    loaded = set(re.findall(r'(?:src|href)="/static/([^"]+)"', text))
    assert loaded == {"mark.svg", "css/link.css"}
    assert "<script" not in text
    sizes = [len(answer.content)]
    for name in loaded:
        with open(finders.find(name), "rb") as file:
            sizes.append(len(file.read()))
    assert 10_000 < sum(sizes) < 50_000


@pytest.mark.django_db(transaction=True)
def test_two_sendings_at_once_leave_one_waiting_row(branch):
    member = MemberFactory(home=branch)
    start, failed = threading.Barrier(4), []

    def send(number):
        try:
            start.wait()
            propose(member=member, values={"job": f"Việc {number % 2}"})
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert ProposedValue.objects.waiting().count() == 1
    assert connection.vendor in ("sqlite", "postgresql")
