"""All rows of a plan together: the catalogue of the year by chapter, with what the plan already has."""

from dataclasses import dataclass

from branches.models import Indicator, Period, Target, Unit, WorkArea
from branches.plan_saving import GridRefused

from .plan import PlanHead, TargetRow, directions_of, owners_of


@dataclass
class GridChapter:
    """One chapter: the rows in use, and the rest of the catalogue, folded away."""

    area: WorkArea
    used: list[TargetRow]
    rest: list[TargetRow]

    @property
    def rest_is_wrong(self) -> bool:
        return any(row.is_bound and row.has_changed() for row in self.rest)


class PlanGrid:
    """The form of a whole plan. `known_codes` are those of last year: their rows stand open beside this year's."""

    def __init__(self, data, *, unit: Unit, period: Period, known_codes=frozenset()):
        self.unit, self.period = unit, period
        self.data = data.copy() if data is not None else None
        self.head = PlanHead(self.data)
        targets = {
            target.indicator.code: target
            for target in Target.objects.filter(unit=unit).of_period(period).select_related("indicator__area", "owner")
        }
        self.has_targets = bool(targets)
        owners, directions = owners_of(unit), directions_of(unit)
        self.rows = [
            TargetRow(
                self.data,
                indicator=indicator,
                target=targets.get(indicator.code),
                owners=owners,
                directions=directions,
                is_open=indicator.code in targets or indicator.code in known_codes,
            )
            for indicator in _catalogue(unit, period, targets)
        ]
        # "Lấy lại": everything is shown as it was typed, without a verdict, and nothing is saved.
        self.is_restored = self.data is not None and self.data.get("do") == "restore"
        if self.is_restored:
            for form in (self.head, *self.rows):
                form.judge_later()

    @property
    def touched(self) -> list[TargetRow]:
        return [row for row in self.rows if row.has_changed()]

    def is_valid(self) -> bool:
        rows_are_valid = [row.is_valid() for row in self.touched]
        return self.head.is_valid() and all(rows_are_valid)

    def show(self, refusal: GridRefused) -> None:
        """Put every answer at its row; the reason at the head."""
        by_key = {row.indicator.pk: row for row in self.rows}
        for name, message in refusal.errors.items():
            self.head.add_error(name if name in self.head.fields else None, message)
        for key, messages in refusal.rows.items():
            by_key[key].show(messages)
        for key, current in refusal.meanwhile.items():
            by_key[key].take_in(current, _last_hand(current))

    @property
    def wrong_rows(self) -> list[TargetRow]:
        return [row for row in self.rows if row.is_bound and row.has_changed() and row.errors]

    @property
    def is_wrong(self) -> bool:
        return self.data is not None and bool(self.wrong_rows or self.head.errors)

    @property
    def asks_reason(self) -> bool:
        return self.data is not None and ("reason" in self.head.errors or bool(self.data.get("reason")))

    def chapters(self) -> list[GridChapter]:
        found: dict[int, GridChapter] = {}
        for row in self.rows:
            chapter = found.setdefault(row.indicator.area_id, GridChapter(row.indicator.area, [], []))
            (chapter.used if row.is_open else chapter.rest).append(row)
        return list(found.values())


def _catalogue(unit, period, targets) -> list[Indicator]:
    """The year's editions the unit may use, parts under their whole; a target keeps its row in any case."""
    rows = list(
        Indicator.objects.of_year(period.year_number)
        .usable_by(unit)
        .select_related("area", "of")
        .order_by("area__position", "position", "pk")
    )
    codes = {row.code for row in rows}
    rows += [target.indicator for code, target in targets.items() if code not in codes]
    place = {row.code: index for index, row in enumerate(rows)}

    def order(row):
        whole = place.get(row.of.code) if row.of_id else None
        own = place[row.code]
        return (row.area.position, own, -1) if whole is None else (row.area.position, whole, own)

    return sorted(rows, key=order)


def _last_hand(target: Target | None) -> str:
    """Who saved it last, for the person who was about to overwrite it."""
    last = target.history.select_related("history_user").order_by("-history_id").first() if target else None
    return str(last.history_user) if last and last.history_user else "Một người khác"
