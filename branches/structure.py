"""The structure of a unit's members on a day: sex, age, education, ethnic group, Party, each with the women among them.

One table of conditions stands behind the figures and behind the lists they open, so that a figure is always the
length of its list. Who belonged where, and which units stood under the unit, are those of the day; sex, birth,
education and ethnic group are as the register has them now. Official memberships only, each person once.
"""

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q

from branches.formats import number
from branches.models import Member, Membership, Precision, Unit
from branches.models.rule import rules_on
from branches.tree import Scope, scope_of
from branches.vietnamese import nfc, plain, words_of

FIRST_DAY = datetime.date(1931, 3, 26)  # the day the Đoàn was founded; nobody belonged before
WOMEN = Q(sex=Member.Sex.FEMALE)
EVERYBODY = "tat-ca"
LEVEL_KEYS = {
    Member.Level.SECONDARY: "trung-hoc-co-so",
    Member.Level.HIGH_SCHOOL: "trung-hoc-pho-thong",
    Member.Level.VOCATIONAL: "trung-cap",
    Member.Level.COLLEGE: "cao-dang",
    Member.Level.UNIVERSITY: "dai-hoc",
    Member.Level.MASTER: "thac-si",
    Member.Level.DOCTOR: "tien-si",
}
# Ways in which lists write the majority, without marks.
KINH = {"kinh", "viet", "kinh viet", "nguoi kinh"}
NOT_SAID = Q(sensitive=None) | Q(sensitive__ethnicity="")
EACH = "dan-toc-"  # the key of a single ethnic group begins so
KINH_KEY, OTHERS_KEY, UNSAID_KEY = "kinh", "khong-phai-kinh", "chua-ghi-dan-toc"


@dataclass(frozen=True, slots=True)
class Group:
    """Persons of one kind. `key` is the word in the address of their list."""

    key: str
    label: str
    total: int
    women: int
    is_part: bool = False  # of the group above it


@dataclass(frozen=True, slots=True)
class Part:
    """One way to divide the members. `is_closed`: its lists tell what the law calls sensitive."""

    title: str
    groups: tuple[Group, ...]
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Structure:
    unit: Unit
    day: datetime.date
    total: int
    women: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """What makes a person one of a group; `of` is a condition on Member."""

    key: str
    label: str
    of: Q


def members_on(unit: Unit, day: datetime.date):
    """Everybody who belonged officially to the unit, or to what stood under it, on the day. One query, two if
    units moved since, and that of the result.
    """
    return Member.objects.filter(pk__in=memberships_on(unit, day).values("member"))


def memberships_on(unit: Unit, day: datetime.date):
    """The official memberships behind `members_on`."""
    return Membership.objects.on(day).filter(scope_of(unit, day).on(day), kind=Membership.Kind.OFFICIAL)


def minority_rows(scope: Scope, day: datetime.date) -> Iterator[tuple[int, str, int]]:
    """(unit, its path today, persons) of "Các dân tộc khác": who has an ethnic group other than Kinh. One query.

    The same members and the same reading of what is typed as the figure of `structure_of`.
    """
    rows = Membership.objects.on(day).filter(scope.on(day), kind=Membership.Kind.OFFICIAL).order_by()
    columns = ("unit_id", "unit__path", "member__sensitive__ethnicity")
    for unit_id, path, text, count in rows.values_list(*columns).annotate(n=Count("member", distinct=True)):
        if nfc(text or "") and _ethnic_key(text) != KINH_KEY:
            yield unit_id, path, count


def structure_of(unit: Unit, day: datetime.date, *, each_group: bool = True, as_typed: bool = True) -> Structure:
    """Every figure of the unit on the day: four queries (one more if units moved), whatever their number.

    `each_group` names the single ethnic groups besides Kinh; without it they are one figure. The box is
    filled in by hand: without `as_typed` only groups of the state's list (rule "ethnic_groups") are named,
    so that nothing a person typed reaches those who read figures alone.
    """
    members = members_on(unit, day)
    rules = rules_on(day)
    open_parts = _open_parts(day, rules)
    named = None if as_typed else {_ethnic_key(name) for name in rules["ethnic_groups"]}
    party = _party(day)
    conditions = [one for _, part in open_parts for one in part] + party
    counts = members.aggregate(
        all=Count("pk"),
        all_women=Count("pk", filter=WOMEN),
        **{f"n_{place}": Count("pk", filter=one.of) for place, one in enumerate(conditions)},
        **{f"w_{place}": Count("pk", filter=one.of & WOMEN) for place, one in enumerate(conditions)},
    )
    place = {one.key: number for number, one in enumerate(conditions)}

    def counted(part: list[Condition]) -> tuple[Group, ...]:
        return tuple(
            Group(one.key, one.label, counts[f"n_{place[one.key]}"], counts[f"w_{place[one.key]}"]) for one in part
        )

    return Structure(
        unit,
        day,
        counts["all"],
        counts["all_women"],
        (
            *(Part(title, counted(part)) for title, part in open_parts),
            Part("Dân tộc", tuple(_ethnic_groups(members, each_group, named)), is_closed=True),
            Part("Đảng viên", counted(party), is_closed=True),
        ),
    )


# --- lists behind the figures -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chosen:
    """A group asked for in an address."""

    label: str
    of: Q
    is_closed: bool


def group_named(key: str, *, unit: Unit, day: datetime.date) -> Chosen | None:
    """The group with this key among the unit's members of the day; None for a word that names none.

    One query for an ethnic group or an age, none for others.
    """
    if key == EVERYBODY:
        return Chosen("Tất cả", Q(), is_closed=False)
    for _, part in _open_parts(day, rules_on(day)):
        for one in part:
            if one.key == key:
                return Chosen(one.label, one.of, is_closed=False)
    for one in _party(day):
        if one.key == key:
            return Chosen(one.label, one.of, is_closed=True)
    if key in (KINH_KEY, OTHERS_KEY, UNSAID_KEY) or key.startswith(EACH):
        return _ethnic_group(key, members_on(unit, day))
    return None


# --- the conditions ---------------------------------------------------------------------------------


def _open_parts(day: datetime.date, rules: dict) -> list[tuple[str, list[Condition]]]:
    return [("Giới tính", _sexes()), ("Tuổi", _ages(day, rules["age_bands"])), ("Trình độ", _levels())]


def _sexes() -> list[Condition]:
    return [
        Condition("nam", "Nam", Q(sex=Member.Sex.MALE)),
        Condition("nu", "Nữ", WOMEN),
        Condition("chua-ghi-gioi-tinh", "Chưa ghi", Q(sex="")),
    ]


def _ages(day: datetime.date, lows: list[int]) -> list[Condition]:
    """Full years on the day; of somebody whose birth is known by month or year, the year less the year of birth.

    The bands are the rule "age_bands": their lower ends. Whoever is younger than the first is in the first.
    """
    found = []
    for place, low in enumerate(lows):
        high = lows[place + 1] if place + 1 < len(lows) else None
        exact, vague = Q(birth_precision=Precision.DAY), ~Q(birth_precision=Precision.DAY)
        if place:
            exact &= Q(birth_date__lte=_born_by(day, low))
            vague &= Q(birth_date__lt=datetime.date(day.year - low + 1, 1, 1))
        if high is not None:
            exact &= Q(birth_date__gt=_born_by(day, high))
            vague &= Q(birth_date__gte=datetime.date(day.year - high + 1, 1, 1))
        label = f"Từ {low} tuổi" if high is None else f"{low} đến {high - 1} tuổi" if place else f"Dưới {high} tuổi"
        found.append(Condition(f"tuoi-{low}", label, Q(birth_date__isnull=False) & (exact | vague)))
    return [*found, Condition("chua-ghi-ngay-sinh", "Chưa ghi ngày sinh", Q(birth_date=None))]


def _born_by(day: datetime.date, years: int) -> datetime.date:
    """The last day of birth of those who are so many full years old; born on 29/02, one is on 01/03."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return datetime.date(day.year - years, 2, 28)


def _levels() -> list[Condition]:
    found = [Condition(key, level.label, Q(education_level=level)) for level, key in LEVEL_KEYS.items()]
    return [*found, Condition("chua-ghi-trinh-do", "Chưa ghi", Q(education_level=""))]


def _party(day: datetime.date) -> list[Condition]:
    """As register.py counts them: admitted on probation or for good by the day."""
    joined = Q(sensitive__joined_party_on__lte=day)
    unsaid = Q(sensitive=None) | Q(sensitive__joined_party_on=None) | Q(sensitive__joined_party_on__gt=day)
    return [
        Condition("dang-vien", "Đảng viên", joined),
        Condition("chua-vao-dang", "Chưa vào Đảng hoặc chưa ghi", unsaid),
    ]


# --- ethnic groups: typed by hand, therefore put together by what is written ------------------------


def _ethnic_key(text: str) -> str:
    words = " ".join(words_of(plain(text)))
    return KINH_KEY if words in KINH else f"{EACH}{words.replace(' ', '-')}"


def _spellings(members) -> Iterator[tuple[str, int, int]]:
    """(as it is written, persons, women), empty where nothing is. One query."""
    rows = members.order_by().values_list("sensitive__ethnicity")
    yield from rows.annotate(total=Count("pk"), women=Count("pk", filter=WOMEN)).values_list(
        "sensitive__ethnicity", "total", "women"
    )


def _ethnic_groups(members, each_group: bool, named: set[str] | None) -> Iterator[Group]:
    totals, women = Counter(), Counter()
    names: dict[str, Counter] = {}
    for text, count, count_women in _spellings(members):
        key = _ethnic_key(text) if nfc(text or "") else UNSAID_KEY
        totals[key] += count
        women[key] += count_women
        names.setdefault(key, Counter())[nfc(text or "")] += count
    single = sorted((key for key in totals if key.startswith(EACH)), key=lambda key: (-totals[key], key))
    yield Group(KINH_KEY, "Kinh", totals[KINH_KEY], women[KINH_KEY])
    yield Group(OTHERS_KEY, "Các dân tộc khác", sum(totals[key] for key in single), sum(women[key] for key in single))
    if each_group:
        for key in single if named is None else filter(named.__contains__, single):
            # The spelling most of them have; of two equal ones the first in the alphabet.
            label = min(names[key], key=lambda text: (-names[key][text], text))
            yield Group(key, label, totals[key], women[key], is_part=True)
    yield Group(UNSAID_KEY, "Chưa ghi", totals[UNSAID_KEY], women[UNSAID_KEY])


def _ethnic_group(key: str, members) -> Chosen | None:
    if key == UNSAID_KEY:
        blank = [text for text, *_ in _spellings(members) if text and not nfc(text)]
        return Chosen("Chưa ghi dân tộc", NOT_SAID | Q(sensitive__ethnicity__in=blank), is_closed=True)
    written = [text for text, *_ in _spellings(members) if nfc(text or "")]
    if key == OTHERS_KEY:
        same, label = [text for text in written if _ethnic_key(text) != KINH_KEY], "Các dân tộc khác"
    else:
        same = [text for text in written if _ethnic_key(text) == key]
        label = "Kinh" if key == KINH_KEY else nfc(same[0]) if same else ""
    if not label:
        return None
    return Chosen(f"Dân tộc: {label}", Q(sensitive__ethnicity__in=same), is_closed=True)


def counted_words(structure: Structure) -> str:
    """ "214 đoàn viên, 120 nữ"."""
    return f"{number(structure.total)} đoàn viên, {number(structure.women)} nữ"
