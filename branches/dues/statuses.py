"""Verbs on what a member pays by: income status from a month on, and months of exemption."""

from collections.abc import Mapping

from django.db import transaction

from branches.fed_books import tell_months_anew
from branches.heirs import load_ends
from branches.leaving import locked
from branches.models import DuesExemption, DuesPayment, IncomeSpan, IncomeStatus, Member, Unit
from branches.vietnamese import nfc

from .months import DuesRefused, Month, month_words, spans_words, step
from .owing import collector
from .rates import load_rates


@transaction.atomic
def set_statuses(*, unit: Unit, statuses: Mapping[int, str], from_month: Month, by) -> int:
    """From this month on these members of the unit pay by these statuses; who already does stays untouched.

    Returns how many changed. Months already paid keep the amount on their receipt.
    """
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if from_month.day != 1:
        raise TypeError("a status begins with a month")
    if wrong := set(statuses.values()) - set(IncomeStatus.values):
        raise DuesRefused({"": f"Không có diện đóng “{', '.join(sorted(wrong))}”. Hãy chọn lại."})
    members = set(
        Member.objects.filter(pk__in=statuses, home__path__startswith=unit.path, anonymised_on=None, merged_into=None)
        .values_list("pk", flat=True)
    )  # fmt: skip
    if set(statuses) - members:
        raise DuesRefused({"": "Có người không còn ở chi đoàn này. Hãy mở lại trang rồi chọn lại."})
    now = status_on(members, from_month)
    default = load_rates().value("dues_default_status", from_month)
    changed = {pk: status for pk, status in statuses.items() if (now.get(pk) or default) != status}
    for pk, status in changed.items():
        IncomeSpan.objects.update_or_create(
            member_id=pk, from_month=from_month, defaults={"status": status, "written_by": by}
        )
    if changed:
        _tell_months_anew(unit)
    return len(changed)


def status_on(members, month: Month) -> dict[int, str]:
    """The status written for each in that month; who has none is missing. One query."""
    rows = IncomeSpan.objects.filter(member__in=members, from_month__lte=month).order_by("from_month", "pk")
    return dict(rows.values_list("member_id", "status"))


@transaction.atomic
def exempt(*, member: Member, from_month: Month, last_month: Month, reason: str, decision: str, by) -> DuesExemption:
    """The member owes nothing from one month to another, the last included, as decided by the Đoàn above.

    Months that follow each other count together: no run is longer than the rule `dues_exemption_months`.
    """
    home = Unit.objects.select_for_update(no_key=True).get(pk=member.home_id)  # receipts of these months wait
    member = locked(member)
    reason, decision = nfc(reason).strip(), nfc(decision).strip()
    errors = {}
    if not reason:
        errors["reason"] = "Hãy ghi lý do miễn."
    if not decision:
        errors["decision"] = "Hãy ghi văn bản đồng ý của Ban Chấp hành Đoàn cơ sở."
    if last_month < from_month:
        errors["last_month"] = f"Hãy ghi tháng từ {month_words(from_month)} trở đi."
    else:
        errors |= _too_long(member, from_month, last_month)
    if errors:
        raise DuesRefused(errors)
    made = DuesExemption.objects.create(
        member=member, from_month=from_month, last_month=last_month, reason=reason, decision=decision, written_by=by
    )
    _tell_months_anew(home)
    return made


def _too_long(member: Member, first: Month, last: Month) -> dict[str, str]:
    spans = list(member.dues_exemptions.values_list("from_month", "last_month"))
    if any(start <= last and first <= end for start, end in spans):
        return {"from_month": f"{member.full_name} đã được miễn trong khoảng này. Hãy xem lại tháng."}
    start, end = first, last
    for before, after in sorted(spans, reverse=True):
        if step(after) == start:
            start = before
    for before, after in sorted(spans):
        if step(end) == before:
            end = after
    most = load_rates().value("dues_exemption_months", first)
    length = (end.year - start.year) * 12 + end.month - start.month + 1
    if most is not None and length > int(most):
        along = "" if (start, end) == (first, last) else ", kể cả các tháng miễn liền kề"
        return {"last_month": f"Miễn không quá {most} tháng liền; ở đây là {length} tháng{along}."}
    paid = DuesPayment.objects.standing().filter(member=member, month__gte=first, month__lte=last)
    if taken := sorted(paid.values_list("month", flat=True)):
        return {"from_month": f"Tháng {spans_words(taken)} đã đóng, không miễn nữa. Hãy ghi các tháng chưa đóng."}
    return {}


@transaction.atomic
def drop_exemption(*, exemption: DuesExemption) -> None:
    """An exemption written by mistake goes; its months are owed again."""
    home = Unit.objects.select_for_update(no_key=True).get(pk=exemption.member.home_id)
    locked(exemption.member)
    DuesExemption.objects.filter(pk=exemption.pk).delete()
    _tell_months_anew(home)


def _tell_months_anew(unit: Unit) -> None:
    """The months of the unit, and of those that ended before it: somebody may still owe them one."""
    collects_it = collector(unit.pk, unit.kind, unit.path)
    for one in [collects_it, *sorted(load_ends().before([collects_it]))]:
        tell_months_anew(one)
