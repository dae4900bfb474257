"""Whether the figures of a report can be true together. Warnings only: they are looked at, and never block.

    warnings_of_material   a report being written, or about to be submitted
    warnings_by_unit       the editions a superior's report is made from, unit by unit
    warnings_of_sum        the superior's figures themselves

Source of the checks: the checking rules of statistic forms that domain.md 7.3 asks for (opening and closing of the
register, parts and wholes, introduced and admitted). The factor beyond which a figure is far from last year's is the
rule `report_checks`.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from branches.formats import number, small
from branches.models import Activity, Indicator, Period, Quantity

from .freezing import progress_of
from .judging import Progress
from .material import Material
from .models import PeriodReport, ReportRow, Submission
from .rolling_up import RolledUp

INTRODUCED, ADMITTED = "party_introduced", "party_admitted"
REGISTER = "register"  # in place of an indicator's code: the movement of members
NAMED = 5  # figures named in one warning


@dataclass(frozen=True, slots=True)
class Warning:
    """One thing to look at. `code` is the indicator it is about, REGISTER for members, empty for the whole report."""

    words: str
    code: str = ""


# --- the checks: no query -------------------------------------------------------------------------------


def of_members(facts: dict, before: dict | None = None) -> list[Warning]:
    """Opening + came - left = closing; the closing of the last report is the opening of this; parts within all."""
    found = []
    if {"opening", "came", "left", "closing"} <= facts.keys():
        opening, came, left, closing = (facts[key] for key in ("opening", "came", "left", "closing"))
        if opening + came - left != closing:
            should = number(opening + came - left)
            found.append(
                Warning(
                    f"Đoàn viên đầu kỳ {number(opening)}, tăng {number(came)}, giảm {number(left)} thì cuối kỳ phải là"
                    f" {should}, báo cáo ghi {number(closing)}",
                    REGISTER,
                )
            )
        if before and "closing" in before and before["closing"] != opening:
            found.append(
                Warning(
                    f"Đoàn viên đầu kỳ là {number(opening)}, báo cáo kỳ trước chốt cuối kỳ {number(before['closing'])}",
                    REGISTER,
                )
            )
    for key, word in (("women", "Đoàn viên nữ"), ("party_members", "Đoàn viên là đảng viên")):
        if facts.get(key, 0) > facts.get("members", 0):
            all_of = number(facts.get("members", 0))
            found.append(Warning(f"{word} ({number(facts[key])}) nhiều hơn tổng số đoàn viên ({all_of})", REGISTER))
    return found


def of_parts(rows: Iterable[Progress]) -> list[Warning]:
    """A part is no larger than its whole, in the catalogue's sense or the plan's; a share is at most 100 %."""
    rows = list(rows)
    by_indicator = {row.indicator.pk: row for row in rows}
    found, whole = [], None
    for row in rows:
        whole = row if not row.depth else whole
        parent = by_indicator.get(row.indicator.of_id) or (whole if row.depth else None)
        comparable = parent is not None and parent.indicator.measure == row.indicator.measure
        comparable = comparable and parent.is_of_theme == row.is_of_theme  # else one is of the whole period
        if comparable and not row.indicator.is_yes_no and _exceeds(row.done.value, parent.done.value):
            found.append(
                Warning(
                    f"{row.indicator.name} ({number(row.done.value)}) lớn hơn {small(parent.indicator.name)}"
                    f" ({number(parent.done.value)}) mà nó là một phần",
                    row.indicator.code,
                )
            )
        if row.indicator.is_share and _exceeds(row.done.value, row.done.whole):
            parts = f"{number(row.done.value)}/{number(row.done.whole)}"
            found.append(Warning(f"{row.indicator.name} vượt 100% ({parts})", row.indicator.code))
    return found


def _exceeds(part: Decimal | None, whole: Decimal | None) -> bool:
    return part is not None and whole is not None and part > whole


def of_last_year(rows: Iterable[Progress], factor: int) -> list[Warning]:
    """A figure `factor` times that of the year before, or that part of it: often a slip of the hand."""
    found = []
    for row in rows:
        now, last = row.done.value, row.last.value
        if row.indicator.is_share or row.indicator.is_yes_no or not now or not last:
            continue
        if now >= last * factor or last >= now * factor:
            found.append(
                Warning(
                    f"{row.indicator.name}: kỳ này {number(now)}, năm trước {number(last)} {row.indicator.unit_word};"
                    f" chênh từ {factor} lần trở lên",
                    row.indicator.code,
                )
            )
    return found


def of_nothing(rows: Iterable[Progress], activities: int) -> list[Warning]:
    """Activities were held and no figure says so."""
    if activities and not any(row.done.value for row in rows if row.indicator.source == Indicator.Source.LINES):
        return [Warning(f"Đã ghi {number(activities)} hoạt động nhưng không có con số nào")]
    return []


def of_party(introduced: Decimal | None, admitted: Decimal | None) -> list[Warning]:
    """Over the years nobody is admitted to the Party who was not introduced. None: never told."""
    if _exceeds(admitted, introduced):
        return [
            Warning(
                f"Qua các năm, số kết nạp Đảng ({number(admitted)}) nhiều hơn số đã giới thiệu ({number(introduced)})",
                ADMITTED,
            )
        ]
    return []


# --- a report being written -----------------------------------------------------------------------------


def warnings_of_material(report: PeriodReport, material: Material, facts: dict) -> list[Warning]:
    """Of a unit's own report with today's figures. `facts` are those that would be frozen. Three queries."""
    rows = material.table.rows
    found = of_members(facts, _facts_before(report)) + of_parts(rows)
    found += of_last_year(rows, material.checks["far_factor"]) + of_nothing(rows, material.table.activities)
    if _tells_years([report]):
        found += of_party(*_over_years(rows, _party_before([report]).get(report.unit_id, {})))
    return found + ([] if material.rolled else _typed_only(report, material))


def _typed_only(report: PeriodReport, material: Material) -> list[Warning]:
    """Figures that are usually added from activities and were only typed in, without one behind them. One query."""
    lines = Quantity.objects.counted().filter(
        activity__unit__path__startswith=report.unit.path, activity__fed_by="", value__isnull=False,
        activity__last_on__gte=report.period.starts_on, activity__last_on__lte=material.until,
        indicator__source=Indicator.Source.LINES,
    )  # fmt: skip
    natures: dict[str, set[str]] = {}
    for code, nature in lines.order_by("pk").values_list("indicator__code", "activity__nature"):
        natures.setdefault(code, set()).add(nature)
    names = [
        row.indicator.name for row in material.table.rows
        if natures.get(row.indicator.code) == {Activity.Nature.FIGURE}
    ]  # fmt: skip
    if not names:
        return []
    rest = f" và {len(names) - NAMED} chỉ tiêu khác" if len(names) > NAMED else ""
    return [Warning(f"Số nhập tay, chưa có hoạt động nào ghi lại: {'; '.join(names[:NAMED])}{rest}")]


# --- what a superior adds up ----------------------------------------------------------------------------


def warnings_by_unit(rolled: RolledUp) -> dict[int, list[Warning]]:
    """{unit: what to look at in its edition}; units without a warning are left out. Two queries."""
    reports = [source.submission.report for source in rolled.reported]
    before, party = _facts_before_all(reports), _party_before(reports)
    factor = rolled.rules["report_checks"]["far_factor"]
    found = {}
    for source in rolled.reported:
        pk = source.unit.pk
        rows = [progress_of(row) for row in rolled.rows_by_unit.get(pk, {}).values()]
        facts = source.submission.facts
        said = of_members(facts, before.get(pk)) + of_parts(rows) + of_last_year(rows, factor)
        said += of_nothing(rows, facts.get("activities", 0))
        said += of_party(*_over_years(rows, party.get(pk, {}))) if _tells_years(reports) else []
        if said:
            found[pk] = said
    return found


def warnings_of_sum(rolled: RolledUp) -> list[Warning]:
    """Of the superior's figures as they are added: members of all units, parts, and the year before. No query."""
    told = [source.submission.facts for source in rolled.reported]
    keys = ("opening", "came", "left", "closing")
    facts = (
        {key: sum(one[key] for one in told) for key in keys}
        if told and all(set(keys) <= set(one) for one in told)
        else {}
    )
    rows = rolled.table.rows
    factor = rolled.rules["report_checks"]["far_factor"]
    return of_members(facts | rolled.facts) + of_parts(rows) + of_last_year(rows, factor)


# --- what is read for them ------------------------------------------------------------------------------


def _facts_before(report: PeriodReport) -> dict | None:
    return _facts_before_all([report]).get(report.unit_id)


def _facts_before_all(reports: list[PeriodReport]) -> dict[int, dict]:
    """The register of the edition in force whose period ends where these begin: {unit: facts}. One query."""
    if not reports:
        return {}
    first = reports[0].period
    rows = Submission.objects.in_force().filter(
        report__unit__in=[one.unit_id for one in reports], report__theme="", report__period__kind=first.kind,
        report__period__ends_on=first.starts_on,
        as_of__gte=first.starts_on - datetime.timedelta(days=1),  # written before its last day, it closed on another
    )  # fmt: skip
    return dict(rows.values_list("report__unit_id", "facts"))


def _over_years(rows: Iterable[Progress], before: dict[str, Decimal]) -> tuple[Decimal | None, Decimal | None]:
    """Introduced and admitted of this year and of those before it; None where no report ever told a figure."""
    told = {row.indicator.code: row.done.value for row in rows if row.done.value is not None}
    sums = ([one[code] for one in (before, told) if code in one] for code in (INTRODUCED, ADMITTED))
    return tuple(sum(values) if values else None for values in sums)


def _tells_years(reports: list[PeriodReport]) -> bool:
    """Whole years about everything: only these can be added to what was introduced and admitted before."""
    return bool(reports) and reports[0].period.kind == Period.Kind.YEAR and not reports[0].theme


def _party_before(reports: list[PeriodReport]) -> dict[int, dict[str, Decimal]]:
    """Introduced and admitted in the approved yearly reports of earlier years: {unit: {code: sum}}. One query."""
    if not _tells_years(reports):
        return {}
    rows = ReportRow.objects.filter(
        submission__in=Submission.objects.in_force(), code__in=(INTRODUCED, ADMITTED),
        submission__report__unit__in=[one.unit_id for one in reports], submission__report__theme="",
        value__isnull=False,
        submission__report__period__kind="year", submission__report__period__starts_on__lt=reports[0].period.starts_on,
    )  # fmt: skip
    found: dict[int, dict[str, Decimal]] = {}
    grouped = rows.order_by().values("submission__report__unit_id", "code").annotate(added=Sum("value"))
    for row in grouped:
        found.setdefault(row["submission__report__unit_id"], {})[row["code"]] = row["added"]
    return found
