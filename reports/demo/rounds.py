"""Two rounds of the office above the branches: last year's, closed with one missing, and a quarter still running."""

import datetime

from branches.models import Period
from reports.drafting import add_own, mark_reviewed, start_report
from reports.freezing import prepare
from reports.material import collect
from reports.models import PeriodReport, ReportRound, RoundUnit
from reports.rounds import close_round, excuse, move_unit_due, open_round, remind
from reports.submitting import approve_report, return_report, submit_report

from .loading import Demo

Day = datetime.date
UNION, OFFICE = "doan-khoi", "doancaptren"
# Unit → days after the first of January on which it handed in; due on the fifteenth.
YEARLY = {
    "cuc-thads": 9, "tt-hanh-chinh-cong": 11, "so-ldtbxh": 12, "vp-ubnd": 13, "so-nn": 14, "so-tnmt": 19,
    "so-tu-phap": 12,
}  # fmt: skip
SENT_BACK = "so-tu-phap"
SHORTCOMINGS = {
    "cuc-thads": "Đoàn viên đi xác minh thi hành án dài ngày nên nhiều buổi sinh hoạt vắng.",
    "so-ldtbxh": "Chưa có phần việc thanh niên nào gắn với công tác bảo trợ xã hội.",
    "so-nn": "Các chi đoàn trực thuộc sinh hoạt chưa cùng lịch nên khó tổ chức hoạt động chung.",
}
QUARTER = {"cuc-thads": "approved", "so-ldtbxh": "approved", "so-nn": "waiting", "so-tnmt": "waiting",
           "vp-ubnd": "returned"}  # fmt: skip


def build(demo: Demo) -> None:
    _last_year(demo)
    _quarter(demo)


def _last_year(demo: Demo) -> None:
    office, year = demo.accounts[OFFICE], demo.today.year
    opened, due = Day(year - 1, 12, 5), Day(year, 1, 15)
    round = _open(demo, Period.of_year(year - 1), opened, due, "Nêu rõ hạn chế, nguyên nhân và số liệu có minh chứng.")
    for code, days in YEARLY.items():
        day = Day(year, 1, 1) + datetime.timedelta(days=days)
        report = _submitted(demo, code, round.period, day, SHORTCOMINGS.get(code, ""))
        decided = day + datetime.timedelta(days=3)
        if code == SENT_BACK:
            return_report(
                report=report, version=report.version, by=office, on=decided,
                reason="Số buổi sinh hoạt không khớp sổ chi đoàn. Đề nghị soát lại mục kết quả rồi nộp lại.",
            )  # fmt: skip
        else:
            approve_report(report=report, version=report.version, by=office, on=decided)
    remind(round=round, by=office, on=Day(year, 1, 20))
    round.refresh_from_db()
    missing = RoundUnit.objects.outstanding().filter(round=round).values_list("unit", flat=True)
    close_round(round=round, version=round.version, by=office, on=Day(year, 2, 28), missing=list(missing))


def _quarter(demo: Demo) -> None:
    """The quarter of six weeks ago; the branches have five days left, one was given less."""
    office, asked = demo.accounts[OFFICE], demo.ago(45)
    opened, due = demo.ago(20), demo.ago(-5)
    round = _open(demo, Period.of_quarter(asked.year, (asked.month + 2) // 3), opened, due, "")
    for code, standing in QUARTER.items():
        report = _submitted(demo, code, round.period, demo.ago(6), "")
        if standing == "approved":
            approve_report(report=report, version=report.version, by=office, on=demo.ago(4))
        elif standing == "returned":
            reason = "Chưa có số liệu đoàn viên tham gia tình nguyện."
            return_report(report=report, version=report.version, by=office, on=demo.ago(3), reason=reason)
    rows = {row.unit.code: row for row in round.rows.select_related("unit", "round")}
    if "bql-kcn" in rows:
        excuse(row=rows["bql-kcn"], version=1, by=office, on=demo.ago(10), reason="Mới chuyển về Khối trong năm")
        round.refresh_from_db()
    move_unit_due(
        row=rows["thanh-tra"], version=round.version, by=office, on=demo.ago(10), due_on=demo.ago(2),
        reason="Phục vụ cuộc kiểm tra của Tỉnh đoàn",
    )  # fmt: skip


def _open(demo: Demo, period: Period, on: Day, due_on: Day, asks: str) -> ReportRound:
    return open_round(
        unit=demo.units[UNION], by=demo.accounts[OFFICE], on=on, kind=period.kind, period=period, due_on=due_on,
        asks=asks,
    )  # fmt: skip


def _submitted(demo: Demo, code: str, period: Period, day: Day, shortcoming: str) -> PeriodReport:
    """The unit's report as of the day, read through and handed in."""
    unit, by = demo.units[code], demo.recorder(code, day)
    report = start_report(
        by=by, unit=unit, period=period, material=collect(unit, period, as_of=day), dated_on=day,
        signer_name=by.get_full_name(), recipients="BCH Đoàn Khối các cơ quan tỉnh (để b/c)\nLưu Chi đoàn",
    )  # fmt: skip
    for section in report.sections.order_by("position", "pk"):
        if section.key == "shortcomings" and shortcoming:
            add_own(section=section, by=by, text=shortcoming)
        mark_reviewed(section=section, by=by, on=day)
    submit_report(report=report, version=report.version, by=by, on=day, prepared=prepare(report, on=day))
    report.refresh_from_db()
    return report
