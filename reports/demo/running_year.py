"""The last three years of every branch, up to the day of loading, so that the pages are alive today.

A unit's year is a plan and what the year comes to in the end; the events below spread that result over
the year, and what lies after the day of loading has not happened yet. Chance is seeded by unit and year.
"""

import datetime
import math
from random import Random

from branches.aims import WrittenAim
from branches.models import Target
from branches.planning import revise_target

from .case_b import first_monday
from .loading import Demo
from .meetings import ROLLS
from .running_plan import (
    ABOVE,
    ABOVE_ASKS,
    ASSIGNED,
    BRANCHES_OF,
    BRIEF,
    DUE,
    EVENTS,
    MEMBER_AT,
    MODELS,
    MONEY,
    OF_THE_MEMBER,
    PARTY_ANSWER,
    PARTY_ASKS,
    PROFILES,
    RATED,
    SUMMED,
    TASKS,
    UNDER,
    Profile,
    is_planned,
    plan_of,
    size_of,
)
from .vocabulary import ALL, Aim, Line, at_least

Day = datetime.date


def build(demo: Demo) -> None:
    _plan_above(demo)
    for unit, profile in PROFILES.items():
        for year in range(demo.today.year - profile.years + 1, demo.today.year + 1):
            _year_of(demo, unit, profile, year)
    _revise(demo)
    _loose_ends(demo)


def _plan_above(demo: Demo) -> None:
    year = demo.today.year
    plans = [plan_of(unit) for unit in UNDER]
    aims = {"hcm_study_registered": ALL, "software_entered": ALL} | {
        code: at_least(sum(aims[code].value for aims in plans)) for code in SUMMED
    }
    demo.plan(ABOVE, demo.year(year), aims, document=f"Chương trình số 02-CTr/ĐK ngày 08/01/{year}")
    for position, (text, more, due) in enumerate(ABOVE_ASKS, start=1):
        if Day(year, 1, 15) <= demo.today:
            _direction(demo, ABOVE, year, position, text, more, Day(year, *due))


def _year_of(demo: Demo, unit: str, profile: Profile, year: int) -> None:
    chance = Random(f"{unit}-{year}")  # noqa: S311
    size = size_of(unit)
    is_this_year = year == demo.today.year
    is_brief = not (is_this_year or profile.is_detailed)
    aims = plan_of(unit)
    if not profile.is_detailed:
        aims = {code: aim for code, aim in aims.items() if is_planned(code, profile, is_brief)}
    asked = PARTY_ASKS if profile.party_directions and Day(year, 1, 15) <= demo.today else []
    if profile.has_plan or not is_this_year:
        _plan(demo, unit, year, aims, with_owners=profile.is_detailed and is_this_year)
    for position, (text, more, due) in enumerate(asked if is_this_year else [], start=1):
        _direction(demo, unit, year, position, text, more, Day(year, *due))
        aims |= more
    results = {code: _result(code, aim, size, profile, chance) for code, aim in aims.items()}
    for code in profile.never if is_this_year else ():
        results[code] = None
    blood = results["blood_turns"]
    results |= {
        "blood_units": blood, "sport_disciplines": 2 + chance.randrange(2), "fallen_families": 2,
        "wounded_families": 2, "children_gift_sets": size * 2,
    }  # fmt: skip
    if not profile.is_detailed:
        results = {code: result for code, result in results.items() if code in aims}
    is_sum = is_this_year and any(code in PROFILES for code in BRANCHES_OF.get(unit, ()))
    if is_sum:
        # Its branches record these; the union's figure is theirs together.
        results = {code: result for code, result in results.items() if code not in BRIEF}
    _events(demo, unit, year, results, size, chance, is_brief=is_brief)
    _monthly(demo, unit, year, aims, results, size, chance)
    if Day(year, 12, 18) <= demo.today and not is_sum:
        for code in [code for code in RATED if code in aims]:
            part = size if aims[code] == ALL else math.ceil(size * (0.24 if code == "task_excellent" else 0.82))
            demo.figure(unit, Day(year, 12, 18), Line(code, part, size))


def _plan(demo, unit, year, aims, *, with_owners):
    period, above = demo.year(year), f"Chương trình công tác Đoàn năm {year} của Đoàn cấp trên"
    for place, (code, aim) in enumerate(aims.items()):
        fields = {}
        if code in ASSIGNED:
            fields = {"origin": "superior", "document": above, "assigned": WrittenAim(*aim)}
            if unit in UNDER:
                fields |= {"superior_target": demo.target(ABOVE, period, code), "registered_value": aim.value}
        if with_owners:
            is_members = unit == MEMBER_AT and code in OF_THE_MEMBER
            fields["owner"] = demo.accounts["doanvien"].member if is_members else demo.members[unit][place % 5]
            fields["due_on"] = Day(year, *DUE[code]) if code in DUE else None
        demo.aim(unit, period, code, aim, **fields)


def _direction(demo, unit, year, position, text, aims, due_on):
    body = demo.units[unit].party_body
    answer, answered = "", None
    if not aims and unit != ABOVE:
        answer, answered = PARTY_ANSWER[0], Day(year, *PARTY_ANSWER[1])
    if answered and answered > demo.today:
        answer, answered = "", None
    direction = demo.direction(
        unit, position, text, given_by="party", body_name=body, given_on=Day(year, 1, 15), due_on=due_on,
        document=f"Thông báo số 12-TB/ĐU ngày 15/01/{year}", answer=answer, answered_on=answered,
    )  # fmt: skip
    if aims:
        demo.plan(unit, demo.year(year), aims, origin="direction", direction=direction, due_on=due_on)


def _result(code: str, aim: Aim, size: int, profile: Profile, chance: Random) -> int | None:
    """What the year comes to in the end, in the counting unit of the indicator; members for a share."""
    factor = profile.over.get(code, profile.strength + chance.uniform(-0.12, 0.15))
    if aim == ALL:
        return min(size, round(size * min(1.0, factor + 0.1)))
    if aim.comparator in ("yes", "zero"):
        return 1 if aim.comparator == "yes" else None
    wanted = {"per_month": 12, "per_quarter": 4}.get(aim.comparator, 1) * aim.value
    done = round(wanted * factor)
    if aim.value >= MONEY:
        return round(wanted * factor / MONEY) * MONEY
    if aim.comparator.startswith("per_"):
        return wanted if profile.strength >= 1 and code not in profile.over else min(done, wanted)
    return done


def _events(demo, unit, year, results, size, chance, *, is_brief):
    held = {}
    for *_, codes, _run in EVENTS:
        for code in codes:
            held[code] = 1 if is_brief else held.get(code, 0) + 1
    nth = dict.fromkeys(held, 0)
    for month, day, title, codes, run in EVENTS:
        if not any(code in results for code in codes):
            continue
        parts = {}
        for code in codes:
            nth[code] += 1
            parts[code] = _part(code, results.get(code), nth[code], held[code])
        day = Day(year, month, min(28, max(1, day + chance.randrange(-3, 4))))
        lines = [
            Line(code, part, size if code in demo.shares else None, each=500_000 if code.startswith("gifts") else None)
            for code, part in parts.items()
            if code in results and part != 0 and nth[code] <= held[code]
        ]
        words = title.format(year=year, task=chance.choice(TASKS))
        fields = dict(run)
        if day > demo.today:
            if (day - demo.today).days <= 45:
                demo.act(unit, words, day, area=demo.indicator(codes[0], year).area.code, state="planned", **fields)
        elif lines:
            fields |= {"member_count": chance.randrange(size // 3, size), "proof": "" if is_brief else _proof(chance)}
            if "study_models" in parts:
                lines = [line._replace(note=chance.choice(MODELS)) if line.code == "study_models" else line
                         for line in lines]  # fmt: skip
            demo.act(unit, words, day, *lines, **fields)


def _part(code: str, total: int | None, nth: int, events: int) -> int | None:
    """The nth event's part of the year's result; the later events take what does not divide."""
    if total is None or events == 1 or code in ("software_entered",):
        return total
    step = MONEY if total >= 10 * MONEY else 1
    whole = total // step
    return (whole // events + (nth > events - whole % events)) * step


def _proof(chance: Random) -> str:
    return "Tin, ảnh trên trang của đơn vị" if chance.random() < 0.45 else ""


def _monthly(demo, unit, year, aims, results, size, chance):
    """Meetings and the cleaning of the first Monday: some months go by without."""
    for code, title in (("branch_meetings", "Sinh hoạt chi đoàn tháng {month}/{year}"),
                        ("office_cleaning", "Tổng vệ sinh công sở")):  # fmt: skip
        if code not in results:
            continue
        if code == "branch_meetings" and year == demo.today.year and unit in ROLLS:
            continue  # in the book of meetings: meetings.py
        if BRANCHES_OF.get(unit) and code == "branch_meetings":
            title = "Họp Ban Chấp hành mở rộng tháng {month}/{year}"
        each = aims[code].value
        left_out = set(chance.sample(range(2, 12), 12 - min(12, max(2, results[code] // each))))
        for month in range(1, 13):
            day = first_monday(year, month)
            if code == "branch_meetings":
                day += datetime.timedelta(days=4 + month % 5)
            words = title.format(month=month, year=year)
            if demo.today < day <= demo.today + datetime.timedelta(days=30):
                demo.act(unit, words, day, area=demo.indicator(code, year).area.code, state="planned")
            elif month not in left_out and day <= demo.today:
                present = chance.randrange(math.ceil(size * 0.7), size + 1)
                lines = [Line(code, each)]
                if code == "branch_meetings" and "blood_units" in results:
                    lines += [Line("meeting_attendance", present, size), Line("meeting_size", present)]
                demo.act(unit, words, day, *lines, member_count=present)


def _revise(demo: Demo) -> None:
    """In the middle of the year the branch lowered one of its targets, with the reason it gave."""
    year, on = demo.today.year, Day(demo.today.year, 8, 3)
    target = Target.objects.filter(unit=demo.units["so-tttt"], indicator__code="digital_help_turns").get(
        period=demo.year(year)
    )
    if on <= demo.today:
        revise_target(
            target=target, version=target.version, by=demo.recorder("so-tttt", on), on=on, comparator="ge",
            value=target.value - 6, document="Nghị quyết Ban Chấp hành tháng 8",
            reason="Một khu dân cư đã có tổ công nghệ số cộng đồng phụ trách.",
        )  # fmt: skip


def _loose_ends(demo: Demo) -> None:
    """What waits for somebody today: planned things whose day is over, one called off, figures not known."""
    ago = demo.ago
    demo.act("so-tttt", "Ra quân dọn vệ sinh khu dân cư kết nghĩa", ago(6), area="movement", state="planned")
    demo.act("so-tttt", "Tập huấn kỹ năng an toàn thông tin cho đoàn viên", ago(2), area="companionship",
             state="planned")  # fmt: skip
    demo.act("so-tttt", "Giải cầu lông liên cơ quan", ago(24), area="companionship", state="cancelled",
             cancel_reason="Sân thi đấu phải sửa do mưa bão, ban tổ chức hoãn sang năm sau.")  # fmt: skip
    demo.act("so-tttt", "Biên tập bài thông tin đối ngoại", ago(33), Line("external_articles", None))
    demo.act("cuc-thads", "Nói chuyện pháp luật tại trường trung học phổ thông", ago(4), area="education",
             state="planned", guest_count=120)  # fmt: skip
    demo.act("tt-hanh-chinh-cong", "Hiến máu tình nguyện bổ sung", ago(15), area="movement", state="planned")
