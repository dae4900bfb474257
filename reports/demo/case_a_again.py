"""Case A's unit in the running year: visited again, and one of the shortcomings of 2019 is found once more."""

import datetime

from inspections.models import CasePaper
from inspections.preparing import plan_inspections
from inspections.programming import draft_programme

from .casepapers import send_out
from .caseplay import go_through
from .casework import (
    CONSIDERABLE,
    GOOD_PRACTICE,
    HEAD,
    INSPECT,
    SECRETARY,
    SHORTCOMING,
    SLIGHT,
    Asked,
    Before,
    Found,
    Job,
    Notice,
    Plan,
    Sheet,
    Visit,
    seats,
    topics,
)
from .loading import Demo
from .people import FEMALE

Day = datetime.date
Kind = CasePaper.Kind
UNIT, ABOVE = "cuc-cntt", "bo-tu-phap"
REPORT = (
    "Chi đoàn giữ công cụ tra cứu dùng chung cho mười hai chi đoàn; sinh hoạt có tháng ghép với họp chuyên môn. "
    "Đề nghị Đoàn Bộ hỗ trợ máy chủ cho công cụ."
)


def inspect(demo: Demo) -> None:
    by, ago = demo.accounts["ubkt-botuphap"], demo.ago
    issued_on = ago(230)
    programme = draft_programme(
        by=by, unit=demo.units[ABOVE], year=issued_on.year, number="04-KH/ĐTN-UBKT", issued_on=issued_on,
        in_name_of="committee", title=f"Kế hoạch kiểm tra, giám sát năm {issued_on.year}",
        topics=topics((INSPECT, "Thực hiện kiến nghị sau kiểm tra lần trước"), (INSPECT, "Nền nếp sinh hoạt chi đoàn")),
    )  # fmt: skip
    [case] = plan_inspections(
        by=by, on=issued_on, programme=programme, units=[demo.units[UNIT]],
        title="Kiểm tra nền nếp sinh hoạt và việc thực hiện kiến nghị lần trước", inspection_kind="thematic",
        review_from=ago(320).replace(day=1), review_to=ago(40), visited_on=ago(40), day_part="morning",
        place="Trụ sở Cục Công nghệ thông tin",
        team=seats((by, "Chủ nhiệm Ủy ban Kiểm tra Đoàn Bộ", HEAD),
                   (demo.crowd.name(FEMALE), "Ủy viên Ủy ban Kiểm tra", SECRETARY)),
    )  # fmt: skip
    send_out(Sheet(issued_on, Kind.PROGRAMME, 4), by=by, programme=programme)
    visit = Visit(
        day=ago(40), part="morning", place=case.place, account=REPORT, filed_on=ago(36),
        before=Before(sent_on=ago(58), reported_on=ago(46), report=REPORT, number="14-BC/CĐ", verified_on=ago(43)),
        opinion="Kiến nghị lần trước đã thành nếp ở mảng công nghệ thông tin; sinh hoạt lại thưa.",
        hosts=[(demo.accounts["bithu-cntt"].full_name, "Bí thư Chi đoàn"), ("Toàn thể đoàn viên Chi đoàn", "")],
        findings=[
            Found(GOOD_PRACTICE, "Công cụ tra cứu dùng chung do Chi đoàn đề xuất, mười hai chi đoàn sử dụng."),
            Found(SHORTCOMING, "Sinh hoạt chi đoàn lại ghép với họp chuyên môn, chưa đổi mới.", True,
                  Plan("branch_meetings"), CONSIDERABLE, repeats="Sinh hoạt chi đoàn cần đổi mới"),
            Found(SHORTCOMING, "Chưa phân công người giữ tài khoản của công cụ.", False, None, SLIGHT),
        ],
        asked=[
            Asked("Tách buổi sinh hoạt khỏi họp chuyên môn, mỗi quý một buổi chuyên đề.", of=(2,), due_on=ago(-6),
                  proof="Lịch sinh hoạt, biên bản"),
            Asked("Phân công người giữ tài khoản và người thay thế.", of=(3,), due_on=ago(-4),
                  steps=[(ago(27), "task", "Bàn giao tài khoản công cụ tra cứu",
                          Job("Biên bản bàn giao", ago(15), ago(17), ago(16))),
                         (ago(14), "answer", "Đã phân công hai đồng chí, có biên bản bàn giao.")]),
        ],
    )  # fmt: skip
    notice = Notice(
        day=ago(30), number="21-TB/ĐTN-UBKT",
        opening="Chi đoàn giữ được thế mạnh công nghệ thông tin; nền nếp sinh hoạt cần làm lại.",
        capacity="TM. BAN CHẤP HÀNH", post="BÍ THƯ", name=demo.accounts["bithu-bo-tu-phap"].full_name,
    )  # fmt: skip
    go_through(
        demo, case, visit, notice, by=by,
        sheets=[Sheet(ago(60), Kind.DECISION), Sheet(ago(58), Kind.PLAN), Sheet(ago(58), Kind.OUTLINE)],
    )  # fmt: skip
