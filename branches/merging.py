"""Merging n units into one and splitting one into several. People, open papers and units below go along."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, Q

from branches.carrying_over import ahead_of, carry_over, end_posts, meetings_ahead
from branches.dues.ending import has_money, take_over
from branches.models import (
    Activity,
    Meeting,
    Membership,
    Placement,
    Post,
    Succession,
    Target,
    Task,
    Transfer,
    Unit,
    UnitEvent,
)
from branches.restructuring import (
    RestructuringRefused,
    check_day,
    check_may,
    check_superior,
    end_unit,
    found_unit,
    locked_units,
    rehang,
)

SUPERIOR = -1  # as the heir of a unit that was split


@dataclass(frozen=True)
class NewUnit:
    """A unit that an event founds."""

    name: str
    kind: str
    code: str = ""


@dataclass(frozen=True)
class Foresight:
    """What will happen to a unit, in numbers of that day, before anybody presses the button."""

    unit: Unit
    members: int  # official
    guests: int  # staying for a while, or at their place of residence
    posts: int
    below: int
    targets: int
    transfers: int
    activities: int  # logged on the day or later: they stay with the old unit
    planned: int
    tasks: int  # not finished
    meetings: int  # planned
    undecided: int  # meetings begun or over of which nobody said whether they were held: they stay


def foresee(units: Iterable[Unit], on: datetime.date) -> list[Foresight]:
    """One line a unit, in the order given. Twelve queries, whatever the number of units."""
    units = list(units)
    in_units = {"unit__in": [unit.pk for unit in units]}
    ahead = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), **in_units)
    official = _count(ahead.filter(kind=Membership.Kind.OFFICIAL), "unit")
    guests = _count(ahead.exclude(kind=Membership.Kind.OFFICIAL), "unit")
    posts = _count(Post.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), **in_units), "unit")
    below = _count(Placement.objects.filter(superior__in=in_units["unit__in"], ends_on=None), "superior")
    targets = _count(Target.objects.filter(period__ends_on__gt=on, **in_units), "unit")
    sent = Transfer.objects.filter(state=Transfer.State.SENT)
    transfers = _count(sent.filter(source__in=in_units["unit__in"]), "source")
    transfers += _count(sent.filter(target__in=in_units["unit__in"]), "target")
    logged = Activity.objects.filter(last_on__gte=on, **in_units)
    planned = _count(logged.filter(state=Activity.State.PLANNED), "unit")
    held = _count(logged.filter(state=Activity.State.HELD), "unit")
    tasks = _count(Task.objects.filter(**in_units).open(), "unit")
    meetings = _count(meetings_ahead(on).filter(**in_units), "unit")
    unfinished = Meeting.objects.filter(state__in=(Meeting.State.PLANNED, Meeting.State.OPEN), **in_units)
    undecided = _count(unfinished.exclude(pk__in=meetings_ahead(on).values("pk")), "unit")
    return [
        Foresight(
            unit, official[unit.pk], guests[unit.pk], posts[unit.pk], below[unit.pk], targets[unit.pk],
            transfers[unit.pk], held[unit.pk], planned[unit.pk], tasks[unit.pk], meetings[unit.pk],
            undecided[unit.pk],
        )
        for unit in units
    ]  # fmt: skip


def _count(rows, by: str) -> Counter:
    return Counter(dict(rows.order_by(by).values_list(by).annotate(rows=Count("pk"))))


# --- merging --------------------------------------------------------------------------------------


@transaction.atomic
def merge_units(
    *,
    by,
    superior: Unit,
    sources: Iterable[Unit],
    into: Unit | None = None,
    new: NewUnit | None = None,
    on: datetime.date,
    today: datetime.date,
    decision: str,
    decided_on: datetime.date | None = None,
) -> Unit:
    """Merge `sources` into one of themselves (`into`) or into a `new` unit under `superior`; returns that one.

    The sources end on the day `on`. Their results stay with them under their superior of each day.
    """
    ended = [unit for unit in sources if into is None or unit.pk != into.pk]
    units = locked_units(superior, into, *ended)
    superior, into = units[superior.pk], units[into.pk] if into else None
    ended = [units[pk] for pk in sorted({unit.pk for unit in ended})]
    if len(ended) + (into is not None) < 2:
        raise RestructuringRefused("Hãy chọn ít nhất hai đơn vị để sáp nhập.", "sources")
    concerned = [*ended, *([into] if into else [])]
    check_may(by, concerned)
    check_day(on, today, ended)
    if into is not None:
        check_superior(into, on)
    _check_apart(concerned, superior)
    _check_alike(concerned, into.kind if into else new.kind)
    if into is None:
        into = found_unit(
            by=by, today=today, superior=superior, on=on, decision=decision, decided_on=decided_on,
            kind=new.kind, name=new.name, code=new.code, **_inherited(ended),
        )  # fmt: skip
    for unit in ended:
        event = _event(unit, UnitEvent.Kind.MERGE, on, decision, decided_on, other=into)
        _event(into, UnitEvent.Kind.MERGE, on, decision, decided_on, other=unit)
        Succession.objects.create(event=event, predecessor=unit, successor=into)
        carry_over(unit, into, on=on, decision=decision, by=by)
        for placement in _below(unit):
            rehang(placement, into, on, decision, decided_on)
        end_posts(unit, on=on, today=today, by=by)
        end_unit(unit, on)
        take_over(unit, into, on=on, by=by)
    return into


def _inherited(units: list[Unit]) -> dict:
    """What a new unit takes over where all it is made of agree."""
    found = {}
    for name in ("document_code", "place", "party_body"):
        values = {getattr(unit, name) for unit in units}
        if len(values) == 1:
            found[name] = values.pop()
    return found


def _check_apart(units: list[Unit], superior: Unit) -> None:
    for unit in units:
        if superior.path.startswith(unit.path):
            raise RestructuringRefused(f"{unit.name} là cấp trên của đơn vị nhận.", "sources")
        for other in units:
            if other.pk != unit.pk and other.path.startswith(unit.path):
                raise RestructuringRefused(f"{other.name} trực thuộc {unit.name}. Hãy chọn đơn vị cùng cấp.", "sources")


def _check_alike(units: list[Unit], kind: str) -> None:
    """Members belong to branches: branches become a branch, unions become a union."""
    is_branch = kind in Unit.BRANCH_KINDS
    for unit in units:
        if unit.is_branch != is_branch:
            raise RestructuringRefused(
                f"{unit.name} là {unit.get_kind_display().lower()}, không sáp nhập được thành "
                f"{Unit.Kind(kind).label.lower()}.",
                "kind",
            )


# --- splitting ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shares:
    """Who goes to which part: keys are members, or the units directly below, values places in the parts.

    Place 0 is the old unit where it goes on, else the first part. Who is not named goes to `rest`.
    """

    members: Mapping[int, int] = field(default_factory=dict)
    units: Mapping[int, int] = field(default_factory=dict)
    rest: int = 0


@transaction.atomic
def split_unit(
    *,
    by,
    unit: Unit,
    parts: list[NewUnit],
    goes_on: bool,
    shares: Shares,
    on: datetime.date,
    today: datetime.date,
    decision: str,
    decided_on: datetime.date | None = None,
    heir: int | None = None,
) -> list[Unit]:
    """Split the unit into `parts`; with `goes_on` the unit stays and gives some of its people away.

    Of a unit that ends, `heir` says who takes over its fund, its dues and what inspectors asked of it: a place in the
    parts, or SUPERIOR. With money in its books it must be said; else the part of the rest is. Returns the units there
    are afterwards, the old one first where it goes on.
    """
    units = locked_units(unit, Unit(pk=unit.superior_pk))
    unit = units[unit.pk]
    superior = units.get(unit.superior_pk)
    if superior is None:
        raise RestructuringRefused(f"{unit.name} không có cấp trên nên không chia tách được.")
    check_may(by, [unit])
    check_day(on, today, [unit])
    if len(parts) < (1 if goes_on else 2):
        raise RestructuringRefused("Hãy ghi tên các đơn vị mới.", "name_1")
    for part in parts:
        _check_alike([unit], part.kind)
    said = {"on": on, "decision": decision, "decided_on": decided_on, **_inherited([unit])}
    after = [unit] if goes_on else []
    after += [
        found_unit(by=by, today=today, superior=superior, kind=part.kind, name=part.name, code=part.code, **said)
        for part in parts
    ]
    if not all(0 <= place < len(after) for place in (shares.rest, *shares.members.values(), *shares.units.values())):
        raise RestructuringRefused("Hãy chọn lại nơi chuyển đến.")
    _give(unit, after, shares, on, decision, decided_on, by)
    for one in after:
        if one.pk != unit.pk:
            event = _event(unit, UnitEvent.Kind.SPLIT, on, decision, decided_on, other=one)
            _event(one, UnitEvent.Kind.SPLIT, on, decision, decided_on, other=unit)
            Succession.objects.create(event=event, predecessor=unit, successor=one)
    if not goes_on:
        if heir is None and has_money(unit, on=today):
            raise RestructuringRefused("Đơn vị còn tiền trong sổ. Hãy chọn nơi nhận quỹ và đoàn phí.", "heir")
        takes = shares.rest if heir is None else heir
        if takes != SUPERIOR and not 0 <= takes < len(after):
            raise RestructuringRefused("Hãy chọn lại nơi nhận quỹ và đoàn phí.", "heir")
        end_posts(unit, on=on, today=today, by=by)
        end_unit(unit, on)
        take_over(unit, superior if takes == SUPERIOR else after[takes], on=on, by=by)
    return after


def _give(unit: Unit, after: list[Unit], shares: Shares, on, decision, decided_on, by) -> None:
    everybody = set(ahead_of(unit, on).values_list("member", flat=True))
    below = _below(unit)
    for place, one in enumerate(after):
        if one.pk == unit.pk:
            continue
        chosen = {pk for pk in everybody if shares.members.get(pk, shares.rest) == place}
        # With the old unit going on, its own open papers stay with it.
        carry_over(
            unit, one, on=on, decision=decision, by=by, only=chosen,
            papers=place == shares.rest and after[0].pk != unit.pk,
        )  # fmt: skip
        for placement in below:
            if shares.units.get(placement.unit_id, shares.rest) == place:
                rehang(placement, one, on, decision, decided_on)


def _below(unit: Unit) -> list[Placement]:
    """Where the units directly below stand now, living ones only."""
    return list(Placement.objects.filter(superior=unit, ends_on=None).select_related("unit").order_by("unit_id"))


def _event(unit, kind, on, decision, decided_on, *, other) -> UnitEvent:
    return UnitEvent.objects.create(
        unit=unit, kind=kind, takes_effect_on=on, decision=decision, decided_on=decided_on, other=other
    )
