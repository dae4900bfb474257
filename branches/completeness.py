"""How complete the register is: which of the fields that count are filled, per person, unit and field.

Which fields count is a rule (`complete_fields`). A field counts as filled when anything is written in it; that
a date is known only by its year is still an answer.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Case, Count, IntegerField, Q, Value, When

from branches.enrolling import MEMBER_FIELDS, SENSITIVE_FIELDS
from branches.formats import percent
from branches.models import Member, SensitiveData, Unit
from branches.models.rule import rules_on

# Where nothing written is itself an answer: a list of those who lack it would tell what is kept closed.
NEVER_COUNTED = ("joined_party_on", "official_party_on", "discipline")
DATES = ("birth_date", "admitted_on", "joined_party_on", "official_party_on")


@dataclass(frozen=True, slots=True)
class FieldGap:
    """One field that counts, and how many persons lack it."""

    name: str
    label: str
    lacking: int
    members: int

    @property
    def filled(self) -> int:
        return self.members - self.lacking


@dataclass(frozen=True, slots=True)
class UnitCompleteness:
    """The boxes of one unit with everything below it: `filled` of `wanted`; `full` persons lack nothing."""

    unit_id: int
    name: str
    members: int
    filled: int
    wanted: int
    full: int

    @property
    def share(self) -> Fraction | None:
        """The filled part of the whole; None where nobody is."""
        return Fraction(self.filled, self.wanted) if self.wanted else None

    @property
    def percent(self) -> str:
        """ "92,9%", or nothing where nobody is."""
        return percent(Decimal(self.filled) / self.wanted) if self.wanted else ""


@dataclass(frozen=True, slots=True)
class Completeness:
    """The whole, the units directly below (worst first), and the fields (worst first)."""

    whole: UnitCompleteness
    units: tuple[UnitCompleteness, ...]
    fields: tuple[FieldGap, ...]


def fields_that_count(on: datetime.date, rules: dict | None = None) -> tuple[str, ...]:
    """The names in the rule that are fields of a member; what the rule misspells is passed over.

    `rules` are those of the day, where the caller has them already.
    """
    known = {*MEMBER_FIELDS, *SENSITIVE_FIELDS}.difference(NEVER_COUNTED)
    return tuple(name for name in (rules or rules_on(on))["complete_fields"] if name in known)


def label_of(name: str) -> str:
    """The field as people read it: "Ngày sinh"."""
    label = _model_of(name)._meta.get_field(name).verbose_name
    return label[:1].upper() + label[1:]


def lacking(name: str) -> Q:
    """Members in whose record this field is empty, for filtering; KeyError for what is no field of a member."""
    if name not in (*MEMBER_FIELDS, *SENSITIVE_FIELDS):
        raise KeyError(name)
    column = f"sensitive__{name}" if name in SENSITIVE_FIELDS else name
    # A missing sensitive record is a NULL on this side of the join, and so is an unknown date.
    empty = Q(**{f"{column}__isnull": True})
    return empty if name in DATES else empty | Q(**{column: ""})


def lacking_only(members, name: str, *, on: datetime.date) -> tuple:
    """(the members of the queryset who lack the field, its label); all of them and "" when it does not count."""
    if not name or name not in fields_that_count(on):
        return members, ""
    return members.filter(lacking(name)), label_of(name)


def gaps_of(member: Member, sensitive: SensitiveData | None, fields: tuple[str, ...]) -> list[str]:
    """The fields among these that are empty for this one person. No query."""
    return [name for name in fields if not getattr(sensitive if name in SENSITIVE_FIELDS else member, name, None)]


def completeness_of(members, unit: Unit, fields: tuple[str, ...]) -> Completeness:
    """The figures of the members (a queryset) who belong to the unit or below it. Two queries, however many units.

    `members` is what the reader reaches; permission was asked there. A unit directly below counts with
    everything under it; members of the unit itself stand in a row of their own when there are units below.
    """
    columns = {f"lacking_{name}": Count("pk", filter=lacking(name)) for name in fields}
    rows = list(
        with_gaps(members, fields)
        .order_by()
        .values("home_id", "home__path")
        .annotate(members=Count("pk"), full=Count("pk", filter=Q(gaps=0)), **columns)
    )
    parts: dict[int, list[int]] = {}  # unit directly below (or the unit itself) → members, empty boxes, full
    for row in rows:
        part = parts.setdefault(_directly_below(unit, row["home__path"]), [0, 0, 0])
        part[0] += row["members"]
        part[1] += sum(row[column] for column in columns)
        part[2] += row["full"]
    names = {unit.pk: unit.name, **dict(Unit.objects.filter(pk__in=parts).values_list("pk", "name"))}
    found = [_unit_of(pk, names[pk], *part, len(fields)) for pk, part in parts.items()]
    total = [sum(part[place] for part in parts.values()) for place in range(3)]
    return Completeness(
        whole=_unit_of(unit.pk, unit.name, *total, len(fields)),
        units=tuple(sorted(found, key=lambda one: (one.share, one.name, one.unit_id))),
        fields=tuple(
            sorted(
                (
                    FieldGap(name, label_of(name), sum(row[f"lacking_{name}"] for row in rows), total[0])
                    for name in fields
                ),
                key=lambda gap: -gap.lacking,
            )
        ),
    )


def whole_of(members, unit: Unit, fields: tuple[str, ...]) -> UnitCompleteness:
    """Only the sum over these members, for a line on another page. One query."""
    columns = {name: Count("pk", filter=lacking(name)) for name in fields}
    row = (
        with_gaps(members, fields)
        .order_by()
        .aggregate(all_of_them=Count("pk"), full_ones=Count("pk", filter=Q(gaps=0)), **columns)
    )
    empty = sum(row[name] for name in fields)
    return _unit_of(unit.pk, unit.name, row["all_of_them"], empty, row["full_ones"], len(fields))


def _one_if(condition: Q):
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _directly_below(unit: Unit, path: str) -> int:
    rest = path[len(unit.path) :]
    return int(rest.split("/", 1)[0]) if rest else unit.pk


def _unit_of(pk: int, name: str, members: int, empty: int, full: int, fields: int) -> UnitCompleteness:
    wanted = members * fields
    return UnitCompleteness(pk, name, members, wanted - empty, wanted, full)


def _model_of(name: str):
    return SensitiveData if name in SENSITIVE_FIELDS else Member


def with_gaps(members, fields: tuple[str, ...]):
    """The queryset with `gaps`: how many of the fields are empty in each record."""
    return members.annotate(gaps=sum((_one_if(lacking(name)) for name in fields), Value(0)))
