"""Invented persons. Names are put together from lists by a fixed rule; nobody real is meant or copied."""

import datetime
import itertools
from collections.abc import Iterator
from typing import NamedTuple

FAMILY = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Phan",
    "Võ", "Trịnh", "Đoàn", "Mai", "Cao", "Tạ",
)  # fmt: skip
WOMEN = (
    ("Thị", "Thu", "Ngọc", "Hoài", "Diệu", "Khánh", "Bảo"),
    ("Hạnh", "Thảo", "Ngân", "Quyên", "Trâm", "Vân", "Yến", "Nhi", "Uyên", "Thư", "Lan", "Ánh", "Đào", "Huệ"),
)
MEN = (
    ("Văn", "Đình", "Khắc", "Gia", "Bá", "Thế", "Xuân"),
    ("Khôi", "Lộc", "Thịnh", "Nghĩa", "Vinh", "Phúc", "Đạt", "Hưng", "Kiên", "Tín", "Trí", "Thuận", "Tùng"),
)
FEMALE, MALE = "female", "male"

# People with a part in the demo's story; like the rest, none of them exists.
SECRETARY = "Lê Thu Hạnh"
FORMER_SECRETARY = "Đỗ Minh Khang"
SUPERIOR = "Phan Thanh Tùng"
PARTY = "Cao Văn Lộc"
INSPECTOR = "Trịnh Hoài Yến"
MEMBER = "Mai Thế Nghĩa"
ADMINISTRATOR = "Tạ Gia Thuận"
CAST = {SECRETARY, FORMER_SECRETARY, SUPERIOR, PARTY, INSPECTOR, MEMBER, ADMINISTRATOR}

EDUCATION = ("Cử nhân luật", "Kỹ sư công nghệ thông tin", "Cử nhân kinh tế", "Cử nhân quản lý công", "Thạc sĩ luật")
ETHNIC_GROUPS = ("Kinh", "Kinh", "Kinh", "Kinh", "Tày", "Kinh", "Kinh", "Nùng", "")
JOBS = ("Chuyên viên", "Chuyên viên", "Kế toán viên", "Văn thư", "Viên chức", "Cán sự")


def _names(sex: str) -> Iterator[str]:
    """Every combination once, neighbours unlike each other: the three lists turn at different speeds."""
    middle, given = WOMEN if sex == FEMALE else MEN
    total = len(FAMILY) * len(middle) * len(given)
    seen = set(CAST)
    for place in range(total * 3):
        name = (
            f"{FAMILY[place * 7 % len(FAMILY)]} {middle[(place * 3 + place // 20) % len(middle)]} "
            f"{given[(place * 5 + place // 7) % len(given)]}"
        )
        if name not in seen:
            seen.add(name)
            yield name


def is_invented(name: str) -> bool:
    """Whether the name is one of ours: one of the cast, or put together from the lists above."""
    parts = name.split()
    return name in CAST or (
        len(parts) == 3
        and parts[0] in FAMILY
        and any(parts[1] in middle and parts[2] in given for middle, given in (WOMEN, MEN))
    )


class Part(NamedTuple):
    """A member of the cast in a branch: since when, and how old then."""

    since: datetime.date
    name: str
    sex: str
    age: int


class Crowd:
    """Hands out persons one after the other; every load hands out the same ones."""

    def __init__(self, today: datetime.date):
        self._today = today
        self._names = {FEMALE: _names(FEMALE), MALE: _names(MALE)}
        self._count = itertools.count(1)

    def name(self, sex: str) -> str:
        return next(self._names[sex])

    def person(self, *, age: int, on: datetime.date, sex: str = "", full_name: str = "") -> dict:
        """The fields of a member who is `age` on the day. Phone and mail lead nowhere on purpose."""
        number = next(self._count)
        sex = sex or (FEMALE if number % 5 in (1, 3) else MALE)
        birth = datetime.date(on.year - age, 1 + number * 5 % 12, 1 + number * 11 % 28)
        if (birth.month, birth.day) > (on.month, on.day):
            birth = birth.replace(year=birth.year - 1)
        return {
            "full_name": full_name or self.name(sex),
            "sex": sex,
            "birth_date": birth,
            "national_code": f"AH{number:06d}",
            "phone": f"0900000{number:03d}",
            "email": f"doanvien{number}@vidu.example",
            "address": f"Tổ {1 + number % 17}, phường {('An Bình', 'Hòa Lạc', 'Tân Thịnh')[number % 3]}",
            "job": JOBS[number % len(JOBS)],
            "education": EDUCATION[number % len(EDUCATION)],
            "education_level": "master" if "Thạc sĩ" in EDUCATION[number % len(EDUCATION)] else "university",
            "ethnicity": ETHNIC_GROUPS[number % len(ETHNIC_GROUPS)],
            "admitted_on": datetime.date(birth.year + 16, 3, 26),
            # Every other one joins the Party at 24 or 25, unless that lies ahead.
            "joined_party_on": self._party_day(birth, number) if number % 2 else None,
        }

    def _party_day(self, birth: datetime.date, number: int) -> datetime.date | None:
        day = datetime.date(birth.year + 24 + number % 4 // 2, 2, 3)
        return day if day <= self._today else None
