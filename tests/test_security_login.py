"""Signing in under attack: guessing, fixation, sessions after a change, the second step, the administration site."""

import io
import logging
import re
import threading
import time
from urllib.parse import unquote

import pytest
from allauth.core.internal import ratelimit
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.signals import user_login_failed
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from branches.accounts import SignInForm

from .factories import PASSWORD, AccountFactory

pytestmark = pytest.mark.django_db
LOGIN = "/tai-khoan/dang-nhap/"
ADMIN = "/quan-tri/"
WINDOW = 5 * 60  # seconds after which the owner of an attacked account gets in again
GUESSES = 10  # passwords tried for one account in that time, from wherever they come
ANOTHER = "mot-mat-khau-khac-de-thu"


def sign_in(client, username, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": username, "password": password}, **extra)


def is_in(client) -> bool:
    return client.get("/").status_code == 200


@pytest.fixture
def owner():
    return AccountFactory(username="bithu", full_name="Người Chủ")


@pytest.fixture
def tried():
    """Every sign-in whose password was really compared and found wrong."""
    names = []

    def note(credentials, **_):
        names.append(credentials.get("username"))

    user_login_failed.connect(note)
    yield names
    user_login_failed.disconnect(note)


# --- guessing ---------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_are_counted_together_in_the_shared_cache(settings, tried):
    """80 guesses by 8 threads from 8 addresses, the right password among them: ten are compared, none gets in."""
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache_of_test"}
    }
    call_command("createcachetable", verbosity=0)
    AccountFactory(username="bithu")
    inside, broken = [], []

    def guess(number):
        try:
            for turn in range(10):
                client = Client()
                # The right password comes late, when the limit has long been reached.
                password = PASSWORD if turn > 4 else f"sai-{number}-{turn}"
                answer = sign_in(client, "bithu", password, REMOTE_ADDR=f"203.0.113.{number}")
                if answer.status_code == 302:
                    inside.append(number)
        except Exception as error:
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE shared_cache_of_test")
    assert (broken, inside) == ([], [])
    assert 0 < len(tried) <= GUESSES


@pytest.mark.parametrize(
    "disguise",
    [
        {"HTTP_X_FORWARDED_FOR": "198.51.100.{n}"},
        {"HTTP_X_REAL_IP": "198.51.100.{n}"},
        {"HTTP_HOST": "testserver:{n}"},
        {"HTTP_USER_AGENT": "Trình duyệt {n}"},
        {"REMOTE_ADDR": "198.51.100.{n}"},
    ],
)
def test_no_disguise_gives_more_guesses_for_one_account(disguise, owner, client, tried):
    for n in range(1, 15):
        sign_in(client, "bithu", f"sai-{n}", **{name: value.format(n=n) for name, value in disguise.items()})
    assert len(tried) == GUESSES


@pytest.mark.parametrize("written", ["BITHU", " bithu ", "BiThu"])
def test_the_same_name_written_differently_gives_no_more_guesses(written, owner, client, tried):
    for n in range(GUESSES):
        sign_in(client, "bithu", f"sai-{n}")
    tried.clear()
    sign_in(client, written, "sai", REMOTE_ADDR="198.51.100.9")
    assert tried == []


def test_one_address_cannot_try_many_accounts(client, tried):
    for n in range(25):
        sign_in(client, f"nguoi-nao-do-{n}", "sai")
    assert len(tried) == 20


def test_owner_gets_in_five_minutes_after_the_attack(owner, client, monkeypatch):
    for n in range(GUESSES + 2):
        sign_in(Client(), "bithu", f"sai-{n}", REMOTE_ADDR=f"198.51.100.{n}")
    answer = sign_in(client, "bithu")
    assert "Hãy đợi vài phút rồi đăng nhập lại" in answer.content.decode()
    now = time.time()
    monkeypatch.setattr(ratelimit.time, "time", lambda: now + WINDOW + 1)
    assert sign_in(client, "bithu").status_code == 302


def test_attack_on_one_account_leaves_the_others_alone(owner, client):
    AccountFactory(username="doanvien")
    for n in range(GUESSES + 2):
        sign_in(Client(), "bithu", f"sai-{n}", REMOTE_ADDR="198.51.100.1")
    assert sign_in(client, "doanvien", REMOTE_ADDR="198.51.100.2").status_code == 302


def test_unknown_name_and_wrong_password_get_the_same_answer(owner, client):
    def answer(name):
        text = sign_in(client, name, "sai").content.decode().replace(name, "")
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)

    assert answer("bithu") == answer("khong-co-ai")


# --- sessions ---------------------------------------------------------------------------------------


def test_session_key_changes_at_sign_in_and_out(owner, client):
    client.get(LOGIN)
    session = client.session
    session["planted"] = "by a stranger"
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    sign_in(client, "bithu")
    inside = client.cookies["sessionid"].value
    assert inside != planted
    client.post(reverse("account_logout"))
    client.cookies["sessionid"] = inside
    assert not is_in(client)


def test_new_password_ends_the_other_sessions(owner):
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        sign_in(client, "bithu")
    said = {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER}
    assert here.post(reverse("account_change_password"), said).status_code == 302
    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_closed_account_is_out_on_the_next_request(owner, client):
    sign_in(client, "bithu")
    assert is_in(client)
    type(owner).objects.update(is_active=False)
    assert not is_in(client)
    assert sign_in(Client(), "bithu").headers.get("Location") == reverse("account_inactive")


def test_no_password_reaches_a_log(owner, client):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        sign_in(client, "bithu", "mat-khau-sai-khong-duoc-ghi")
        sign_in(client, "bithu")
        client.post(
            reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER}
        )
        Client(enforce_csrf_checks=True).post(LOGIN, {"login": "bithu", "password": ANOTHER})
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    written = stream.getvalue()
    assert "CSRF" in written  # the log was listening
    assert [word for word in ("mat-khau-sai", PASSWORD, ANOTHER) if word in written] == []


# --- the second step --------------------------------------------------------------------------------


def code_for(secret: str, *, wrong=False) -> str:
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    return f"{(int(code) + 1) % 1_000_000:06d}" if wrong else code


def activate(client) -> str:
    """Switch the second step on through our pages; returns the secret."""
    url = reverse("mfa_activate_totp")
    assert client.get(url).headers["Location"].startswith(reverse("account_reauthenticate"))
    page = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": url}, follow=True)
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page.content.decode())[1]
    answer = client.post(url, {"code": code_for(secret)})
    assert answer.status_code == 302
    return secret


@pytest.fixture
def guarded(owner):
    """(secret, recovery codes) of an account with the second step on."""
    client = Client()
    sign_in(client, "bithu")
    secret = activate(client)
    codes = re.findall(r"\b\d{8}\b", client.get(reverse("mfa_view_recovery_codes")).content.decode())
    assert len(codes) == 10
    return secret, codes


def test_password_alone_does_not_pass_the_second_step(guarded, client):
    answer = sign_in(client, "bithu")
    assert answer.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert not is_in(client)
    assert client.get(ADMIN).status_code == 302


def test_code_of_the_phone_completes_the_sign_in(guarded, client):
    cache.clear()  # the code used to switch it on is not taken twice
    secret, _ = guarded
    sign_in(client, "bithu")
    wrong = client.post(reverse("mfa_authenticate"), {"code": code_for(secret, wrong=True)})
    assert "Mã chưa đúng hoặc đã hết hạn" in wrong.content.decode()
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert is_in(client)


def test_recovery_code_works_once(guarded):
    _, codes = guarded
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, "bithu")
        client.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert (is_in(first), is_in(second)) == (True, False)


def test_codes_cannot_be_guessed_at_will(guarded, client, tried):
    secret, _ = guarded
    sign_in(client, "bithu")
    for n in range(12):
        client.post(reverse("mfa_authenticate"), {"code": f"{n:06d}"})
    cache_kept_count = client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert cache_kept_count.status_code in (200, 429)
    assert not is_in(client)


def test_second_step_cannot_be_switched_off_without_the_password(guarded, client):
    secret, _ = guarded
    cache.clear()
    sign_in(client, "bithu")
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert sign_in(Client(), "bithu").headers["Location"].startswith(reverse("mfa_authenticate"))


def test_picture_for_the_phone_names_the_program(owner, client, monkeypatch):
    shown = []
    monkeypatch.setattr(
        "branches.accounts.VietnameseMFAAdapter.build_totp_svg", lambda self, url: shown.append(url) or "<svg/>"
    )
    sign_in(client, "bithu")
    activate(client)
    assert unquote(shown[0]).startswith("otpauth://totp/bithu?")
    assert "issuer=Đoàn quản lý" in unquote(shown[0])


# --- the administration site ------------------------------------------------------------------------


@pytest.fixture
def staff():
    return AccountFactory(username="quantri", is_staff=True, is_superuser=True)


def test_administration_site_has_no_sign_in_of_its_own(staff, client, tried):
    answer = client.post(f"{ADMIN}login/", {"username": "quantri", "password": PASSWORD, "next": ADMIN})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(LOGIN)
    assert client.get(ADMIN).status_code == 302
    assert not is_in(client)


def test_administration_site_asks_for_the_second_step_too(staff, client):
    first = Client()
    sign_in(first, "quantri")
    activate(first)
    sign_in(client, "quantri")
    assert client.get(ADMIN).status_code == 302
    client.post(f"{ADMIN}login/", {"username": "quantri", "password": PASSWORD})
    assert client.get(ADMIN).status_code == 302


def test_administration_site_is_closed_to_others(owner, client):
    sign_in(client, "bithu")
    assert client.get(f"{ADMIN}branches/account/").status_code in (302, 403)
    assert client.get(f"{ADMIN}branches/account/", follow=True).status_code == 403


def test_a_password_too_short_is_answered_in_vietnamese():
    with pytest.raises(ValidationError) as refused:
        validate_password("quatngan")
    assert refused.value.messages == ["Mật khẩu quá ngắn. Hãy đặt ít nhất 12 ký tự, ví dụ một câu dễ nhớ."]


def test_an_empty_sign_in_is_answered_by_the_names_of_the_fields():
    said = SignInForm(data={"login": "", "password": ""}).errors
    assert said == {"login": ["Hãy ghi “Tên đăng nhập”."], "password": ["Hãy ghi “Mật khẩu”."]}
