"""From a valid form to a saved step: once per form key, refusals at their field, conflicts side by side."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from branches.formats import day
from branches.models.versioned import EditConflict
from branches.receipts import once
from branches.uploads import UploadRefused, clean_upload, redeem, store, ticket_for
from inspections.states import InspectionRefused


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody saved first: who, when, and both versions beside each other (for _conflict.html)."""

    who: str
    when: datetime.datetime | None
    rows: list[dict]
    discard_url: str


def is_sent(request, form, *lists) -> bool:
    """Whether the form came to be saved.

    "Lấy lại" sends what the browser kept of an earlier try (templates/_kept.html): everything is shown
    as it was typed, without a verdict, and nothing may be saved.
    """
    if request.method == "POST" and request.POST.get("do") == "restore":
        form.judge_later()
        for rows in lists:
            rows.judge_later()
        return False
    return request.method == "POST"


def save(
    request,
    form,
    work: Callable[[], str],
    *,
    said: str = "",
    places: dict | None = None,
    stored: Callable | None = None,
    discard_url: str = "",
) -> HttpResponse | None:
    """Do `work` once and go where it says; None when the page has to be shown again.

    `places` says at which field of the form the refusal about a field of the record belongs. `stored`
    turns the record as it stands into the values of this form, for the page that shows both versions.
    """  # fmt: skip
    try:
        location, is_fresh = once(form.cleaned_data["form_key"], request.user, work)
    except InspectionRefused as refusal:
        for field, text in refusal.errors.items():
            name = (places or {}).get(field, field)
            form.add_error(name if name in form.fields else None, text)
        return None
    except EditConflict as conflict:
        show_conflict(form, conflict.current, stored, discard_url)
        return None
    if is_fresh and said:
        # With the key of the form: the browser lets go of what it kept for it.
        messages.success(request, said, str(form.cleaned_data["form_key"]))
    return redirect(location)


def show_conflict(form, current, stored, discard_url) -> None:
    """Put both versions on the form and let the next save overwrite knowingly."""
    if current is None:
        form.add_error(None, "Mục này vừa bị xóa nên không lưu được nữa.")
        return
    last = current.history.select_related("history_user").first() if hasattr(current, "history") else None
    values = stored(current) if stored else {}
    rows = []
    for bound in form.visible_fields():
        if bound.name in values:
            theirs, mine = _shown(bound, values[bound.name]), _shown(bound, form.cleaned_data.get(bound.name))
            rows.append({"label": bound.label, "theirs": theirs, "mine": mine, "differs": theirs != mine})
    form.conflict = Conflict(
        who=str(last.history_user) if last and last.history_user else "",
        when=last.history_date if last else None,
        rows=rows,
        discard_url=discard_url,
    )
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = str(current.version)


def _shown(bound, value) -> str:
    """A value in words: chosen labels, days as written here, ticks as yes and no."""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, datetime.date):
        return day(value)
    if isinstance(value, list | tuple) or hasattr(value, "all"):
        return "; ".join(str(getattr(item, "text", item)) for item in value)
    labels = dict(getattr(bound.field, "choices", ())) if isinstance(value, str) else {}
    return str(labels.get(value, value) if value is not None else "")


MOST_FILES = 40


def keep_files(request, form, folder: str) -> list:
    """(ticket, stored file) of everything chosen so far, also in earlier tries of this form.

    Slow (pictures are drawn anew), so before the transaction. A refused file is named at its field `files`.
    """
    key = form.fields["form_key"].clean(form.data.get("form_key", ""))
    tickets = list(dict.fromkeys(request.POST.getlist("ticket")))[:MOST_FILES]
    found = [(ticket, redeem(ticket, account=request.user, form_key=key)) for ticket in tickets]
    kept = [(ticket, stored) for ticket, stored in found if stored]
    for upload in request.FILES.getlist("files"):
        try:
            stored = store(clean_upload(upload), folder)
        except UploadRefused as refusal:
            form.add_error("files", str(refusal))
        else:
            kept.append((ticket_for(stored, account=request.user, form_key=key), stored))
    return kept


LONGEST_BACK = 200  # with room to spare in the receipt that keeps it


def safe_back(request, default: str) -> str:
    """The page of ours the person came from (?ve=), or the default."""
    wanted = request.GET.get("ve", "")
    is_written = wanted.startswith("/") and wanted.isprintable() and len(wanted) <= LONGEST_BACK
    is_ours = is_written and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if is_ours else default
