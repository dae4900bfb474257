"""Papers about people: the letter of a transfer, the request and the decision of an admission, maturity.

Nothing is composed that nobody wrote or the register does not hold; what is missing is a dotted blank.
None of them names a sensitive field.
"""

import datetime

from branches.days import words_of
from branches.formats import day
from branches.models import Admission, Membership, Transfer, Unit

from .filled import COMMITTEE, filled, has_seal
from .layout import Layout, Names, Paper, names_on, paper_of


def transfer_letter_html(transfer: Transfer, *, on: datetime.date) -> tuple[str, Layout]:
    """Giấy giới thiệu chuyển sinh hoạt Đoàn, with the slip the new unit sends back. `on` is today."""
    member = transfer.member
    dated = transfer.letter_on or on
    names = names_on(transfer.source, dated)
    joined = words_of(member.admitted_on, member.admitted_precision)
    paper = paper_of(
        unit=transfer.source,
        on=dated,
        kind="Giấy giới thiệu",
        kind_code="GT",
        abstract=("Chuyển sinh hoạt Đoàn",),
        signature=COMMITTEE,
        number=transfer.letter_number,
        dated_on=transfer.letter_on,
        recipients=(transfer.target_name, f"Lưu {names.unit}"),
        addressee=_committee_of(transfer.target_name),
        needs_confirmation=not has_seal(transfer.source),
        is_one_sheet=True,  # letter and slip are cut apart on one sheet
        names=names,
    )
    return filled(
        "papers/transfer_letter.html",
        paper,
        member=member,
        transfer=transfer,
        source=names.unit,
        born=words_of(member.birth_date, member.birth_precision),
        joined=", ".join(part for part in (joined, member.admitted_at and f"tại {member.admitted_at}") if part),
        paid_to=f"{transfer.dues_paid_to:%m/%Y}" if transfer.dues_paid_to else "",
        remark=[line.strip() for line in transfer.remark.splitlines() if line.strip()],
    )


def admission_request_html(admission: Admission, *, on: datetime.date) -> tuple[str, Layout]:
    """Tờ trình of the branch to its superior, after the vote. Its number and day are written by hand."""
    dated = admission.voted_on or on
    names = names_on(admission.unit, dated)
    paper = paper_of(
        unit=admission.unit,
        on=dated,
        kind="Tờ trình",
        kind_code="TTr",
        abstract=("Đề nghị chuẩn y kết nạp đoàn viên",),
        signature=COMMITTEE,
        recipients=(names.superior or "Đoàn cấp trên", f"Lưu {names.unit}"),
        addressee=_committee_of(names.superior) if names.superior else "",
        names=names,
    )
    return filled("papers/admission_request.html", paper, admission=admission, branch=names.unit)


def admission_decision_html(admission: Admission, *, on: datetime.date) -> tuple[str, Layout]:
    """Quyết định chuẩn y of the superior of that day; before it is decided, its draft without number and day."""
    dated = admission.decided_on or on
    names = names_on(admission.unit, dated)
    issuer = names.superior_unit or admission.unit
    paper = _decision_paper(
        issuer,
        dated,
        abstract=("Về việc chuẩn y kết nạp đoàn viên",),
        number=admission.decision,
        dated_on=admission.decided_on,
        recipients=(f"{names.unit} (để t/h)", f"Đồng chí {admission.full_name}"),
    )
    return filled(
        "papers/admission_decision.html",
        paper,
        admission=admission,
        branch=names.unit,
        committee=_committee_of(names.superior or names.unit),
        is_draft=admission.state != Admission.State.DECIDED,
    )


def maturity_decision_html(unit: Unit, memberships: list[Membership], *, ended_on: datetime.date) -> tuple[str, Layout]:
    """Quyết định công nhận trưởng thành of all who left on this day, with their list.

    Issued by the unit, for a branch without a seal by its superior. Names and numbers as of that day.
    """
    names = names_on(unit, ended_on)
    issuer = unit if has_seal(unit) or names.superior_unit is None else names.superior_unit
    issuer_name = names.unit if issuer == unit else names.superior
    numbers = {one.end_decision for one in memberships}
    number = numbers.pop() if len(numbers) == 1 else ""
    paper = _decision_paper(
        issuer,
        ended_on,
        abstract=("Về việc công nhận đoàn viên trưởng thành đoàn",),
        number=number if "QĐ" in number.upper() else "",
        dated_on=None,
        recipients=("Các đồng chí có tên trong danh sách",),
    )
    return filled(
        "papers/maturity_decision.html",
        paper,
        rows=[_leaver(one) for one in memberships],
        count=len(memberships),
        ended_on=ended_on,
        who=names.unit if unit.is_branch else "các chi đoàn trực thuộc",
        committee=_committee_of(issuer_name),
        is_one_branch=unit.is_branch,
    )


def maturity_list_html(unit: Unit, rows: list, *, on: datetime.date) -> tuple[str, Layout]:
    """Danh sách đoàn viên đủ tuổi trưởng thành: `rows` are those of branches.maturing.ageing_members."""
    paper = paper_of(
        unit=unit,
        on=on,
        kind="Danh sách",
        kind_code="DS",
        abstract=("Đoàn viên đủ tuổi trưởng thành đoàn", f"(tính đến hết ngày {day(on.replace(year=on.year + 1))})")
        if (on.month, on.day) != (2, 29)
        else ("Đoàn viên đủ tuổi trưởng thành đoàn",),
        signature=COMMITTEE,
    )
    lines = [
        {
            "name": row.member.full_name,
            "born": words_of(row.member.birth_date, row.member.birth_precision),
            "branch": row.member.home.name,
            "reaches_on": day(row.reaches_on),
            "note": f"Ở lại đến trước {day(row.stays_until(on))}" if row.stays_until(on) else "",
        }
        for row in rows
    ]
    return filled("papers/maturity_list.html", paper, rows=lines, is_one_branch=unit.is_branch)


def _leaver(membership: Membership) -> dict:
    member = membership.member
    return {
        "name": member.full_name,
        "born": words_of(member.birth_date, member.birth_precision),
        "joined": words_of(member.admitted_on, member.admitted_precision),
        "branch": membership.unit.name,
    }


def _decision_paper(issuer: Unit, on, *, abstract, number, dated_on, recipients) -> Paper:
    names: Names = names_on(issuer, on)
    return paper_of(
        unit=issuer,
        on=on,
        kind="Quyết định",
        kind_code="QĐ",
        abstract=abstract,
        signature=COMMITTEE,
        number=number,
        dated_on=dated_on,
        recipients=(*recipients, f"Lưu {names.unit}"),
        names=names,
    )


def _committee_of(name: str) -> str:
    return f"Ban Chấp hành {name}"
