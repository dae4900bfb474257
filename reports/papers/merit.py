"""Papers of the way to the Party and of discipline.

Nothing is composed that nobody wrote: what is missing is a dotted blank. The numbers of a vote are those of the
step or case, read by the same rules as on its page.
"""

import datetime

from branches.days import words_of
from branches.models import Discipline, PartyStep, ProgressRemark, Unit
from branches.typed_votes import result_of

from .filled import COMMITTEE, filled, has_seal
from .layout import Layout, Names, Signature, names_on, paper_of

CHAIR = Signature("Chủ trì", "Bí thư")


def party_introduction_html(step: PartyStep) -> tuple[str, Layout]:
    """Nghị quyết of the branch that introduces a member to the Party, with the vote and the last remark before it."""
    member, names = step.member, names_on(step.unit, step.dated_on)
    party = step.unit.party_body or "Cấp ủy cùng cấp"
    remark = member.progress_remarks.filter(dated_on__lte=step.dated_on).order_by("-dated_on", "-pk").first()
    result = result_of(step)
    paper = paper_of(
        unit=step.unit,
        on=step.dated_on,
        kind="Nghị quyết",
        kind_code="NQ",
        abstract=("Giới thiệu đoàn viên ưu tú", "cho Đảng xem xét, kết nạp"),
        signature=COMMITTEE,
        number=step.document,
        dated_on=step.dated_on,
        recipients=(party, names.superior or "Đoàn cấp trên", f"Lưu {names.unit}"),
        needs_confirmation=not has_seal(step.unit),
        names=names,
    )
    return filled(
        "papers/party_introduction.html", paper, step=step, member=member, branch=names.unit, party=party,
        superior=names.superior, born=words_of(member.birth_date, member.birth_precision),
        joined=words_of(member.admitted_on, member.admitted_precision), vote=step.vote, result=result,
        merits=_lines(remark.merits) if remark else [], shortcomings=_lines(remark.shortcomings) if remark else [],
    )  # fmt: skip


def outstanding_list_html(unit: Unit, steps: list[PartyStep], *, year: int, on: datetime.date) -> tuple[str, Layout]:
    """Danh sách đoàn viên ưu tú of a year: `steps` are those behind the counter of the page."""
    paper = paper_of(
        unit=unit,
        on=on,
        kind="Danh sách",
        kind_code="DS",
        abstract=(f"Đoàn viên ưu tú năm {year}",),
        signature=COMMITTEE,
    )
    rows = [
        {
            "name": one.member.full_name,
            "born": words_of(one.member.birth_date, one.member.birth_precision),
            "job": one.member.job,
            "branch": one.unit.name,
            "vote": f"{one.vote.votes_for}/{one.vote.present}" if one.vote else "",
            "day": one.dated_on,
        }
        for one in steps
    ]
    return filled("papers/outstanding_list.html", paper, rows=rows, is_one_branch=unit.is_branch)


def party_remark_html(remark: ProgressRemark) -> tuple[str, Layout]:
    """Bản nhận xét about the progress of one member, for the Party committee."""
    member, names = remark.member, names_on(remark.unit, remark.dated_on)
    party = remark.unit.party_body or "Cấp ủy cùng cấp"
    steps = list(member.party_steps.filter(dated_on__lte=remark.dated_on).order_by("dated_on", "pk"))
    paper = paper_of(
        unit=remark.unit,
        on=remark.dated_on,
        kind="Bản nhận xét",
        kind_code="BNX",
        abstract=("Sự tiến bộ của đoàn viên ưu tú",),
        signature=COMMITTEE,
        dated_on=remark.dated_on,
        recipients=(party, f"Lưu {names.unit}"),
        addressee=party,
        names=names,
    )
    return filled(
        "papers/party_remark.html", paper, member=member, branch=names.unit, steps=steps,
        born=words_of(member.birth_date, member.birth_precision), merits=_lines(remark.merits),
        shortcomings=_lines(remark.shortcomings),
    )  # fmt: skip


def discipline_decision_html(case: Discipline, *, on: datetime.date) -> tuple[str, Layout]:
    """Quyết định of the body that has the authority; before it decided, its draft without number and day."""
    if case.is_of_unit:
        return _unit_decision_html(case, on=on)
    dated = case.decided_on or on
    names = names_on(case.unit, dated)
    is_draft = not case.measure
    above = names.superior_unit
    # A branch without a seal issues nothing itself: its superior's paper also says the reprimand.
    committee = case.decided_by_body or f"Ban Chấp hành {names.superior or names.unit}"
    is_own = bool(case.decided_by_body) and case.decided_by_body == f"Ban Chấp hành {case.unit.name}"
    issuer = case.unit if is_own or above is None else above
    issuer_names: Names = names_on(issuer, dated)
    paper = paper_of(
        unit=issuer,
        on=dated,
        kind="Quyết định",
        kind_code="QĐ",
        abstract=("Về việc thi hành kỷ luật đoàn viên",),
        signature=COMMITTEE,
        number=case.decision,
        dated_on=case.decided_on,
        recipients=(f"{names.unit} (để t/h)", f"Đồng chí {case.member.full_name}", f"Lưu {issuer_names.unit}"),
        needs_confirmation=not has_seal(issuer),
        names=issuer_names,
    )
    measure = case.get_measure_display() or case.get_proposed_display()
    return filled(
        "papers/discipline_decision.html", paper, case=case, member=case.member, branch=names.unit, is_draft=is_draft,
        committee=committee, measure=measure, vote=case.vote, facts=_lines(case.facts),
        born=words_of(case.member.birth_date, case.member.birth_precision),
        is_expulsion=(case.measure or case.proposed) == Discipline.Measure.EXPULSION,
    )  # fmt: skip


def _unit_decision_html(case: Discipline, *, on: datetime.date) -> tuple[str, Layout]:
    """Quyết định against a unit: of its superior, a disbandment of the body above that one."""
    dated, measure = case.decided_on or on, case.measure or case.proposed
    names = names_on(case.unit, dated)
    is_disbandment = measure == Discipline.Measure.DISBANDMENT
    issuer = names.superior_unit or case.unit
    proposer = ""
    if is_disbandment and (above := names_on(issuer, dated)).superior_unit:
        issuer, proposer = above.superior_unit, names.superior
    own = names_on(issuer, dated)
    paper = paper_of(
        unit=issuer,
        on=dated,
        kind="Quyết định",
        kind_code="QĐ",
        abstract=(f"Về việc {'giải tán' if is_disbandment else 'thi hành kỷ luật đối với'}", names.unit),
        signature=COMMITTEE,
        number=case.decision,
        dated_on=case.decided_on,
        recipients=tuple(one for one in (f"{names.unit} (để t/h)", proposer, f"Lưu {own.unit}") if one),
        needs_confirmation=not has_seal(issuer),
        names=own,
    )
    return filled(
        "papers/discipline_unit_decision.html", paper, case=case, unit=names.unit, is_draft=not case.measure,
        committee=case.decided_by_body or f"Ban Chấp hành {own.unit}", reviewer=f"Ban Chấp hành {names.superior}",
        measure=Discipline.Measure(measure).label, vote=case.vote, facts=_lines(case.facts),
        is_disbandment=is_disbandment,
    )  # fmt: skip


def discipline_minutes_html(case: Discipline) -> tuple[str, Layout]:
    """Trích biên bản of what was voted: by a branch about its member, by a superior's committee about a unit."""
    names = names_on(case.unit, case.voted_on)
    issuer = (case.is_of_unit and names.superior_unit) or case.unit
    own = names_on(issuer, case.voted_on)
    paper = paper_of(
        unit=issuer,
        on=case.voted_on,
        kind="Trích biên bản",
        kind_code="BB",
        abstract=("Họp xét kỷ luật tổ chức Đoàn" if case.is_of_unit else "Họp xét kỷ luật đoàn viên",),
        signature=CHAIR,
        dated_on=case.voted_on,
        recipients=(own.superior or "Đoàn cấp trên", f"Lưu {own.unit}"),
        names=own,
    )
    return filled(
        "papers/discipline_minutes.html", paper, case=case, vote=case.vote, result=result_of(case),
        facts=_lines(case.facts),
        reviewer=f"Ban Chấp hành {own.unit}" if case.is_of_unit else own.unit,
        reviewed=names.unit if case.is_of_unit else case.member.full_name,
    )  # fmt: skip


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
