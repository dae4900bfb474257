"""What a member without an account sees through a link: say who you are, look, correct, done.

Anybody may open these addresses; see self_gate.py for who is let in.
"""

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.assessing.steps import open_assessments
from branches.completeness import fields_that_count, label_of
from branches.consenting import ConsentRefused, last_said, needs_guardian, say_consent, text_in_force
from branches.enrolling import SENSITIVE_FIELDS
from branches.forms.base import sent
from branches.forms.self_service import IdentityForm, OwnRecordForm
from branches.models import Consent, ProposedValue, SensitiveData
from branches.own_copy import name_of_copy, own_copy
from branches.proposing import ProposalRefused, propose, words_of_text
from branches.self_correcting import Tries, identify, last_day_of
from branches.views.attachments import attached
from branches.workbook import XLSX

from .self_gate import enter, leave, page, private, proven_only, through_link

LAST_DECIDED = 10
# Kept in the page while a person whose half hour is over says again who they are.
NOT_KEPT = {"csrfmiddlewaretoken", "do", "who-full_name", "who-birth_date", "who-digits"}
WRONG = "Chưa khớp với những gì chi đoàn đang ghi. Hãy xem lại từng ô. "
WRONG_ADVICE = "Nếu vẫn không được, hãy xin Bí thư một liên kết riêng cho bạn."
WRONG_ADVICE_OWN = "Nếu vẫn không được, hãy hỏi Bí thư chi đoàn đang ghi gì về bạn."
TOO_MANY = "Đã thử nhiều lần. Hãy đợi 30 phút rồi thử lại, hoặc hỏi Bí thư chi đoàn."


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@through_link
def self_correction(request, visit):
    """Who are you, then the own record."""
    if request.method == "POST" and request.POST.get("do") == "leave":
        leave(request)
        return page(request, "branches/self_left.html", {"link": visit.link})
    if visit.member is None:
        return _who(request, visit)
    return _record(request, visit, visit.member, sent(request))


@login_not_required
@require_GET
@through_link
@proven_only
def self_correction_sent(request, visit):
    """What was sent, and what happens next."""
    member = visit.member
    decided = member.proposals.exclude(state__in=("waiting", "replaced")).order_by("-decided_at", "-pk")[:LAST_DECIDED]
    return page(
        request,
        "branches/self_sent.html",
        {
            "link": visit.link,
            "token": visit.token,
            "member": member,
            "waiting": [_said(row) for row in member.proposals.waiting().order_by("pk")],
            "decided": [_said(row) for row in decided],
            "consent": last_said(member),
        },
    )


@login_not_required
@require_GET
@through_link
@proven_only
def self_correction_copy(request, visit):
    """One's own data as a file, without the words of the closed part: two facts are too few for those."""
    member, today = visit.member, timezone.localdate(visit.now)
    content = own_copy(member, sensitive=_sensitive(member), shows_sensitive=False, made_on=today)
    return private(attached(content, XLSX, name_of_copy(member, today)))


# --- who is there ---------------------------------------------------------------------------------------


def _who(request, visit):
    """Ask who it is. What was typed into the record before the half hour ended is carried along."""
    link = visit.link
    asks = request.method == "POST" and request.POST.get("do") == "who"
    form = IdentityForm(link, request.POST if asks else None, prefix="who")
    carried = [(name, value) for name, value in request.POST.items() if name not in NOT_KEPT]
    status = 200
    if asks and form.is_valid():
        tries = Tries(link, address=get_adapter().get_client_ip(request), name=form.cleaned_data["full_name"])
        if not tries.take():
            form.add_error(None, TOO_MANY)
            status = 429
        elif (member := identify(link, **form.said())) is None:
            form.add_error(None, WRONG + (WRONG_ADVICE_OWN if form.is_personal else WRONG_ADVICE))
        else:
            tries.give_back()
            enter(request, visit, member)
            if carried:
                return _record(request, visit, member, request.POST, judged=False)
            return redirect("branches:self_correction", token=visit.token)
    context = {"link": link, "form": form, "carried": carried, "last_day": last_day_of(link)}
    return page(request, "branches/self_who.html", context, status=status)


# --- the record -----------------------------------------------------------------------------------------


def _record(request, visit, member, data, *, judged=True):
    today = timezone.localdate()
    form = OwnRecordForm(
        data,
        member=member,
        sensitive=_sensitive(member),
        counting=fields_that_count(today),
        waiting=dict(member.proposals.waiting().values_list("field", "value")),
    )
    text = text_in_force(today)
    if data is not None and not judged:
        form.judge_later()
    elif data is not None and form.is_valid() and _send(visit.link, member, form, text, today):
        return redirect("branches:self_correction_sent", token=visit.token)
    context = {
        "link": visit.link,
        "token": visit.token,
        "member": member,
        "form": form,
        "missing": form.rows("missing"),
        "written": form.rows("written"),
        "more": form.rows("more"),
        "text": text,
        "consent": last_said(member),
        "asks_guardian": needs_guardian(member, today),
        "carried_over": not judged,
        "assessing": open_assessments(member, today).exists(),
    }
    return page(request, "branches/self_record.html", context)


def _send(link, member, form, text, today) -> bool:
    """Proposals and consent together or neither; False leaves the answers in the form."""
    answer = form.cleaned_data["consent"]
    try:
        with transaction.atomic():
            propose(member=member, values=form.values(), link=link)
            if answer and text is not None:
                say_consent(
                    member=member,
                    text=text,
                    given=answer == "yes",
                    means=Consent.Means.LINK,
                    on=today,
                    guardian=form.cleaned_data["guardian"],
                )
    except (ProposalRefused, ConsentRefused) as refusal:
        form.refuse(refusal)
        return False
    return True


def _said(row: ProposedValue) -> dict:
    closed = row.field in SENSITIVE_FIELDS
    value = "giữ kín" if closed else words_of_text(row.field, row.value)
    return {"label": label_of(row.field), "value": value, "row": row}


def _sensitive(member):
    return SensitiveData.objects.filter(member=member).first()
