"""From the material of a report to its sentences, chapter by chapter, as today's data gives them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from branches.formats import day, number, percent, small, span, two_digits
from branches.models import Activity, Target

from .chapters import area_key
from .highlights import Highlight, has_prize, names_prize
from .judging import SUBPERIOD, Aim, Progress, Standing, aim_of
from .material import Material
from .papers.aims import aim_sentence
from .papers.phrases import figure, listing, share, unit_word, within
from .papers.sentences import Sentence, sentence_of
from .papers.within_year import NOTHING, sentence_within_year
from .rolling_table import counted_once_words, whose_words
from .spans import following_words, is_within_a_year, named, when
from .summing_up import summary_of

NAMED_UNITS = 8  # more units without figures are counted, not named
NOT_COUNTED = 9  # the pattern of what was done without a figure
UNPLANNED = 8  # the pattern of a result nobody set a target for
OUTSIDE_THE_PLAN = "Ngoài chỉ tiêu được giao, "
IN_THE_THEME, ALSO_IN_IT = "Trong các hoạt động của chuyên đề, ", "Cũng trong chuyên đề, "
CHAPTER_OF_INSPECTIONS = "area-inspection_direction"


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as today's data gives it. `is_usual` ones stand in a new report, others wait beside it."""

    source: str
    text: str
    subject: str
    is_usual: bool = True
    code: str = ""
    unit: str = ""
    why: tuple[str, ...] = ()  # for what an activity is worth a sentence of its own


def drafts_of(material: Material) -> dict[str, list[Draft]]:
    """Every sentence today's data gives, chapter by chapter, in the order of the report."""
    drafts = {
        "opening": [Draft("opening", _opening(material), "Mở đầu")],
        "situation": _situation(material),
        "results": [Draft("summary", summary_of(material), "Tổng hợp chỉ tiêu"), *_units(material)],
        "next-targets": _next_targets(material),
    }
    for area, rows in material.table.chapters():
        drafts.setdefault(area_key(area), []).extend(_of_rows(material, rows))
    by_area = defaultdict(list)
    for one in material.highlights:
        by_area[area_key(one.activity.area)].append(one)
    for key, found in by_area.items():
        drafts.setdefault(key, []).extend(_of_activities(material, found))
    drafts.setdefault(CHAPTER_OF_INSPECTIONS, []).extend(_recommended(material))
    return drafts


def _opening(material: Material) -> str:
    period, unit = material.period, material.unit
    basis = []
    span_words, later = named(period), following_words(period, material.next_period)
    if material.names.superior and material.is_term:
        basis.append(f"nhiệm vụ {span_words} theo chỉ đạo của Ban Chấp hành {material.names.superior}")
    elif material.names.superior:
        programme = "Chương trình công tác Đoàn và phong trào thanh thiếu nhi"
        year = f"năm {period.year_number}" if is_within_a_year(period) else span_words
        basis.append(f"{programme} {year} của Ban Chấp hành {material.names.superior}")
    if unit.party_body:
        basis.append(f"định hướng của {unit.party_body}")
    begin = f"Thực hiện {' và '.join(basis)}, " if basis else ""
    data = f"số liệu từ ngày {day(period.starts_on)} đến hết ngày {day(material.until)}"
    if material.theme:
        chosen = f"{data}; gồm các hoạt động, chỉ tiêu có nội dung “{material.theme}”"
        what = f"báo cáo kết quả {material.theme} {span_words}"
        return f"{begin}Ban Chấp hành {material.names.unit} {what} ({chosen}) như sau:"
    return (
        f"{begin}Ban Chấp hành {material.names.unit} báo cáo kết quả công tác {span_words} ({data})"
        f" và phương hướng, nhiệm vụ {later} như sau:"
    )


def _situation(material: Material) -> list[Draft]:
    facts, speaker = material.facts, material.everyone
    if not facts["members"]:
        return []
    among = [
        f"{two_digits(facts[key])} {word}"
        for key, word in (("women", "nữ"), ("party_members", "đảng viên"))
        if facts[key]
    ]
    # Members are those of the units that reported; arrivals and departures are the register's of everybody.
    counted = "các đơn vị đã báo cáo" if material.rolled and material.without else within(speaker)
    text = f"Đến ngày {day(material.until)}, {counted} có {two_digits(facts['members'])} đoàn viên"
    text += f", trong đó {listing(among)}" if among else ""
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
        text = f"{when(material.period)}, {within(speaker)} {listing(moves)}."
        found.append(Draft("moves", text, "Biến động đoàn viên"))
    return found


def _units(material: Material) -> list[Draft]:
    """Pattern 27: whose figures the sums contain, and whose are missing."""
    if material.rolled:
        once = counted_once_words(material.rolled)
        found = [
            (whose_words(material.rolled), "units", "Đơn vị đã báo cáo"),
            (once, "joint", "Hoạt động tính một lần"),
        ]
        return [Draft(source, text, subject) for text, source, subject in found if text]
    total, missing = len(material.units), material.units_without
    if not total:
        return []
    if not missing:
        text = f"Số liệu gồm đủ {two_digits(total)} đơn vị trực thuộc."
    else:
        there, gone = two_digits(total - len(missing)), two_digits(len(missing))
        text = (
            f"Có {there}/{two_digits(total)} đơn vị trực thuộc đã ghi kết quả; số liệu chưa gồm {gone} đơn vị chưa ghi"
        )
        text += f": {', '.join(missing)}." if len(missing) <= NAMED_UNITS else "."
    return [Draft("units", text, "Đơn vị đã ghi kết quả")]


def _recommended(material: Material) -> list[Draft]:
    """Pattern 29, in figures only: what was recommended is in the notices of conclusion."""
    found = material.recommendations
    if not found.total:
        return []
    done = f"đã hoàn thành {two_digits(found.closed)}/{two_digits(found.total)} kiến nghị"
    if not found.closed:
        done = f"chưa hoàn thành kiến nghị nào trong {two_digits(found.total)} kiến nghị"
    text = f"Đến ngày {day(material.until)}, {within(material.everyone)} {done} sau kiểm tra, giám sát"
    text += f"; {two_digits(found.overdue)} kiến nghị quá hạn" if found.overdue else ""
    return [Draft("recommendations", f"{text}.", "Kiến nghị sau kiểm tra, giám sát")]


def _of_rows(material: Material, rows: list[Progress]) -> list[Draft]:
    found, patterns, skip, rules = [], [], set(), material.rules
    is_outside = is_of_theme = False
    for place, row in enumerate(rows):
        if row.indicator.pk in skip:
            continue
        part = rows[place + 1] if place + 1 < len(rows) else None
        if part is not None and part.depth and not row.depth and row.indicator.is_share and part.indicator.is_share:
            skip.add(part.indicator.pk)
        else:
            part = None
        code = row.indicator.code
        # What only activities of a theme are counted of has no plan of the year to be put beside.
        if is_within_a_year(material.period) and not row.is_of_theme and (row.aim is None or row.aim.each is None):
            found.append(_of_row_within_year(material, row))
            continue
        sentence = sentence_of(row, material.voice, part=part, lines=material.lines.get(code, ()))
        text = _over_the_years(sentence, material.by_year.get(code, ()))
        if row.is_of_theme:
            text = f"{ALSO_IN_IT if is_of_theme else IN_THE_THEME}{within(text)}"
            is_of_theme = True
        allowed = rules["in_a_row_unplanned" if sentence.pattern == UNPLANNED else "in_a_row"]
        too_many = patterns[-allowed:] == [sentence.pattern] * allowed
        too_many = too_many and not (sentence.pattern == UNPLANNED and _names_things(material, code))
        if not too_many:
            patterns.append(sentence.pattern)
            is_extra = row.aim is None and not row.is_of_theme and sentence.pattern != NOT_COUNTED
            if is_extra and material.table.planned and not is_outside:
                # Said once: results without a target stand behind the others of their chapter.
                text, is_outside = f"{OUTSIDE_THE_PLAN}{within(text)}", True
        found.append(
            Draft(
                f"indicator:{row.indicator.pk}", text, row.indicator.name,
                is_usual=not too_many, code=code, unit=unit_word(row.indicator),
            )
        )  # fmt: skip
    return found


def _of_row_within_year(material: Material, row: Progress) -> Draft:
    """Part of a year: told, not judged. What nothing was done for waits beside the text."""
    code = row.indicator.code
    sentence = sentence_within_year(
        row, material.so_far and material.so_far.row(code), material.voice, when=when(material.period),
        lines=tuple(material.lines.get(code, ())),
    )  # fmt: skip
    return Draft(
        f"indicator:{row.indicator.pk}", sentence.text, row.indicator.name,
        is_usual=sentence.pattern != NOTHING, code=code, unit=unit_word(row.indicator),
    )  # fmt: skip


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


def _of_activities(material: Material, highlights: list[Highlight]) -> list[Draft]:
    """Pattern 26: who ran it. What weighs enough, and what others invited to, stands alone; the unit's own in one
    sentence. Of the activities that figures speak for, only the weightiest are named besides."""
    rules = material.rules
    silent = [one for one in highlights if not one.codes or has_prize(one.activity)]
    weighty = [one for one in silent if one.points >= rules["highlight_at"]]
    alone = [one for one in silent if one in weighty or one.activity.organiser != Activity.Organiser.OWN]
    own = [one for one in silent if one not in alone]
    if len(own) == 1:
        alone, own = [*alone, *own], []
    if len(alone) - len(weighty) > rules["named_alone"]:
        own = [one for one in silent if one not in weighty]
        alone = weighty
    found = [
        Draft(
            f"activity:{one.activity.pk}", _activity(material, one, tells_size=one in weighty), one.activity.title,
            why=one.reasons,
        )
        for one in alone
    ]  # fmt: skip
    if own:
        names = "; ".join(f"{_quoted(one.activity)} ({_when(one.activity)})" for one in own)
        area = own[0].activity.area
        is_own = all(one.activity.organiser == Activity.Organiser.OWN for one in own)
        verb = "tổ chức" if is_own else "tổ chức, tham gia"
        text = f"{material.speaker} {verb} {two_digits(len(own))} hoạt động: {names}."
        found.append(Draft(f"activities:{area.pk}", text, "Các hoạt động khác"))
    told = [one for one in highlights if one not in silent and one.points >= rules["highlight_at"]]
    best = sorted(told, key=lambda one: -one.points)[: rules["highlights"]]
    found += [
        Draft(
            f"activity:{one.activity.pk}", _activity(material, one, tells_size=True), one.activity.title,
            is_usual=one in best, why=one.reasons,
        )
        for one in told
    ]  # fmt: skip
    return found


def _activity(material: Material, highlight: Highlight, *, tells_size: bool) -> str:
    activity, kinds = highlight.activity, Activity.Organiser
    title, when = _quoted(activity), _when(activity)
    if activity.organiser == kinds.JOINED and activity.title.startswith("Tham gia "):
        by = f" do {activity.partner} tổ chức" if activity.partner else ""
        text = f"{material.speaker} {small(activity.title)}{by} ({when})"
    elif activity.organiser == kinds.JOINED:
        by = f" do {activity.partner} tổ chức" if activity.partner else ""
        text = f"{material.speaker} tham gia hoạt động {title}{by} ({when})"
    elif activity.organiser == kinds.JOINT:
        how = f"phối hợp với {activity.partner} tổ chức" if activity.partner else "phối hợp tổ chức"
        text = f"{material.speaker} {how} hoạt động {title} ({when})"
    else:
        text = f"{material.speaker} tổ chức hoạt động {title} ({when})"
    if tells_size and highlight.people:
        text += f", có {two_digits(highlight.people)} người tham gia"
    if tells_size and activity.raised:
        text += f", vận động được {number(activity.raised)} đồng"
    note = activity.note.strip().splitlines()[0].rstrip(".;, ") if activity.note.strip() else ""
    if names_prize(note):
        text += f"; kết quả: {note[:1].lower()}{note[1:]}"
    return f"{text}."


def _quoted(activity: Activity) -> str:
    return f"“{activity.title.strip('“”')}”" if "“" not in activity.title[1:] else activity.title


def _when(activity: Activity) -> str:
    return span(activity.starts_on, activity.last_on)


def _next_targets(material: Material) -> list[Draft]:
    if material.next_period is None:
        return []
    if is_within_a_year(material.period):
        return _next_within_year(material)
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


def _reached(row: Progress) -> str:
    """What is reached so far; empty for a share of nothing."""
    if not row.indicator.is_share:
        return figure(row.done, row.indicator)
    return share(row.done) if row.done.ratio is not None else ""


def _next_within_year(material: Material) -> list[Draft]:
    """What of the year's targets is still to be done in the coming month, quarter or half: not what is reached.

    Made from the units' reports nothing says what was reached since January: every target of the year is told as such.
    """
    found = []
    for target in material.next_targets:
        row = material.so_far and material.so_far.row(target.indicator.code)
        is_same_year = row is not None and row.target is not None and row.target.pk == target.pk
        is_each = target.comparator in SUBPERIOD
        if is_same_year and not is_each and (row.is_reached or row.aim.is_ceiling):
            continue
        text = aim_sentence(target, aim_of(target, material.next_period))
        if is_same_year and not is_each and row.done.value is not None and not row.indicator.is_yes_no:
            done = _reached(row)
            text += f" (chỉ tiêu cả năm, đến nay {done})" if done else " (chỉ tiêu cả năm)"
        elif not is_each:
            text += " (chỉ tiêu cả năm)"
        found.append(
            Draft(
                f"next:{target.pk}", f"{text}.", target.indicator.name, code=target.indicator.code,
                is_usual=not is_same_year or row.is_late or is_each,
            )
        )  # fmt: skip
    return found
