"""What is typed into minutes: the fixed parts of each kind of meeting, one text for each point of the agenda.

The kinds differ only by the rows of FORMS: what the paper is called, who the people are, which statements it
must carry, whether each person is voted on apart. Source: domain.md section 8 (no law prescribes a form).
"""

import datetime
from dataclasses import dataclass

from branches.formats import day, two_digits
from branches.models import AgendaItem, Ballot, Meeting

Kind = Meeting.Kind


@dataclass(frozen=True, slots=True)
class Part:
    """A passage a person writes. One that is not `always` printed is left out while it is empty."""

    key: str
    heading: str
    hint: str
    always: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """How the minutes of one kind of meeting differ from the others.

    `heading` opens the abstract unless the title already says it; `quorum` is the kind of decision whose
    quorum the paper must state; `votes_apart` prints each point's votes under that point.
    """

    heading: str = ""
    people: str = "Đoàn viên"
    occasion: str = "Buổi sinh hoạt"
    before: tuple[Part, ...] = ()
    after: tuple[Part, ...] = ()
    quorum: str = ""
    votes_apart: bool = False
    has_dues: bool = False


OPENING = Part("opening", "Khai mạc, chủ điểm", "Lý do, chủ điểm của buổi họp. Để trống thì mục này không in.", False)
WISHES = Part("wishes", "Ý kiến, kiến nghị của đoàn viên", "Ai kiến nghị gì, với ai. Mỗi ý một dòng.")
OTHER = Part("other", "Việc khác", "Để trống thì mục này không in.", False)
CONCLUSION = Part("conclusion", "Kết luận", "Lời kết luận của người chủ trì.")
STATEMENT = "statement"
DUES = "dues"
USUAL = Form(before=(OPENING,), after=(WISHES, OTHER), has_dues=True)
FORMS = {
    Kind.BRANCH: USUAL,
    Kind.THEMATIC: USUAL,
    Kind.COMMITTEE: Form(
        heading="Họp Ban Chấp hành",
        people="Ủy viên Ban Chấp hành",
        occasion="Cuộc họp",
        before=(OPENING,),
        after=(OTHER,),
        quorum=Ballot.Decision.SIMPLE,
    ),
    Kind.ADMISSION: Form(
        heading="Họp xét kết nạp đoàn viên",
        occasion="Cuộc họp",
        before=(
            Part(STATEMENT, "Người giới thiệu báo cáo", "Lý lịch, quá trình phấn đấu của từng người xin vào Đoàn."),
        ),
        after=(OTHER,),
        quorum=Ballot.Decision.ADMISSION,
        votes_apart=True,
    ),
    Kind.ASSESSMENT: Form(
        heading="Họp đánh giá, xếp loại",
        occasion="Cuộc họp",
        before=(
            Part(STATEMENT, "Tiêu chuẩn và cách đánh giá", "Văn bản hướng dẫn, các mức, tỷ lệ mức cao nhất."),
            Part("not-eligible", "Đoàn viên chưa thuộc diện đánh giá", "Ai, vì sao.", False),
        ),
        after=(OTHER,),
        quorum=Ballot.Decision.ASSESSMENT,
        votes_apart=True,
    ),
    Kind.OUTSTANDING: Form(
        heading="Họp bình chọn đoàn viên ưu tú",
        occasion="Cuộc họp",
        before=(Part(STATEMENT, "Tiêu chuẩn và người được đề cử", "Tiêu chuẩn, số lượng, ai được đề cử, ai rút."),),
        after=(OTHER,),
        quorum=Ballot.Decision.OUTSTANDING,
        votes_apart=True,
    ),
    Kind.DISCIPLINE: Form(
        heading="Họp xét kỷ luật",
        occasion="Cuộc họp",
        before=(
            Part(STATEMENT, "Tự kiểm điểm của đoàn viên", "Đoàn viên trình bày bản tự kiểm điểm, tự nhận hình thức."),
        ),
        after=(
            Part("defence", "Ý kiến của đoàn viên bị xét kỷ luật", "Ý kiến trước khi quyết định; vắng mặt thì ghi rõ."),
            OTHER,
        ),
        quorum=Ballot.Decision.DISCIPLINE,
        votes_apart=True,
    ),
    Kind.OTHER: Form(occasion="Cuộc họp", before=(OPENING,), after=(OTHER,)),
}
CLOSED_KINDS = (Kind.ASSESSMENT, Kind.DISCIPLINE)  # who voted what about whom: not for every member to read


def form_of(kind: str) -> Form:
    return FORMS[kind]


def item_key(item_pk: int) -> str:
    return f"item-{item_pk}"


def text_keys(meeting: Meeting) -> set[str]:
    """Every key under which something may be typed for this meeting. One query."""
    form = form_of(meeting.kind)
    fixed = {part.key for part in (*form.before, *form.after)} | {CONCLUSION.key}
    items = AgendaItem.objects.filter(meeting=meeting).values_list("pk", flat=True)
    return fixed | ({DUES} if form.has_dues else set()) | {item_key(pk) for pk in items}


def suggestions(meeting: Meeting, items: list[AgendaItem], record: dict) -> dict[str, str]:
    """First words for texts that are still empty, from the agenda and the facts. Only shown; never saved unasked."""
    found = {}
    for item in items:
        who = f"Đồng chí {item.presenter}" if item.presenter else "Đồng chí …"
        found[item_key(item.pk)] = {
            AgendaItem.Kind.REVIEW: f"{who} báo cáo kết quả việc đã giao.",
            AgendaItem.Kind.INFORM: f"{who} thông tin: …",
            AgendaItem.Kind.STUDY: f"{who} giới thiệu chuyên đề: {meeting.theme or '…'}",
            AgendaItem.Kind.DIRECTION: f"{who} truyền đạt ý kiến chỉ đạo: …",
            AgendaItem.Kind.DISCUSS: "- Đồng chí …: …",
            AgendaItem.Kind.VOTE: "",
            AgendaItem.Kind.OTHER: f"{who} trình bày: …",
        }[item.kind]
    found["opening"] = f"Chủ điểm: {meeting.theme}." if meeting.theme else ""
    found[CONCLUSION.key] = _conclusion(record)
    return {key: text for key, text in found.items() if text}


def _conclusion(record: dict) -> str:
    tasks = next((part["rows"] for part in record["parts"] if part["kind"] == "tasks"), [])
    if not tasks:
        return "Đồng chí chủ trì kết luận: …"
    due = [row["due"] for row in tasks if row["due"]]
    until = f"; việc xong muộn nhất ngày {day_of(max(due))}" if due else ""
    return f"Đồng chí chủ trì kết luận: thực hiện {two_digits(len(tasks))} việc đã phân công{until}."


def day_of(iso: str) -> str:
    """22/11/2026 from 2026-11-22."""
    return day(datetime.date.fromisoformat(iso))
