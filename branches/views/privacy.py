"""Consent, the copy of one's own data, the register of requests, and anonymising."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.anonymising import AnonymisingRefused, anonymise, due_for_anonymising, losses_of, why_not
from branches.completeness import fields_that_count, gaps_of, label_of
from branches.consenting import ConsentRefused, last_said, needs_guardian, say_consent, text_in_force
from branches.enrolling import open_sensitive
from branches.formats import day
from branches.forms.base import sent
from branches.forms.privacy import AnonymiseForm, AnswerForm, ConsentForm, ExtendForm, FinishForm, NewRequestForm
from branches.models import Consent, DataRequest, EditConflict, Member
from branches.models.rule import rules_on
from branches.own_copy import name_of_copy, own_copy
from branches.receipts import once
from branches.requests_of_data import (
    RequestRefused,
    answer_request,
    extend_request,
    finish_request,
    receive_request,
    standing_of,
)
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.views.attachments import attached
from branches.views.self_service import kept_unit_or_403
from branches.workbook import XLSX, Workbook

PAST_SHOWN = 200


def _own_or_kept(request, pk) -> tuple[Member, bool]:
    """The member for the person themselves or the keeper of the register, and whether it is themselves."""
    member = get_visible_or_404(Member.objects.select_related("home"), request.user, pk=pk)
    is_own = request.user.member_id == member.pk
    if not is_own and "manage" not in rights_at(request.user, member.home):
        raise PermissionDenied
    return member, is_own


def data_panel(member: Member, *, on, rules: dict) -> dict:
    """What the page of a member says of its completeness, consent and proposals.

    One query: the member comes with its sensitive part and the number of proposals that `wait`.
    """
    fields = fields_that_count(on, rules)
    gaps = gaps_of(member, getattr(member, "sensitive", None), fields)
    return {
        "filled": len(fields) - len(gaps),
        "wanted": len(fields),
        "gaps": [label_of(name) for name in gaps],
        "consent": last_said(member),
        "waiting": member.wait,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def consent(request, pk):
    """What the member said to the text in force, and a new answer: their own, or from paper by the keeper."""
    member, is_own = _own_or_kept(request, pk)
    today = timezone.localdate()
    text = text_in_force(today)
    form = ConsentForm(sent(request), on_paper=not is_own, asks_guardian=needs_guardian(member, today))
    if text is not None and request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            say_consent(
                member=member,
                text=text,
                given=said["given"] == "yes",
                means=Consent.Means.ACCOUNT if is_own else Consent.Means.PAPER,
                on=today,
                by=request.user,
                guardian=said.get("guardian", ""),
                note=said.get("note", ""),
            )
        except ConsentRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã ghi câu trả lời.")
            return redirect("branches:consent", pk=member.pk)
    said_before = member.consents.select_related("text", "written_by").order_by("-said_at", "-pk")
    return render(
        request,
        "branches/consent.html",
        {"member": member, "unit": member.home, "text": text, "form": form, "is_own": is_own, "said": said_before},
    )


@require_POST
def own_data(request, pk):
    """The copy as a file. It holds the closed part too, so that asking for it leaves a row."""
    member, _ = _own_or_kept(request, pk)
    today = timezone.localdate()
    sensitive = open_sensitive(member=member, by=request.user)
    content = own_copy(member, sensitive=sensitive, shows_sensitive=True, made_on=today)
    return attached(content, XLSX, name_of_copy(member, today))


# --- the register of requests ---------------------------------------------------------------------------


def _rows(user, unit, today) -> list[dict]:
    """Late ones first, then by what is due next; the finished ones at the end, newest first."""
    found = DataRequest.objects.editable_by(user).filter(unit=unit).order_by("-received_on", "-pk")[:PAST_SHOWN]
    rows = []
    for one in found:
        standing, due, word = standing_of(one, today)
        rows.append({"request": one, "standing": standing, "due": due, "word": word})
    still = sorted((row for row in rows if row["due"]), key=lambda row: (row["due"], row["request"].pk))
    return still + [row for row in rows if not row["due"]]


@require_GET
def data_request_list(request, pk):
    unit = kept_unit_or_403(request, pk)
    today = timezone.localdate()
    return render(
        request,
        "branches/data_request_list.html",
        {"unit": unit, "today": today, "rows": _rows(request.user, unit, today)},
    )


@require_GET
def data_request_xlsx(request, pk):
    unit = kept_unit_or_403(request, pk)
    today = timezone.localdate()
    book = Workbook(f"Sổ yêu cầu về dữ liệu cá nhân của {unit.name}", made_on=today)
    columns = (("Ngày nhận", 12), ("Người yêu cầu", 28), ("Yêu cầu", 30), ("Nội dung", 44), ("Hạn trả lời", 12),
               ("Đã trả lời", 12), ("Hạn làm xong", 12), ("Gia hạn vì", 30), ("Xong ngày", 12), ("Tình trạng", 20),
               ("Kết quả", 44))  # fmt: skip
    heading = (f"Sổ yêu cầu về dữ liệu cá nhân, {unit.name}", f"Đến ngày {day(today)}")
    sheet = book.sheet("Yêu cầu", columns, heading)
    for row in _rows(request.user, unit, today):
        one = row["request"]
        sheet.add(
            one.received_on, one.name, one.get_kind_display(), one.details, one.answer_due_on, one.answered_on,
            one.finish_due_on, one.extended_because, one.finished_on, row["word"], one.outcome,
        )  # fmt: skip
    return attached(book.content(), XLSX, f"yeu-cau-du-lieu-{unit.code}-{today:%Y-%m-%d}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def data_request_new(request, pk):
    unit = kept_unit_or_403(request, pk)
    today = timezone.localdate()
    members = Member.objects.editable_by(request.user).filter(home=unit, anonymised_on=None, merged_into=None)
    wanted = request.GET.get("doan_vien", "")
    initial = {"received_on": today, "member": wanted if wanted.isdecimal() and len(wanted) < 16 else None}
    form = NewRequestForm(sent(request), initial=initial, members=members.order_by("-is_active", "sort_key", "pk"))
    if request.method == "POST" and form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name != "form_key"}

        def work():
            made = receive_request(unit=unit, on=today, by=request.user, **said)
            return reverse("branches:data_request", args=[made.pk])

        try:
            location, is_new = once(form.cleaned_data["form_key"], request.user, work)
        except RequestRefused as refusal:
            form.refuse(refusal)
        else:
            if is_new:
                messages.success(request, "Đã ghi yêu cầu vào sổ.")
            return redirect(location)
    return render(request, "branches/data_request_form.html", {"unit": unit, "form": form})


FORMS = {"answer": AnswerForm, "extend": ExtendForm, "finish": FinishForm}
DONE = {"answer": "Đã ghi ngày trả lời.", "extend": "Đã gia hạn.", "finish": "Đã ghi kết quả."}


@require_http_methods(["GET", "HEAD", "POST"])
def data_request(request, pk):
    """One request: answered, put off once, finished."""
    one = get_editable_or_403(DataRequest.objects.select_related("unit", "member", "written_by"), request.user, pk=pk)
    today = timezone.localdate()
    do = request.POST.get("do", "") if request.method == "POST" else ""
    initial = {"answered_on": today, "finished_on": today}
    forms = {name: form(request.POST if name == do else None, initial=initial) for name, form in FORMS.items()}
    if do in forms and forms[do].is_valid():
        said = forms[do].cleaned_data
        try:
            if do == "answer":
                answer_request(request=one, on=said["answered_on"], today=today)
            elif do == "extend":
                extend_request(request=one, days=said["days"], because=said["because"], on=today)
            else:
                finish_request(request=one, outcome=said["outcome"], on=said["finished_on"], today=today)
        except RequestRefused as refusal:
            forms[do].refuse(refusal)
        else:
            messages.success(request, DONE[do])
            return redirect("branches:data_request", pk=one.pk)
    standing, due, word = standing_of(one, today)
    return render(
        request,
        "branches/data_request.html",
        {
            "one": one,
            "unit": one.unit,
            "standing": standing,
            "word": word,
            "due": due,
            "forms": forms,
            "wrong": forms.get(do),
            "longest": rules_on(today)["data_request_extension_days"],
        },
    )


# --- anonymising ----------------------------------------------------------------------------------------


@require_GET
def anonymise_list(request, pk):
    """Who left so long ago that only their part in the figures may stay."""
    unit = kept_unit_or_403(request, pk)
    today = timezone.localdate()
    members = Member.objects.editable_by(request.user).filter(home__path__startswith=unit.path)
    rows = due_for_anonymising(members, today).select_related("home").order_by("left_on", "sort_key", "pk")
    years = rules_on(today)["anonymise_after_years"]
    return render(request, "branches/anonymise_list.html", {"unit": unit, "rows": rows[:PAST_SHOWN], "years": years})


@require_http_methods(["GET", "HEAD", "POST"])
def anonymise_member(request, pk):
    """What will be lost and what stays, then the act itself. There is no way back."""
    member = get_editable_or_403(Member.objects.select_related("home"), request.user, pk=pk)
    today = timezone.localdate()
    form = AnonymiseForm(sent(request), initial={"version": member.version})
    if request.method == "POST" and form.is_valid():
        name = member.full_name
        try:
            anonymise(member=member, version=form.cleaned_data["version"], by=request.user, on=today)
        except AnonymisingRefused as refusal:
            form.refuse(refusal)
        except EditConflict:
            form.add_error(None, "Có người vừa sửa hồ sơ này. Hãy mở lại trang, xem lại rồi làm tiếp.")
        else:
            messages.success(request, f"Đã ẩn danh hồ sơ của {name}.")
            return redirect("branches:anonymise_list", pk=member.home_id)
    return render(
        request,
        "branches/anonymise.html",
        {
            "member": member,
            "unit": member.home,
            "form": form,
            "losses": losses_of(member),
            "why_not": why_not(member, today),
        },
    )
