"""Papers after the notice: the reminder, the unit's remediation report, the note that closes the case."""

import datetime

from branches.formats import day, two_digits
from inspections.models import CasePaper, Recommendation
from inspections.paper_books import name_of

from .inspection_frames import Frame
from .inspection_sheet import Sheet, lowered, paragraphs
from .inspection_words import MOST_ISSUED, NO_DAY, about_lines, due_words, names_of, notice_of, standing
from .phrases import capital

State = Recommendation.State
SAID = {
    State.OPEN: "Chưa báo", State.ANSWERED: "Đã báo, chờ kiểm tra", State.SENT_BACK: "Chưa đạt, làm tiếp",
    State.TO_VISIT: "Chờ kiểm tra tại chỗ", State.CLOSED: "Đã kiểm tra, đạt", State.WITHDRAWN: "Rút kiến nghị",
    State.ACCEPTED: "Chấp nhận chưa thực hiện",
}  # fmt: skip


def _after(case) -> str:
    return f"sau {case.purpose_words.replace(', ', ' và ')}"


def reminder(sheet: Sheet, paper: CasePaper, on: datetime.date) -> Frame:
    case = paper.inspection
    names = names_of(case, on)
    rows = list(case.recommendations.order_by("number", "pk"))
    chosen = set(paper.about.values_list("pk", flat=True)) if paper.pk else set()
    told = [row for row in rows if (row.pk in chosen if chosen else not row.is_ended)]
    sheet.passage(
        "state", "Tình hình",
        [f"{capital(names.body)} đã ban hành {notice_of(case)} {_after(case)} tại {names.unit} với "
         f"{two_digits(len(rows))} kiến nghị.",
         f"Đến ngày {day(on)}, {standing(rows, on)}."],
    )  # fmt: skip
    if told:
        many = two_digits(len(told))
        sheet.add("lead", f"{capital(names.body)} đề nghị {names.unit} thực hiện {many} kiến nghị tại Bảng 1.")
        columns = (("TT", 8, "c"), ("Kiến nghị", 0, ""), ("Người, đơn vị thực hiện", 28, ""), ("Thời hạn", 23, "c"),
                   ("Quá hạn", 18, "c"), ("Tình trạng", 30, ""))  # fmt: skip
        caption = f"Kiến nghị đề nghị thực hiện, tính đến ngày {day(on)}"
        sheet.table(caption, columns, [_reminded(row, on) for row in told])
    sheet.last(
        "ask", "Đề nghị",
        [f"Đề nghị {names.unit} báo cáo kết quả từng kiến nghị kèm minh chứng về {names.committee} trước ngày "
         f"{NO_DAY}; kiến nghị chưa thực hiện được thì nêu rõ lý do và thời hạn đề nghị gia hạn."],
        hint="Ghi ngày phải báo cáo.",
    )  # fmt: skip
    return Frame(
        word="Công văn",
        abstract=(),
        about=f"V/v đôn đốc thực hiện kiến nghị {_after(case)}",
        addressee=(names.unit,),
        recipients=("Như trên", *((f"{case.unit.party_body} (để p/h)",) if case.unit.party_body else ()), "Lưu UBKT"),
    )


def _reminded(row: Recommendation, on: datetime.date) -> tuple:
    due = day(row.due_on) if row.due_on else "Không đặt hạn"
    days = row.days_late(on)
    return (row.number, " ".join(row.text.split()), row.owner, due, f"{days} ngày" if days else "-", SAID[row.state])


def _ended(row: Recommendation) -> tuple:
    """What became of a recommendation; a moved date beside the one of the notice."""
    moved = day(row.due_on) if row.due_on and row.due_on != row.original_due_on else "-"
    said = SAID[row.state]
    if row.state == State.ACCEPTED:
        said = f"{said} đến {day(row.accepted_until)}: {row.accepted_reason}"
    elif row.state == State.WITHDRAWN and row.withdrawn_reason:
        said = f"{said}: {row.withdrawn_reason}"
    return (row.number, " ".join(row.text.split()), due_words(row), moved, said, day(row.ended_on) or "-")


def remediation(sheet: Sheet, paper: CasePaper, on: datetime.date) -> Frame:
    """The unit's own report. Its words are the answers the unit gave; what it did not say is dotted."""
    case = paper.inspection
    names = names_of(case, on)
    rows = list(
        case.recommendations.exclude(state=State.WITHDRAWN)
        .prefetch_related("answers__activities").order_by("number", "pk")
    )  # fmt: skip
    sheet.passage(
        "basis", "Căn cứ",
        [f"Thực hiện {notice_of(case)} của {names.body}, {names.unit} báo cáo kết quả thực hiện "
         f"{two_digits(len(rows))} kiến nghị như sau:"], leads=True,
    )  # fmt: skip
    sheet.chapter("Tình hình triển khai")
    sheet.passage("course", "Tình hình triển khai", [], hint="Đã phổ biến, phân công thế nào.")
    sheet.chapter("Kết quả thực hiện từng kiến nghị")
    for place, row in enumerate(rows, 1):
        sheet.section(" ".join(row.text.split()).rstrip(" ."))
        sheet.passage(f"row{row.pk}", f"Kiến nghị {place}", _answered(row))
    sheet.chapter("Khó khăn, đề xuất")
    sheet.passage("wishes", "Khó khăn, đề xuất", [])
    answered = sum(1 for row in rows if row.answers.all())
    what = f"kết quả thực hiện {answered}/{len(rows)} kiến nghị" if answered else "tình hình thực hiện kiến nghị"
    sheet.last("end", "Câu kết", [f"Trên đây là {what}, {names.unit} báo cáo {names.committee}."])
    return Frame(
        word="Báo cáo",
        abstract=("Kết quả thực hiện kiến nghị", _after(case)),
        addressee=(names.committee,),
        recipients=("Như trên", *((f"{case.unit.party_body} (để b/c)",) if case.unit.party_body else ()),
                    f"Lưu {case.unit.get_kind_display()}"),
        needs_confirmation=False,
        unit=case.unit,
    )  # fmt: skip


def _answered(row: Recommendation) -> list[str]:
    lines = []
    for one in sorted(row.answers.all(), key=lambda one: (one.answered_on, one.pk)):
        done = [activity.title.rstrip(" .") for activity in one.activities.all()]
        proof = f" Hoạt động: {'; '.join(done)}." if done else ""
        first, *rest = paragraphs(one.text)
        lines += [f"- Ngày {day(one.answered_on)}: {lowered(first)}", *rest]
        lines[-1] += proof
    return lines


def closing(sheet: Sheet, paper: CasePaper, on: datetime.date) -> Frame:
    case = paper.inspection
    names = names_of(case, on)
    rows = list(case.recommendations.order_by("number", "pk"))
    issued = list(
        CasePaper.objects.filter(inspection=case, state=CasePaper.State.ISSUED).exclude(pk=paper.pk or 0)
        .select_related("inspection__unit").order_by("dated_on", "pk")[:MOST_ISSUED]
    )  # fmt: skip
    sheet.passage(
        "summary", "Khái quát",
        [f"{capital(names.body)} đã ban hành {notice_of(case)} {_after(case)} tại {names.unit}. {names.committee} "
         "báo cáo việc theo dõi, kiểm tra kiến nghị và kết thúc hồ sơ như sau:"], leads=True,
    )  # fmt: skip
    sheet.chapter("Kết quả thực hiện kiến nghị")
    if rows:
        sheet.add("lead", f"Đến ngày {day(on)}, {standing(rows, on)} (Bảng 1).")
        columns = (("TT", 8, "c"), ("Kiến nghị", 0, ""), ("Hạn theo thông báo", 26, "c"), ("Hạn đã đổi", 23, "c"),
                   ("Kết quả", 30, ""), ("Ngày kết thúc", 23, "c"))  # fmt: skip
        sheet.table("Kết quả thực hiện kiến nghị", columns, [_ended(row) for row in rows])
    else:
        sheet.add("p", "Thông báo không có kiến nghị.")
    sheet.chapter("Văn bản trong hồ sơ")
    if issued:
        columns = (("TT", 8, "c"), ("Số, ký hiệu", 44, ""), ("Ngày", 23, "c"), ("Văn bản", 0, ""))
        sheet.table(
            "Văn bản đã ban hành", columns,
            [(place, one.number or "Không có số", day(one.dated_on), name_of(one))
             for place, one in enumerate(issued, 1)],
        )  # fmt: skip
    else:
        sheet.passage("papers", "Văn bản trong hồ sơ", [])
    sheet.chapter("Đánh giá")
    sheet.passage("judgement", "Đánh giá việc thực hiện", [], hint="Chuyển biến của đơn vị sau kiểm tra, giám sát.")
    sheet.last(
        "end", "Câu kết", [f"{names.committee} kết thúc hồ sơ và đưa vào lưu trữ."],
    )  # fmt: skip
    return Frame(
        word="Báo cáo",
        abstract=about_lines(case, "Kết thúc hồ sơ", names.unit),
        addressee=(names.body,) if names.is_committee else (),
        recipients=(*(("Như trên",) if names.is_committee else ()), f"{names.committee} (để theo dõi)", "Lưu hồ sơ"),
    )
