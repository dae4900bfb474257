"""Transfers as both sides see them, and stays at another branch."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Q, Value, When
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.days import words_of
from branches.disciplining import open_case_warning
from branches.dues.arrears import paid_to
from branches.formats import day, distance
from branches.forms.base import sent
from branches.forms.life import AcceptForm, AnswerForm, HandOnForm, StayEndForm, StayForm, TransferForm
from branches.leaving import posts_kept
from branches.leaving_posts import posts_left
from branches.models import AwayStay, Member, Membership, Transfer, Unit
from branches.models.life import TransferQuerySet
from branches.models.member import MemberQuerySet
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.staying import STAYS, begin_away, begin_stay, end_away, end_stay
from branches.transferring import accept_transfer, hand_on_transfer, return_transfer, send_transfer, withdraw_transfer
from branches.views.life_steps import answered_before, ended_words, step_page, take_step

PAGE_SIZE = 50
TRANSFERS = Transfer.objects.select_related("member", "source", "target", "answered_by", "sent_by")
State = Transfer.State


# --- transfers ------------------------------------------------------------------------------------


@require_GET
def transfer_list(request, pk):
    """Coming to the unit or what is below it, and going from there: what waits first, the latest due on top."""
    unit = get_visible_or_404(Unit, request.user, right=TransferQuerySet.read_rights, pk=pk)
    today = timezone.localdate()
    here = Q(source__path__startswith=unit.path) | Q(target__path__startswith=unit.path)
    open_first = Case(When(state=State.SENT, then=Value(0)), default=Value(1))
    rows = TRANSFERS.visible_to(request.user).filter(here).order_by(open_first, "due_on", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    return render(
        request,
        "branches/transfer_list.html",
        {
            "unit": unit,
            "page": page,
            "rows": [_row(one, unit, today) for one in page],
            "may_keep": "manage" in rights_at(request.user, unit),
        },
    )


def _row(transfer: Transfer, unit: Unit, today) -> dict:
    comes = bool(transfer.target and transfer.target.path.startswith(unit.path))
    goes = transfer.source.path.startswith(unit.path)
    standing, word = standing_of(transfer, today)
    return {
        "transfer": transfer,
        "way": "Trong đơn vị" if comes and goes else "Chuyển đến" if comes else "Chuyển đi",
        "place": transfer.source.name if comes and not goes else transfer.target_name,
        "standing": standing,
        "word": word,
    }


def standing_of(transfer: Transfer, today) -> tuple[str, str]:
    """The badge of a transfer: (state, words)."""
    if transfer.state == State.SENT:
        return ("overdue" if transfer.is_overdue(today) else "waiting"), distance(transfer.due_on, today)
    standing = {State.ACCEPTED: "done", State.RETURNED: "returned", State.WITHDRAWN: "none"}[transfer.state]
    return standing, f"{transfer.get_state_display()} {day(transfer.answered_on)}"


@require_GET
def transfer(request, pk):
    """One transfer: what the target has to know before it takes in, and the next step of this reader's side."""
    found = get_visible_or_404(TRANSFERS, request.user, pk=pk)
    today = timezone.localdate()
    standing, word = standing_of(found, today)
    is_open = found.state == State.SENT
    may_answer = is_open and _may(Transfer.objects.answerable_by(request.user), found)
    return render(
        request,
        "branches/transfer.html",
        {
            "transfer": found,
            "member": found.member,
            "born": words_of(found.member.birth_date, found.member.birth_precision),
            "standing": standing,
            "word": word,
            "may_answer": may_answer,
            "must_hand_on": may_answer and found.target is not None and not found.target.is_branch,
            "may_withdraw": is_open and _may(Transfer.objects.withdrawable_by(request.user), found),
            "may_see_member": Member.objects.visible_to(request.user).filter(pk=found.member_id).exists(),
            "list_unit": _own_side(request.user, found),
        },
    )


def _own_side(user, found: Transfer) -> Unit:
    """The side of the transfer whose list this person comes from."""
    if found.target and not rights_at(user, found.target).isdisjoint(TransferQuerySet.read_rights):
        return found.target
    return found.source


def _may(rows, found: Transfer) -> bool:
    return rows.filter(pk=found.pk).exists()


def _on_this_side(user, rows, pk) -> Transfer:
    """The transfer for those among `rows`; 403 for who only reads it, 404 for everybody else."""
    found = get_visible_or_404(TRANSFERS, user, pk=pk)
    if not _may(rows, found):
        raise PermissionDenied
    return found


def _about(found: Transfer) -> dict:
    return {
        "back": reverse("branches:transfer", args=[found.pk]),
        "unit": found.source,
        "about": found.member.full_name,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def transfer_new(request, pk):
    """The source introduces the member: first where to, then the words of the letter."""
    member = get_editable_or_403(Member.objects.select_related("home"), request.user, pk=pk)
    if waiting := member.transfers.open().first():
        return redirect("branches:transfer", pk=waiting.pk)
    today = timezone.localdate()
    form = TransferForm(sent(request), today=today, initial={"asked_on": today, "dues_paid_to": paid_to(member.pk)})
    if answer := take_step(
        request,
        form,
        lambda: _send(request.user, member, form, today),
        lambda: f"Đã gửi giới thiệu {member.full_name}. Khi nơi đến tiếp nhận, đoàn viên mới chuyển khỏi danh sách.",
    ):
        return answer
    warnings = [*open_case_warning(member), *posts_kept(member, on=today)]
    context = {"unit": member.home, "member": member, "form": form, "warnings": warnings}
    return render(request, "branches/transfer_form.html", context)


def _send(user, member, form, today) -> str:
    made = send_transfer(member=member, by=user, on=today, **form.said())
    return reverse("branches:transfer", args=[made.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def transfer_accept(request, pk):
    """The target takes in; for a unit outside, the source writes down that it did."""
    found = _on_this_side(request.user, Transfer.objects.answerable_by(request.user), pk)
    today = timezone.localdate()
    form = AcceptForm(sent(request), initial={"moved_on": today})
    name, place = found.member.full_name, found.target_name
    # Posts at the branch that is left, as long as it is: the source ends them when it closes a transfer to outside.
    found.member.home = found.source
    left = posts_left([found.member], user=request.user, on=today) if found.state == State.SENT else {}
    form.offer_posts(left.get(found.member_id, []))

    def accept():
        posts = [one.pk for one in form.ending(found.member)]
        accept_transfer(transfer=found, by=request.user, on=today, posts=posts, **_said(form, "moved_on", "answer"))
        if found.target and Member.objects.visible_to(request.user).filter(pk=found.member_id).exists():
            return reverse("branches:member", args=[found.member_id])
        return reverse("branches:transfer", args=[found.pk])

    def done():
        said = f"Đã tiếp nhận {name} vào {place}." if found.target else f"Đã ghi: {place} đã tiếp nhận {name}."
        return f"{said}{ended_words(form.ending(found.member))}"

    if answer := take_step(request, form, accept, done):
        return answer
    says = [
        f"Từ ngày ghi dưới đây {name} thuộc {place} và được tính ở đó; {found.source.name} không tính nữa. "
        "Quá trình sinh hoạt trước vẫn giữ nguyên."
    ]
    if not found.target:
        says = [f"Ghi khi đã nhận được trả lời của {place}. Từ ngày đó {name} không còn trong danh sách."]
    title = "Tiếp nhận đoàn viên" if found.target else "Nơi đến đã tiếp nhận"
    button = f"Tiếp nhận {name}" if found.target else "Ghi là đã tiếp nhận"
    return step_page(request, form, title=title, button=button, says=says, facts=_facts(found), **_about(found))


def _facts(found: Transfer) -> list[tuple[str, str]]:
    member = found.member
    return [
        ("Ngày sinh", words_of(member.birth_date, member.birth_precision)),
        ("Mã đoàn viên", member.national_code),
        ("Nơi đi", found.source.name),
        ("Nhận xét", found.remark),
        ("Đã đóng đoàn phí đến hết", f"tháng {found.dues_paid_to:%m/%Y}" if found.dues_paid_to else ""),
    ]


def _said(form, *names) -> dict:
    return {name: form.cleaned_data[name] for name in names}


@require_http_methods(["GET", "HEAD", "POST"])
def transfer_return(request, pk):
    found = _on_this_side(request.user, Transfer.objects.answerable_by(request.user), pk)
    form, today = AnswerForm(sent(request)), timezone.localdate()

    def give_back():
        return_transfer(transfer=found, by=request.user, on=today, **_said(form, "answer"))
        return reverse("branches:transfer", args=[found.pk])

    if answer := take_step(request, form, give_back, f"Đã trả lại {found.source.name}, kèm lý do."):
        return answer
    says = [f"{found.member.full_name} vẫn thuộc {found.source.name}. Nơi đi đọc được lý do và có thể gửi lại."]
    return step_page(request, form, title="Trả lại nơi đi", button="Trả lại", says=says, **_about(found))


@require_http_methods(["GET", "HEAD", "POST"])
def transfer_withdraw(request, pk):
    found = _on_this_side(request.user, Transfer.objects.withdrawable_by(request.user), pk)
    form, today = AnswerForm(sent(request)), timezone.localdate()

    def take_back():
        withdraw_transfer(transfer=found, by=request.user, on=today, **_said(form, "answer"))
        return reverse("branches:transfer", args=[found.pk])

    if answer := take_step(
        request, form, take_back, f"Đã rút. {found.member.full_name} vẫn thuộc {found.source.name}."
    ):
        return answer
    says = [f"{found.member.full_name} vẫn thuộc {found.source.name}; {found.target_name} không tiếp nhận được nữa."]
    return step_page(request, form, title="Rút việc chuyển", button="Rút việc chuyển", says=says, **_about(found))


@require_http_methods(["GET", "HEAD", "POST"])
def transfer_hand_on(request, pk):
    """A Đoàn that got the letter introduces the member on to one of its branches."""
    if answer := answered_before(request):  # the branch answers from now on, and no longer this person
        return answer
    found = _on_this_side(request.user, Transfer.objects.answerable_by(request.user), pk)
    if found.target is None or found.target.is_branch:
        return redirect("branches:transfer", pk=found.pk)
    today = timezone.localdate()
    form = HandOnForm(sent(request), union=found.target, today=today)

    def hand_on():
        hand_on_transfer(transfer=found, on=today, **_said(form, "branch"))
        return reverse("branches:transfer", args=[found.pk])

    if answer := take_step(request, form, hand_on, lambda: f"Đã giới thiệu về {form.cleaned_data['branch'].name}."):
        return answer
    says = ["Chi đoàn được chọn tiếp nhận hoặc trả lại. Đến lúc đó đoàn viên vẫn thuộc nơi đi."]
    return step_page(
        request, form, title="Giới thiệu về chi đoàn", button="Giới thiệu về chi đoàn", says=says, **_about(found)
    )


# --- stays ----------------------------------------------------------------------------------------


@require_GET
def stay_list(request, pk):
    """Who takes part at this unit and below without belonging to it; those whose stay is over at the end."""
    unit = get_visible_or_404(Unit, request.user, right=MemberQuerySet.read_rights, pk=pk)
    gone = request.GET.get("xem") == "da-xong"
    rows = (
        Membership.objects.visible_to(request.user)
        .filter(unit__path__startswith=unit.path, kind__in=STAYS, ends_on__isnull=not gone)
        .select_related("member__home", "unit")
        .order_by("member__sort_key", "member_id", "starts_on", "pk")
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    keeps = [
        {"stay": one, "may_end": one.ends_on is None and "manage" in rights_at(request.user, one.unit)} for one in page
    ]
    return render(request, "branches/stay_list.html", {"unit": unit, "page": page, "rows": keeps, "gone": gone})


@require_http_methods(["GET", "HEAD", "POST"])
def stay_new(request, pk):
    """The stays of a member elsewhere, and a new one."""
    member = get_editable_or_403(Member.objects.select_related("home"), request.user, pk=pk)
    today = timezone.localdate()
    form = StayForm(sent(request), today=today, initial={"starts_on": today})

    def begin():
        values = _said(form, "kind", "starts_on", "decision")
        if form.unit is None:
            begin_away(member=member, place=form.cleaned_data["where"], by=request.user, on=today, **values)
        else:
            begin_stay(member=member, unit=form.unit, on=today, **values)
        return reverse("branches:member", args=[member.pk])

    if answer := take_step(
        request, form, begin, lambda: f"Đã ghi. {member.full_name} vẫn tính là đoàn viên {member.home.name}."
    ):
        return answer
    stays = member.memberships.filter(kind__in=STAYS, ends_on=None).select_related("unit").order_by("starts_on", "pk")
    aways = member.away_stays.filter(ends_on=None).order_by("starts_on", "pk")
    context = {"unit": member.home, "member": member, "form": form, "stays": stays, "aways": aways}
    return render(request, "branches/stay_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def away_end(request, pk):
    """The end of a stay at a place outside the software, written by the home branch."""
    stay = get_editable_or_403(AwayStay.objects.select_related("member__home"), request.user, pk=pk)
    back, unit = reverse("branches:member", args=[stay.member_id]), stay.member.home
    return _end(request, stay, end_away, place=stay.place, back=back, unit=unit)


@require_http_methods(["GET", "HEAD", "POST"])
def stay_end(request, pk):
    """The end of a stay, written by the host."""
    stays = Membership.objects.filter(kind__in=STAYS).select_related("member__home", "unit")
    stay = get_editable_or_403(stays, request.user, pk=pk)
    back = reverse("branches:stay_list", args=[stay.unit_id])
    return _end(request, stay, end_stay, place=stay.unit.name, back=back, unit=stay.unit)


@require_http_methods(["GET", "HEAD", "POST"])
def stay_end_at_home(request, pk, stay):
    """The end of a stay, written by the home branch."""
    member = get_editable_or_403(Member.objects.select_related("home"), request.user, pk=pk)
    found = member.memberships.filter(kind__in=STAYS, pk=stay).select_related("member__home", "unit").first()
    if found is None:
        raise Http404
    back = reverse("branches:member", args=[member.pk])
    return _end(request, found, end_stay, place=found.unit.name, back=back, unit=found.unit)


def _end(request, stay: Membership | AwayStay, verb, *, place: str, back: str, unit: Unit):
    today = timezone.localdate()
    if stay.ends_on is not None:
        messages.info(request, f"Việc này đã kết thúc từ {day(stay.ends_on)}.")
        return redirect(back)
    form = StayEndForm(sent(request), initial={"ends_on": today})

    def end():
        verb(stay=stay, on=today, **_said(form, "ends_on", "note"))
        return back

    if answer := take_step(request, form, end, f"Đã ghi: {stay.member.full_name} thôi sinh hoạt tại {place}."):
        return answer
    says = [f"{stay.get_kind_display()} tại {place} từ {day(stay.starts_on)}."]
    return step_page(
        request, form, title="Thôi sinh hoạt tạm thời", button="Ghi là thôi", says=says, back=back, unit=unit,
        about=stay.member.full_name,
    )  # fmt: skip
