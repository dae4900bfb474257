"""Records that may be one person, found across marks, case, order of names and half-known dates.

Everything is grouped by keys in one pass, so that the work grows with the records and not with their pairs.
Security: comparing never needs more than one's own records to be shown. Of a record outside the reader's own
register no data is handed out, only that one exists, and only where the reader's own record already says the
same of itself (a code, a card, a personal number, or name and full birth date).
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from django.db import transaction
from django.db.models import Q

from branches.days import PartialDay
from branches.models import Member, NotSamePerson, Unit
from branches.vietnamese import plain

KEEP = ("manage",)
# So many records of one key are compared each with each; more are compared with their neighbours only. A
# telephone of an office or a name without a birth date may stand a hundred times.
FEW = 8
SURE, LIKELY, WEAK = 3, 2, 1
COLUMNS = (
    "pk", "full_name", "birth_date", "birth_precision", "phone", "email", "national_code", "card_number",
    "sensitive__personal_number",
)  # fmt: skip


class NotTwoPersons(Exception):
    """The pair cannot be noted down; the message says why, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is compared of a record."""

    pk: int
    name: str  # its syllables without marks, in alphabetical order
    born: str  # ISO as far as known, or empty
    is_kept: bool
    keys: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, row: tuple, *, is_kept: bool) -> "Seen":
        pk, name, birth_date, precision, phone, email, national_code, card_number, number = row
        born = PartialDay.of(birth_date, precision)
        says = (
            ("national_code", national_code.strip().lower()),
            ("card_number", plain(card_number).replace(" ", "")),
            ("personal_number", number or ""),
            ("phone", digits_of(phone)),
            ("email", email.strip().lower()),
        )
        return cls(
            pk, " ".join(sorted(plain(name).split())), born.iso if born else "", is_kept, tuple(s for s in says if s[1])
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records and why they may be one person. `other` is None where only one side is the reader's own."""

    member: int
    other: int | None
    reasons: tuple[str, ...]
    strength: int

    @property
    def is_weak(self) -> bool:
        return self.strength == WEAK


WORDS = {
    "national_code": ("cùng mã đoàn viên", SURE),
    "card_number": ("cùng số thẻ đoàn viên", SURE),
    "personal_number": ("cùng số căn cước", SURE),
    "name_and_birth": ("cùng họ tên, cùng ngày sinh", SURE),
    "name_and_part": ("cùng họ tên, ngày sinh không trái nhau", LIKELY),
    "phone": ("cùng số điện thoại", LIKELY),
    "email": ("cùng thư điện tử", LIKELY),
    "name": ("cùng họ tên, một hồ sơ chưa có ngày sinh", WEAK),
    "name_only": ("cùng họ tên, cả hai chưa có ngày sinh", WEAK),
}
# What may tell that somebody outside the reader's register exists.
ACROSS = ("national_code", "card_number", "personal_number", "name_and_birth")


def digits_of(phone: str) -> str:
    """A number as it is dialled here: +84 912 345 678 → 0912345678. Too short to tell people apart: nothing."""
    digits = "".join(sign for sign in phone if sign.isascii() and sign.isdigit())
    if digits.startswith("84") and len(digits) == 11:
        digits = f"0{digits[2:]}"
    return digits if len(digits) >= 9 else ""


def pairs_in(user, unit: Unit) -> list[Pair]:
    """Pairs among the records the user keeps at or below the unit, and between these and records elsewhere.

    The surest first. Said to be two persons: left out. Three queries, whatever the number of records.
    """
    kept_rows = kept_by(user, unit)
    kept = [Seen.of(row, is_kept=True) for row in kept_rows.order_by("sort_key", "pk").values_list(*COLUMNS)]
    own = {one.pk for one in kept}
    others = (
        Member.objects.filter(merged_into=None, anonymised_on=None)
        .filter(
            Q(birth_date__in=kept_rows.exclude(birth_date=None).values("birth_date"))
            | Q(national_code__in=kept_rows.exclude(national_code="").values("national_code"))
            | Q(card_number__in=kept_rows.exclude(card_number="").values("card_number"))
            | Q(
                sensitive__personal_number__in=kept_rows.exclude(sensitive=None)
                .exclude(sensitive__personal_number="")
                .values("sensitive__personal_number")
            )
        )
        .order_by("pk")
        .values_list(*COLUMNS)
    )
    foreign = [Seen.of(row, is_kept=False) for row in others if row[0] not in own] if own else []
    said = set(NotSamePerson.objects.filter(first__in=kept_rows).values_list("first_id", "second_id"))
    found: dict[tuple[int, int], list[str]] = {}
    for first, second, why in _compared([*kept, *foreign]):
        if not (first.is_kept or second.is_kept) or (not (first.is_kept and second.is_kept) and why not in ACROSS):
            continue
        key = (min(first.pk, second.pk), max(first.pk, second.pk))
        if key not in said:
            found.setdefault(key, []).append(why)
    pairs = [_pair(first, second, reasons, own) for (first, second), reasons in found.items()]
    order = {one.pk: place for place, one in enumerate(kept)}
    elsewhere = sorted({(p.member, p.reasons): p for p in pairs if p.other is None}.values(), key=attrgetter("member"))
    return sorted(
        [*(pair for pair in pairs if pair.other is not None), *elsewhere],
        key=lambda pair: (-pair.strength, pair.other is None, order[pair.member], pair.other or 0),
    )


def kept_by(user, unit: Unit):
    """The records the user keeps at or below the unit: still there as persons, gone from the Đoàn or not."""
    members = Member.objects.reached_by(user, KEEP).filter(home__path__startswith=unit.path)
    return members.filter(merged_into=None, anonymised_on=None)


def _pair(first: int, second: int, reasons: list[str], own: set[int]) -> Pair:
    order = list(WORDS)
    names = sorted(set(reasons), key=order.index)
    strength = max(WORDS[name][1] for name in names)
    words = tuple(WORDS[name][0] for name in names)
    if first in own and second in own:
        return Pair(first, second, words, strength)
    return Pair(first if first in own else second, None, words, strength)


def _compared(seen: list[Seen]) -> Iterator[tuple[Seen, Seen, str]]:
    """Every two records that share a key, with the name of the reason."""
    by_key: dict[tuple[str, str], list[Seen]] = {}
    by_name: dict[str, list[Seen]] = {}
    for one in seen:
        by_name.setdefault(one.name, []).append(one)
        for key in one.keys:
            by_key.setdefault(key, []).append(one)
    for (kind, _), same in by_key.items():
        for first, second in _couples(same):
            yield first, second, kind
    for same in by_name.values():
        for first, second in _namesakes(same):
            if why := _birth_agrees(first, second):
                yield first, second, why


def _couples(same: list[Seen]) -> Iterable[tuple[Seen, Seen]]:
    return itertools.combinations(same, 2) if len(same) <= FEW else itertools.pairwise(same)


def _namesakes(same: list[Seen]) -> Iterator[tuple[Seen, Seen]]:
    """Couples of one name. Many of one name are first parted by what is known of their birth."""
    if len(same) <= FEW:
        yield from _couples(same)
        return
    for part in (lambda one: one.born, lambda one: one.born[:7], lambda one: one.born[:4]):
        yield from _parted(same, part)


def _parted(same: list[Seen], part: Callable[[Seen], str]) -> Iterator[tuple[Seen, Seen]]:
    groups: dict[str, list[Seen]] = {}
    for one in same:
        groups.setdefault(part(one), []).append(one)
    for group in groups.values():
        # Those known less precisely stand beside those they may be.
        yield from _couples(sorted(group, key=attrgetter("born", "pk")))


def _birth_agrees(first: Seen, second: Seen) -> str:
    """The reason two namesakes are shown for, or nothing where their births speak against it."""
    if not first.born and not second.born:
        return "name_only"
    if not first.born or not second.born:
        return "name"
    short, long = sorted((first.born, second.born), key=len)
    if not long.startswith(short):
        return ""
    return "name_and_birth" if len(short) == len("2001-03-22") else "name_and_part"


# --- two persons ------------------------------------------------------------------------------------


@transaction.atomic
def say_not_same(*, first: Member, second: Member, by) -> NotSamePerson:
    """Note that these are two persons; they are not shown as a pair again. Said twice is said once."""
    if first.pk == second.pk:
        raise NotTwoPersons("Đây là cùng một hồ sơ.")
    small, large = sorted((first, second), key=attrgetter("pk"))
    said, _ = NotSamePerson.objects.get_or_create(first=small, second=large, defaults={"said_by": by})
    return said


@transaction.atomic
def take_back_not_same(*, first: Member, second: Member) -> None:
    """Compare the two again."""
    small, large = sorted((first.pk, second.pk))
    NotSamePerson.objects.filter(first_id=small, second_id=large).delete()


def said_not_same(user, unit: Unit):
    """What was said about records the user keeps here, both sides of them, the newest first."""
    kept = kept_by(user, unit).values("pk")
    rows = NotSamePerson.objects.filter(first__in=kept, second__in=kept)
    return rows.select_related("first__home", "second__home", "said_by").order_by("-pk")


def is_said_not_same(first: Member, second: Member) -> bool:
    small, large = sorted((first.pk, second.pk))
    return NotSamePerson.objects.filter(first_id=small, second_id=large).exists()
