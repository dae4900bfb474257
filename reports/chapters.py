"""The chapters of a report in their order: read from the template the report was begun with.

The common templates (domain.md 7.1 for the year, 7.2 for the term, shorter ones for a month, a quarter, a half year
and a theme) are data of the migration; a superior may make editions of its own (reports/chapter_templates.py). The
chapter of the plan-versus-result table has no sentences of its own and is in no template.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from branches.models import Period, Unit, WorkArea
from reports.models import PeriodReport, ReportTemplate, RoundUnit, TemplateChapter

from .spans import following_words, span_words

FilledBy = TemplateChapter.FilledBy
PLACES = re.compile(r"\{(span|following)\}")
USUAL = 6  # the first areas of the catalogue stand in every report, further ones only when there is something to say


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter. `is_typed` chapters are written by people alone and stay dotted until they are.

    `number` and `heading` are printed; `under` is the key of the part it stands in, `part` the printed heading of that
    part and `part_number` its number; `hint` tells the writer what belongs here. A chapter without `under` is itself
    a heading of the first level. `filled_by` says what it is drafted from, `area` the code of its work area.
    """

    key: str
    number: str
    heading: str
    is_typed: bool = False
    under: str = ""
    is_optional: bool = False
    is_list: bool = False
    hint: str = ""
    part: str = ""
    part_number: str = ""
    filled_by: str = FilledBy.TYPED
    area: str = ""

    @property
    def title(self) -> str:
        return f"{self.number}. {self.heading}" if self.number else self.heading

    @property
    def place(self) -> str:
        """Number and heading as a list of all chapters needs them: "III.2 Hạn chế"."""
        return f"{self.part_number}.{self.number} {self.heading}" if self.part_number and self.number else self.title


def chapters_of(report: PeriodReport, *, later: Period | None = None) -> list[Chapter]:
    """Every chapter of the report, parts without sentences left out. Two queries: its template and the work areas.

    `later` is the next term of a term report, where it is known.
    """
    template = report.template_id or template_for(report.unit, report.period, theme=report.theme).pk
    return chapters_in(template, report.period, later)


def chapters_in(template_id: int, period: Period, later: Period | None = None) -> list[Chapter]:
    """The chapters of a template as the report of this period has them."""
    rows = list(TemplateChapter.objects.filter(template=template_id).order_by("position", "pk"))
    words = {"span": span_words(period), "following": following_words(period, later)}
    parts = {row.key: row for row in rows if not row.under}
    found = []
    for one in in_place(rows):
        row, part = one.row, parts.get(one.row.under)
        if row.filled_by == FilledBy.PART:
            continue
        in_block = one.area is not None and not row.area_id
        found.append(
            Chapter(
                key=area_key(one.area) if one.area else row.key,
                number=one.number,
                heading=one.area.name if in_block else _filled(row.heading, words),
                is_typed=row.filled_by == FilledBy.TYPED,
                under=row.under,
                is_optional=one.is_optional,
                is_list=row.is_list,
                hint=_filled(row.hint, words),
                part=_filled(f"{part.number}. {part.heading}" if part.number else part.heading, words) if part else "",
                part_number=part.number if part else "",
                filled_by=row.filled_by,
                area=one.area.code if one.area else "",
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """A chapter of a template where a report has it: a block of areas has one for each area it stands for."""

    row: TemplateChapter
    number: str
    is_optional: bool
    area: WorkArea | None = None


def in_place(rows: Sequence[TemplateChapter]) -> list[Place]:
    """The chapters of one template in their order, numbers said. One query.

    In a part with work areas everything is counted on, for nobody knows how many areas the catalogue will have. An
    area without a chapter of its own stands in the block: every area of the catalogue is somewhere.
    """
    catalogue = list(WorkArea.objects.order_by("position", "pk"))
    by_pk = {area.pk: area for area in catalogue}
    own = {row.area_id for row in rows if row.area_id}
    others = [(area, rank > USUAL) for rank, area in enumerate(catalogue, start=1) if area.pk not in own]
    counts = {row.under: 0 for row in rows if row.filled_by == FilledBy.AREA}
    found = []
    for row in rows:
        if row.filled_by != FilledBy.AREA:
            here = [(None, row.is_optional)]
        elif row.area_id:
            here = [(by_pk[row.area_id], row.is_optional)]
        else:
            here = [(area, row.is_optional or is_further) for area, is_further in others]
        for area, is_optional in here:
            number = row.number
            if row.under in counts:
                counts[row.under] += 1
                number = str(counts[row.under])
            found.append(Place(row, number, is_optional, area))
    return found


def template_for(unit: Unit, period: Period, *, theme: str = "") -> ReportTemplate:
    """The template a report is begun with. At most two queries.

    What the round asks for comes first; then the nearest unit's own, from the unit itself upward; then the common one.
    Of several of one owner the one that began last.
    """
    rows = RoundUnit.objects.filter(unit=unit, round__theme=theme)
    same = Q(period__kind=period.kind, period__starts_on=period.starts_on, period__ends_on=period.ends_on)
    asked = ReportTemplate.objects.filter(rounds__in=rows.filter(same).values("round")).order_by("pk").first()
    return asked or _in_force(unit, period, theme)


def _in_force(unit: Unit, period: Period, theme: str) -> ReportTemplate:
    offered = ReportTemplate.objects.for_unit(unit).in_force(period.starts_on).select_related("owner")
    fitting = [one for one in offered if one.for_theme == bool(theme) and period.kind in one.kinds]
    return max(fitting, key=lambda one: (len(one.owner.path) if one.owner else 0, one.starts_on, one.edition, one.pk))


def _filled(text: str, words: dict[str, str]) -> str:
    return PLACES.sub(lambda found: words[found[1]], text)


def area_key(area: WorkArea) -> str:
    return f"area-{area.code}"[:40]
