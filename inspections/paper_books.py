"""Which book the number of an inspection paper comes from, what the register says of it, and who usually signs it."""

import datetime
from dataclasses import dataclass

from branches.models import PaperNumber, Post, Unit
from branches.numbering import (
    OVERSIGHT,
    TEAM,
    UBKT,
    NumberRefused,
    entry_of,
    next_symbol,
    symbol_of,
    take_number,
    typed_number,
    void_number,
)
from inspections.models import CasePaper, Inspection, InspectionProgramme, TeamSeat
from inspections.states import BEFORE_VISIT, InspectionRefused

Kind = CasePaper.Kind
COMMITTEE = InspectionProgramme.InNameOf.COMMITTEE
# Who signs for whom; of the posts the first one held.
SIGNS = {
    COMMITTEE: (
        "TM. BAN CHẤP HÀNH",
        {"superior_secretary": "BÍ THƯ", "secretary": "BÍ THƯ", "deputy_secretary": "PHÓ BÍ THƯ"},
    ),
    InspectionProgramme.InNameOf.INSPECTION_COMMITTEE: ("TM. ỦY BAN KIỂM TRA", {"inspection_chair": "CHỦ NHIỆM"}),
}


@dataclass(frozen=True, slots=True)
class Book:
    """Where the number of a paper comes from; `type_code` "" for a paper without one."""

    unit: Unit
    type_code: str
    body: str = ""
    suffix: str = ""

    def offered(self, on: datetime.date) -> str:
        """The number the paper would get now."""
        if not self.type_code:
            return ""
        return next_symbol(self.unit, self.type_code, on, body=self.body, suffix=self.suffix)

    def take(self, *, on, by, about, wanted=None, reason="") -> PaperNumber:
        return take_number(
            unit=self.unit, type_code=self.type_code, body=self.body, suffix=self.suffix, on=on, by=by, about=about,
            wanted=wanted, reason=reason,
        )  # fmt: skip

    def read(self, text: str) -> int | None:
        """The number of a typed "09-TB/ĐTN-UBKT", where it is one of this type; None where it is anything else."""
        typed = typed_number(text)
        return typed[0] if typed and typed[1].lower() == self.type_code.lower() else None

    def written(self, text: str) -> str:
        """A typed number as the register writes it ("9TB/ĐTN" → "09-TB/ĐTN"); another body's stays as typed."""
        number, text = self.read(text), text.strip()
        if number is None:
            return text
        symbol = symbol_of(number, self.type_code, self.unit, body=self.body, suffix=self.suffix)
        issuer = typed_number(text)[2]
        return symbol if issuer.upper() == symbol.partition("/")[2].upper() else text

    def enter(self, text: str, *, on, by, about: str, field: str | None, known: bool = False) -> PaperNumber | None:
        """A number a person typed goes into the register; None where it is not written as a number of this book.

        `known`: it may stand there already for this very thing, without its paper. Raises InspectionRefused.
        """
        number = self.read(text)
        if number is None:
            return None
        held = entry_of(self.unit, self.type_code, on, number, body=self.body) if known else None
        is_same = held is not None and held.about.partition(":")[0] == about.partition(":")[0]
        if is_same and not hasattr(held, "case_paper"):
            return held
        try:
            return self.take(on=on, by=by, about=about, wanted=number, reason="Số do người ban hành ghi")
        except NumberRefused as refusal:
            raise InspectionRefused({field: str(refusal)}) from refusal


def book_of(paper: CasePaper) -> Book:
    """The unit's own papers count at the unit, the team's in the team's name, all others with the committee's."""
    programme = paper.programme or paper.inspection.programme
    code = CasePaper.CODES[paper.kind]
    if paper.kind == Kind.PROGRAMME:
        return book_of_programme(programme)
    if paper.kind in CasePaper.OF_THE_UNIT:
        return Book(paper.inspection.unit, code)
    if paper.kind in CasePaper.OF_THE_TEAM:
        return Book(programme.unit, code, TEAM if paper.inspection.inspection_kind else OVERSIGHT)
    return _in_the_name_of(programme, code)


def book_of_programme(programme: InspectionProgramme) -> Book:
    """Programmes that are called plans count among the plans."""
    is_plan = programme.title.lower().startswith("kế hoạch")
    return _in_the_name_of(programme, "KH" if is_plan else CasePaper.CODES[Kind.PROGRAMME])


def _in_the_name_of(programme: InspectionProgramme, code: str) -> Book:
    if programme.in_name_of == COMMITTEE:
        return Book(programme.unit, code, "", UBKT)
    return Book(programme.unit, code, UBKT)


def notice_book(case: Inspection) -> Book:
    return _in_the_name_of(case.programme, CasePaper.CODES[Kind.NOTICE])


# --- what the register says ---------------------------------------------------------------------------


def name_of(paper: CasePaper) -> str:
    """What the paper is, in the words of its case: an inspection is concluded, a supervision gives a result."""
    case = paper.inspection
    if case is None:
        return paper.get_kind_display()
    team = "đoàn kiểm tra" if case.inspection_kind else "đoàn giám sát"
    what = case.purpose_words
    named = {
        Kind.DECISION: f"Quyết định lập {team}",
        Kind.PLAN: f"Kế hoạch {what}",
        Kind.TEAM_REPORT: f"Báo cáo của {team}",
        Kind.NOTICE: f"Thông báo kết luận {what}" if case.inspection_kind else f"Thông báo kết quả {what}",
        Kind.CLOSING: "Báo cáo kết thúc hồ sơ",
    }
    return named.get(paper.kind) or paper.get_kind_display()


def about_of(paper: CasePaper) -> str:
    """The line of the register. An unannounced visit is not told there before it is over."""
    case = paper.inspection
    if case is None:
        return about_of_programme(paper.programme)
    if case.inspection_kind in Inspection.UNANNOUNCED and case.state in BEFORE_VISIT:
        return paper.get_kind_display()
    return f"{name_of(paper)}: {case.title}, {case.unit.name}"[:300]


def about_of_programme(programme: InspectionProgramme) -> str:
    return f"{Kind.PROGRAMME.label}: {programme.title}"[:300]


def enter_programme(programme: InspectionProgramme, by, *, instead_of: PaperNumber | None = None) -> PaperNumber | None:
    """The number of an issued programme stands in the register; what it had there before is left unused."""
    book, about = book_of_programme(programme), about_of_programme(programme)
    entry = None
    if programme.issued_on is not None:
        entry = book.enter(programme.number, on=programme.issued_on, by=by, about=about, field="number", known=True)
    if instead_of is not None and (entry is None or entry.pk != instead_of.pk):
        void_number(number=instead_of, by=by, reason=f"Sửa số chương trình thành {programme.number}")
    return entry


def entry_of_programme(programme: InspectionProgramme) -> PaperNumber | None:
    """Where the number of a programme stands in the register, if it does."""
    book = book_of_programme(programme)
    number = book.read(programme.number)
    if number is None or programme.issued_on is None:
        return None
    entry = entry_of(book.unit, book.type_code, programme.issued_on, number, body=book.body)
    is_ours = entry is not None and entry.about.partition(":")[0] == Kind.PROGRAMME.label
    return entry if is_ours else None


# --- who signs ----------------------------------------------------------------------------------------


def capacity_of(programme: InspectionProgramme) -> tuple[str, str]:
    """Capacity and post on a paper nobody said the signer of: the first post that may sign for its body."""
    capacity, posts = SIGNS[programme.in_name_of]
    return capacity, next(iter(posts.values()))


def signer_of(unit: Unit, in_name_of: str, on: datetime.date) -> dict:
    """Who signs on the day for a body of the unit; of two in one post the one who took it over. Without such a
    person the name stays blank. One query."""
    capacity, posts = SIGNS[in_name_of]
    held = Post.objects.held_on(on).filter(unit=unit, type__code__in=posts)
    signers = {post.type.code: post for post in held.select_related("type", "account").order_by("starts_on", "pk")}
    code = next((code for code in posts if code in signers), next(iter(posts)))
    name = signers[code].account.get_full_name() if code in signers else ""
    return {"signer_capacity": capacity, "signer_post": posts[code], "signer_name": name}


def default_signature(paper: CasePaper, on: datetime.date) -> dict:
    """Capacity, post and name a paper of this kind usually bears; empty where the sheet has signatures of its own."""
    programme = paper.programme or paper.inspection.programme
    if paper.kind in (Kind.SESSION, Kind.OUTLINE):
        return {"signer_capacity": "", "signer_post": "", "signer_name": ""}
    if paper.kind == Kind.TEAM_REPORT:
        head = paper.inspection.team.filter(role=TeamSeat.Role.HEAD, ends_on=None).first()
        team = "TM. ĐOÀN KIỂM TRA" if paper.inspection.inspection_kind else "TM. ĐOÀN GIÁM SÁT"
        return {"signer_capacity": team, "signer_post": "TRƯỞNG ĐOÀN", "signer_name": head.name if head else ""}
    if paper.kind in CasePaper.OF_THE_UNIT:
        return signer_of(paper.inspection.unit, COMMITTEE, on)
    if paper.kind == Kind.CLOSING:  # the inspection committee reports, whoever ordered
        return signer_of(programme.unit, InspectionProgramme.InNameOf.INSPECTION_COMMITTEE, on)
    return signer_of(programme.unit, programme.in_name_of, on)
