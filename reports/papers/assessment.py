"""Papers of the yearly assessment: the list a branch sends up, the decision of the superior, one person's form.

Words of levels are those of the round's own set; facts are those frozen when the branch concluded. Nothing is
composed that nobody wrote: what is missing is a dotted blank.
"""

import datetime

from branches.assessing.facts import Facts, criterion_rows
from branches.assessing.quota import quota_warning
from branches.days import words_of
from branches.formats import day, small
from branches.meetings.voting import counts_words
from branches.models import Assessment, AssessmentRound, Criterion, Label, Unit

from .filled import COMMITTEE, filled, has_seal
from .layout import Layout, Signature, names_on, paper_of

State = Assessment.State


def result_list_html(
    unit: Unit, round: AssessmentRound, rows: list[Assessment], labels: list[Label], *, on: datetime.date
) -> tuple[str, Layout]:
    """Danh sách kết quả of a branch for the superior's decision: everybody by level, and who is not assessed and why.

    `rows` are all of the branch in the round. `on` is today; the paper is dated by hand.
    """
    dated = max((row.concluded_on for row in rows if row.concluded_on), default=on)
    names = names_on(unit, dated)
    concluded = [row for row in rows if row.branch_label_id and row.state in (State.CONCLUDED, State.APPROVED)]
    paper = paper_of(
        unit=unit,
        on=dated,
        kind="Danh sách",
        kind_code="DS",
        abstract=("Kết quả đánh giá, xếp loại chất lượng đoàn viên", small(round.period.name)),
        signature=COMMITTEE,
        recipients=(names.superior or "Đoàn cấp trên", f"Lưu {names.unit}"),
        needs_confirmation=not has_seal(unit),
        names=names,
    )
    counts = [(label, sum(row.branch_label_id == label.pk for row in concluded)) for label in labels]
    to_assess = [row for row in rows if row.state != State.NOT_ELIGIBLE]
    top = sum(count for label, count in counts if label.is_top)
    return filled(
        "papers/assessment_list.html",
        paper,
        branch=names.unit,
        round=round,
        rows=[_line(row) for row in concluded],
        counts=[(label.name, count) for label, count in counts],
        left_out=[(row.member.full_name, row.excluded_because) for row in rows if row.state == State.NOT_ELIGIBLE],
        open=len(to_assess) - len(concluded),
        total=len(to_assess),
        quota=quota_warning(top, len(to_assess), round.top_quota),
    )


def _line(row: Assessment) -> dict:
    member = row.member
    return {
        "name": member.full_name,
        "born": words_of(member.birth_date, member.birth_precision),
        "said": row.self_label.name if row.self_label else "",
        "votes": "{}/{}".format(*row.got) if row.got else "",
        "label": (row.final_label or row.branch_label).name,
    }


def decided(rows: list[Assessment], *, on: datetime.date) -> tuple[datetime.date, str]:
    """The day and the number of the decision that approved `rows`; no number where they came with several."""
    numbers = {row.decision for row in rows}
    return max((row.approved_on for row in rows), default=on), numbers.pop() if len(numbers) == 1 else ""


def decision_html(
    unit: Unit, round: AssessmentRound, rows: list[Assessment], *, on: datetime.date
) -> tuple[str, Layout]:
    """Quyết định chuẩn y of the superior for a branch. `rows` are the approved ones; number and day as kept."""
    dated, number = decided(rows, on=on)
    names = names_on(unit, dated)
    issuer = names.superior_unit or unit
    own = names_on(issuer, dated)
    paper = paper_of(
        unit=issuer,
        on=dated,
        kind="Quyết định",
        kind_code="QĐ",
        abstract=("Về việc chuẩn y kết quả đánh giá, xếp loại", f"chất lượng đoàn viên {small(round.period.name)}"),
        signature=COMMITTEE,
        number=number if "QĐ" in number.upper() else "",
        dated_on=dated if number else None,
        recipients=(f"{names.unit} (để t/h)", f"Lưu {own.unit}"),
        names=own,
    )
    return filled(
        "papers/assessment_decision.html",
        paper,
        branch=names.unit,
        committee=f"Ban Chấp hành {own.unit}",
        round=round,
        rows=[_line(row) for row in rows],
    )


def self_form_html(
    row: Assessment, criteria: list[Criterion], facts: Facts, labels: list[Label], *, on: datetime.date
) -> tuple[str, Layout]:
    """Phiếu tự đánh giá, with what the branch and the superior said; dotted lines for who writes by hand."""
    names = names_on(row.unit, on)
    whom = "chi đoàn" if row.member_id is None else "đoàn viên"
    paper = paper_of(
        unit=row.unit,
        on=on,
        kind="Phiếu",
        kind_code="P",
        abstract=(f"Đánh giá, xếp loại chất lượng {whom}", small(row.round.period.name)),
        signature=Signature("", "Người tự đánh giá" if row.member_id else "TM. Ban Chấp hành"),
        recipients=(f"Lưu {names.unit}",),
        names=names,
    )
    votes = [(label.name, row.votes[label.code]) for label in labels if label.code in row.votes]
    return filled(
        "papers/assessment_self.html",
        paper,
        row=row,
        member=row.member,
        branch=names.unit,
        born=words_of(row.member.birth_date, row.member.birth_precision) if row.member_id else "",
        criteria=criterion_rows(row, criteria, facts),
        frozen_on=day(row.concluded_on) if row.facts else day(on),
        labels=[(label.name, row.self_label_id == label.pk) for label in labels],
        votes=votes,
        ballot_words=counts_words(row.ballot) if row.ballot_id else "",
    )
