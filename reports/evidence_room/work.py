"""Sections about the work of the unit: plan, activities, duties, reports, and what was asked of it before."""

import datetime

from django.db.models import Prefetch

from branches.formats import NBSP, day, number
from branches.models import Activity, Period, Quantity, Task
from branches.wording import figure_words
from inspections.models import Check, UnitAnswer
from inspections.wording import due_words
from reports import wording
from reports.duties import duty_calendar
from reports.duty_words import sentence_of
from reports.progress import progress_for

from .room import Room
from .tables import ANSWER, DAY, EVIDENCE, REPORT, Column, Paper, Part, Row


def plan(room: Room) -> list[Part]:
    """Plan against result of each year the span touches, as told on the last day of the span."""
    columns = (
        Column("Mục", 26, is_chapter=True), Column("Chỉ tiêu", 44, is_name=True), Column("Đơn vị tính", 14),
        Column("Kế hoạch", 14, True), Column("Kết quả", 18, True), Column("Tình trạng", 16), Column("Ghi chú", 44),
    )  # fmt: skip
    parts = []
    for year in room.years:
        as_of = min(room.closing, datetime.date(year, 12, 31))
        table = progress_for(room.unit, Period.of_year(year), as_of=as_of)
        rows = [
            Row((
                area.name, wording.name_in_list(row), row.indicator.unit_word,
                wording.aim(row.aim, row.indicator), wording.result(row), wording.standing(row), wording.note(row),
            ))
            for area, some in table.chapters()
            for row in some
        ]  # fmt: skip
        note = f"Kết quả từ 01/01/{year} đến hết ngày {day(as_of)}."
        nothing = f"Năm {year} chưa có chỉ tiêu, kết quả nào."
        parts.append(Part(f"Năm {year}", f"chỉ tiêu, kết quả năm {year}", columns, rows, nothing, note))
    return [*parts, _tasks(room)]


def _tasks(room: Room) -> Part:
    """Who was to do what by when. What a meeting about single people gave out stays with it."""
    columns = (
        Column("Việc", 50, is_name=True), Column("Người thực hiện", 26), Column("Ngày giao", 12),
        Column("Thời hạn", 12), Column("Tình trạng", 36), Column("Đã làm được gì", 50),
    )  # fmt: skip
    rows = [
        Row((one.text, one.whose, one.given_on, one.due_on, _standing(one, room.on), one.result))
        for one in room.tasks().select_related("owner")
    ]
    nothing = "Không giao việc nào trong thời gian xem xét."
    note = f"Tình trạng đến hết ngày {day(room.on)}." if rows else ""
    return Part("Việc được giao", "việc được giao", columns, rows, nothing, note)


def _standing(one: Task, on: datetime.date) -> str:
    late = one.days_late(on)
    if one.state == Task.State.DROPPED:
        return f"{one.get_state_display()}: {one.drop_reason}"
    return one.get_state_display() + (f", chậm {late}{NBSP}ngày" if late else "")


def activities(room: Room) -> list[Part]:
    quantities = Quantity.objects.select_related("indicator").order_by("indicator__position", "pk")
    rows = list(
        room.activities()
        .select_related("area")
        .prefetch_related(Prefetch("quantities", quantities), Prefetch("evidence", room.evidence()))
    )
    columns = (
        DAY, Column("Hoạt động", 44, is_name=True), Column("Mục báo cáo", 26), Column("Tình trạng", 18),
        Column("Kết quả", 44), Column("Đoàn viên tham gia", 12, True), Column("Minh chứng", 12, True),
    )  # fmt: skip
    bare = sum(one.state == Activity.State.HELD and not one.evidence.all() for one in rows)
    note = f"{number(bare)} hoạt động đã tổ chức chưa có minh chứng." if bare else ""
    nothing = "Không ghi hoạt động nào trong thời gian xem xét."
    return [Part("Hoạt động", "hoạt động", columns, [_activity(one) for one in rows], nothing, note)]


def _activity(one: Activity) -> Row:
    proofs = list(one.evidence.all())
    papers = tuple(
        Paper(EVIDENCE, proof.pk, proof.name or "minh chứng", proof.size, one.last_on) for proof in proofs if proof.file
    )
    links = tuple(proof.link for proof in proofs if proof.may_be_followed)
    state = one.get_state_display()
    if one.state == Activity.State.CANCELLED:
        state = f"{state}: {one.cancel_reason}"
    elif one.nature == Activity.Nature.FIGURE:
        state = one.get_nature_display()
    results = "; ".join(f"{line.indicator.name}: {figure_words(line)}" for line in one.quantities.all())
    return Row(
        (one.last_on, one.title, one.area.name, state, results, one.member_count, len(proofs)), papers, links
    )  # fmt: skip


def duties(room: Room) -> list[Part]:
    """What was owed in periods that begin in the span, as the duty calendar says it on the last day."""
    cells = [
        one
        for one in duty_calendar(room.unit, list(room.years), as_of=room.closing)
        if room.span.starts_on <= one.period.starts_on < room.span.ends_on and one.is_owed
    ]
    columns = (Column("Việc", 44, is_name=True), Column("Kỳ", 16), Column("Hạn", 12), Column("Tình trạng", 50))
    rows = [
        Row((one.duty.name, one.period.name, one.period.due_on, sentence_of(one, with_reason=True))) for one in cells
    ]
    nothing = "Không có việc định kỳ nào trong thời gian xem xét."
    note = f"Tình trạng đến hết ngày {day(room.closing)}." if rows else ""
    return [Part("Việc định kỳ", "lần phải làm", columns, rows, nothing, note)]


def reports(room: Room) -> list[Part]:
    columns = (Column("Số", 10), DAY, Column("Báo cáo", 50, is_name=True), Column("Người ký", 30))
    rows = [
        Row(
            (one.number, one.told_on, f"Báo cáo {one.period.name}", one.signer_name),
            (Paper(REPORT, one.pk, f"Báo cáo {one.period.name}.pdf", day=one.told_on),),
        )
        for one in room.reports().select_related("period")
    ]
    nothing = "Chưa có báo cáo nào đã ghi số, ngày hoặc đã duyệt về thời gian này."
    return [Part("Báo cáo", "báo cáo", columns, rows, nothing)]


def before(room: Room) -> list[Part]:
    """Earlier recommendations and what became of them; done by the unit beside verified by the committee."""
    answers = UnitAnswer.objects.order_by("-answered_on", "-pk").prefetch_related(
        Prefetch("files", room.answer_files())
    )
    checks = Check.objects.order_by("-checked_on", "-pk")
    rows = (
        room.earlier()
        .select_related("inspection__unit")
        .prefetch_related(Prefetch("answers", answers), Prefetch("checks", checks))
    )
    columns = (
        Column("Thông báo", 24), Column("Kiến nghị", 50, is_name=True), Column("Ai thực hiện", 24), Column("Hạn", 24),
        Column("Đơn vị báo", 44), Column("UBKT kiểm tra", 44), Column("Tình trạng", 26),
    )  # fmt: skip
    nothing = "Ủy ban Kiểm tra chưa kiến nghị gì với đơn vị trước cuộc này."
    return [Part("Kiến nghị", "kiến nghị", columns, [_asked(one, room) for one in rows], nothing)]


def _asked(one, room: Room) -> Row:
    case, answers, checks = one.inspection, list(one.answers.all()), list(one.checks.all())
    notice = ", ".join(part for part in (case.conclusion_number, day(case.concluded_on)) if part)
    if case.unit_id != room.unit.pk:
        notice += f" ({case.unit.name})"
    said = f"{day(answers[0].answered_on)}: {answers[0].text}" if answers else "chưa báo"
    checked = "chưa kiểm tra"
    if checks:
        words = ". ".join(part for part in (checks[0].get_verdict_display(), checks[0].text) if part)
        checked = f"{day(checks[0].checked_on)}: {words}"
    state = one.get_state_display()
    late = one.days_late(room.on)
    if late:
        state += f", {'chậm' if one.ended_on else 'quá hạn'} {late}{NBSP}ngày"
    papers = tuple(
        Paper(ANSWER, file.pk, file.name or "tệp trả lời", file.size, answer.answered_on)
        for answer in answers
        for file in answer.files.all()
    )
    due = due_words(one).removeprefix("hạn ")  # the head of the column says it
    return Row((notice, f"{one.number}. {one.text}", one.owner, due, said, checked, state), papers)
