"""What a member without an account sees through a link: say who you are, look, correct, done.

Anybody may open these addresses; see branches/self_correcting.py for what protects the record.
"""

import datetime

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
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
from branches.self_correcting import Tries, identify, last_day_of, live_link, members_of, note_use
from branches.workbook import XLSX

SESSION_KEY = "self_correction"
MINUTES = 30
LAST_DECIDED = 10
# Kept in the page while a person whose half hour is over says again who they are.
NOT_KEPT = {"csrfmiddlewaretoken", "do", "who-full_name", "who-birth_date", "who-digits"}
WRONG = "Chưa khớp với những gì chi đoàn đang ghi. Hãy xem lại từng ô. "
WRONG_ADVICE = "Nếu vẫn không được, hãy xin Bí thư một liên kết riêng cho bạn."
WRONG_ADVICE_OWN = "Nếu vẫn không được, hãy hỏi Bí thư chi đoàn đang ghi gì về bạn."
TOO_MANY = "Đã thử nhiều lần. Hãy đợi 30 phút rồi thử lại, hoặc hỏi Bí thư chi đoàn."


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def self_correction(request, token):
    """Who are you, then the own record. Unknown, expired and revoked links get one and the same answer."""
    now = timezone.now()
    link = live_link(token, now)
    if link is None:
        return _closed(request)
    member = _proven(request, link, now)
    if request.method == "POST" and request.POST.get("do") == "leave":
        request.session.pop(SESSION_KEY, None)
        return _page(request, "branches/self_left.html", {"link": link})
    if member is None:
        return _who(request, link, token, now)
    return _record(request, link, token, member, sent(request))


@login_not_required
@require_GET
def self_correction_sent(request, token):
    """What was sent, and what happens next."""
    now = timezone.now()
    link = live_link(token, now)
    if link is None:
        return _closed(request)
    member = _proven(request, link, now)
    if member is None:
        return redirect("branches:self_correction", token=token)
    decided = member.proposals.exclude(state__in=("waiting", "replaced")).order_by("-decided_at", "-pk")[:LAST_DECIDED]
    return _page(
        request,
        "branches/self_sent.html",
        {
            "link": link,
            "token": token,
            "member": member,
            "waiting": [_said(row) for row in member.proposals.waiting().order_by("pk")],
            "decided": [_said(row) for row in decided],
            "consent": last_said(member),
        },
    )


@login_not_required
@require_GET
def self_correction_copy(request, token):
    """One's own data as a file, without the words of the closed part: two facts are too few for those."""
    now = timezone.now()
    link = live_link(token, now)
    if link is None:
        return _closed(request)
    member = _proven(request, link, now)
    if member is None:
        return redirect("branches:self_correction", token=token)
    today = timezone.localdate(now)
    content = own_copy(member, sensitive=_sensitive(member), shows_sensitive=False, made_on=today)
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name_of_copy(member, today)}"'
    return _private(response)


# --- who is there ---------------------------------------------------------------------------------------


def _proven(request, link, now):
    """The member who proved who they are by this link within the last half hour, while the link still lives."""
    said = request.session.get(SESSION_KEY)
    if not said or said["link"] != link.pk or said["until"] < now.timestamp():
        return None
    return members_of(link).select_related("home").filter(pk=said["member"]).first()


def _enter(request, link, member, now):
    """A new session key: one that somebody knew before is worth nothing afterwards."""
    request.session.cycle_key()
    until = now + datetime.timedelta(minutes=MINUTES)
    request.session[SESSION_KEY] = {"link": link.pk, "member": member.pk, "until": until.timestamp()}
    if not request.user.is_authenticated:
        request.session.set_expiry(MINUTES * 60)
    note_use(link, now)


def _who(request, link, token, now):
    """Ask who it is. What was typed into the record before the half hour ended is carried along."""
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
            _enter(request, link, member, now)
            if carried:
                return _record(request, link, token, member, request.POST, judged=False)
            return redirect("branches:self_correction", token=token)
    context = {"link": link, "form": form, "carried": carried, "last_day": last_day_of(link)}
    return _page(request, "branches/self_who.html", context, status=status)


# --- the record -----------------------------------------------------------------------------------------


def _record(request, link, token, member, data, *, judged=True):
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
    elif data is not None and form.is_valid() and _send(link, member, form, text, today):
        return redirect("branches:self_correction_sent", token=token)
    context = {
        "link": link,
        "token": token,
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
    return _page(request, "branches/self_record.html", context)


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


# --- answers --------------------------------------------------------------------------------------------


def _page(request, template, context, status=200):
    return _private(render(request, template, context, status=status))


def _closed(request):
    return _page(request, "branches/self_closed.html", {}, status=404)


def _private(response):
    """Kept by no browser and no proxy, and found by no search engine."""
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
