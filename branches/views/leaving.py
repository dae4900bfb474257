"""Leaving the list, the age, and the movement of members between two days."""

import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.absence import evidence_of
from branches.disciplining import open_case_warning
from branches.enrolling import warnings_about
from branches.exporting_movement import movement_workbook
from branches.formats import day
from branches.forms.base import sent
from branches.forms.life import KeepOnForm, LeaveForm, MatureForm, MovementForm, ReturnForm, UndoForm
from branches.leaving import last_membership, leave, posts_kept, undo_leaving, why_not_undone
from branches.leaving_posts import posts_left
from branches.leaving_undone import returns
from branches.maturing import ageing_members, keep_on, mature_members, stay_cap
from branches.models import Member, Membership, Unit
from branches.models.member import MemberQuerySet
from branches.register import ONE_DAY, movement, standing_on
from branches.restructuring import as_called
from branches.returning import take_back, why_not_back
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.views.attachments import attached
from branches.views.life_steps import answered_before, ended_words, step_page, take_step
from branches.workbook import XLSX

End = Membership.End
PAGE_SIZE = 50
# The word in the address, the reason, and what happens in words a person would use.
REASONS = {
    "truong-thanh": (End.MATURED, "Trưởng thành đoàn", "Quá tuổi, hoặc đủ tuổi và muốn thôi sinh hoạt."),
    "xoa-ten": (End.DELETED, "Xóa tên", "Bỏ sinh hoạt hoặc không đóng đoàn phí không có lý do. Không phải kỷ luật."),
    "khai-tru": (End.EXPELLED, "Khai trừ", "Kỷ luật, theo quyết định của Đoàn cấp trên."),
    "tu-tran": (End.DIED, "Từ trần", "Đoàn viên đã mất."),
}
FIGURE_READERS = ("view", "approve", "inspect", "oversee")
# The branch itself, and its superior, which decides (domain.md 2.3).
MAY_MATURE = {"manage", "approve"}


# --- one person -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def member_leave(request, pk):
    """Why somebody leaves the list; for who left already, the page on which a mistake is taken back."""
    member = get_editable_or_403(Member.objects.select_related("home"), request.user, pk=pk)
    if answer := answered_before(request):
        return answer
    if member.is_active:
        waiting = member.transfers.open().first()
        return render(
            request,
            "branches/leave.html",
            {
                "member": member,
                "unit": member.home,
                "reasons": REASONS.items(),
                "waiting": waiting,
                "warnings": open_case_warning(member),
            },
        )
    membership = last_membership(member)
    refused = " ".join(why_not_undone(member, membership).values())
    found = returns(membership, by=request.user) if not refused else []
    keys = " ".join(str(one.row.pk) for one in found if one.comes_back)
    form = UndoForm(sent(request), initial={"seen": keys})

    def undo():
        said = {name: form.cleaned_data[name] for name in ("why", "seen")}
        undo_leaving(member=member, by=request.user, **said)
        return reverse("branches:member", args=[member.pk])

    if answer := take_step(request, form, undo, f"{member.full_name} lại có trong danh sách của {member.home.name}."):
        return answer
    if form.is_bound:  # what this page says comes back is what the next sending agrees to
        form.data = form.data.copy()
        form.data["seen"] = keys
    context = {"member": member, "unit": member.home, "membership": membership, "form": form, "refused": refused}
    context |= {"back": [one for one in found if one.comes_back], "lost": [one for one in found if not one.comes_back]}
    return render(request, "branches/leave_undo.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def member_return(request, pk):
    """Somebody who left comes back to the same branch."""
    member = get_editable_or_403(Member.objects.select_related("home"), request.user, pk=pk)
    if answer := answered_before(request):
        return answer
    if refused := " ".join(why_not_back(member).values()):
        messages.error(request, refused)
        return redirect("branches:member", pk=member.pk)
    today = timezone.localdate()
    form = ReturnForm(sent(request), initial={"on": today})

    def back():
        said = {name: form.cleaned_data[name] for name in ("on", "begin_reason", "decision")}
        take_back(member=member, by=request.user, today=today, **said)
        return reverse("branches:member", args=[member.pk])

    if answer := take_step(request, form, back, f"{member.full_name} lại có trong danh sách của {member.home.name}."):
        return answer
    return step_page(
        request, form, title="Trở lại danh sách", button="Đưa trở lại danh sách", unit=member.home,
        back=reverse("branches:member", args=[member.pk]), about=member.full_name,
        says=[
            f"{member.full_name} sinh hoạt lại tại {member.home.name} từ ngày dưới đây, với chính hồ sơ cũ. "
            "Thời gian đã rời không tính là sinh hoạt. Nếu trước đây ghi rời là nhầm, hãy dùng “Bỏ việc rời danh sách”."
        ],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def member_leave_for(request, pk, reason):
    """One reason: what it means, what speaks for or against it, day, decision and grounds."""
    member = get_editable_or_403(Member.objects.select_related("home"), request.user, pk=pk)
    if reason not in REASONS:
        raise Http404
    if answer := answered_before(request):
        return answer
    if not member.is_active:
        return redirect("branches:member_leave", pk=member.pk)
    today = timezone.localdate()
    end, title, _ = REASONS[reason]
    form = LeaveForm(sent(request), reason=end, initial={"on": today})
    left = posts_left([member], user=request.user, on=today).get(member.pk, [])
    form.offer_posts(left)

    def let_go():
        said = {name: form.cleaned_data[name] for name in ("on", "decision", "note")}
        posts = [one.pk for one in form.ending(member)]
        leave(member=member, reason=end, by=request.user, today=today, posts=posts, **said)
        return reverse("branches:member", args=[member.pk])

    def done():
        return (
            f"Đã ghi {member.full_name} rời danh sách: {title.lower()}.{ended_words(form.ending(member))} "
            "Ghi nhầm thì mở lại trang “Cho rời danh sách”."
        )

    if answer := take_step(request, form, let_go, done):
        return answer
    return render(
        request,
        "branches/leave_for.html",
        {
            "member": member,
            "unit": member.home,
            "title": title,
            "form": form,
            "evidence": evidence_of(member, on=today) if end == End.DELETED else [],
            "warnings": [
                *open_case_warning(member),
                *posts_kept(member, on=today, apart_from=[one.post for one in left]),
                *(warnings_about(member, on=today) if end == End.MATURED else []),
            ],
            "today": today,
        },
    )


# --- the age --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def maturity(request, pk):
    """Who is past the age or reaches it within a year; those chosen leave on one day with one decision."""
    unit = get_visible_or_404(Unit, request.user, right=MemberQuerySet.read_rights, pk=pk)
    today = timezone.localdate()
    rows = ageing_members(unit, user=request.user, on=today)
    may = {row.member.pk: rights_at(request.user, row.member.home) for row in rows}
    kept = [row.member for row in rows if may[row.member.pk] & MAY_MATURE]
    members = Member.objects.reached_by(request.user, MAY_MATURE).filter(pk__in=[one.pk for one in kept])
    form = MatureForm(sent(request) if kept else None, members=members.select_related("home"), today=today)
    left = posts_left(kept, user=request.user, on=today)
    form.offer_posts([one for some in left.values() for one in some])

    def mature():
        chosen = list(form.cleaned_data["members"])
        ending = form.ending(*chosen)
        said = {name: form.cleaned_data[name] for name in ("on", "decision", "note")}
        mature_members(members=chosen, by=request.user, today=today, posts=[one.pk for one in ending], **said)
        if any(one.account_id == request.user.pk for one in ending):
            return reverse("reports:home")  # with the post went the right to this page
        return f"{request.path}?ngay={form.cleaned_data['on']:%Y-%m-%d}"

    def done():
        chosen = list(form.cleaned_data["members"])
        said = f"Đã ghi {len(chosen)} đoàn viên trưởng thành đoàn từ {day(form.cleaned_data['on'])}."
        return f"{said}{ended_words(form.ending(*chosen))}"

    if answer := take_step(request, form, mature, done):
        return answer
    chosen = set(request.POST.getlist("members"))
    return render(
        request,
        "branches/maturity.html",
        {
            "unit": unit,
            "today": today,
            "form": form,
            "rows": [_ageing(row, today, may[row.member.pk], str(row.member.pk) in chosen) for row in rows],
            "may_mature": bool(kept),
            "made_on": _day_of(request.GET.get("ngay", "")),
        },
    )


def _ageing(row, today, rights, is_chosen) -> dict:
    until = row.stays_until(today)
    if until:
        standing, word = "going", f"Ở lại đến trước {day(until)}"
    elif row.reaches_on <= today:
        standing, word = "behind", f"Đã đủ tuổi từ {day(row.reaches_on)}"
    else:
        standing, word = "none", f"Đủ tuổi ngày {day(row.reaches_on)}"
    if not row.is_exact:
        word = f"{word} (ngày sinh chưa rõ)"
    wishes = bool(row.stay and not row.stay.agreed_on)
    return {
        "member": row.member, "standing": standing, "word": word, "is_chosen": is_chosen, "wishes": wishes,
        "may_mature": bool(rights & MAY_MATURE), "may_keep": "manage" in rights,
    }  # fmt: skip


def _day_of(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def stay_on(request, pk):
    """The wish of one member to stay on past the age."""
    member = get_editable_or_403(Member.objects.select_related("home"), request.user, pk=pk)
    today = timezone.localdate()
    form = KeepOnForm(sent(request), initial={"wished_on": today})
    back = reverse("branches:maturity", args=[member.home_id])

    def keep():
        keep_on(
            member=member,
            by=request.user,
            on=today,
            **{n: form.cleaned_data[n] for n in form.cleaned_data if n != "form_key"},
        )
        return back

    if answer := take_step(request, form, keep, f"Đã ghi nguyện vọng của {member.full_name}."):
        return answer
    cap = stay_cap(member, on=today)
    says = ["Ghi nguyện vọng trước cũng được; khi chi đoàn đồng ý thì ghi thêm ngày và được ở lại đến khi nào."]
    if cap:
        says.append(f"Không quá {day(cap)}.")
    return step_page(
        request, form, title="Nguyện vọng ở lại", button="Lưu nguyện vọng", says=says, back=back, unit=member.home,
        about=member.full_name,
    )  # fmt: skip


# --- movement -------------------------------------------------------------------------------------


def _asked(request, unit, today):
    """The form and the movement it asks for; this year until today where nothing is asked, None when it is wrong."""
    first = datetime.date(today.year, 1, 1)
    asked = "tu" in request.GET or "den" in request.GET
    form = MovementForm(request.GET if asked else None, initial={"tu": first, "den": today})
    if not asked:
        return form, movement(unit, first, today)
    return form, movement(unit, form.cleaned_data["tu"], form.cleaned_data["den"]) if form.is_valid() else None


@require_GET
def movement_of(request, pk):
    """Opening, arrivals by reason, departures by reason, closing; each figure opens its list of persons."""
    unit = get_visible_or_404(Unit, request.user, right=FIGURE_READERS, pk=pk)
    today = timezone.localdate()
    form, found = _asked(request, unit, today)
    may_name = not rights_at(request.user, unit).isdisjoint(MemberQuerySet.read_rights)
    context = {"unit": unit, "form": form, "found": found, "today": today, "may_name": may_name}
    if found:
        context["unit"] = as_called(unit, found.last, today=today)
        context |= {"ins": lines_of(found.ins, Membership.Begin), "outs": lines_of(found.outs, End)}
        context["before"] = found.first - ONE_DAY
        if may_name and (list_asked := request.GET.get("xem", "")):
            context |= _persons(request, found, list_asked)
    return render(request, "branches/movement.html", context)


def lines_of(table, reasons) -> list[dict]:
    """(key, words, persons) of every reason, also of those nobody came or left for."""
    begun = reasons is Membership.Begin
    return [
        {"key": f"{'vao' if begun else 'ra'}-{one.value}", "words": _words(one), "count": len(table.get(one.value, ()))}
        for one in reasons
    ]


def _words(reason) -> str:
    return "Theo đơn vị (chuyển trực thuộc, sáp nhập, chia tách)" if reason.value == "with_unit" else str(reason.label)


def _persons(request, found, asked: str) -> dict:
    """The persons behind one figure: names only of memberships at units this reader's posts open."""
    rows = Membership.objects.all()
    way, _, reason = asked.partition("-")
    if asked == "dau":
        rows, title = standing_on(found.scope, found.first - ONE_DAY), f"Có đến hết {day(found.first - ONE_DAY)}"
    elif asked == "cuoi":
        rows, title = standing_on(found.scope, found.last), f"Có đến hết {day(found.last)}"
    elif way == "vao" and reason in Membership.Begin.values:
        rows = rows.filter(pk__in=found.ins.get(reason, []))
        title = f"Tăng: {_words(Membership.Begin(reason))}"
    elif way == "ra" and reason in End.values:
        rows = rows.filter(pk__in=found.outs.get(reason, []))
        title = f"Giảm: {_words(End(reason))}"
    else:
        return {}
    named = rows.filter(pk__in=Membership.objects.visible_to(request.user).values("pk"))
    named = named.select_related("member", "unit").order_by("member__sort_key", "member_id", "pk")
    page = Paginator(named, PAGE_SIZE).get_page(request.GET.get("trang"))
    keys = [one.member_id for one in page]
    open_to = set(Member.objects.visible_to(request.user).filter(pk__in=keys).values_list("pk", flat=True))
    return {
        "list_title": title,
        "asked": asked,
        "page": page,
        "persons": [{"row": one, "is_open": one.member_id in open_to, "way": way} for one in page],
        "hidden": rows.count() - page.paginator.count,
    }


@require_GET
def movement_xlsx(request, pk):
    """The figures of the page as Excel. No names."""
    unit = get_visible_or_404(Unit, request.user, right=FIGURE_READERS, pk=pk)
    today = timezone.localdate()
    _, found = _asked(request, unit, today)
    if found is None:
        raise Http404
    lines = lines_of(found.ins, Membership.Begin), lines_of(found.outs, End)
    called = as_called(unit, found.last, today=today).name
    content = movement_workbook(found, called, *lines, made_on=today)
    return attached(content, XLSX, f"bien-dong-{unit.code}-{found.last:%Y%m%d}.xlsx")
