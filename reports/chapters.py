"""The chapters of a report in their order: read from the template the report was begun with.

The common templates (domain.md 7.1 for the year, 7.2 for the term, shorter ones for a month, a quarter, a half year
and a theme) are data of the migration; a superior may make editions of its own (reports/chapter_templates.py). The
chapter of the plan-versus-result table has no sentences of its own and is in no template.
"""

import re
from dataclasses import dataclass, replace

from django.db.models import Q

from branches.models import Period, Unit, WorkArea
from reports.models import PeriodReport, ReportTemplate, RoundUnit, TemplateChapter

from .spans import following_words, span_words

FilledBy = TemplateChapter.FilledBy
PLACES = re.compile(r"\{(span|following)\}")


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
    rows = list(TemplateChapter.objects.filter(template=template_id).select_related("area").order_by("position", "pk"))
    words = {"span": span_words(period), "following": following_words(period, later)}
    parts = {row.key: row for row in rows if not row.under}
    own = {row.area_id for row in rows if row.area_id}
    found, count = [], {}
    for row in rows:
        if row.filled_by == FilledBy.PART:
            continue
        part = parts.get(row.under)
        chapter = Chapter(
            key=row.key,
            number=row.number,
            heading=_filled(row.heading, words),
            is_typed=row.filled_by == FilledBy.TYPED,
            under=row.under,
            is_optional=row.is_optional,
            is_list=row.is_list,
            hint=_filled(row.hint, words),
            part=_filled(f"{part.number}. {part.heading}" if part.number else part.heading, words) if part else "",
            part_number=part.number if part else "",
            filled_by=row.filled_by,
        )
        if row.filled_by != FilledBy.AREA:
            found.append(chapter)
            continue
        areas = [row.area] if row.area_id else _other_areas(own)
        for area in areas:
            count[row.under] = count.get(row.under, 0) + 1
            heading = chapter.heading if row.area_id else area.name
            found.append(
                replace(chapter, key=area_key(area), number=str(count[row.under]), heading=heading, area=area.code)
            )
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


def _other_areas(own: set[int]) -> list[WorkArea]:
    return [area for area in WorkArea.objects.order_by("position", "pk") if area.pk not in own]


def _filled(text: str, words: dict[str, str]) -> str:
    return PLACES.sub(lambda found: words[found[1]], text)


def area_key(area: WorkArea) -> str:
    return f"area-{area.code}"[:40]
