"""The way to the Party, awards and one disciplinary case that was let be.

Case D's two companies with the persons behind their 19 and 7 introductions; case B's branch with the awards of its
term, those of the last years in a row, and people at every step today.
"""

import datetime

from branches.awarding import give_awards
from branches.disciplining import decide_case, dismiss_case, lift_case, open_case, open_unit_case, review_case
from branches.models import Member
from branches.party_way.remarks import write_remark
from branches.party_way.steps import record_step

from .case_d import RESULTS
from .loading import Demo

Day = datetime.date
BRANCH = "so-tttt"
BRANCHES_OF = {"det-may": ("det-may-soi", "det-may-may"), "xay-lap": ("xay-lap-cong-truong", "xay-lap-vp")}
OLD_ENOUGH = datetime.timedelta(days=19 * 366)
# Days before the day of loading on which each of these took each step; the last one is due for a remark.
ON_THE_WAY = (
    {"outstanding": 320},
    {"outstanding": 680, "class_proposed": 600, "class_done": 540},
    {"outstanding": 1050, "class_done": 930, "prospect": 700, "introduced": 150},
    {"outstanding": 1300, "class_done": 1180, "prospect": 1000, "introduced": 520, "admitted": 300},
)
REMARKED = {1: 60, 2: 100, 3: 250}
DOCUMENTS = {
    "outstanding": "Thông báo 15-TB/ĐK", "class_proposed": "Nghị quyết 03-NQ/CĐ", "class_done": "GCN 0{}/TTCT",
    "prospect": "Nghị quyết chi bộ 1{}-NQ/CB", "introduced": "0{}-NQ/CĐ", "admitted": "11{}-QĐ/ĐU",
}  # fmt: skip
MERITS = (
    "Nắm chắc chuyên môn, hoàn thành việc chi đoàn giao, tham gia đủ các buổi sinh hoạt và hoạt động tình nguyện. "
    "Đã học xong chương trình bồi dưỡng, chủ động báo cáo với người giúp đỡ."
)
SHORTCOMINGS = "Còn ít phát biểu trong sinh hoạt; cần mạnh dạn hơn khi góp ý."
# kind, title, given by, number, day, year of merit
TERM_AWARDS = (
    ("prize", "Giải Ba đôi nam nữ, giải cầu lông chào mừng 26/3", "Đoàn Khối các cơ quan tỉnh", "",
     Day(2018, 3, 26), 2018),
    ("certificate", "Hoàn thành xuất sắc công tác Đoàn năm 2018", "Đoàn Khối các cơ quan tỉnh", "31-QĐ/ĐK",
     Day(2018, 12, 28), 2018),
)  # fmt: skip


def build(demo: Demo) -> None:
    for union, (introductions, _) in RESULTS.items():
        _introduce(demo, BRANCHES_OF[union], introductions)
    _walk(demo)
    _award(demo)
    _let_be(demo)
    _reprimand_a_unit(demo)


def _introduce(demo: Demo, branches, introductions) -> None:
    """Each introduction is of somebody else, of the branches in turn."""
    taken: set[int] = set()
    for day, count in introductions:
        for number in range(count):
            code = branches[number % len(branches)]
            member = next(one for one in _free(demo, code, day) if one.pk not in taken)
            taken.add(member.pk)
            record_step(
                member=member, kind="introduced", dated_on=day, vote=_vote(demo, code, day),
                by=demo.recorder(code, day), on=demo.today,
            )  # fmt: skip


def _walk(demo: Demo) -> None:
    by = demo.recorder(BRANCH, demo.today)
    taken: set[int] = set()
    for number, steps in sorted(enumerate(ON_THE_WAY), key=lambda one: -max(one[1].values())):
        here = _free(demo, BRANCH, demo.ago(max(steps.values())))
        here = [one for one in here if one.is_active and one.pk not in taken]
        if not here:
            continue
        member = here[0]
        taken.add(member.pk)
        for kind, ago in steps.items():
            day = demo.ago(ago)
            voted = {"vote": _vote(demo, BRANCH, day)} if kind in ("outstanding", "introduced") else {}
            helpers = {"helpers": "Hai đảng viên chính thức của chi bộ"} if kind == "prospect" else {}
            record_step(
                member=member, kind=kind, dated_on=day, document=DOCUMENTS[kind].format(number), by=by, on=demo.today,
                **voted, **helpers,
            )  # fmt: skip
        if number in REMARKED:
            day = demo.ago(REMARKED[number])
            write_remark(
                member=member, dated_on=day, merits=MERITS, shortcomings=SHORTCOMINGS, by=by, on=demo.today,
                sent_on=day + datetime.timedelta(days=5),
            )  # fmt: skip


def _award(demo: Demo) -> None:
    unit, by = demo.units[BRANCH], demo.recorder(BRANCH, demo.today)
    names = ("kind", "title", "given_by", "number", "dated_on", "year")
    for row in TERM_AWARDS:
        give_awards(unit=unit, members=[], to_unit=True, by=by, on=demo.today, **dict(zip(names, row, strict=True)))
    for year in range(demo.today.year - 3, demo.today.year):
        day = Day(year, 12, 26)
        said = {"given_by": "Đoàn Khối các cơ quan tỉnh", "dated_on": day, "year": year, "by": by, "on": demo.today}
        give_awards(
            unit=unit, members=_active(unit)[:2], to_unit=True, kind="certificate",
            title=f"Hoàn thành xuất sắc công tác Đoàn năm {year}", number=f"{year % 100 + 20}-QĐ/ĐK", **said,
        )  # fmt: skip


def _let_be(demo: Demo) -> None:
    """One case was looked at and let be: nothing came of it."""
    unit, by = "vp-ubnd", demo.recorder("vp-ubnd", demo.ago(200))
    case = open_case(
        member=_active(demo.units[unit])[-1], opened_on=demo.ago(200), by=by, on=demo.today,
        facts="Vắng sinh hoạt ba tháng liền, chi đoàn chưa rõ lý do.",
    )  # fmt: skip
    note = "Đoàn viên đi công tác dài ngày, có xác nhận của cơ quan."
    dismiss_case(case=case, ended_on=demo.ago(185), note=note, by=by, on=demo.today)


def _reprimand_a_unit(demo: Demo) -> None:
    """The superior reprimanded a branch that did not meet for half a year, and recognised that it mended its ways."""
    by, last = demo.accounts["doancaptren"], demo.today.year - 1
    opened, voted, decided, ended = (Day(last, month, 12) for month in (7, 8, 8, 12))
    case = open_unit_case(
        unit=demo.units["vp-ubnd"], opened_on=opened, by=by, on=demo.today,
        facts="Từ tháng 01 đến tháng 6 không sinh hoạt, không trích nộp đoàn phí, đã nhắc hai lần bằng văn bản.",
    )  # fmt: skip
    vote = {"voted_on": voted, "is_secret": True, "entitled": 15, "present": 13, "issued": 13, "returned": 13,
            "votes_for": 12, "votes_against": 1}  # fmt: skip
    case = review_case(case=case, proposed="reprimand", by=by, on=demo.today, vote=vote)
    case = decide_case(
        case=case, measure="reprimand", decision="28-QĐ/ĐTN", decided_on=decided, by=by, on=demo.today
    )  # fmt: skip
    note = "Đã sinh hoạt đều từ tháng 9, nộp đủ đoàn phí."
    lift_case(case=case, ended_on=ended, note=note, by=by, on=demo.today)


def _active(unit) -> list[Member]:
    """The roll as it stands now, after those who came and went."""
    return list(
        Member.objects.filter(home=unit, is_active=True, merged_into=None).select_related("home").order_by("pk")
    )


def _free(demo: Demo, code: str, day: Day) -> list[Member]:
    """Who was on the roll, was old enough, is no Party member by the register, and is a record of this branch still."""
    rows = Member.objects.filter(pk__in=[one.pk for one in demo.members_on(code, day)], home=demo.units[code])
    rows = rows.filter(merged_into=None, anonymised_on=None, birth_date__lt=day - OLD_ENOUGH)
    return list(rows.exclude(sensitive__joined_party_on__isnull=False).order_by("pk"))


def _vote(demo: Demo, code: str, day: Day) -> dict:
    """Nearly everybody there, one against."""
    entitled = len(demo.members_on(code, day))
    present = entitled - 1
    return {"voted_on": day, "entitled": entitled, "present": present, "votes_for": present - 1, "votes_against": 1}
