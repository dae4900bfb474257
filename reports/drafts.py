"""From the material of a report to its sentences, chapter by chapter, as today's data gives them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from branches.formats import day, percent, small, span, two_digits
from branches.models import Activity, Target

from .chapters import area_key
from .judging import Aim, Progress, Standing, aim_of
from .material import Material, term_years
from .papers.aims import aim_sentence
from .papers.phrases import listing, unit_word
from .papers.sentences import Sentence, sentence_of

IN_A_ROW = 2  # more sentences of one pattern in a row read like a list; the rest is in the table
IN_A_ROW_UNPLANNED = 4  # without a verdict each of these says something of its own
NAMED_ALONE = 3  # more activities without a figure in one chapter go into one sentence
NAMED_UNITS = 8  # more units without figures are counted, not named
NOT_COUNTED = 9  # the pattern of what was done without a figure
UNPLANNED = 8  # the pattern of a result nobody set a target for
UNIT_WORDS = ("Chi đoàn", "Đoàn", "Phân đoàn", "Liên chi đoàn")
OUTSIDE_THE_PLAN = "Ngoài chỉ tiêu được giao, "
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


def drafts_of(material: Material) -> dict[str, list[Draft]]:
    """Every sentence today's data gives, chapter by chapter, in the order of the report."""
    drafts = {
        "opening": [Draft("opening", _opening(material), "Mở đầu")],
        "situation": _situation(material),
        "results": [Draft("summary", _summary(material), "Tổng hợp chỉ tiêu"), *_units(material)],
        "next-targets": _next_targets(material),
    }
    for area, rows in material.table.chapters():
        drafts.setdefault(area_key(area), []).extend(_of_rows(material, rows))
    by_area = defaultdict(list)
    for activity in material.activities:
        by_area[area_key(activity.area)].append(activity)
    for key, activities in by_area.items():
        drafts.setdefault(key, []).extend(_of_activities(material, activities))
    drafts.setdefault(CHAPTER_OF_INSPECTIONS, []).extend(_recommended(material))
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


def _situation(material: Material) -> list[Draft]:
    facts, speaker = material.facts, material.everyone
    if not facts["members"]:
        return []
    among = [
        f"{two_digits(facts[key])} {word}"
        for key, word in (("women", "nữ"), ("party_members", "đảng viên"))
        if facts[key]
    ]
    text = f"Đến ngày {day(material.until)}, {within(speaker)} có {two_digits(facts['members'])} đoàn viên"
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
        when = "Trong nhiệm kỳ" if material.is_term else "Trong năm"
        found.append(Draft("moves", f"{when}, {within(speaker)} {listing(moves)}.", "Biến động đoàn viên"))
    return found


def _summary(material: Material) -> str:
    counts, table = material.table.counts, material.table
    period = material.period
    when = f"Nhiệm kỳ {term_years(period)}" if material.is_term else f"Năm {period.year_number}"
    if not table.planned:
        return f"{when}, {within(material.everyone)} chưa có chỉ tiêu được giao; kết quả từng nội dung nêu tại Bảng 1."
    parts = [
        f"{word} {two_digits(counts[standing])} chỉ tiêu"
        for word, standing in (("vượt", Standing.OVER), ("đạt", Standing.MET), ("chưa đạt", Standing.MISSED))
        if counts[standing]
    ]
    text = f"{when}, trong {two_digits(len(table.planned))} chỉ tiêu được giao"
    text += f", {within(material.everyone)} thực hiện {listing(parts)}" if parts else ""
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


def _units(material: Material) -> list[Draft]:
    """Pattern 27: whose figures the sums contain, and whose are missing."""
    total, missing = len(material.units), material.units_without
    if not total:
        return []
    if not missing:
        text = f"Số liệu gồm đủ {two_digits(total)} đơn vị trực thuộc."
    else:
        there, gone = two_digits(total - len(missing)), two_digits(len(missing))
        text = f"Có {there}/{two_digits(total)} đơn vị trực thuộc đã ghi kết quả; số liệu chưa gồm {gone} đơn vị"
        text += f" chưa ghi: {', '.join(missing)}." if len(missing) <= NAMED_UNITS else " chưa ghi."
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
    found, patterns, skip, is_outside = [], [], set(), False
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
        allowed = IN_A_ROW_UNPLANNED if sentence.pattern == UNPLANNED else IN_A_ROW
        too_many = patterns[-allowed:] == [sentence.pattern] * allowed
        too_many = too_many and not (sentence.pattern == UNPLANNED and _names_things(material, code))
        if not too_many:
            patterns.append(sentence.pattern)
            if row.aim is None and sentence.pattern != NOT_COUNTED and material.table.planned and not is_outside:
                # Said once: results without a target stand behind the others of their chapter.
                text, is_outside = f"{OUTSIDE_THE_PLAN}{within(text)}", True
        found.append(
            Draft(
                f"indicator:{row.indicator.pk}", text, row.indicator.name,
                is_usual=not too_many, code=code, unit=unit_word(row.indicator),
            )
        )  # fmt: skip
    return found


def within(text: str) -> str:
    """Words as they stand inside a sentence: "Toàn Đoàn", "Có 01 …" become small, "Chi đoàn", "Đoàn" do not."""
    return text if text.startswith(UNIT_WORDS) else small(text)


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
    """Pattern 26: who ran it. Prizes and what others invited to stand alone; the unit's own in one sentence."""
    alone = [one for one in activities if _prize(one) or one.organiser != Activity.Organiser.OWN]
    own = [one for one in activities if one not in alone]
    if len(own) == 1:
        alone, own = [*alone, *own], []
    prized = [one for one in alone if _prize(one)]
    if len(alone) - len(prized) > NAMED_ALONE:
        own = [one for one in activities if one not in prized]
        alone = prized
    found = [Draft(f"activity:{activity.pk}", _activity(material, activity), activity.title) for activity in alone]
    if own:
        names = "; ".join(f"{_quoted(activity)} ({_when(activity)})" for activity in own)
        area = own[0].area
        verb = "tổ chức" if all(one.organiser == Activity.Organiser.OWN for one in own) else "tổ chức, tham gia"
        text = f"{material.speaker} {verb} {two_digits(len(own))} hoạt động: {names}."
        found.append(Draft(f"activities:{area.pk}", text, "Các hoạt động khác"))
    return found


def _prize(activity: Activity) -> bool:
    return "giải " in activity.note.lower()


def _activity(material: Material, activity: Activity) -> str:
    kinds = Activity.Organiser
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
