"""Papers ahead of the visit: the programme of the year, the decision that sets up the team, the plan, the outline."""

import datetime
from itertools import groupby

from branches.formats import day, two_digits
from branches.restructuring import name_on
from inspections.models import CasePaper, Inspection, InspectionProgramme, Topic

from .inspection_frames import Frame
from .inspection_sheet import Sheet, ended, lowered, paragraphs
from .inspection_words import (
    COMMITTEE,
    NO_DAY,
    cited,
    contents,
    halved,
    listed_off,
    names_of,
    numbered,
    programme_about,
    programme_kind,
    seated,
    span,
    titled,
    when,
)
from .layout import DOTS, names_on
from .phrases import capital, listing

CHARTER = "- Căn cứ Điều lệ Đoàn TNCS Hồ Chí Minh;"
USES = {Topic.Use.INSPECT: "Kiểm tra", Topic.Use.SUPERVISE: "Giám sát"}
FORMS = {
    Inspection.Form.ON_SITE: "làm việc trực tiếp tại đơn vị",
    Inspection.Form.BY_REPORT: "qua báo cáo của đơn vị",
    Inspection.Form.BY_DOCUMENTS: "qua hồ sơ, sổ sách của đơn vị",
    Inspection.Form.ONLINE: "làm việc trực tuyến",
}


def programme(sheet: Sheet, paper: CasePaper, on: datetime.date) -> Frame:
    found = paper.programme
    union = name_on(found.unit, on)
    committee = f"Ủy ban Kiểm tra {union}"
    body = f"Ban Chấp hành {union}" if found.in_name_of == COMMITTEE else committee
    kind = programme_kind(found)
    about = programme_about(found) or f"kiểm tra, giám sát năm {found.year}"
    sheet.passage(
        "basis", "Căn cứ",
        [CHARTER, f"- Căn cứ chương trình công tác Đoàn và phong trào thanh thiếu nhi năm {found.year} của {union};",
         f"{body} ban hành {kind} {lowered(about)} như sau:"], leads=True,
    )  # fmt: skip
    sheet.chapter("Mục đích, yêu cầu")
    sheet.passage("purpose", "Mục đích, yêu cầu", paragraphs(found.purpose))
    sheet.chapter("Nội dung")
    cases = _planned(found)
    topics = [
        topic.text.rstrip(" .;") if topic.text.lower().startswith(USES[topic.use].lower())
        else f"{USES[topic.use]} {lowered(topic.text.rstrip(' .;'))}"
        for topic in found.topics.order_by("position", "pk")
    ]  # fmt: skip
    topics = topics or list(dict.fromkeys(case.title.rstrip(" .") for case in cases))
    sheet.passage("topics", "Nội dung", numbered(topics))
    sheet.chapter("Đơn vị, thời gian, hình thức")
    if cases:
        units = len({case.unit_id for case in cases})
        many = two_digits(len(cases))
        sheet.add("lead", f"Năm {found.year} thực hiện {many} cuộc tại {two_digits(units)} đơn vị theo Bảng 1.")
        columns = (("TT", 8, "c"), ("Đơn vị", 42, ""), ("Nội dung", 0, ""), ("Loại", 24, ""), ("Thời gian", 23, "c"),
                   ("Hình thức", 23, ""))  # fmt: skip
        rows = [
            (place, case.unit.name, case.title.rstrip(" ."), _kinds(case), _month(case), case.get_form_display())
            for place, case in enumerate(cases, 1)
        ]
        sheet.table(f"Các cuộc kiểm tra, giám sát năm {found.year}", columns, rows)
    else:
        sheet.add("fill")
    sheet.chapter("Tổ chức thực hiện")
    sheet.last(
        "conduct", "Tổ chức thực hiện",
        paragraphs(found.conduct) or [
            f"1. {committee} chủ trì thực hiện, lập đoàn, gửi kế hoạch và đề cương cho đơn vị trước khi làm việc.",
            f"2. {'Các đơn vị có tên trong Bảng 1' if cases else 'Đơn vị được kiểm tra, giám sát'} chuẩn bị báo cáo "
            "theo đề cương, bố trí người và hồ sơ làm việc với đoàn.",
            f"3. {committee} theo dõi, báo cáo kết quả thực hiện theo định kỳ.",
        ],
    )  # fmt: skip
    superior = names_on(found.unit, on).superior
    above = superior if found.in_name_of == COMMITTEE else f"Ủy ban Kiểm tra {superior}"
    above = (f"{above} (để b/c)",) if superior else ()
    own = () if found.in_name_of != COMMITTEE else (f"{committee} (để t/h)",)
    theirs = (f"Ban Chấp hành {union} (để b/c)",) if found.in_name_of != COMMITTEE else ()
    return Frame(
        word=kind,
        abstract=tuple(halved(capital(about))),
        recipients=(*above, *theirs, *own, "Các đơn vị được kiểm tra, giám sát (để t/h)", "Lưu UBKT"),
    )


def _kinds(case: Inspection) -> str:
    said = []
    if case.inspection_kind:
        said.append(f"kiểm tra {case.get_inspection_kind_display()}")
    if case.supervision_kind:
        said.append(f"giám sát {case.get_supervision_kind_display()}")
    return capital(", ".join(said))


def _planned(found: InspectionProgramme) -> list[Inspection]:
    """The cases a programme announces, by time: not those it keeps quiet, nor what arose from another case later."""
    rows = found.inspections.exclude(state=Inspection.State.CANCELLED).exclude(arose_from__isnull=False)
    rows = rows.exclude(inspection_kind__in=Inspection.UNANNOUNCED).select_related("unit")
    far = datetime.date.max
    return sorted(rows, key=lambda one: (one.planned_month or one.visited_on or far, one.unit.sort_key, one.pk))


def _month(case: Inspection) -> str:
    if case.planned_month:
        return f"Tháng {case.planned_month:%m/%Y}"
    return day(case.visited_on) or DOTS


def _purpose_words(case: Inspection) -> str:
    return case.purpose_words.replace(", ", " và ")


def _for_both(case: Inspection) -> str:
    """A team that inspects and supervises says so; one of a single purpose says it by its name."""
    return f" để {_purpose_words(case)}" if case.inspection_kind and case.supervision_kind else ""


def decision(sheet: Sheet, paper: CasePaper, on: datetime.date) -> Frame:
    case = paper.inspection
    names = names_of(case, on)
    team = list(case.team.filter(ends_on=None).order_by("position", "pk"))
    topics = list(case.topics.order_by("position", "pk"))
    sheet.add("centre", names.body.upper())
    proposed = [f"- Xét đề nghị của {names.committee};"] if names.is_committee else []
    sheet.passage("basis", "Căn cứ", [CHARTER, f"- Căn cứ {cited(case.programme, names.body)};", *proposed])
    sheet.add("centre", "QUYẾT ĐỊNH")
    sheet.passage(
        "article1", "Điều 1",
        [f"Lập {names.team}{_for_both(case)} tại {names.unit}, gồm {two_digits(len(team))} đồng chí "
         "có tên trong bảng dưới đây."] if team else [],
        article="Điều 1.", leads=True,
    )  # fmt: skip
    if team:
        columns = (("TT", 8, "c"), ("Họ và tên", 46, ""), ("Chức vụ", 0, ""), ("Nhiệm vụ", 32, ""))
        rows = [(place, one.name, one.post_text, one.get_role_display()) for place, one in enumerate(team, 1)]
        sheet.table("", columns, rows)
    looked_at = "; ".join(lowered(line) for line in contents(case, topics))
    meets = f"Thời gian làm việc với đơn vị: {when(case)}. " if case.visited_on else ""
    sheet.passage(
        "article2", "Điều 2",
        [f"{names.team} có nhiệm vụ {looked_at}; thời gian xem xét {span(case)}. {meets}{names.team} báo cáo kết quả "
         f"với {names.body} và kết thúc hoạt động khi hoàn thành nhiệm vụ."],
        article="Điều 2.",
    )  # fmt: skip
    by = f"{names.committee}, {names.unit}" if names.is_committee else names.unit
    sheet.last(
        "article3", "Điều 3",
        [f"{by} và các đồng chí có tên tại Điều 1 thực hiện Quyết định này, có hiệu lực từ ngày ký."],
        article="Điều 3.",
    )  # fmt: skip
    return Frame(
        word="Quyết định",
        abstract=(f"Về việc lập {names.team}{_for_both(case)}", *halved(f"tại {names.unit}")),
        recipients=("Như Điều 3", *_party(case, "để b/c"), "Lưu UBKT"),
    )


def _party(case: Inspection, why: str) -> tuple[str, ...]:
    return (f"{case.unit.party_body} ({why})",) if case.unit.party_body else ()


def plan(sheet: Sheet, paper: CasePaper, on: datetime.date) -> Frame:
    case = paper.inspection
    names = names_of(case, on)
    team = list(case.team.filter(ends_on=None).order_by("position", "pk"))
    topics = list(case.topics.order_by("position", "pk"))
    sheet.passage(
        "basis", "Căn cứ",
        [f"Thực hiện {cited(case.programme, names.body)}, {names.body} ban hành Kế hoạch "
         f"{_purpose_words(case)} tại {names.unit} như sau:"],
        leads=True,
    )  # fmt: skip
    sheet.chapter("Mục đích, yêu cầu")
    sheet.passage("purpose", "Mục đích, yêu cầu", paragraphs(case.programme.purpose))
    sheet.chapter("Nội dung, đối tượng, thời gian xem xét")
    sheet.section("Nội dung")
    sheet.passage("topics", "Nội dung", [f"- {line}." for line in contents(case, topics)])
    sheet.section("Đối tượng, thời gian xem xét")
    sheet.passage("subject", "Đối tượng, thời gian xem xét", [f"{names.unit}; thời gian xem xét {span(case)}."])
    sheet.chapter("Hình thức, thời gian, địa điểm, thành phần")
    sheet.section("Hình thức, thời gian, địa điểm" if case.form in Inspection.SITTING else "Hình thức")
    sheet.passage("meeting", "Hình thức, thời gian, địa điểm", _meeting(case))
    sheet.section(names.team)
    sheet.listed(listed_off([seated(one) for one in team]))
    sheet.section("Phía đơn vị")
    party = f", đại diện {case.unit.party_body}" if case.unit.party_body else ""
    sheet.passage("hosts", "Phía đơn vị", [f"- Ban Chấp hành, đoàn viên {names.unit}{party}."])
    sheet.chapter("Trình tự làm việc")
    sheet.passage("agenda", "Trình tự làm việc", _agenda(case, names), hint="Mỗi dòng một bước.")
    sheet.chapter("Tổ chức thực hiện")
    due = day(case.self_report_due_on) or NO_DAY
    sheet.last(
        "conduct", "Tổ chức thực hiện",
        [f"1. {names.unit} xây dựng báo cáo theo đề cương kèm theo, gửi {names.team} trước ngày {due}; chuẩn bị hồ "
         "sơ, sổ sách có liên quan.",
         f"2. {names.team} nghiên cứu báo cáo, hồ sơ, làm việc với đơn vị và báo cáo kết quả với {names.body}."],
    )  # fmt: skip
    return Frame(
        word="Kế hoạch",
        abstract=titled(case, names.unit),
        recipients=(f"{names.unit} (để t/h)", *_party(case, "để p/h"), f"{names.team} (để t/h)", "Lưu UBKT"),
    )


def _meeting(case: Inspection) -> list[str]:
    said = f"- Hình thức: {FORMS[case.form]}."
    if case.form not in Inspection.SITTING:
        return [said]
    place = case.place.rstrip(" .") or DOTS * 4
    return [said, f"- Thời gian: {when(case)}; địa điểm: {place}."]


def _agenda(case: Inspection, names) -> list[str]:
    """The steps of a session; without one, what the team goes through."""
    if case.form not in Inspection.SITTING:
        return [f"- {names.team} nghiên cứu báo cáo, hồ sơ của đơn vị;", "- Đề nghị đơn vị làm rõ nội dung còn thiếu;",
                f"- Thông báo nhận xét và lấy ý kiến của {names.unit}."]  # fmt: skip
    party = f"- {case.unit.party_body} phát biểu;" if case.unit.party_body else "- Cấp ủy phát biểu;"
    return [
        "- Trưởng đoàn nêu mục đích, nội dung làm việc;", f"- {names.unit} báo cáo;",
        f"- {names.team} trao đổi, {names.unit} trả lời;", party,
        "- Trưởng đoàn nhận xét, thông qua biên bản làm việc.",
    ]  # fmt: skip


def outline(sheet: Sheet, paper: CasePaper, on: datetime.date) -> Frame:
    case = paper.inspection
    names = names_of(case, on)
    topics = [topic for topic in case.topics.order_by("position", "pk") if topic.use in USES]
    items = list(case.items.order_by("position", "pk"))
    sheet.chapter("Đặc điểm tình hình")
    sheet.passage(
        "situation", "Đặc điểm tình hình",
        ["- Tổ chức, số lượng đoàn viên, Ban Chấp hành đương nhiệm;", "- Thuận lợi, khó khăn."],
    )  # fmt: skip
    sheet.chapter("Kết quả thực hiện")
    sheet.passage("topics", "Kết quả thực hiện", numbered([topic.text for topic in topics] or [case.title]))
    for topic, rows in groupby(items, key=lambda item: item.topic):
        sheet.add("h3", topic)
        sheet.listed([f"- {ended(row.text)}" for row in rows])
    sheet.chapter("Ưu điểm, hạn chế, nguyên nhân")
    sheet.passage(
        "judgement", "Ưu điểm, hạn chế, nguyên nhân",
        ["- Ưu điểm và nguyên nhân;", "- Hạn chế, khuyết điểm và nguyên nhân;", "- Trách nhiệm của tập thể, cá nhân."],
    )  # fmt: skip
    sheet.chapter("Đề xuất, kiến nghị")
    sheet.last(
        "wishes", "Đề xuất, kiến nghị",
        [f"Phương hướng khắc phục và đề xuất với {listing([names.union, case.unit.party_body or 'cấp ủy'])}; số liệu "
         f"tính {span(case)}."],
    )  # fmt: skip
    sent = (
        CasePaper.objects.filter(inspection=case, kind=CasePaper.Kind.PLAN, state=CasePaper.State.ISSUED)
        .order_by("-edition").first()
    )  # fmt: skip
    number, dated = (sent.number, day(sent.dated_on)) if sent else (DOTS, NO_DAY)
    return Frame(
        word="Đề cương báo cáo",
        abstract=titled(case, names.unit),
        reference=f"Kèm theo Kế hoạch số {number} ngày {dated} của {names.body}",
    )
