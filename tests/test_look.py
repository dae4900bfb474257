"""Frame, signs, drawings, account pages and pages of refusal."""

import re
import xml.etree.ElementTree as ET
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from branches.frame import BAR, MORE, NAV, PLACES, Frame
from branches.models import Unit
from branches.templatetags import look
from branches.views import errors
from reports import charts, print_charts
from tests.factories import (
    PASSWORD,
    AccountFactory,
    PostFactory,
    TermFactory,
    UnionFactory,
    UnitFactory,
    account_at,
)

SPRITE = Path(settings.BASE_DIR) / "static" / "icons.svg"
SVG = "{http://www.w3.org/2000/svg}"


def icons_of_the_sprite() -> set[str]:
    return {symbol.get("id") for symbol in ET.parse(SPRITE).getroot().iter(f"{SVG}symbol")}  # noqa: S314


def drawn(svg: str) -> ET.Element:
    """The drawing as XML; a drawing that is not well formed fails here."""
    return ET.fromstring(re.sub(r'xmlns="[^"]+"', "", svg))  # noqa: S314


# --- signs ------------------------------------------------------------------------------------------


def test_every_icon_named_anywhere_is_in_the_sprite():
    named = {sign for _, sign, _ in look.STATES.values()} | {place.icon for place in PLACES.values()}
    for page in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        named |= set(re.findall(r'{% icon "([a-z0-9-]+)"', page.read_text()))
    assert {f"i-{name}" for name in named} - icons_of_the_sprite() == set()


def test_icon_without_a_label_is_silent_and_with_one_speaks():
    assert 'aria-hidden="true"' in look.icon("check")
    assert 'role="img" aria-label="Đạt"' in look.icon("check", label="Đạt")


def test_state_is_always_a_sign_and_a_word():
    badge = look.state("over", "Vượt 25%")
    assert badge.startswith('<span class="state is-over">')
    assert "#i-up" in badge
    assert badge.endswith("Vượt 25%</span>")


def test_state_escapes_the_word_of_a_person():
    assert "<script>" not in look.state("behind", "<script>alert(1)</script>")


def test_state_reads_an_object_with_a_standing():
    class Row:
        standing = "missed"
        word = "Chưa đạt"

    assert look.state(Row()) == look.state("missed")


def test_unknown_state_is_an_error_and_not_an_empty_badge():
    with pytest.raises(KeyError):
        look.state("greenish")


# --- drawings ---------------------------------------------------------------------------------------


def widths(svg) -> list[str]:
    return [box.get("width") for box in drawn(svg).iter("rect")]


@pytest.mark.parametrize(
    ("done", "aim", "width"),
    [(8, 12, "53.3%"), (12, 12, "80.0%"), (15, 12, "100.0%"), (99, 12, "100.0%"), (Decimal("0.5"), 1, "40.0%")],
)
def test_bullet_puts_the_target_at_eighty_percent(done, aim, width):
    assert widths(charts.bullet(done, aim, label="x")) == ["100%", width]


def test_bullet_of_nothing_has_no_bar_and_no_target_no_drawing():
    assert widths(charts.bullet(0, 12, label="x")) == ["100%"]
    assert charts.bullet(5, None, label="x") == charts.bullet(5, 0, label="x") == ""


def test_bullet_is_amber_only_when_late_and_shows_last_year():
    late = charts.bullet(8, 12, label="8 trên 12 buổi", standing="behind", last=7)
    assert [box.get("fill") for box in drawn(late).iter("rect")] == ["#eaeff5", "#b36f00", "#6d7f99"]
    assert "#b36f00" not in charts.bullet(8, 12, label="x", standing="on_track")


def test_bullet_shows_the_band_of_a_range():
    assert widths(charts.bullet(8, 10, label="x", high=12)) == ["100%", "16.0%", "64.0%"]


def test_strip_tells_every_chapter_in_words():
    chapters = [charts.Chapter("1", ("met", "behind")), charts.Chapter("2", ()), charts.Chapter("3", ("over",))]
    svg = charts.strip(chapters, {"met": "Đạt", "behind": "Chậm", "over": "Vượt"})
    assert drawn(svg).get("aria-label") == "mục 1: đạt, chậm; mục 3: vượt"
    assert charts.strip([], {}) == ""


def test_columns_say_what_was_not_recorded_and_draw_no_zero_column():
    svg = charts.columns(
        [charts.Column("2022", None), charts.Column("2023", 0, 2), charts.Column("2024", 11, 12)], "buổi"
    )
    picture = drawn(svg)
    assert picture.get("aria-label") == "năm 2022: không ghi số; năm 2023: 0 buổi; năm 2024: 11 buổi"
    assert len(list(picture.iter("rect"))) == 1
    assert len(list(picture.iter("line"))) == 3  # two marks and the ground


def test_columns_keep_the_word_of_a_person_before_the_figure():
    assert "hơn 120" in charts.columns([charts.Column("2024", 120, text="hơn 120")], "lượt người")


def test_bar_list_cuts_a_long_bar_and_keeps_its_true_figure():
    svg = print_charts.bar_list(
        [
            print_charts.Bar("Hiến máu tình nguyện", Decimal("3"), "300,0% (12/4 lượt người)", "over"),
            print_charts.Bar("Sinh hoạt", Decimal("0.5"), "50,0% (6/12 buổi)", "behind"),
            print_charts.Bar("Sáng kiến", None, "…", "not_measurable"),
        ]
    )
    boxes = [(box.get("width"), box.get("fill")) for box in drawn(svg).iter("rect")]
    assert ("189.0", "#555") in boxes
    assert ("67.5", "url(#chua-dat)") in boxes
    assert len([box for box in boxes if box[0] not in ("22.0", "7")]) == 2
    assert "300,0% (12/4 lượt người)" in svg


def test_group_columns_say_the_plan_and_what_is_missing():
    groups = [print_charts.Group("Quý I", 2, 3), print_charts.Group("Quý II", None, 0)]
    svg = print_charts.group_columns(groups, last_name="Năm 2018", now_name="Năm 2019", unit="buổi", plan=3)
    assert drawn(svg).get("aria-label") == (
        "Quý I: 2 (Năm 2018), 3 (Năm 2019); Quý II: không ghi số (Năm 2018), 0 (Năm 2019), đơn vị tính buổi"
    )
    assert "3 buổi" in svg


@pytest.mark.parametrize("top", [1, 3, 5, 6, 11, 26, 99, 5_000_000])
def test_group_columns_need_at_most_five_lines(top):
    svg = print_charts.group_columns(
        [print_charts.Group("Quý I", None, top)], last_name="trước", now_name="nay", unit="buổi"
    )
    assert 1 <= len([line for line in drawn(svg).iter("line") if line.get("stroke-dasharray") == "1 4"]) <= 5


def test_drawings_carry_no_style_and_escape_names():
    pictures = [
        charts.bullet(1, 2, label='"><script>'),
        charts.columns([charts.Column("<b>", 1)], "buổi"),
        print_charts.bar_list([print_charts.Bar("<script>", Decimal(1), "<i>", "met")]),
    ]
    for picture in pictures:
        drawn(picture)
        assert " style=" not in picture
        assert "<script" not in picture


def test_drawings_print_in_weasyprint():
    from weasyprint import HTML

    svg = charts.bullet(8, 12, label="x", standing="behind")
    assert HTML(string=f"<body>{svg}</body>").write_pdf().startswith(b"%PDF")


# --- the frame --------------------------------------------------------------------------------------


def frame_of(user, **session) -> Frame:
    request = RequestFactory().get("/")
    request.user, request.session, request.resolver_match = user, session, None
    return Frame(request)


def test_every_destination_has_an_address():
    missing = []
    for place in PLACES.values():
        try:
            reverse(place.view, args=[2026 if word == "year" else 1 for word in place.args.split()])
        except NoReverseMatch:
            missing.append(place.view)
    assert missing == []


def test_every_menu_names_known_places():
    for menu in (NAV, BAR, MORE):
        assert {name for names in menu.values() for name in names} <= set(PLACES)
    assert all(len(names) <= 5 for names in BAR.values())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("type", "kind", "side", "base"),
    [
        ("secretary", Unit.Kind.BRANCH, "branch", "base.html"),
        ("superior_office", Unit.Kind.ABOVE_GRASSROOTS, "superior", "base.html"),
        ("inspection_chair", Unit.Kind.ABOVE_GRASSROOTS, "inspection", "base.html"),
        ("party_secretary", Unit.Kind.BRANCH, "party", "base_calm.html"),
        ("member", Unit.Kind.BRANCH, "member", "base.html"),
    ],
)
def test_menu_follows_the_body_of_the_post(type, kind, side, base):
    frame = frame_of(account_at(UnitFactory(kind=kind), type=type))
    assert (frame.side, frame.base) == (side, base)


@pytest.mark.django_db
def test_frame_of_a_stranger_and_of_a_person_without_a_post():
    assert frame_of(AnonymousUser()).posts == []
    frame = frame_of(AccountFactory())
    assert frame.post is None
    assert frame.side == "nobody"


@pytest.mark.django_db
def test_frame_asks_one_query_whatever_the_page_uses(django_assert_num_queries):
    user = account_at(UnitFactory())
    PostFactory(account=user, unit=UnionFactory(), type="superior_office")
    with django_assert_num_queries(1):
        frame = frame_of(user)
        _ = frame.posts, frame.post.body_name, frame.nav, frame.bar, frame.more


@pytest.mark.django_db
def test_switching_the_post_is_remembered_and_only_for_own_posts(client):
    user = account_at(UnitFactory(), type="member")
    second = PostFactory(account=user, unit=UnionFactory(), type="superior_office")
    foreign = PostFactory()
    client.force_login(user)
    assert client.post(reverse("branches:post_switch"), {"post": second.pk}).status_code == 302
    assert client.session["post"] == second.pk
    for wrong in (foreign.pk, "x", ""):
        assert client.post(reverse("branches:post_switch"), {"post": wrong}).status_code == 404
    assert client.get(reverse("branches:post_switch")).status_code == 405
    assert client.session["post"] == second.pk


@pytest.mark.django_db
def test_page_more_lists_posts_places_and_the_way_out(client):
    user = account_at(UnitFactory(name="Chi đoàn Sở Tư pháp"))
    client.force_login(user)
    page = client.get(reverse("branches:more")).content.decode()
    assert "Chi đoàn Sở Tư pháp" in page
    assert f'action="{reverse("account_logout")}"' in page
    assert page.count("<h1>") == 1
    assert " style=" not in page


# --- signing in -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_wrong_password_is_answered_in_vietnamese_and_keeps_the_name(client):
    AccountFactory(username="bithu")
    page = client.post(reverse("account_login"), {"login": "bithu", "password": "sai"}).content.decode()
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in page
    assert 'value="bithu"' in page
    assert "sai" not in re.findall(r'name="password"[^>]*', page)[0]


@pytest.mark.django_db
def test_right_password_signs_in(client):
    AccountFactory(username="bithu")
    answer = client.post(reverse("account_login"), {"login": "bithu", "password": PASSWORD})
    assert answer.status_code == 302
    assert "_auth_user_id" in client.session


def test_there_is_no_sign_up_no_mail_and_no_reset():
    for name in ("account_signup", "account_email", "account_reset_password", "socialaccount_signup"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


@pytest.mark.django_db
def test_password_change_answers_in_vietnamese(client):
    client.force_login(AccountFactory())
    page = client.post(
        reverse("account_change_password"),
        {"oldpassword": "sai", "password1": "mot-cau-that-dai-1", "password2": "mot-cau-that-dai-2"},
    ).content.decode()
    assert "Mật khẩu đang dùng chưa đúng." in page
    assert "Hai lần ghi mật khẩu mới chưa giống nhau." in page
    assert "You must" not in page


@pytest.mark.django_db
def test_second_step_pages_stand(client):
    client.force_login(AccountFactory())
    assert "Chưa bật" in client.get(reverse("mfa_index")).content.decode()
    assert client.get(reverse("mfa_activate_totp")).status_code == 302  # asks for the password again first
    assert "Ghi lại mật khẩu" in client.get(reverse("account_reauthenticate")).content.decode()


# --- words ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_roman_numerals_of_a_period_stay_capital(client):
    branch = UnitFactory()
    term = TermFactory(unit=branch, name="Nhiệm kỳ VI (2019-2022)")
    client.force_login(account_at(branch, "secretary"))
    quarter = client.get(reverse("reports:progress", args=[branch.pk]), {"ky": "2026-q3"}).content.decode()
    grid = client.get(reverse("reports:term_plan_edit", args=[branch.pk, term.pk])).content.decode()
    assert "Kế hoạch, kết quả quý III/2026" in quarter
    assert "Kế hoạch nhiệm kỳ VI (2019-2022)" in grid


@pytest.mark.parametrize(("chapter", "shown"), [("opening", "năm 2025"), ("results_1", "năm <b>2025</b>")])
def test_years_of_the_opening_sentence_are_not_marked_as_figures(chapter, shown):
    sentence = SimpleNamespace(pk=1, version=1, source="", from_submission=None)
    one = SimpleNamespace(state="drafted", printed="Báo cáo năm 2025 như sau:", sentence=sentence, code="")
    view = SimpleNamespace(chapter=SimpleNamespace(key=chapter))
    assert shown in render_to_string("reports/_report_sentence.html", {"one": one, "view": view})


# --- refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "status"),
    [("bad_request", 400), ("forbidden", 403), ("not_found", 404), ("server_error", 500), ("csrf_failure", 403)],
)
def test_refusal_pages_ask_no_database(view, status):
    # Without the django_db mark any query raises.
    answer = getattr(errors, view)(RequestFactory().get("/"))
    page = answer.content.decode()
    assert answer.status_code == status
    assert page.count("<h1>") == 1
    assert 'lang="vi"' in page


def test_conflict_shows_both_versions_and_overwrites_nothing():
    rows = [{"label": "Tên", "theirs": "Tặng quà", "mine": "Tặng quà Tết", "differs": True}]
    page = Template('{% include "_conflict.html" with who="Trần Bảo Ngọc" discard_url="/" %}').render(
        Context({"rows": rows})
    )
    assert "Chưa ghi đè gì cả" in page
    assert "Tặng quà Tết" in page
    assert "{#" not in page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [360, 1280])
def test_sign_in_and_refusal_pass_axe_and_never_scroll_sideways(open_page, width):
    AccountFactory(username="bithu")
    page = open_page(width)
    page.goto(reverse("account_login"))
    page.fill("[name=login]", "bithu")
    page.fill("[name=password]", "sai")
    page.click("main button[type=submit]")
    page.wait_for_selector(".note")
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    assert Axe().run(page, options=rules).response["violations"] == []
    page.goto("/khong-co-trang-nay/")
    assert Axe().run(page, options=rules).response["violations"] == []
    page.goto(reverse("account_login"))
    for narrow in (320, width):
        page.set_viewport_size({"width": narrow, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= narrow
