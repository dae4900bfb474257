"""What the register already holds about the persons of a list: found by a handful of queries, however long the list."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from branches.days import PartialDay
from branches.enrolling import MEMBER_FIELDS, PRECISIONS, SENSITIVE_COLUMNS, SENSITIVE_FIELDS
from branches.models import Member, Unit
from branches.vietnamese import lower, nfc, plain

OWN_COLUMNS = (*MEMBER_FIELDS, "birth_precision", "admitted_precision")
# Facts that belong to one person alone, strongest first.
IDENTITY = ("national_code", "personal_number", "card_number", "phone", "email")


@dataclass(frozen=True, slots=True)
class KnownMember:
    """A member as the list is compared with: only the fields that hold something."""

    pk: int
    home_id: int
    is_active: bool
    version: int
    values: dict

    @property
    def name(self) -> str:
        return self.values["full_name"]


@dataclass(slots=True)
class Known:
    """The members of a unit and below it that a list may mean, by what they can be recognised by."""

    units: "Units"
    members: dict[int, KnownMember] = field(default_factory=dict)
    by_name: dict[str, list[KnownMember]] = field(default_factory=lambda: defaultdict(list))
    by_fact: dict[tuple[str, str], list[KnownMember]] = field(default_factory=lambda: defaultdict(list))
    codes_elsewhere: set[str] = field(default_factory=set)

    @classmethod
    def about(cls, rows: Iterable[dict], units: "Units") -> "Known":
        """Read what is held about the persons of these parsed rows. Two queries."""
        facts = {name: {fact(name, row[name]) for row in rows if row.get(name)} for name in IDENTITY}
        names = {plain(row["full_name"]) for row in rows if row.get("full_name")}
        names = {f" {name}" for name in names | set(map(turned, names))}
        mentioned = Q(name_key__in=listed(names))
        for name, values in facts.items():
            if values:
                column = f"sensitive__{name}" if name in SENSITIVE_FIELDS else name
                mentioned |= Q(**{f"{column}__in": listed(values)})
        known = cls(units)
        known._read(mentioned)
        if facts["national_code"]:
            elsewhere = Member.objects.filter(national_code__in=listed(facts["national_code"]))
            known.codes_elsewhere = set(elsewhere.values_list("national_code", flat=True)) - {
                key for name, key in known.by_fact if name == "national_code"
            }
        return known

    def add_missing(self, keys: list[int]) -> None:
        """Also read these members, whatever they are recognised by."""
        if missing := set(keys) - self.members.keys():
            self._read(Q(pk__in=missing))

    def _read(self, which: Q) -> None:
        here = Member.objects.filter(which, home__path__startswith=self.units.top.path, merged_into=None)
        columns = ("pk", "home_id", "is_active", "version", *OWN_COLUMNS)
        for row in here.order_by("pk").values_list(*columns, *(f"sensitive__{name}" for name in SENSITIVE_COLUMNS)):
            self.add(_member(row))

    def add(self, member: KnownMember) -> None:
        self.members[member.pk] = member
        self.by_name[plain(member.name)].append(member)
        for name in IDENTITY:
            if value := member.values.get(name):
                self.by_fact[name, fact(name, value)].append(member)


def _member(row: tuple) -> KnownMember:
    pk, home_id, is_active, version, *held = row
    columns = dict(zip((*OWN_COLUMNS, *SENSITIVE_COLUMNS), held, strict=True))
    values = {}
    for name in (*MEMBER_FIELDS, *SENSITIVE_FIELDS):
        value = columns[name]
        if value and name in PRECISIONS:
            value = PartialDay(value, columns[PRECISIONS[name]])
        if value:
            values[name] = value
    return KnownMember(pk, home_id, is_active, version, values)


def listed(texts: Iterable[str]) -> RawSQL:
    """These texts for `__in`, as one parameter: those of a long list are more than a statement may have."""
    each = "jsonb_array_elements_text(%s)" if connection.vendor == "postgresql" else "value FROM json_each(%s)"
    return RawSQL(f"SELECT {each}", [json.dumps([*texts])])  # noqa: S611 (no word of the texts is in the statement)


def fact(name: str, value: str) -> str:
    """An identifying value in the form in which it is compared."""
    value = value.strip()
    if name == "email":
        return value.lower()
    return value if name != "phone" or value.isalnum() else "".join(filter(str.isalnum, value))


def turned(name: str) -> str:
    """A name whose given name stands first, in the usual order: "cuong le van" → "le van cuong"."""
    first, _, rest = name.partition(" ")
    return f"{rest} {first}".strip()


class Units:
    """The branches a list may speak of: those at and below one unit that the person may write for."""

    def __init__(self, top: Unit, allowed: Iterable[Unit]):
        self.top = top
        self.allowed = {unit.pk: unit for unit in allowed if unit.is_branch and unit.dissolved_on is None}
        self._by_words = defaultdict(list)
        for unit in self.allowed.values():
            for words in {unit.code.lower(), *_spellings(unit.name)}:
                self._by_words[words].append(unit)

    @property
    def default(self) -> Unit | None:
        """Where a row belongs that names no branch: the unit itself, where it is one."""
        return self.allowed.get(self.top.pk)

    def named(self, text: str) -> list[Unit]:
        """The branches meant by a name or a code, in any spelling; empty when there is none."""
        exact = self._by_words.get(nfc(text).lower(), [])
        return exact or next((found for words in _spellings(text) if (found := self._by_words.get(words))), [])


def _spellings(name: str) -> tuple[str, ...]:
    """A name as people shorten it: whole with marks, without marks, without the words every branch begins with."""
    bare = plain(name)
    short = bare
    for beginning in ("chi doan co so ", "chi doan ", "cd ", "phan doan "):
        short = short.removeprefix(beginning)
    return tuple(dict.fromkeys((lower(name), bare, short)))
