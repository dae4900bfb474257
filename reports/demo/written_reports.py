"""Reports the branch of case B has written: drafted from the lines, with what only people can write.

The figures come from the drafting; the passages below are the branch's own view of itself.
"""

import datetime

from branches.models import Period
from reports.chapters import chapters_of
from reports.drafting import add_own, mark_reviewed, start_report
from reports.freezing import prepare
from reports.material import collect
from reports.submitting import approve_report, submit_report

from .loading import Demo
from .people import FORMER_SECRETARY, SECRETARY

Day = datetime.date
UNIT, OFFICE = "so-tttt", "doancaptren"
DECIDED_AFTER = 7  # days
RECIPIENTS = (
    "BCH Đoàn Khối các cơ quan tỉnh (để b/c)\nChi bộ Sở (để b/c)\nỦy viên BCH, đoàn viên Chi đoàn\nLưu Chi đoàn"
)

TERM_V = {
    "advantages": ["Chi bộ, lãnh đạo Sở bố trí thời gian và địa điểm cho hoạt động của Chi đoàn.",
                   "Đoàn viên đều có trình độ đại học, dùng thạo công nghệ thông tin."],
    "difficulties": ["Cán bộ Đoàn kiêm nhiệm, việc chuyên môn dồn vào cuối quý."],
    "merits": ["Chi đoàn giữ được nền nếp hiến máu, năm nào cũng vượt kế hoạch.",
               "Mỗi năm có một phần việc thanh niên gắn với trụ sở làm việc."],
    "shortcomings": ["Sinh hoạt chi đoàn chưa đều, phần nhiều chỉ họp khi Đoàn cấp trên giao việc.",
                     "Một số phong trào chưa mạnh.", "Còn đoàn viên thụ động."],
    "causes": ["Cán bộ Đoàn thiếu kỹ năng và thời gian vì kiêm nhiệm.", "Ý thức của một số đoàn viên chưa cao."],
    "lessons": ["Mỗi chỉ tiêu phải có người phụ trách và ghi kết quả ngay khi xong việc."],
    "solutions": ["Ấn định ngày sinh hoạt trong tuần đầu của tháng.",
                  "Giao mỗi ủy viên Ban Chấp hành phụ trách một nhóm chỉ tiêu."],
    "proposals": ["Đề nghị Đoàn Khối mở lớp kỹ năng cho cán bộ Đoàn kiêm nhiệm."],
}  # fmt: skip
YEAR_2019 = TERM_V | {
    "merits": ["Chi đoàn hoàn thành chương trình Mùa đông, Xuân tình nguyện và vượt kế hoạch hiến máu."],
    "lessons": ["Lịch sinh hoạt phải ấn định từ đầu năm."],
}
LAST_YEAR = {
    "advantages": ["Chi bộ giao việc chuyển đổi số cụ thể cho đoàn viên."],
    "shortcomings": ["Sinh hoạt chi đoàn còn bỏ tháng vào mùa cao điểm chuyên môn."],
    "causes": ["Lịch sinh hoạt chưa ấn định từ đầu tháng."],
}


def build(demo: Demo, terms: dict) -> None:
    year = demo.today.year
    _write(demo, terms[UNIT, "Nhiệm kỳ V (2017-2019)"], TERM_V, Day(2020, 1, 3), "01", FORMER_SECRETARY)
    _write(demo, demo.year(2019), YEAR_2019, Day(2020, 1, 6), "02", FORMER_SECRETARY)
    # Last year's is still being written: no number, some chapters not read through.
    _write(demo, demo.year(year - 1), LAST_YEAR, None, "", SECRETARY)


def _write(demo, period: Period, passages: dict[str, list[str]], dated_on: Day | None, number: str, signer: str):
    unit = demo.units[UNIT]
    by = demo.recorder(UNIT, dated_on or demo.today)
    # Sentences and tables of one paper tell the figures of one day: the one it is dated.
    report = start_report(
        by=by, unit=unit, period=period, material=collect(unit, period, as_of=dated_on or demo.today), number=number,
        dated_on=dated_on, signer_name=signer, recipients=RECIPIENTS,
    )  # fmt: skip
    sections = {section.key: section for section in report.sections.order_by("position", "pk")}
    typed = {chapter.key for chapter in chapters_of(report) if chapter.is_typed}
    for key, sentences in passages.items():
        if key in typed:
            for sentence in sentences:
                add_own(section=sections[key], by=by, text=sentence)
    if dated_on:
        for section in sections.values():
            mark_reviewed(section=section, by=by, on=dated_on)
        submit_report(report=report, version=report.version, by=by, on=dated_on, prepared=prepare(report, on=dated_on))
        report.refresh_from_db()
        office, on = demo.accounts[OFFICE], dated_on + datetime.timedelta(days=DECIDED_AFTER)
        approve_report(report=report, version=report.version, by=office, on=on)
