"""The keeper's side of self-correction: links made and revoked, what members proposed, how complete the register is."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.completeness import completeness_of, fields_that_count, label_of
from branches.enrolling import SENSITIVE_FIELDS, open_sensitive
from branches.forms.base import sent
from branches.forms.self_service import Decisions, LinkForm, RevokeForm
from branches.models import EditConflict, Member, ProposedValue, SelfServiceLink, Unit
from branches.models.member import MemberQuerySet
from branches.proposing import ProposalRefused, decide, shown, words_of_text
from branches.qr_code import qr_code
from branches.receipts import once
from branches.scoping import get_editable_or_403, get_visible_or_404
from branches.self_correcting import LinkRefused, last_day_of, make_link, revoke_link

PEOPLE_ON_A_PAGE = 20
LINKS_SHOWN = 50
OVERTAKEN_SAID = 3  # of them, each with who and when; the rest as a number
NOTHING_CHOSEN = "Chưa chọn ô nào. Hãy chọn Nhận hoặc Không nhận."
NOTHING_NEW = "Các ô này bạn đã lưu trước đó."
DECIDED_AS = {"nhan": ProposedValue.State.ACCEPTED, "khong": ProposedValue.State.DECLINED}


def kept_unit_or_403(request, pk) -> Unit:
    """The unit whose register this person keeps: 403 for those who only read it, 404 for everybody else."""
    units = Unit.objects.reached_by(request.user, MemberQuerySet.read_rights)
    return get_editable_or_403(units, request.user, pk=pk)


# --- links ----------------------------------------------------------------------------------------------


@require_GET
def self_service(request, pk):
    """Which links are open, how often they were used, and the way to make one."""
    unit = kept_unit_or_403(request, pk)
    links = SelfServiceLink.objects.editable_by(request.user).live(timezone.now())
    links = links.filter(unit__path__startswith=unit.path).select_related("unit", "member", "created_by")
    return render(
        request,
        "branches/self_service.html",
        {
            "unit": unit,
            "links": [
                {"link": link, "last_day": last_day_of(link)}
                for link in links.order_by("-created_at", "-pk")[:LINKS_SHOWN]
            ],
            "waiting": _waiting(request.user, unit).count(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def self_link_new(request, pk):
    """A link for everybody of the branch."""
    return _new_link(request, kept_unit_or_403(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def self_link_member(request, pk):
    """A link for one member."""
    member = get_editable_or_403(Member.objects.select_related("home"), request.user, pk=pk)
    return _new_link(request, member.home, member)


def _new_link(request, unit, member=None):
    """Say what the link does; after the button, show its address this once: only the hash is kept."""
    form = LinkForm(sent(request))
    context = {"unit": unit, "member": member, "form": form}
    if request.method == "POST" and form.is_valid():
        made = []

        def work():
            made.append(make_link(unit=unit, member=member, by=request.user, now=timezone.now()))
            return reverse("branches:self_service", args=[unit.pk])

        try:
            location, is_new = once(form.cleaned_data["form_key"], request.user, work)
        except LinkRefused as refusal:
            form.refuse(refusal)
        else:
            if not is_new:
                messages.info(
                    request, "Liên kết này đã tạo. Địa chỉ chỉ hiện một lần: nếu chưa chép, hãy bỏ và tạo lại."
                )
                return redirect(location)
            link, token = made[0]
            address = request.build_absolute_uri(reverse("branches:self_correction", args=[token]))
            context |= {"link": link, "address": address, "qr": qr_code(address), "last_day": last_day_of(link)}
            return render(request, "branches/self_link_made.html", context)
    return render(request, "branches/self_link_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def self_link_revoke(request, pk):
    link = get_editable_or_403(SelfServiceLink.objects.select_related("unit", "member"), request.user, pk=pk)
    if request.method == "POST":
        revoke_link(link=link, now=timezone.now())
        messages.success(request, "Đã bỏ liên kết. Ai đang mở cũng không dùng tiếp được.")
        return redirect("branches:self_service", pk=link.unit_id)
    context = {"link": link, "unit": link.unit, "form": RevokeForm(), "last_day": last_day_of(link)}
    return render(request, "branches/self_link_revoke.html", context)


# --- what members proposed ------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def proposals(request, pk):
    """What waits, old beside new, decided field by field. Sensitive values show after a click that leaves a row."""
    unit = kept_unit_or_403(request, pk)
    opened, errors, decisions = None, {}, None
    if request.method == "POST":
        rows = list(_waiting(request.user, unit).select_related("member").filter(pk__in=_keys(request.POST)))
        decisions = Decisions(request.POST, rows)
        do = request.POST.get("do", "")
        if do.startswith("open-"):
            opened = next((row.member for row in rows if do == f"open-{row.member_id}"), None)
            if opened is None:
                raise Http404
            open_sensitive(member=opened, by=request.user)
        else:
            taken, declined, errors = _decide_all(request.user, decisions)
            overtaken = _overtaken(request.user, unit, decisions, _keys(request.POST))
            if taken or declined:
                messages.success(request, f"Đã nhận {taken} ô, không nhận {declined} ô.")
            elif not errors and not overtaken:
                messages.info(request, NOTHING_NEW if decisions.any_chosen() else NOTHING_CHOSEN)
            for said in overtaken:
                messages.warning(request, said)
            if not errors:
                return redirect("branches:proposals", pk=unit.pk)
    keepers = Member.objects.editable_by(request.user).filter(home__path__startswith=unit.path)
    people = keepers.filter(pk__in=_waiting(request.user, unit).values("member"))
    people = people.select_related("home", "sensitive").order_by("sort_key", "pk")
    page = Paginator(people, PEOPLE_ON_A_PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "branches/proposals.html",
        {"unit": unit, "page": page, "people": _people(request.user, unit, page, opened, decisions, errors),
         "errors": errors},
    )  # fmt: skip


def _keys(data) -> list[int]:
    return [int(said) for said in data.getlist("thay") if said.isascii() and said.isdecimal() and len(said) < 16]


def _waiting(user, unit):
    found = ProposedValue.objects.editable_by(user).waiting()
    return found.filter(member__home__path__startswith=unit.path)


def _decide_all(user, decisions) -> tuple[int, int, dict]:
    """Each member on their own: one who is refused does not keep the others waiting."""
    taken, declined, errors = 0, 0, {}
    for member, (accepted, refused) in decisions.by_member().items():
        try:
            counts = decide(
                member=member,
                version=decisions.version(member),
                accepted=accepted,
                declined=refused,
                by=user,
                now=timezone.now(),
            )
        except ProposalRefused as refusal:
            errors |= refusal.errors
        except EditConflict:
            first = (accepted or list(refused))[0]
            errors[first] = "Hồ sơ vừa được người khác sửa. Hãy xem lại giá trị đang ghi rồi chọn lại."
        else:
            taken, declined = taken + counts[0], declined + counts[1]
    return taken, declined, errors


def _overtaken(user, unit, decisions, keys) -> list[str]:
    """What the keeper chose of rows that no longer waited: who was first, so that nobody takes it for saved."""
    rows = ProposedValue.objects.editable_by(user).filter(pk__in=keys, member__home__path__startswith=unit.path)
    rows = rows.exclude(state=ProposedValue.State.WAITING).select_related("member", "decided_by").order_by("pk")
    found = []
    for row in rows:
        choice = decisions.choice(row)
        is_own = row.decided_by_id == user.pk and row.state == DECIDED_AS.get(choice)  # the same form sent again
        if choice and not is_own:
            found.append(_first_was(row))
    left = len(found) - OVERTAKEN_SAID
    return [*found[:OVERTAKEN_SAID], f"Còn {left} ô khác cũng đã có người xem trước."] if left > 0 else found


def _first_was(row: ProposedValue) -> str:
    what = f"{label_of(row.field)} của {row.member.full_name}"
    if row.state == ProposedValue.State.REPLACED:
        return f"{what}: đoàn viên vừa gửi lại. Hãy xem giá trị mới rồi chọn."
    said = "nhận" if row.state == ProposedValue.State.ACCEPTED else "ghi là không nhận"
    when = timezone.localtime(row.decided_at)
    return f"{what}: {row.decided_by} đã {said} lúc {when:%H:%M, %d/%m/%Y}. Lựa chọn của bạn không ghi vào."


def _people(user, unit, page, opened, decisions, errors) -> list[dict]:
    """Members of the page, each with the rows that wait; one query for all rows."""
    found = {member.pk: {"member": member, "rows": [], "is_open": member == opened, "closed": False} for member in page}
    for row in _waiting(user, unit).filter(member__in=found).order_by("pk"):
        person = found[row.member_id]
        member = person["member"]
        closed = row.field in SENSITIVE_FIELDS and not person["is_open"]
        old = shown(member, getattr(member, "sensitive", None), row.field)
        person["closed"] = person["closed"] or closed
        person["rows"].append(
            {
                "row": row,
                "label": label_of(row.field),
                "old": ("đã ghi" if old else "chưa ghi") if closed else old or "chưa ghi",
                "new": "giữ kín" if closed else words_of_text(row.field, row.value),
                "choice": decisions.choice(row) if decisions else "",
                "reason": decisions.reason(row) if decisions else "",
                "error": errors.get(row.pk, ""),
            }
        )
    return list(found.values())


# --- completeness ---------------------------------------------------------------------------------------


@require_GET
def completeness(request, pk):
    """How full the register of the unit and below is: by unit worst first, and by field."""
    unit = get_visible_or_404(Unit, request.user, right=MemberQuerySet.read_rights, pk=pk)
    members = Member.objects.reached_by(request.user, MemberQuerySet.read_rights)
    members = members.filter(home__path__startswith=unit.path, is_active=True)
    fields = fields_that_count(timezone.localdate())
    found = completeness_of(members, unit, fields)
    return render(
        request,
        "branches/completeness.html",
        {
            "unit": unit,
            "found": found,
            "count": len(fields),
            "names": [label_of(name) for name in fields],
            "has_units": len(found.units) > 1 or any(one.unit_id != unit.pk for one in found.units),
        },
    )
