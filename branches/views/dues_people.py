"""What each member pays by: income status in bulk, exemptions, and the months of one member."""

import datetime

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from branches.dues.arrears import debts_of_member
from branches.dues.months import first_of, month_words, months_of
from branches.dues.owing import OUTSIDE, Standing, owed, payments_of
from branches.dues.rates import load_rates
from branches.dues.showing import WORDS
from branches.dues.statuses import drop_exemption, exempt, set_statuses, status_on
from branches.forms.base import sent
from branches.forms.dues import ExemptionForm, StatusForm, SureForm
from branches.models import DuesExemption, IncomeStatus, Member, Unit
from branches.models.member import MemberQuerySet
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.views.life_steps import answered_before, step_page, take_step

from .dues import money_keeper_at, year_asked, years_around


@require_http_methods(["GET", "HEAD", "POST"])
def dues_statuses(request, pk):
    """The income status of everybody in the branch, changed from a month on, all at once."""
    unit = money_keeper_at(request, pk)
    today = timezone.localdate()
    month = first_of(today)
    members = list(
        Member.objects.filter(home__path__startswith=unit.path, is_active=True, anonymised_on=None, merged_into=None)
        .order_by("sort_key", "pk")
    )  # fmt: skip
    form = StatusForm(sent(request), initial={"from_month": month})

    def save():
        set_statuses(
            unit=unit, statuses=form.statuses(members), from_month=form.cleaned_data["from_month"], by=request.user
        )
        return reverse("branches:dues", args=[unit.pk])

    if answer := take_step(request, form, save, "Đã lưu diện đóng. Các tháng đã đóng giữ nguyên số tiền."):
        return answer
    now, rates = status_on([one.pk for one in members], month), load_rates()
    default = rates.value("dues_default_status", month)
    chosen = form.statuses(members) if form.is_bound else {}
    rows = [
        {"member": one, "status": chosen.get(one.pk) or now.get(one.pk) or default, "is_default": one.pk not in now}
        for one in members
    ]
    kinds = [(one.value, one.label, rates.amount(one.value, month)) for one in IncomeStatus]
    return render(request, "branches/dues_statuses.html", {"unit": unit, "form": form, "rows": rows, "kinds": kinds})


def _member(request, pk, *, to_change=False) -> Member:
    rows = Member.objects.select_related("home")
    if to_change:
        return get_editable_or_403(rows, request.user, right="record", pk=pk)
    return get_visible_or_404(rows, request.user, pk=pk)


@require_safe
def dues_member(request, pk):
    """The months of one member in a year, by whom they are owed, and what is in arrears. Everybody reads their own."""
    member = _member(request, pk)
    today = timezone.localdate()
    year = year_asked(request, today)
    rights = rights_at(request.user, member.home)
    months = months_of(year)
    table = owed(members=[member.pk], months=months).get(member.pk, {})
    payments = payments_of([member.pk], months)
    rows = [_month(month, table.get(month, OUTSIDE), payments.get((member.pk, month)), today) for month in months]
    statuses = list(member.income_spans.order_by("-from_month"))
    month = first_of(today)
    status = next((one.status for one in statuses if one.from_month <= month), "")
    rates = load_rates()
    return render(
        request,
        "branches/dues_member.html",
        {
            "member": member,
            "unit": member.home,
            "rows": rows,
            "paid": sum(row["paid"] for row in rows),
            "debts": _debts(member, today),
            "statuses": statuses,
            "status": IncomeStatus(status or rates.value("dues_default_status", month)).label,
            "is_default": not status,
            "rate": rates.amount(status, month),
            "exemptions": member.dues_exemptions.order_by("-from_month", "pk"),
            "may_record": "record" in rights,
            "may_list": not rights.isdisjoint(MemberQuerySet.read_rights),
            **years_around(year, today),
        },
    )


def _debts(member: Member, today) -> list[dict]:
    debts = debts_of_member(member.pk, on=today)
    elsewhere = {one.unit for one in debts} - {member.home_id}
    places = dict(Unit.objects.filter(pk__in=elsewhere).values_list("pk", "name")) if elsewhere else {}
    return [
        {"words": one.words, "total": one.total, "unit": one.unit, "place": places.get(one.unit, "")} for one in debts
    ]


def _month(month: datetime.date, due, payment, today) -> dict:
    late = payment is None and due.standing == Standing.OWED and month < first_of(today)
    if payment is not None:
        standing, word = "done", "Đã đóng"
    elif late:
        standing, word = "behind", "Chưa đóng"
    elif due.standing == Standing.OWED:
        standing, word = "none", "Chưa đến hạn" if month > first_of(today) else "Tháng này"
    else:
        standing, word = "none", WORDS[due.standing].capitalize()
    return {
        "month": month, "standing": standing, "word": word, "paid": payment.amount if payment else 0,
        "amount": payment.amount if payment else due.amount if due.standing == Standing.OWED else None,
        "receipt": payment.receipt if payment else None,
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def dues_exempt(request, pk):
    """A span of months in which the member owes nothing."""
    member = _member(request, pk, to_change=True)
    form = ExemptionForm(sent(request))
    back = reverse("branches:dues_member", args=[member.pk])

    def save():
        said = {name: form.cleaned_data[name] for name in ("from_month", "last_month", "reason", "decision")}
        exempt(member=member, by=request.user, **said)
        return back

    if answer := take_step(request, form, save, f"Đã ghi miễn đoàn phí cho {member.full_name}."):
        return answer
    most = load_rates().value("dues_exemption_months", timezone.localdate())
    says = [f"Do Ban Chấp hành Đoàn cơ sở quyết định, không quá {most} tháng liền. Tháng đã đóng không miễn."]
    return step_page(
        request, form, title="Miễn đoàn phí", button="Ghi miễn đoàn phí", back=back, unit=member.home,
        about=member.full_name, says=says,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def dues_exempt_undo(request, pk):
    """An exemption written by mistake goes."""
    if answer := answered_before(request):
        return answer
    rows = DuesExemption.objects.select_related("member__home")
    found = get_editable_or_403(rows, request.user, pk=pk)
    back = reverse("branches:dues_member", args=[found.member_id])
    form = SureForm(sent(request))
    span = f"tháng {month_words(found.from_month)} đến hết tháng {month_words(found.last_month)}"

    def drop():
        drop_exemption(exemption=found)
        return back

    if answer := take_step(request, form, drop, f"Đã bỏ miễn đoàn phí {span}."):
        return answer
    says = [f"Miễn {span} không còn: các tháng này trở lại là phải đóng. Chỉ bỏ khi ghi nhầm."]
    return step_page(
        request, form, title="Bỏ miễn đoàn phí", button="Bỏ miễn đoàn phí", back=back, unit=found.member.home,
        about=found.member.full_name, says=says, warns=True,
    )  # fmt: skip
