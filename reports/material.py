"""What a report is drafted from: the figures, facts and activities of one unit over one period.

`collect` reads it, in a number of queries that does not grow with the rows; `drafts_of` turns it into
sentences. Nothing here is stored: reports/drafting.py keeps what a person took over.
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from branches.formats import day, percent, span, two_digits
from branches.models import Activity, Period, Post, PostType, Quantity, Target, Unit
from branches.register import register_amounts

from .chapters import area_key
from .history import years_for, years_of
from .judging import Aim, Progress, Standing, aim_of
from .papers.aims import aim_sentence
from .papers.layout import Names, names_on
from .papers.phrases import listing, unit_word
from .papers.sentences import Line, Sentence, Voice, sentence_of
from .progress import ProgressTable, lines_for, progress_for

FACTS = ("members", "women", "party_members", "admitted", "moved_in", "moved_out", "matured")
IN_A_ROW = 2  # more sentences of one pattern in a row read like a list; the rest is in the table
NAMED_ALONE = 3  # more activities without a figure in one chapter go into one sentence


@dataclass(frozen=True)
class Material:
    """Everything a report of `unit` over `period` can be made from, as of a day."""

    unit: Unit
    period: Period
    as_of: datetime.date
    names: Names
    speaker: str
    table: ProgressTable
    lines: dict[str, list[Line]]
    activities: list[Activity]
    facts: dict[str, int]
    committee: int
    next_period: Period | None
    next_targets: list[Target]
    years: list[Period] = field(default_factory=list)
    by_year: dict[str, list[Progress]] = field(default_factory=dict)

    @property
    def is_term(self) -> bool:
        return self.period.kind == Period.Kind.TERM

    @property
    def voice(self) -> Voice:
        last_year = "" if self.is_term else f"năm {self.period.year_number - 1}"
        return Voice(self.speaker, as_of=self.as_of, last_day=self.period.last_day, last_year=last_year)

    @property
    def until(self) -> datetime.date:
        """The last day the figures speak of."""
        return min(self.as_of, self.period.last_day)


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as today's data gives it. `is_usual` ones stand in a new report, others wait beside it."""

    source: str
    text: str
    subject: str
    is_usual: bool = True
    code: str = ""
    unit: str = ""


def collect(unit: Unit, period: Period, *, as_of: datetime.date) -> Material:
    """Read the material of a report. At most 25 queries, whatever the number of rows."""
    table = progress_for(unit, period, as_of=as_of)
    until = min(as_of, period.last_day)
    next_period = _next_period(unit, period)
    years = years_of(period) if period.kind == Period.Kind.TERM else []
    return Material(
        unit=unit,
        period=period,
        as_of=as_of,
        names=names_on(unit, as_of),
        speaker=speaker_of(unit),
        table=table,
        lines=_lines(unit, table, period, as_of),
        activities=_activities_without_figures(unit, period, as_of),
        facts=_facts(unit, period, until),
        committee=Post.objects.held_on(until)
        .filter(unit=unit, type__body=PostType.Body.COMMITTEE)
        .values("account")
        .distinct()
        .count(),
        next_period=next_period,
        next_targets=_targets(unit, next_period),
        years=years,
        by_year=years_for(unit, table.rows, years, as_of=as_of) if years else {},
    )


def speaker_of(unit: Unit) -> str:
    """What a paper calls the unit after its full name has been said once."""
    if unit.kind == Unit.Kind.SUB_BRANCH:
        return "Phân đoàn"
    if unit.kind == Unit.Kind.INTER_BRANCH:
        return "Liên chi đoàn"
    return "Chi đoàn" if unit.is_branch else "Đoàn"


def _next_period(unit: Unit, period: Period) -> Period | None:
    if period.kind != Period.Kind.TERM:
        return Period.of_year(period.year_number + 1)
    later = Period.objects.filter(kind=Period.Kind.TERM, unit=unit, starts_on__gt=period.starts_on)
    return later.order_by("starts_on", "pk").first()


def _targets(unit: Unit, period: Period | None) -> list[Target]:
    if period is None:
        return []
    rows = Target.objects.filter(unit=unit).of_period(period)
    return list(rows.select_related("indicator__area", "period").in_order())


def _lines(unit: Unit, table: ProgressTable, period: Period, as_of) -> dict[str, list[Line]]:
    codes = [row.indicator.code for row in table.rows]
    columns = (
        "indicator__code", "value", "each", "activity__starts_on", "activity__last_on", "note", "qualifier",
    )  # fmt: skip
    found = defaultdict(list)
    rows = lines_for(unit, codes, period, as_of=as_of).select_related(None)
    for code, *values in rows.order_by("activity__last_on", "activity_id", "pk").values_list(*columns):
        found[code].append(Line(*values))
    return found


def _activities_without_figures(unit: Unit, period: Period, as_of) -> list[Activity]:
    """Held activities that no figure speaks for, and those whose note names a prize."""
    figures = Quantity.objects.filter(activity=OuterRef("pk"), value__isnull=False)
    return list(
        Activity.objects.counted()
        .in_period(period)
        .filter(unit=unit, nature=Activity.Nature.ACTIVITY, last_on__lte=as_of)
        .filter(~Exists(figures) | Q(note__icontains="giải "))
        .select_related("area")
        .order_by("area__position", "last_on", "pk")
    )


def _facts(unit: Unit, period: Period, until: datetime.date) -> dict[str, int]:
    ends_on = min(period.ends_on, until + datetime.timedelta(days=1))
    if ends_on <= period.starts_on:
        return dict.fromkeys(FACTS, 0)
    counts = register_amounts(FACTS, Q(unit=unit), period.starts_on, ends_on, until)
    return {key: counts.get((unit.pk, key), 0) for key in FACTS}


# --- from material to sentences ---------------------------------------------------------------------


def drafts_of(material: Material) -> dict[str, list[Draft]]:
    """Every sentence today's data gives, chapter by chapter, in the order of the report."""
    drafts = {
        "opening": [Draft("opening", _opening(material), "Mở đầu")],
        "situation": _situation(material),
        "results": [Draft("summary", _summary(material), "Tổng hợp chỉ tiêu")],
        "next-targets": _next_targets(material),
    }
    for area, rows in material.table.chapters():
        drafts.setdefault(area_key(area), []).extend(_of_rows(material, rows))
    by_area = defaultdict(list)
    for activity in material.activities:
        by_area[area_key(activity.area)].append(activity)
    for key, activities in by_area.items():
        drafts.setdefault(key, []).extend(_of_activities(material, activities))
    return drafts


def _opening(material: Material) -> str:
    period, unit = material.period, material.unit
    basis = []
    if material.is_term:
        span_words = f"nhiệm kỳ {term_years(period)}"
        following = f"nhiệm kỳ {term_years(material.next_period)}" if material.next_period else "nhiệm kỳ tới"
        if material.names.superior:
            basis.append(f"nhiệm vụ {span_words} theo chỉ đạo của Ban Chấp hành {material.names.superior}")
    else:
        span_words, following = f"năm {period.year_number}", f"năm {period.year_number + 1}"
        if material.names.superior:
            programme = "Chương trình công tác Đoàn và phong trào thanh thiếu nhi"
            basis.append(f"{programme} {span_words} của Ban Chấp hành {material.names.superior}")
    if unit.party_body:
        basis.append(f"định hướng của {unit.party_body}")
    begin = f"Thực hiện {' và '.join(basis)}, " if basis else ""
    data = f"số liệu từ ngày {day(period.starts_on)} đến hết ngày {day(material.until)}"
    return (
        f"{begin}Ban Chấp hành {material.names.unit} báo cáo kết quả công tác {span_words} ({data})"
        f" và phương hướng, nhiệm vụ {following} như sau:"
    )


def term_years(period: Period) -> str:
    """ "2019 - 2022": as the name of the term says it, else from its days."""
    if named := re.search(r"(\d{4})\s*[-–]\s*(\d{4})", period.name):
        return f"{named[1]} - {named[2]}"
    return f"{period.starts_on.year} - {period.last_day.year}"


def _situation(material: Material) -> list[Draft]:
    facts, speaker = material.facts, material.speaker
    if not facts["members"]:
        return []
    within = [
        f"{two_digits(facts[key])} {word}"
        for key, word in (("women", "nữ"), ("party_members", "đảng viên"))
        if facts[key]
    ]
    text = f"Đến ngày {day(material.until)}, {speaker} có {two_digits(facts['members'])} đoàn viên"
    text += f", trong đó {listing(within)}" if within else ""
    text += f"; Ban Chấp hành có {two_digits(material.committee)} đồng chí" if material.committee else ""
    found = [Draft("facts", f"{text}.", "Số đoàn viên")]
    moves = [
        words.format(two_digits(facts[key]))
        for key, words in (
            ("admitted", "kết nạp {} đoàn viên mới"),
            ("moved_in", "tiếp nhận {} đoàn viên chuyển đến"),
            ("moved_out", "chuyển sinh hoạt {} đoàn viên"),
            ("matured", "làm lễ trưởng thành đoàn cho {} đoàn viên"),
        )
        if facts[key]
    ]
    if moves:
        when = "Trong nhiệm kỳ" if material.is_term else "Trong năm"
        found.append(Draft("moves", f"{when}, {speaker} {listing(moves)}.", "Biến động đoàn viên"))
    return found


def _summary(material: Material) -> str:
    counts, table = material.table.counts, material.table
    period = material.period
    when = f"Nhiệm kỳ {term_years(period)}" if material.is_term else f"Năm {period.year_number}"
    if not table.planned:
        return f"{when}, {material.speaker} chưa có chỉ tiêu được giao; kết quả từng nội dung nêu tại Bảng 1."
    parts = [
        f"{word} {two_digits(counts[standing])} chỉ tiêu"
        for word, standing in (("vượt", Standing.OVER), ("đạt", Standing.MET), ("chưa đạt", Standing.MISSED))
        if counts[standing]
    ]
    text = f"{when}, trong {two_digits(len(table.planned))} chỉ tiêu được giao"
    text += f", {material.speaker} thực hiện {listing(parts)}" if parts else ""
    running = counts[Standing.ON_TRACK] + counts[Standing.BEHIND]
    tails = []
    if running:
        tails.append(f"{two_digits(running)} chỉ tiêu chưa đến hạn đánh giá")
    if counts[Standing.NOT_MEASURABLE]:
        tails.append(f"{two_digits(counts[Standing.NOT_MEASURABLE])} chỉ tiêu chưa đủ số liệu để đánh giá")
    unplanned = len(table.rows) - len(table.planned)
    if unplanned:
        tails.append(f"{two_digits(unplanned)} nội dung không giao chỉ tiêu nên không tính tỷ lệ")
    if not parts and tails:
        text, tails = f"{text}, {tails[0]}", tails[1:]
    return "; ".join([text, *tails]) + " (Bảng 1)."


def _of_rows(material: Material, rows: list[Progress]) -> list[Draft]:
    found, patterns, skip = [], [], set()
    for place, row in enumerate(rows):
        if row.indicator.pk in skip:
            continue
        part = rows[place + 1] if place + 1 < len(rows) else None
        if part is not None and part.depth and not row.depth and row.indicator.is_share and part.indicator.is_share:
            skip.add(part.indicator.pk)
        else:
            part = None
        code = row.indicator.code
        sentence = sentence_of(row, material.voice, part=part, lines=material.lines.get(code, ()))
        text = _over_the_years(sentence, material.by_year.get(code, ()))
        too_many = patterns[-IN_A_ROW:] == [sentence.pattern] * IN_A_ROW
        too_many = too_many and not (sentence.pattern == 8 and _names_things(material, code))
        if not too_many:
            patterns.append(sentence.pattern)
        found.append(
            Draft(
                f"indicator:{row.indicator.pk}", text, row.indicator.name,
                is_usual=not too_many, code=code, unit=unit_word(row.indicator),
            )
        )  # fmt: skip
    return found


def _names_things(material: Material, code: str) -> bool:
    """A prize or the like is written on its line: the sentence says what no table says."""
    return any(line.note for line in material.lines.get(code, ()))


def _over_the_years(sentence: Sentence, years: Iterable[Progress]) -> str:
    """ "…; năm nào cũng vượt 25% kế hoạch" where every year of a term with a target went beyond it."""
    planned = [year for year in years if year.aim]
    if len(planned) < 2 or any(year.standing != Standing.OVER for year in planned):
        return sentence.text
    rates = {year.ratio for year in planned}
    over = ""
    if len(rates) == 1 and (rate := rates.pop()) and {year.done.qualifier for year in planned} == {"exact"}:
        over = f" {percent(rate - 1)}"
    return f"{sentence.text[:-1]}; năm nào cũng vượt{over} kế hoạch."


def _of_activities(material: Material, activities: list[Activity]) -> list[Draft]:
    """Pattern 26: who ran it. A few are named one by one, many in one sentence."""
    alone = [activity for activity in activities if activity.note and "giải " in activity.note.lower()]
    rest = [activity for activity in activities if activity not in alone]
    if len(rest) <= NAMED_ALONE:
        alone, rest = activities, []
    found = [Draft(f"activity:{activity.pk}", _activity(material, activity), activity.title) for activity in alone]
    if rest:
        names = "; ".join(f"{_quoted(activity)} ({_when(activity)})" for activity in rest)
        area = rest[0].area
        text = f"Ngoài ra, {material.speaker} có {two_digits(len(rest))} hoạt động khác: {names}."
        found.append(Draft(f"activities:{area.pk}", text, "Các hoạt động khác"))
    return found


def _activity(material: Material, activity: Activity) -> str:
    kinds = Activity.Organiser
    if activity.organiser == kinds.JOINT:
        how = f"phối hợp với {activity.partner} tổ chức" if activity.partner else "phối hợp tổ chức"
    elif activity.organiser == kinds.JOINED:
        how = f"tham gia hoạt động do {activity.partner} tổ chức:" if activity.partner else "tham gia"
    else:
        how = "chủ trì"
    text = f"{material.speaker} {how} {_quoted(activity)} ({_when(activity)})"
    note = activity.note.strip().splitlines()[0].rstrip(".;, ") if activity.note.strip() else ""
    if "giải " in note.lower():
        text += f"; kết quả: {note[:1].lower()}{note[1:]}"
    return f"{text}."


def _quoted(activity: Activity) -> str:
    return f"“{activity.title.strip('“”')}”" if "“" not in activity.title[1:] else activity.title


def _when(activity: Activity) -> str:
    return span(activity.starts_on, activity.last_on)


def _next_targets(material: Material) -> list[Draft]:
    if material.next_period is None:
        return []
    aims: list[tuple[Target, Aim]] = [(one, aim_of(one, material.next_period)) for one in material.next_targets]
    parts = {one.parent_id: (one, aim) for one, aim in aims if one.parent_id and one.indicator.is_share}
    known = {one.pk for one, _ in aims}
    found = []
    for target, aim in aims:
        if target.parent_id in known and target.indicator.is_share:
            continue  # told with its whole
        text = aim_sentence(target, aim, parts.get(target.pk))
        found.append(Draft(f"next:{target.pk}", f"{text}.", target.indicator.name, code=target.indicator.code))
    return found
