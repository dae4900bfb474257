"""Minutes of the working session, and the report of the team to the committee."""

import datetime

from branches.formats import day, two_digits
from inspections.models import CasePaper, TeamSeat

from .inspection_frames import Frame
from .inspection_sheet import Sheet, paragraphs
from .inspection_words import (
    ASKED_COLUMNS,
    about_lines,
    asked_rows,
    basis,
    contents,
    findings_of,
    halved,
    listed_off,
    names_of,
    person,
    seated,
    span,
    when,
)
from .layout import DOTS
from .widths import capitals

HOW = "(Ký, ghi rõ họ tên)"


def session(sheet: Sheet, paper: CasePaper, on: datetime.date) -> Frame:
    case = paper.inspection
    names = names_of(case, on)
    team = list(case.team.order_by("position", "pk"))
    hosts = list(case.hosts.order_by("position", "pk"))
    topics = list(case.topics.order_by("position", "pk"))
    sheet.chapter("Thời gian, địa điểm, thành phần")
    place = case.place.rstrip(" .") or DOTS * 4
    sheet.passage(
        "when", "Thời gian, địa điểm",
        [f"1. Thời gian, địa điểm: bắt đầu lúc {DOTS} giờ {DOTS} phút, {when(case)}, tại {place}."],
        hint="Ghi giờ bắt đầu.",
    )  # fmt: skip
    sheet.add("p", f"2. {names.team}:")
    sheet.listed(listed_off([seated(one) for one in team]))
    sheet.add("p", f"3. {names.unit}:")
    sheet.listed(listed_off([person(one.name, one.post_text) for one in hosts]))
    sheet.chapter("Nội dung")
    sheet.section("Mục đích, nội dung làm việc")
    sheet.passage(
        "aim", "Mục đích, nội dung làm việc",
        [f"- {line}." for line in contents(case, topics)] + [f"Thời gian xem xét: {span(case)}."],
    )  # fmt: skip
    sheet.section("Đơn vị báo cáo")
    sheet.passage("account", "Đơn vị báo cáo", paragraphs(case.unit_account))
    answered = [topic for topic in topics if topic.answer]
    if answered:
        sheet.section("Trao đổi, làm rõ")
        for topic in answered:
            first, *rest = paragraphs(topic.answer)
            sheet.add("p", first, label=f"- {topic.text.rstrip(' .:')}:")
            for line in rest:
                sheet.add("p", line)
    sheet.section("Ý kiến của cấp ủy")
    sheet.passage("party", "Ý kiến của cấp ủy", paragraphs(case.party_remark))
    sheet.section(f"{names.team} nhận xét bước đầu")
    found = findings_of(case)
    drafted = [line for kind in ("merits", "weak", "violations") for line in found[kind]]
    sheet.passage("remark", "Nhận xét bước đầu", drafted, hint="Soạn từ nhận định đã ghi; sửa theo lời đã nói.")
    sheet.section(f"Ý kiến của {names.unit}")
    sheet.passage("reply", "Ý kiến của đơn vị", [], hint="Đơn vị nhất trí hay có ý kiến khác.")
    sheet.last(
        "end", "Kết thúc",
        [f"Buổi làm việc kết thúc lúc {DOTS} giờ {DOTS} phút cùng ngày. Biên bản lập thành 02 bản, đã đọc lại cho mọi "
         "người cùng nghe và thống nhất, mỗi bên giữ 01 bản."],
    )  # fmt: skip
    head = next((one.name for one in team if one.role == TeamSeat.Role.HEAD), "")
    writer = next((one.name for one in team if one.role == TeamSeat.Role.SECRETARY), "")
    host = next(
        (one.name for post in ("bí thư", "phó bí thư") for one in hosts if one.post_text.lower().startswith(post)), ""
    )
    return Frame(
        word="Biên bản",
        abstract=("Làm việc giữa " + names.team, *halved(f"và {names.unit}")),
        signers=(
            ((capitals("Người ghi biên bản"),), HOW, writer),
            ((capitals("Đại diện đơn vị"),), HOW, host),
            ((capitals("Trưởng đoàn"),), HOW, head),
        ),
    )


def team_report(sheet: Sheet, paper: CasePaper, on: datetime.date) -> Frame:
    case = paper.inspection
    names = names_of(case, on)
    team = list(case.team.order_by("position", "pk"))
    topics = list(case.topics.order_by("position", "pk"))
    steps = {move.to_state: move.moved_on for move in case.moves.order_by("pk")}
    found = findings_of(case)
    asked = list(case.recommendations.order_by("number", "pk"))
    sheet.passage("basis", "Căn cứ", [basis(case, names, team=team)])
    sheet.passage("opening", "Câu dẫn", [f"{names.team} báo cáo {names.body} kết quả như sau:"], leads=True)
    sheet.chapter("Nội dung, quá trình thực hiện")
    sheet.section("Nội dung, phạm vi")
    sheet.passage("topics", "Nội dung, phạm vi", [f"- {line}." for line in contents(case, topics)]
                  + [f"Thời gian xem xét: {span(case)}."])  # fmt: skip
    sheet.section("Quá trình thực hiện")
    sheet.passage("course", "Quá trình thực hiện", _course(case, names, steps))
    sheet.chapter("Kết quả")
    headings = [("merits", "Ưu điểm"), ("weak", "Hạn chế")]
    headings += [("violations", "Vi phạm")] if found["violations"] else []
    for key, title in headings:
        sheet.section(title)
        sheet.passage(key, title, found[key])
    sheet.chapter(f"Đánh giá của {names.team}")
    sheet.passage("opinion", "Đánh giá", paragraphs(case.team_opinion))
    sheet.chapter("Đề xuất, kiến nghị")
    if asked:
        many = two_digits(len(asked))
        proposed = f"{names.team} đề xuất {names.body} yêu cầu {names.unit}"
        sheet.add("lead", f"{proposed} thực hiện {many} kiến nghị tại Bảng 1.")
        sheet.table("Kiến nghị đề xuất", ASKED_COLUMNS, asked_rows(asked))
    sheet.last(
        "end", "Câu kết", [f"Kính trình {names.body} xem xét, kết luận." if names.is_committee
                           else f"{names.team} báo cáo {names.body} xem xét, thông báo kết luận."],
    )  # fmt: skip
    return Frame(
        word="Báo cáo",
        abstract=about_lines(case, "Kết quả", names.unit),
        addressee=(names.body,),
        recipients=("Như trên", *((f"{names.committee} (để b/c)",) if names.is_committee else ()), "Lưu hồ sơ"),
    )


def _course(case, names, steps: dict) -> list[str]:
    """The days of what was really done."""
    states = type(case).State
    said = [
        (states.PLAN_SENT, f"gửi kế hoạch, đề cương cho {names.unit}"),
        (states.SELF_REPORTED, f"nhận báo cáo của {names.unit}"),
        (states.VERIFYING, "bắt đầu thẩm tra, xác minh"),
    ]
    lines = [f"- Ngày {day(steps[state])}: {what}." for state, what in said if state in steps]
    if case.visited_on:
        lines.append(f"- Ngày {day(case.visited_on)}: làm việc tại đơn vị.")
    return lines
