"""Slips to the superior: what is due, handing over, and the answer of the other side."""

import datetime

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, Value, When
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.dues.owing import collects
from branches.dues.remitting import accept, remit, send_back, span_wanted, split_of, unremitted, withdraw
from branches.dues.spelling import money_words
from branches.formats import day, dong
from branches.forms.base import sent
from branches.forms.dues import AcceptForm, SlipAskForm, SlipForm, SlipWhyForm
from branches.models import Remittance, Unit
from branches.periods import write_period
from branches.scoping import get_visible_or_404, rights_at
from branches.views.life_steps import answered_before, step_page, take_step

from .dues import MONEY, REGISTER, ROWS_A_PAGE, money_keeper_at, year_asked, years_around

State = Remittance.State
LOOKS = {State.SENT: "waiting", State.ACCEPTED: "done", State.RETURNED: "returned", State.WITHDRAWN: "none"}
ONE_DAY = datetime.timedelta(days=1)


def span_words(slip: Remittance) -> str:
    """ "quý III/2026", "tháng 10/2026", else the days."""
    first, last = slip.starts_on, slip.ends_on - ONE_DAY
    if (first.year, first.month) == (last.year, last.month):
        return f"tháng {first.month}/{first.year}"
    if first.month % 3 == 1 and last.month == first.month + 2 and first.year == last.year:
        return f"quý {('I', 'II', 'III', 'IV')[first.month // 3]}/{first.year}"
    return f"từ {day(first)} đến {day(last)}"


def _row(slip: Remittance, unit: Unit) -> dict:
    return {
        "slip": slip, "standing": LOOKS[slip.state], "word": slip.get_state_display(), "span": span_words(slip),
        "is_in": slip.unit_id != unit.pk, "kept": slip.received - slip.amount,
    }  # fmt: skip


@require_GET
def remittance_list(request, pk):
    """Slips of a year, those handed over and those received from below; what waits for an answer first."""
    unit = get_visible_or_404(Unit, request.user, right=MONEY, pk=pk)
    today = timezone.localdate()
    year = year_asked(request, today)
    waits = Case(When(state=State.SENT, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = (
        Remittance.objects.visible_to(request.user)
        .filter(Q(unit=unit) | Q(superior=unit), year=year)
        .select_related("unit", "superior")
        .order_by(waits, "-handed_on", "-pk")
    )
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "branches/remittance_list.html",
        {
            "unit": unit,
            "page": page,
            "rows": [_row(one, unit) for one in page],
            "held": unremitted(unit, up_to=today, on=today),
            "today": today,
            "may_record": "record" in rights_at(request.user, unit),
            **years_around(year, today),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def remittance_new(request, pk):
    """First what is due up to a day, with the rounding; then the slip with that very amount."""
    unit = money_keeper_at(request, pk)
    if answer := answered_before(request):
        return answer
    today = timezone.localdate()
    span = span_wanted(unit, today)
    asked = {"ky": write_period(span), "den": min(today, span.last_day)}
    if "ky" not in request.GET and not unremitted(unit, up_to=asked["den"], on=today).received:
        asked["den"] = today  # what was received since the span ended goes with it
    ask = SlipAskForm(request.GET if "ky" in request.GET else None, initial=asked, on=today)
    if request.method == "POST":
        form = SlipForm(request.POST, unit=unit, on=today)
        if answer := take_step(request, form, lambda: _remit(request.user, unit, form, today), lambda: _sent(unit)):
            return answer
        said = {"ky": request.POST.get("ky", ""), "den": request.POST.get("den", "")}
        ask = SlipAskForm(said, initial=asked, on=today)
    if ask.is_bound and ask.is_valid():
        asked = {"ky": write_period(ask.cleaned_data["ky"]), "den": ask.cleaned_data["den"]}
    held = None if ask.is_bound and not ask.is_valid() else unremitted(unit, up_to=asked["den"], on=today)
    carried = asked | {"said": held.amount if held else 0, "handed_on": today}
    if request.method != "POST":
        form = SlipForm(initial=carried, unit=unit, on=today)
    else:  # the next sending agrees to the sum that this page shows
        form.data = form.data.copy()
        form.data["said"] = str(carried["said"])
    context = {
        "unit": unit, "ask": ask, "form": form, "held": held, "words": money_words(held.amount) if held else "",
        "up_to": asked["den"], "superior": Unit.objects.filter(pk=unit.superior_pk).first(), "collects": collects(unit),
    }  # fmt: skip
    return render(request, "branches/remittance_new.html", context)


def _remit(user, unit, form, today) -> str:
    said = form.cleaned_data
    slip = remit(
        unit=unit, span=said["span"], up_to=said["den"], handed_on=said["handed_on"], said=said["said"] or 0,
        superior_name=said.get("superior_name", ""), by=user, on=today,
    )  # fmt: skip
    return reverse("branches:remittance", args=[slip.pk])


def _sent(unit) -> str:
    return "Đã gửi phiếu nộp. Cấp trên nhận xong sẽ hiện ở đây."


def _slip(request, pk) -> Remittance:
    rows = Remittance.objects.select_related("unit", "superior", "handed_by", "answered_by", "passed_on")
    return get_visible_or_404(rows, request.user, pk=pk)


def _may_answer(user, slip: Remittance) -> bool:
    return slip.state == State.SENT and Remittance.objects.acceptable_by(user).filter(pk=slip.pk).exists()


@require_GET
def remittance(request, pk):
    """One slip, for both sides: what was received, what goes up, what stays, and where it stands."""
    slip = _slip(request, pk)
    rights = rights_at(request.user, slip.unit) | (rights_at(request.user, slip.superior) if slip.superior else set())
    context = {
        "slip": slip,
        "unit": slip.unit,
        "row": _row(slip, slip.unit),
        "split": split_of(slip),
        "words": money_words(slip.amount),
        "brought": slip.brought.select_related("unit").order_by("unit__sort_key", "pk"),
        "may_answer": _may_answer(request.user, slip),
        "may_withdraw": slip.state == State.SENT
        and Remittance.objects.handed_over_by(request.user).filter(pk=slip.pk).exists(),
        "may_name": not rights.isdisjoint(REGISTER),
        "may_list": not rights_at(request.user, slip.unit).isdisjoint(MONEY),
    }
    return render(request, "branches/remittance.html", context)


def _answering(request, pk, may: str) -> Remittance:
    """The slip, for the side that takes this step; the other side and readers get 403, strangers 404."""
    found = getattr(Remittance.objects, may)(request.user).filter(pk=pk).select_related("unit", "superior").first()
    if found is None:
        get_visible_or_404(Remittance, request.user, pk=pk)
        raise PermissionDenied
    return found


def _step(request, slip, form, act, *, done: str, title: str, button: str, says, warns=False):
    back = reverse("branches:remittance", args=[slip.pk])

    def work():
        act()
        return back

    if answer := take_step(request, form, work, done):
        return answer
    return step_page(
        request, form, title=title, button=button, back=back, unit=slip.unit,
        about=f"Phiếu nộp số {slip.number}/{slip.year}", says=says, warns=warns,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def remittance_accept(request, pk):
    """The superior has the money in hand."""
    slip = _answering(request, pk, "acceptable_by")
    today = timezone.localdate()
    form = AcceptForm(sent(request), initial={"version": slip.version})

    def act():
        said = form.cleaned_data
        accept(slip=slip, version=said["version"], note=said["note"], by=request.user, on=today)

    money = dong(slip.amount)
    return _step(
        request, slip, form, act, done=f"Đã nhận {money} của {slip.unit.name}.", title="Nhận tiền nộp",
        button=f"Nhận {money}",
        says=[f"{slip.unit.name} nộp {money} ngày {day(slip.handed_on)}, {span_words(slip)}. Chỉ nhận khi đã có tiền."],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def remittance_return(request, pk):
    """The superior does not take it, and says why."""
    slip = _answering(request, pk, "acceptable_by")
    today = timezone.localdate()
    form = SlipWhyForm(sent(request), initial={"version": slip.version})

    def act():
        said = form.cleaned_data
        send_back(slip=slip, version=said["version"], why=said["why"], by=request.user, on=today)

    return _step(
        request, slip, form, act, done="Đã trả lại phiếu nộp.", title="Trả lại phiếu nộp", button="Trả lại phiếu nộp",
        says=[f"{dong(slip.amount)} trở lại là chưa nộp; {slip.unit.name} thấy lý do và gửi phiếu khác."], warns=True,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def remittance_withdraw(request, pk):
    """The unit takes its slip back while nobody has answered."""
    slip = _answering(request, pk, "handed_over_by")
    today = timezone.localdate()
    form = SlipWhyForm(sent(request), initial={"version": slip.version})

    def act():
        said = form.cleaned_data
        withdraw(slip=slip, version=said["version"], why=said["why"], by=request.user, on=today)

    return _step(
        request, slip, form, act, done="Đã rút phiếu nộp.", title="Rút phiếu nộp", button="Rút phiếu nộp",
        says=[f"{dong(slip.amount)} trở lại là chưa nộp. Phiếu vẫn giữ trong sổ, số phiếu không dùng lại."], warns=True,
    )  # fmt: skip
