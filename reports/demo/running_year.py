"""The last three years of every branch, up to the day of loading, so that the pages are alive today.

A unit's year is a plan and what the year comes to in the end; the events below spread that result over
the year, and what lies after the day of loading has not happened yet. Chance is seeded by unit and year.
"""

import datetime
import math
from dataclasses import dataclass, field
from random import Random

from branches.models import Target
from branches.planning import revise_target

from .case_b import first_monday
from .loading import Demo
from .units import ROLLS
from .vocabulary import ALL, MUST, NONE_AT_ALL, Aim, Line, at_least, between, monthly, quarterly

Day = datetime.date
UNION, KHOI = "Công đoàn cơ quan", "Đoàn Khối các cơ quan tỉnh"
OWN, JOINT, JOINED = {}, {"organiser": "joint", "partner": UNION}, {"organiser": "joined", "partner": KHOI}
# Targets with a day of their own within the year, where the plan is kept in detail.
DUE = {"initiative_members": (10, 31), "software_entered": (11, 30), "youth_tasks": (10, 31), "blood_turns": (9, 30)}
ASSIGNED = ("hcm_study_registered", "blood_turns", "youth_tasks", "software_entered", "party_admitted")
MONEY = 100_000
TASKS = (
    "hướng dẫn nộp hồ sơ trực tuyến tại bộ phận một cửa", "số hóa hồ sơ lưu trữ", "sơn lại hàng rào trụ sở",
    "lắp tủ sách dùng chung", "làm bảng chỉ dẫn phòng làm việc", "dọn kho, phân loại tài liệu",
)  # fmt: skip
MODELS = ("Mỗi ngày một việc tốt", "Giải quyết hồ sơ trước hạn", "Ngày thứ Sáu không giấy tờ", "Nụ cười công sở")


@dataclass
class Profile:
    """How a unit works: 1.0 does what it plans. `never` lists what it has no figures for.

    The years before the running one are told in few lines, except for the detailed units.
    """

    strength: float
    never: tuple[str, ...] = ()
    has_plan: bool = True
    years: int = 2
    is_detailed: bool = False
    party_directions: bool = False
    over: dict[str, float] = field(default_factory=dict)


PROFILES = {
    "so-tttt": Profile(0.9, years=4, is_detailed=True, over={"branch_meetings": 0.72, "initiative_members": 0.5, "blood_turns": 1.25}),
    "cuc-thads": Profile(0.95, years=3, is_detailed=True, party_directions=True, over={"backlog_cleared": 0.8}),
    "tt-hanh-chinh-cong": Profile(0.55, never=("initiative_members", "news_items")),
    "so-ldtbxh": Profile(0.85, over={"initiative_members": 0.0, "branch_meetings": 0.75}),
    "vp-ubnd": Profile(0.9, never=("party_admitted",)),
    "so-nn": Profile(1.0, over={"party_admitted": 0.7}),
    "so-nn-vp": Profile(0.9, years=1),
    "so-nn-thuy-loi": Profile(0.8, years=1),
    "so-nn-khuyen-nong": Profile(1.0, years=1),
    "so-tnmt": Profile(1.05),
    "so-tu-phap": Profile(1.1),
    "thanh-tra": Profile(1.0, has_plan=False),
    "bql-kcn": Profile(0.8),
    "cuc-cntt": Profile(1.0, years=1),
    "det-may": Profile(0.9, years=1),
    "xay-lap": Profile(0.75, years=1),
}
BRANCHES_OF = {
    "so-nn": ("so-nn-vp", "so-nn-thuy-loi", "so-nn-khuyen-nong"),
    "det-may": ("det-may-soi", "det-may-may"),
    "xay-lap": ("xay-lap-vp", "xay-lap-cong-truong"),
}  # fmt: skip

# month, day, title, what it adds to, who ran it
EVENTS = [
    (1, 12, "Ban hành kế hoạch công tác năm {year}", ["plan_issued"], OWN),
    (1, 20, "Xuân tình nguyện {year}: tặng quà Tết hộ nghèo", ["gifts_poor_households", "fund_donations"], OWN),
    (2, 11, "Đăng ký học tập và làm theo gương Bác năm {year}", ["hcm_study_registered", "study_models"], OWN),
    (3, 12, "Học tập, quán triệt nghị quyết, chỉ thị", ["resolution_briefed"], OWN),
    (3, 19, "Gửi cấp ủy báo cáo công tác Đoàn quý I", ["party_reports"], OWN),
    (3, 24, "Đăng tin, bài Tháng Thanh niên", ["news_items"], OWN),
    (3, 26, "Hội thao chào mừng Ngày thành lập Đoàn 26/3", ["sport_tournaments", "sport_disciplines"], JOINED),
    (4, 7, "Ngày toàn dân hiến máu tình nguyện", ["blood_turns", "blood_units"], JOINED),
    (5, 16, "Phần việc thanh niên: {task}", ["youth_tasks"], OWN),
    (5, 19, "Lễ kết nạp đảng viên là đoàn viên ưu tú", ["party_admitted"], OWN),
    (5, 29, "Tặng quà con cán bộ, công chức ngày 1/6", ["children_gift_money", "children_gift_sets"], JOINT),
    (6, 18, "Gửi cấp ủy báo cáo công tác Đoàn quý II", ["party_reports"], OWN),
    (6, 24, "Đăng tin, bài về hoạt động quý II", ["news_items"], OWN),
    (7, 11, "Hè tình nguyện {year}: hướng dẫn dịch vụ công trực tuyến", ["digital_help_turns"], OWN),
    (7, 24, "Thăm gia đình chính sách nhân ngày 27/7", ["fallen_families", "wounded_families"], OWN),
    (8, 14, "Hiến máu tình nguyện đợt hè", ["blood_turns", "blood_units"], JOINED),
    (9, 6, "Tổ hỗ trợ Bình dân học vụ số tại khu dân cư", ["digital_help_turns"], OWN),
    (9, 17, "Gửi cấp ủy báo cáo công tác Đoàn quý III", ["party_reports"], OWN),
    (9, 22, "Tết Trung thu cho con cán bộ, công chức", ["children_gift_money", "children_gift_sets"], JOINT),
    (10, 3, "Ủng hộ quỹ Vì người nghèo", ["fund_donations"], OWN),
    (10, 8, "Đăng tin, bài về hoạt động hè", ["news_items"], OWN),
    (10, 15, "Xét công nhận sáng kiến cấp cơ sở", ["initiative_members"], OWN),
    (10, 24, "Phần việc thanh niên: {task}", ["youth_tasks"], OWN),
    (11, 6, "Lễ kết nạp đảng viên là đoàn viên ưu tú", ["party_admitted"], OWN),
    (11, 12, "Rà soát dữ liệu trên phần mềm quản lý đoàn viên", ["software_entered"], OWN),
    (12, 8, "Gửi cấp ủy báo cáo công tác Đoàn năm {year}", ["party_reports"], OWN),
    (12, 15, "Đăng tin, bài tổng kết năm", ["news_items"], OWN),
    # Only where a plan names them
    (4, 18, "Nói chuyện pháp luật tại trụ sở", ["law_talks", "law_talk_turns"], OWN),
    (6, 27, "Tổ đoàn viên giải quyết việc tồn đọng", ["backlog_cleared"], OWN),
    (8, 22, "Nói chuyện pháp luật cho học sinh", ["law_talks", "law_talk_turns"], OWN),
    (10, 29, "Tổ đoàn viên giải quyết việc tồn đọng", ["backlog_cleared"], OWN),
    (9, 28, "Công trình thanh niên: số hóa hồ sơ thi hành án", ["youth_projects"], OWN),
]  # fmt: skip
# What only the detailed units plan, and what the short years before keep of a plan.
DETAIL = ("office_cleaning", "fund_donations", "gifts_poor_households", "children_gift_money", "rated_excellent")
BRIEF = (
    "hcm_study_registered", "news_items", "blood_turns", "youth_tasks", "initiative_members", "digital_help_turns",
    "branch_meetings", "task_completed", "task_excellent", "party_admitted",
)  # fmt: skip
RATED = ("task_completed", "task_excellent", "rated_fair", "rated_excellent")


def usual_plan(size: int) -> dict[str, Aim]:
    """The year plan of a branch of so many members."""
    return {
        "hcm_study_registered": ALL,
        "study_models": at_least(1),
        "resolution_briefed": ALL,
        "news_items": at_least(12),
        "blood_turns": at_least(max(3, round(size / 3))),
        "youth_tasks": at_least(2),
        "initiative_members": at_least(max(1, size // 7)),
        "fund_donations": at_least(size * 4 * MONEY),
        "gifts_poor_households": at_least(max(2, size // 8)),
        "digital_help_turns": at_least(size * 4),
        "office_cleaning": monthly(1),
        "sport_tournaments": at_least(1),
        "children_gift_money": at_least(size * 7 * MONEY),
        "branch_meetings": monthly(1),
        "software_entered": ALL,
        "task_completed": ALL,
        "task_excellent": at_least(20),
        "rated_fair": ALL,
        "rated_excellent": at_least(80),
        "violations": NONE_AT_ALL,
        "party_admitted": between(1, 2) if size < 25 else at_least(max(2, size // 12)),
        "plan_issued": MUST,
        "party_reports": quarterly(1),
    }


# What the Party committee of the office asked of this year, beside the usual plan.
PARTY_ASKS = [
    ("Mỗi quý ít nhất một buổi tuyên truyền pháp luật, có số lượt người dự.",
     {"law_talks": at_least(4), "law_talk_turns": at_least(160)}, (12, 15)),
    ("Nhận 80 việc tồn đọng giao cho tổ đoàn viên giải quyết trong năm.", {"backlog_cleared": at_least(80)}, (10, 31)),
    ("Số hóa 200 hồ sơ lưu trữ làm công trình thanh niên.", {"youth_projects": at_least(1)}, (9, 30)),
    ("Mời đại diện Đảng ủy dự ít nhất một buổi sinh hoạt mỗi quý.", {}, (12, 31)),
]  # fmt: skip
PARTY_ANSWER = ("Đã mời đại diện Đảng ủy dự sinh hoạt các quý; có ghi trong biên bản.", (6, 30))


def build(demo: Demo) -> None:
    for unit, profile in PROFILES.items():
        for year in range(demo.today.year - profile.years + 1, demo.today.year + 1):
            _year_of(demo, unit, profile, year)
    _revise(demo)
    _loose_ends(demo)


def _size(unit: str) -> int:
    return sum(ROLLS[code][0] for code in BRANCHES_OF.get(unit, (unit,)))


def _year_of(demo: Demo, unit: str, profile: Profile, year: int) -> None:
    chance = Random(f"{unit}-{year}")  # noqa: S311
    size = _size(unit)
    is_this_year = year == demo.today.year
    is_brief = not (is_this_year or profile.is_detailed)
    aims = usual_plan(size)
    if not profile.is_detailed:
        aims = {code: aim for code, aim in aims.items() if (code in BRIEF if is_brief else code not in DETAIL)}
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
        results = {code: result for code, result in results.items() if code in aims or code == "blood_units"}
    _events(demo, unit, year, results, size, chance, is_brief=is_brief)
    if is_brief:
        _quarterly(demo, unit, year, results["branch_meetings"])
    else:
        _monthly(demo, unit, year, results, size, chance)
    if Day(year, 12, 18) <= demo.today:
        for code in [code for code in RATED if code in aims]:
            part = size if aims[code] == ALL else math.ceil(size * (0.24 if code == "task_excellent" else 0.82))
            demo.figure(unit, Day(year, 12, 18), Line(code, part, size))


def _plan(demo, unit, year, aims, *, with_owners):
    period, above = demo.year(year), f"Chương trình công tác Đoàn năm {year} của Đoàn cấp trên"
    for place, (code, aim) in enumerate(aims.items()):
        fields = {"origin": "superior", "document": above, "assigned_value": aim.value} if code in ASSIGNED else {}
        if with_owners:
            fields["owner"] = demo.members[unit][place % 5]
            fields["due_on"] = Day(year, *DUE[code]) if code in DUE else None
        demo.aim(unit, period, code, aim, **fields)


def _direction(demo, unit, year, position, text, aims, due_on):
    body = demo.units[unit].party_body
    answer, answered = ("", None) if aims else (PARTY_ANSWER[0], Day(year, *PARTY_ANSWER[1]))
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
    return min(done, wanted) if aim.comparator.startswith("per_") else done


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


def _quarterly(demo, unit, year, meetings):
    """The meetings of a short year, a quarter at a time."""
    for quarter in range(4):
        count = meetings // 4 + (quarter < meetings % 4)
        if count:
            last_on = Day(year, 3 * quarter + 3, 24)
            demo.act(unit, f"Sinh hoạt chi đoàn quý {('I', 'II', 'III', 'IV')[quarter]}/{year}",
                     last_on.replace(month=3 * quarter + 1), Line("branch_meetings", count), last_on=last_on)  # fmt: skip


def _monthly(demo, unit, year, results, size, chance):
    """Meetings and the cleaning of the first Monday: some months go by without."""
    for code, title in (("branch_meetings", "Sinh hoạt chi đoàn tháng {month}/{year}"),
                        ("office_cleaning", "Tổng vệ sinh công sở")):  # fmt: skip
        if code not in results:
            continue
        if BRANCHES_OF.get(unit) and code == "branch_meetings":
            title = "Họp Ban Chấp hành mở rộng tháng {month}/{year}"
        left_out = set(chance.sample(range(2, 12), 12 - min(12, max(2, results[code]))))
        for month in range(1, 13):
            day = first_monday(year, month)
            if code == "branch_meetings":
                day += datetime.timedelta(days=4 + month % 5)
            words = title.format(month=month, year=year)
            if demo.today < day <= demo.today + datetime.timedelta(days=30):
                demo.act(unit, words, day, area=demo.indicator(code, year).area.code, state="planned")
            elif month not in left_out and day <= demo.today:
                present = chance.randrange(math.ceil(size * 0.7), size + 1)
                lines = [Line(code, 1)]
                if code == "branch_meetings":
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
    ago = lambda days: demo.today - datetime.timedelta(days=days)  # noqa: E731
    demo.act("so-tttt", "Ra quân dọn vệ sinh khu dân cư kết nghĩa", ago(6), area="movement", state="planned")
    demo.act("so-tttt", "Tập huấn kỹ năng an toàn thông tin cho đoàn viên", ago(2), area="companionship",
             state="planned")  # fmt: skip
    demo.act("so-tttt", "Giải cầu lông liên cơ quan", ago(24), area="companionship", state="cancelled",
             cancel_reason="Sân thi đấu phải sửa do mưa bão, ban tổ chức hoãn sang năm sau.")  # fmt: skip
    demo.act("so-tttt", "Biên tập bài thông tin đối ngoại", ago(33), Line("external_articles", None))
    demo.act("cuc-thads", "Nói chuyện pháp luật tại trường trung học phổ thông", ago(4), area="education",
             state="planned", guest_count=120)  # fmt: skip
    demo.act("tt-hanh-chinh-cong", "Hiến máu tình nguyện bổ sung", ago(15), area="movement", state="planned")
