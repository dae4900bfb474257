"""What the branches set out to do in the running years, and how well each of them does what it plans."""

from dataclasses import dataclass, field

from .units import ROLLS
from .vocabulary import ALL, MUST, NONE_AT_ALL, Aim, at_least, between, monthly, quarterly

UNION, KHOI = "Công đoàn cơ quan", "Đoàn Khối các cơ quan tỉnh"
OWN, JOINT, JOINED = {}, {"organiser": "joint", "partner": UNION}, {"organiser": "joined", "partner": KHOI}
# Targets with a day of their own within the year, where the plan is kept in detail.
DUE = {"initiative_members": (10, 31), "software_entered": (11, 30), "youth_tasks": (10, 31), "blood_turns": (9, 30)}
# What the member who signs in answers for.
MEMBER_AT, OF_THE_MEMBER = "so-tttt", ("news_items", "digital_help_turns")
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

    The years before the running one are told in few lines, except for the detailed units; a small unit
    plans only what every unit plans.
    """

    strength: float
    never: tuple[str, ...] = ()
    has_plan: bool = True
    years: int = 2
    is_detailed: bool = False
    is_small: bool = False
    party_directions: bool = False
    over: dict[str, float] = field(default_factory=dict)


PROFILES = {
    "so-tttt": Profile(
        0.9,
        years=4,
        is_detailed=True,
        over={"branch_meetings": 0.72, "initiative_members": 0.5, "blood_turns": 1.25},
    ),
    "cuc-thads": Profile(0.95, years=3, is_detailed=True, party_directions=True, over={"backlog_cleared": 0.8}),
    "tt-hanh-chinh-cong": Profile(0.55, never=("initiative_members", "news_items")),
    "so-ldtbxh": Profile(0.85, over={"initiative_members": 0.0, "branch_meetings": 0.75}),
    "vp-ubnd": Profile(0.9, never=("party_admitted",)),
    "so-nn": Profile(1.0, over={"party_admitted": 0.7}),
    "so-nn-vp": Profile(0.9, years=1, is_small=True),
    "so-nn-thuy-loi": Profile(0.8, years=1, is_small=True),
    "so-nn-khuyen-nong": Profile(1.0, years=1, is_small=True),
    "so-tnmt": Profile(1.05),
    "so-tu-phap": Profile(1.1),
    "thanh-tra": Profile(1.0, has_plan=False),
    "bql-kcn": Profile(0.8),
    "cuc-cntt": Profile(1.0, years=1, is_small=True),
    "det-may": Profile(0.9, years=1, is_small=True),
    "xay-lap": Profile(0.75, years=1, is_small=True),
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


# The superior's own plan: sums over the branches below it, and what its Party committee asked.
ABOVE = "doan-khoi"
UNDER = tuple(code for code in PROFILES if PROFILES[code].years > 1 and code != "bql-kcn")
SUMMED = ("blood_turns", "youth_tasks", "news_items", "initiative_members", "party_admitted")
ABOVE_ASKS = [
    ("Mỗi chi đoàn hướng dẫn người dân kỹ năng số; toàn Khối ít nhất 900 lượt người.",
     {"digital_help_turns": at_least(900)}, (11, 30)),
    ("Sơ kết việc giới thiệu đoàn viên ưu tú cho Đảng, báo cáo Đảng ủy Khối.", {}, (12, 20)),
]  # fmt: skip


def plan_of(unit: str) -> dict[str, Aim]:
    """The unit's year plan; of a đoàn cơ sở what its branches plan together, and each month of each of them."""
    aims = usual_plan(size_of(unit))
    branches = [usual_plan(size_of(code)) for code in BRANCHES_OF.get(unit, ()) if code in PROFILES]
    if branches:
        for code in BRIEF:
            if aims[code].comparator in ("ge", "range") and not code.startswith("task"):
                aims[code] = Aim("ge", sum(plan[code].value for plan in branches))
    return aims


def is_planned(code: str, profile: Profile, is_brief: bool) -> bool:
    return code in BRIEF if is_brief or profile.is_small else code not in DETAIL


def size_of(unit: str) -> int:
    return sum(ROLLS[code][0] for code in BRANCHES_OF.get(unit, (unit,)))
