"""Targets of the next term: suggested from this term's results, kept as a draft, and made its plan by one step."""

import datetime
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from branches.aims import AimRefused, WrittenAim, aim_of_target, aim_text, check_aim
from branches.models import EditConflict, Indicator, Period, Target, Unit
from branches.planning import PlanningRefused, set_target
from branches.vietnamese import nfc
from reports import wording
from reports.judging import SUBPERIOD, Progress, as_set
from reports.models import CongressPaper, ProposedTarget

from .refused import CongressRefused

Comparator = Target.Comparator
KEPT = "giữ như nhiệm kỳ này"


@dataclass(frozen=True, slots=True)
class Suggestion:
    aim: WrittenAim
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the grid: this term's plan and result, what the data suggests, what stands in the draft."""

    indicator: Indicator
    row: Progress | None
    suggestion: Suggestion | None
    proposed: ProposedTarget | None

    @property
    def is_part(self) -> bool:
        return bool(self.row and self.row.depth)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wrote in one line; no aim leaves the target out."""

    indicator: Indicator
    aim: WrittenAim | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A target in which the adopted draft and the plan that is there say different things; empty where one has none."""

    name: str
    proposed: str
    planned: str


@dataclass(frozen=True, slots=True)
class Adopted:
    """What became of the draft: the targets made, or the differences where there was a plan already."""

    made: tuple[Target, ...] = ()
    differences: tuple[Difference, ...] = ()


def suggested(row: Progress) -> Suggestion | None:
    """What this term's plan and result suggest for the next: the result where it is above the plan, else the plan.

    Only a figure that grows by addition is raised to its result; a share, a range, a ceiling and "n a month" stay as
    the resolution had them. None without a plan.
    """
    aim, indicator = row.aim, row.indicator
    if aim is None:
        return None
    adds_up = indicator.over_time == Indicator.OverTime.SUM and not indicator.is_share and not indicator.is_yes_no
    if not adds_up or aim.comparator in SUBPERIOD or aim.value is None:  # the years of a term add "n a month" up
        return _sound(aim_of_target(row.target), KEPT, indicator) if row.target else None
    kept = as_set(aim, indicator)
    kept = WrittenAim(kept.comparator, kept.value, kept.value_to)
    if not row.done.lines or row.done.value is None:
        return _sound(kept, f"{KEPT}, chưa có số liệu", indicator)
    told = f"{wording.result(row)} {indicator.unit_word}"
    if aim.is_ceiling or aim.value_to is not None:
        return _sound(kept, f"{KEPT}, kết quả {told}", indicator)
    if row.is_reached and row.done.value > aim.value:
        return _sound(WrittenAim(Comparator.AT_LEAST, row.done.value), f"bằng kết quả nhiệm kỳ này: {told}", indicator)
    return _sound(kept, f"{KEPT}, kết quả {told}", indicator)


def _sound(aim: WrittenAim, reason: str, indicator: Indicator) -> Suggestion | None:
    try:
        return Suggestion(check_aim(aim, indicator), reason)
    except AimRefused:
        return None


def lines_of(term: Period, rows: tuple[Progress, ...]) -> list[Line]:
    """The grid: every target of the term in its order, then what was proposed beside them. One query."""
    proposed = {one.indicator.code: one for one in proposals_of(term)}
    found = [
        Line(row.indicator, row, suggested(row), proposed.pop(row.indicator.code, None)) for row in rows if row.aim
    ]
    return found + [Line(one.indicator, None, None, one) for one in proposed.values()]


def proposals_of(term: Period) -> list[ProposedTarget]:
    """The draft in the order of the chapters, a part behind its whole. One query."""
    rows = list(
        ProposedTarget.objects.filter(term=term)
        .select_related("indicator__area", "indicator__of")
        .order_by("indicator__area__position", "indicator__position", "pk")
    )
    place = {one.indicator.code: number for number, one in enumerate(rows)}

    def order(one: ProposedTarget):
        whole = one.indicator.of and place.get(one.indicator.of.code)
        own = place[one.indicator.code]
        return one.indicator.area.position, own if whole is None else whole, whole is not None, own

    return sorted(rows, key=order)


def aim_of_proposal(one: ProposedTarget) -> WrittenAim:
    return WrittenAim(one.comparator, one.value, one.value_to)


def proposal_text(one: ProposedTarget) -> str:
    return aim_text(aim_of_proposal(one), one.indicator)


@transaction.atomic
def save_proposals(*, term: Period, version: int, rows: list[Wanted], by) -> CongressPaper:
    """Keep the lines of the grid as they were written; a line without an aim leaves the draft.

    `version` is that of the paper to the congress, 0 before there is one. The congress may change what was put to it:
    the draft stays open when that paper was issued, and is closed by the resolution. Raises EditConflict when somebody
    saved since, CongressRefused once the resolution was issued.
    """
    hold_term(term)
    if resolution_of(term) is not None:
        raise CongressRefused("Nghị quyết đại hội đã ban hành, chỉ tiêu không sửa được nữa.")
    paper = held_paper(term, CongressPaper.Kind.TARGETS, version, by=by, may_be_issued=True)
    standing = {one.indicator.code: one for one in ProposedTarget.objects.filter(term=term).select_related("indicator")}
    for row in rows:
        one = standing.get(row.indicator.code)
        if row.aim is None:
            if one is not None:
                one.delete()
            continue
        one = one or ProposedTarget(term=term, indicator=row.indicator)
        aim = check_aim(row.aim, one.indicator)
        one.comparator, one.value, one.value_to, one.reason = aim.comparator, aim.value, aim.value_to, nfc(row.reason)
        one.save()
    return paper


def hold_term(term: Period) -> Unit:
    """Its unit, held: the targets, the papers that print them and the plan they become wait for each other."""
    return Unit.objects.select_for_update(no_key=True).get(pk=term.unit_id)


def resolution_of(term: Period) -> CongressPaper | None:
    """The issued resolution of the congress at the end of the term."""
    issued = CongressPaper.objects.filter(term=term, kind=CongressPaper.Kind.RESOLUTION, entry__isnull=False)
    return issued.select_related("entry").first()


def draft_version(term: Period) -> int:
    """Which save of the proposed targets stands now; 0 before the first."""
    rows = CongressPaper.objects.filter(term=term, kind=CongressPaper.Kind.TARGETS)
    return rows.values_list("version", flat=True).first() or 0


def held_paper(term: Period, kind: str, version: int, *, by, may_be_issued: bool = False) -> CongressPaper:
    """The paper, claimed for this save; made when there is none. Inside the caller's transaction.

    Raises CongressRefused for an issued one, unless it `may_be_issued`: what is saved beside it is not what it prints.
    """
    paper = CongressPaper.objects.select_for_update(no_key=True).filter(term=term, kind=kind).first()
    if paper is None:
        if version:
            raise EditConflict(None)
        try:
            with transaction.atomic():
                return CongressPaper.objects.create(term=term, kind=kind, changed_by=by)
        except IntegrityError as error:  # somebody made it in this moment
            raise EditConflict(CongressPaper.objects.filter(term=term, kind=kind).first()) from error
    if paper.is_issued and not may_be_issued:
        raise CongressRefused("Văn bản này đã ban hành, không sửa được nữa.")
    paper.claim(version)
    paper.changed_by = by
    paper.save()
    return paper


# --- after the congress ---------------------------------------------------------------------------------


def next_term_of(unit: Unit, term: Period) -> Period | None:
    later = Period.objects.filter(kind=Period.Kind.TERM, unit=unit, starts_on__gt=term.starts_on)
    return later.order_by("starts_on", "pk").first()


def differences_of(term: Period, following: Period) -> list[Difference]:
    """Where the draft and the plan of the next term differ. Two queries."""
    proposed = {one.indicator.code: one for one in proposals_of(term)}
    targets = Target.objects.filter(unit=term.unit).of_period(following).select_related("indicator").in_order()
    found, seen = [], set()
    for target in targets:
        code = target.indicator.code
        seen.add(code)
        one = proposed.get(code)
        if one is None or aim_of_proposal(one) != aim_of_target(target):
            planned = aim_text(target, target.indicator)
            found.append(Difference(target.indicator.name, proposal_text(one) if one else "", planned))
    rest = (one for code, one in proposed.items() if code not in seen)
    return found + [Difference(one.indicator.name, proposal_text(one), "") for one in rest]


@transaction.atomic
def adopt_targets(*, term: Period, by, on: datetime.date) -> Adopted:
    """Make the draft the plan of the next term, as the congress resolved. Only where that term has no plan yet: done
    again, or beside a plan somebody wrote, it changes nothing and returns where the two differ.

    Raises CongressRefused without a draft or without a next term, and for a target the next term cannot have.
    """
    unit = hold_term(term)
    following = next_term_of(unit, term)
    if following is None:
        raise CongressRefused("Chưa có nhiệm kỳ tiếp theo. Hãy ghi nhiệm kỳ mới rồi đưa chỉ tiêu vào kế hoạch.")
    proposed = proposals_of(term)
    if not proposed:
        raise CongressRefused("Chưa có chỉ tiêu dự thảo nào. Hãy lưu dự thảo chỉ tiêu trước.")
    if Target.objects.filter(unit=unit).of_period(following).exists():
        return Adopted(differences=tuple(differences_of(term, following)))
    catalogue = {one.code: one for one in Indicator.objects.of_year(following.year_number).usable_by(unit)}
    document = document_of(term)
    made = []
    for place, one in enumerate(proposed, start=1):
        indicator = catalogue.get(one.indicator.code)
        if indicator is None:
            raise CongressRefused(
                f"“{one.indicator.name}” không có trong danh mục năm {following.year_number}. Hãy bỏ khỏi dự thảo."
            )
        try:
            made.append(
                set_target(
                    by=by, unit=unit, period=following, indicator=indicator, comparator=one.comparator,
                    value=one.value, value_to=one.value_to, position=place, document=document,
                )
            )  # fmt: skip
        except PlanningRefused as refusal:
            raise CongressRefused(f"{one.indicator.name}: {refusal}") from refusal
    return Adopted(made=tuple(made))


def document_of(term: Period) -> str:
    """What the targets of the next term stand on: the resolution with its number once it was issued."""
    issued = resolution_of(term)
    said = f" số {issued.entry.symbol}, ngày {issued.dated_on:%d/%m/%Y}" if issued else ""
    return f"Nghị quyết Đại hội{said}"
