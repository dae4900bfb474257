"""Who signs in to the demo, and the posts that let them in."""

import datetime
from typing import NamedTuple

from .loading import Demo
from .people import (
    ADMINISTRATOR,
    CAST,
    FEMALE,
    FORMER_SECRETARY,
    INSPECTOR,
    MALE,
    MEMBER,
    PARTY,
    SECRETARY,
    SUPERIOR,
)  # fmt: skip
from .units import ROLLS, UNITS

Day = datetime.date
# Only in a demo: the loader refuses to run when DEBUG is off.
PASSWORD = "an-hoa-2026-dung-thu"  # noqa: S105
SINCE = Day(2022, 12, 20)


class Login(NamedTuple):
    username: str
    full_name: str
    posts: list[tuple[str, str]]  # unit, kind of post
    who: str
    is_member_of: str = ""
    is_administrator: bool = False


# The six of the five founding people and the administrator, then others that show more of the cases.
SIX = [
    Login("bithu", SECRETARY, [("so-tttt", "secretary")], "Bí thư Chi đoàn Sở Thông tin và Truyền thông", "so-tttt"),
    Login("doanvien", MEMBER, [("so-tttt", "member")], "Đoàn viên Chi đoàn Sở Thông tin và Truyền thông", "so-tttt"),
    Login("doancaptren", SUPERIOR, [("doan-khoi", "superior_office")], "Cán bộ Đoàn Khối các cơ quan tỉnh"),
    Login("ubkt", INSPECTOR, [("doan-khoi", "inspection_chair")], "Chủ nhiệm UBKT Đoàn Khối các cơ quan tỉnh"),
    Login("capuy", PARTY, [("cuc-thads", "party_secretary"), ("so-tttt", "party_member")],
          "Bí thư Đảng ủy Cục Thi hành án dân sự tỉnh, dự Chi bộ Sở Thông tin và Truyền thông"),
    Login("quantri", ADMINISTRATOR, [("tinh-doan", "administrator")], "Quản trị của Tỉnh đoàn An Hòa",
          is_administrator=True),
]  # fmt: skip


# The rest of a branch committee; the one of the years before is there so that the term report counts three.
COMMITTEE = [
    ("phobithu", "so-tttt", "deputy_secretary", MALE, SINCE, None),
    ("uyvien", "so-tttt", "committee_member", FEMALE, SINCE, None),
    ("phobithu-cu", "so-tttt", "deputy_secretary", MALE, Day(2017, 1, 1), SINCE),
    ("uyvien-cu", "so-tttt", "committee_member", MALE, Day(2017, 1, 1), SINCE),
]


def extra_logins(demo: Demo) -> list[Login]:
    name = demo.crowd.name
    return [
        Login("danguykhoi", name(MALE), [("doan-khoi", "party_secretary")],
              "Bí thư Đảng ủy Khối các cơ quan tỉnh, đọc mọi đơn vị trong Khối"),
        Login("bithu-thads", name(FEMALE), [("cuc-thads", "secretary")],
              "Bí thư Chi đoàn Cục Thi hành án dân sự tỉnh"),
        Login("bithu-cntt", name(MALE), [("cuc-cntt", "secretary")], "Bí thư Chi đoàn Cục Công nghệ thông tin"),
        Login("ubkt-botuphap", name(FEMALE), [("bo-tu-phap", "inspection_chair")],
              "Chủ nhiệm UBKT Đoàn Thanh niên Bộ Tư pháp"),
        Login("bithu-detmay", name(FEMALE), [("det-may", "secretary")],
              "Bí thư Đoàn Công ty Cổ phần Dệt may Tân Phong"),
        Login("bithu-xaylap", name(MALE), [("xay-lap", "secretary")],
              "Bí thư Đoàn Công ty Cổ phần Xây lắp Tân Phong"),
        Login("ubkt-tanphong", name(MALE), [("thanh-doan", "inspection_chair")],
              "Chủ nhiệm UBKT Thành đoàn Tân Phong"),
    ]  # fmt: skip


def open_accounts(demo: Demo) -> list[Login]:
    """Everybody who signs in, then the other secretaries, who only write their units' work."""
    logins = SIX + extra_logins(demo)
    for login in logins:
        demo.account(
            login.username, login.full_name, signs_in=True, is_staff=login.is_administrator,
            is_superuser=login.is_administrator,
        )  # fmt: skip
        for unit, kind in login.posts:
            since = SINCE if login.username == "bithu" else Day(2018, 3, 26)
            demo.hold(login.username, unit, kind, since, decision="QĐ số 15-QĐ/ĐK" if kind == "secretary" else "")
    # The post ended with its term, and its rights with it: this person reaches nothing any more.
    demo.account("bithu-cu", FORMER_SECRETARY, signs_in=True)
    demo.hold("bithu-cu", "so-tttt", "secretary", Day(2017, 1, 1), SINCE, decision="QĐ số 08-QĐ/ĐK")
    demo.recorders["so-tttt"].sort(key=lambda pair: pair[0])
    others = [code for code, *_ in UNITS if code not in demo.recorders]
    for place, code in enumerate(others):
        username = f"bithu-{code}"
        demo.account(username, demo.crowd.name(MALE if place % 2 else FEMALE))
        demo.hold(username, code, "secretary" if code in ROLLS else "superior_secretary", Day(2018, 3, 26))
    return logins


def join_members(demo: Demo) -> None:
    """Tie the accounts of members to their rows in the register, and elect the committee from it."""
    for login in SIX:
        if login.is_member_of:
            account = demo.accounts[login.username]
            account.member = next(m for m in demo.members[login.is_member_of] if m.full_name == login.full_name)
            account.save(update_fields=["member"])
    elected = set(CAST)
    for username, unit, kind, sex, since, until in COMMITTEE:
        there_to_the_end = {m.pk for m in demo.members_on(unit, until - Day.resolution if until else demo.today)}
        member = next(
            m for m in demo.members_on(unit, since)
            if m.pk in there_to_the_end and m.sex == sex and m.full_name not in elected
        )  # fmt: skip
        elected.add(member.full_name)
        demo.account(username, member.full_name, member=member)
        demo.hold(username, unit, kind, since, until)


def told(logins: list[Login] | None = None) -> list[str]:
    """The accounts as lines to print."""
    lines = [f"{login.username:<15}{login.who}" for login in logins or SIX]
    return [f"Mật khẩu của mọi tài khoản dùng thử: {PASSWORD}", "", *lines]
