"""Emulation under the Khối: last year's ranking published, this year's set in use with the first sheets sent."""

import datetime
from decimal import Decimal

from django.db import transaction

from branches.numbering import take_number
from reports.emulation import sets
from reports.emulation.evidence import activities_of, add_evidence
from reports.emulation.facts import facts_of
from reports.emulation.publishing import publish
from reports.emulation.scoring import Scored, points_as_said, points_by_figures
from reports.emulation.sheets import Answer, finish_scoring, give, self_score, send
from reports.models import EmulationCriterion, EmulationSet, ScoreSheet

from .loading import Demo

Day = datetime.date
OFFICE, ABOVE = "doancaptren", "doan-khoi"
CLUSTERS = {
    "Cụm thi đua số I": ("cuc-thads", "thanh-tra", "so-tu-phap", "vp-ubnd"),
    "Cụm thi đua số II": ("so-tttt", "tt-hanh-chinh-cong", "so-ldtbxh", "so-nn", "so-tnmt"),
}
SHARE = {"kind": "measured", "rule": "proportional"}
# Group → (text, points, how). Points of the ordinary ones add up to 100.
CRITERIA = {
    "Công tác giáo dục, phong trào": [
        ("Đoàn viên đăng ký học tập và làm theo Bác", 10,
         {"kind": "measured", "rule": "bands", "indicator_code": "hcm_study_registered",
          "bands": [(80, 95, 6), (95, None, 10)]}),
        ("Tin, bài tuyên truyền về hoạt động của chi đoàn", 8, SHARE | {"indicator_code": "news_items"}),
        ("Hiến máu tình nguyện", 12, SHARE | {"indicator_code": "blood_turns"}),
        ("Phần việc thanh niên", 12, SHARE | {"indicator_code": "youth_tasks"}),
        ("Hướng dẫn người dân kỹ năng số", 8, SHARE | {"indicator_code": "digital_help_turns"}),
    ],
    "Xây dựng Đoàn, tham gia xây dựng Đảng": [
        ("Sinh hoạt chi đoàn hằng tháng", 15, SHARE | {"indicator_code": "branch_meetings"}),
        ("Đoàn viên ưu tú được kết nạp Đảng", 10, SHARE | {"indicator_code": "party_admitted"}),
        ("Không có đoàn viên vi phạm", 5,
         {"kind": "measured", "rule": "all_or_nothing", "indicator_code": "violations"}),
        ("Sổ sách, biên bản đầy đủ", 15, {"kind": "typed", "guidance": "Xem sổ chi đoàn và biên bản các kỳ họp."}),
        ("Ban hành chương trình công tác năm đúng hạn", 5, {"kind": "yes_no"}),
    ],
    "Điểm thưởng, điểm trừ": [
        ("Mô hình, cách làm mới được cấp trên công nhận", 6, {"kind": "bonus", "per_piece": Decimal(3)}),
        ("Nộp báo cáo chậm hạn", 4, {"kind": "deduction", "per_piece": Decimal("0.5")}),
    ],
}  # fmt: skip
SOURCE = "Hướng dẫn chấm điểm thi đua của Đoàn Khối"
LOWER = "Còn thiếu biên bản hai kỳ sinh hoạt"
SENT = ("so-tttt", "cuc-thads", "so-tu-phap")
PUBLISHED, SELF_DAY, LAST_DAY = (1, 8), (12, 8), (12, 31)


@transaction.atomic
def build(demo: Demo) -> None:
    last = _set(demo, demo.today.year - 1)
    self_day, year = Day(last.period.year_number, *SELF_DAY), last.period.year_number
    known = _figures(last, as_of=Day(year, *LAST_DAY))
    for place, sheet in enumerate(_sheets(last)):
        _self(demo, sheet, known[sheet.unit_id], place, on=self_day)
        _score(demo, sheet, known[sheet.unit_id], place, on=Day(year + 1, *PUBLISHED))
    last.refresh_from_db()
    on = Day(year + 1, *PUBLISHED)
    publish(set=last, version=last.version, by=demo.accounts[OFFICE], on=on)
    last.refresh_from_db()
    sets.end_set(set=last, version=last.version, on=on)
    this = _set(demo, demo.today.year)
    known = _figures(this, as_of=demo.today)
    codes = {demo.units[code].pk for code in SENT}
    for place, sheet in enumerate(one for one in _sheets(this) if one.unit_id in codes):
        _self(demo, sheet, known[sheet.unit_id], place, on=demo.today, sends=place > 0)


def _set(demo: Demo, year: int) -> EmulationSet:
    """The set of a year, in use since February."""
    on = min(Day(year, 2, 16), demo.today)
    made = sets.draft_set(
        unit=demo.units[ABOVE], by=demo.accounts[OFFICE], period=demo.year(year), on=on, bonus_cap=Decimal(5),
        name=f"Bộ tiêu chí thi đua năm {year}", total_points=Decimal(100), self_until=Day(year, 12, 10), source=SOURCE,
    )  # fmt: skip
    number = 0
    for roman, (name, lines) in zip(("I", "II", "III"), CRITERIA.items(), strict=True):
        group = sets.add_criterion(set=made, parent=None, kind="group", number=roman, text=name)
        for text, points, how in lines:
            number += 1
            bands = [tuple(None if cell is None else Decimal(cell) for cell in row) for row in how.get("bands", ())]
            sets.add_criterion(
                set=made, parent=group, number=str(number), text=text, points=Decimal(points), **how | {"bands": bands}
            )
    for name, codes in CLUSTERS.items():
        made.refresh_from_db()
        units = [demo.units[code] for code in codes]
        sets.save_cluster(set=made, cluster=None, version=made.version, name=name, units=units, on=on)
    made.refresh_from_db()
    return sets.put_in_use(set=made, version=made.version, on=on)


def _sheets(set: EmulationSet) -> list[ScoreSheet]:
    return list(set.sheets.select_related("unit", "set").order_by("unit__sort_key", "pk"))


def _figures(set: EmulationSet, *, as_of: Day) -> dict[int, dict[EmulationCriterion, Scored]]:
    """Unit → criterion → what its figures bring."""
    criteria = list(set.criteria.exclude(kind="group"))
    facts = facts_of(set, _sheets(set), {one.indicator_code for one in criteria}, as_of=as_of)
    units = {sheet.unit_id for sheet in _sheets(set)}
    return {
        unit: {one: points_by_figures(one, facts.get((unit, one.indicator_code))) for one in criteria} for unit in units
    }


def _answer(one: EmulationCriterion, figures: Scored, place: int) -> Decimal:
    """What the unit says of itself: the figures, and of the rest what is usual."""
    if figures.points is not None:
        return abs(figures.points)
    if one.kind == "typed":
        return one.points - place % 3
    return Decimal(1 if one.kind == "yes_no" else (place + 1) % 2)


def _self(demo: Demo, sheet: ScoreSheet, known: dict, place: int, *, on: Day, sends: bool = True) -> None:
    by = next(
        demo.recorder(code, on) for codes in CLUSTERS.values() for code in codes
        if demo.units[code].pk == sheet.unit_id
    )  # fmt: skip
    answers = {one: Answer(_answer(one, figures, place)) for one, figures in known.items()}
    saved = self_score(sheet=sheet, version=1, by=by, answers=answers)
    _show(sheet, answers, by=by)
    if sends:
        send(sheet=sheet, version=saved.version, by=by, on=on)


def _show(sheet: ScoreSheet, answers: dict, *, by) -> None:
    """For every line the unit claims something for: the activities that brought its figure, else its programme."""
    held, year = list(activities_of(sheet).prefetch_related("quantities__indicator")), sheet.set.period.year_number
    about = f"Chương trình công tác Đoàn và phong trào thanh niên năm {year}"
    programme = take_number(unit=sheet.unit, type_code="CTr", on=Day(year, 1, 15), by=by, about=about)
    for one, answer in answers.items():
        if not answer.said or one.kind == "deduction":
            continue
        brought = [act for act in held if one.indicator_code in {line.indicator.code for line in act.quantities.all()}]
        papers = [] if one.indicator_code else [programme]
        add_evidence(sheet=sheet, criterion=one, by=by, activities=brought[:3], papers=papers)


def _score(demo: Demo, sheet: ScoreSheet, known: dict, place: int, *, on: Day) -> None:
    """The office takes the figures and, of every third unit, something off the books."""
    lines = {line.criterion_id: line for line in sheet.lines.all()}
    for one, figures in known.items():
        said = _answer(one, figures, place)
        is_lower = one.kind == "typed" and place % 3 == 2
        said = said - 2 if is_lower else said
        give(
            sheet=sheet, criterion=one, version=lines[one.pk].version, by=demo.accounts[OFFICE], on=on, said=said,
            note=LOWER if is_lower and points_as_said(one, said).points != lines[one.pk].self_points else "",
            figures=figures,
        )  # fmt: skip
    sheet.refresh_from_db()
    finish_scoring(sheet=sheet, version=sheet.version, by=demo.accounts[OFFICE], on=on)
