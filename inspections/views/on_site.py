"""On site: one page per case that works without a signal, what it sends, its photos, and two notes joined.

The page lies under an address of its own, because its service worker may serve this one page and nothing else. What
a browser keeps there belongs to one account: each batch names it, and a batch of another account is refused.
"""

import datetime
import json
import uuid
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.forms.fields import FormKeyField
from branches.receipts import once
from branches.scoping import get_editable_or_403, get_visible_or_404
from branches.uploads import UploadRefused, clean_upload, store
from branches.views.evidence import file_answer
from inspections.checking.entries import (
    LONGEST_NOTE,
    EntryLine,
    add_site_file,
    is_known_file,
    remove_site_file,
    settle_difference,
    take_entries,
)
from inspections.checking.reading import clashes_of, rows_of, topics_of
from inspections.forms.cases import StepForm
from inspections.forms.checklists import JoinForm
from inspections.models import ChecklistAnswer, Result, SiteEntry, SiteFile
from inspections.states import InspectionRefused, allowed
from inspections.views.cases import case_of
from inspections.views.saving import save

MOST_ENTRIES = 100
LONGEST_AGO = 30 * 24 * 3600 * 1000  # a month in milliseconds; an older note counts as that old
UNREADABLE = "Không đọc được ghi chép vừa gửi. Hãy mở lại trang khi có mạng."
OTHER_ACCOUNT = "Ghi chép trên máy này của tài khoản khác nên không gửi. Người ghi đăng nhập lại thì tự gửi."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def site(request, pk):
    """All items, free notes and photos. Without a script it is one form; with one, it is sent in the background."""
    case = case_of(request.user, pk, to_edit=True)
    can_write = allowed(case, "settle_item")
    now = timezone.now()
    rows = rows_of(case, request.user, on=timezone.localdate(now), for_team=True)
    if request.method == "POST" and (answer := _take_form(request, case, rows, now)):
        return answer
    notes = SiteEntry.objects.filter(inspection=case, item=None).exclude(note="").select_related("written_by")
    return render(
        request,
        "inspections/site.html",
        {
            "case": case, "topics": topics_of(rows), "count": len(rows), "can_write": can_write,
            "said": sum(row.is_said for row in rows), "clashes": [one for row in rows for one in row.clashes],
            "notes": notes.order_by("written_at", "pk"), "form_key": uuid.uuid4(),
            "files": SiteFile.objects.filter(inspection=case, item=None, side=ChecklistAnswer.Side.TEAM),
            "static_root": static(""),
        },
    )  # fmt: skip


def _take_form(request, case, rows, now):
    """The page sent as one form: only what differs from what it showed was written here."""
    key = FormKeyField().to_python(request.POST.get("form_key", ""))
    there = reverse("inspections:case_checklist", args=[case.pk])
    try:
        lines = [line for row in rows if (line := _line_of_form(request.POST, row.item, key, now))]
        if note := request.POST.get("note", "").strip():
            lines.append(EntryLine(uuid.uuid5(key, "note"), now, note=note[:LONGEST_NOTE]))
        photos = _photos_of(request)
        once(key, request.user, lambda: _write_all(case, lines, photos, key, request.user, now, there))
    except InspectionRefused as refusal:
        messages.error(request, f"Chưa lưu được. {refusal}")
        return None
    messages.success(request, "Đã lưu ghi chép.", extra_tags=str(key))
    return redirect(there)


def _photos_of(request) -> list:
    """(item or 0, stored file) of everything chosen in the form; a refused one is named, the rest is saved."""
    found = []
    for name in request.FILES:
        item = int(name[1:]) if name[1:].isdecimal() and len(name) < 19 else 0
        for upload in request.FILES.getlist(name):
            try:
                found.append((item, store(clean_upload(upload), "sitefile")))
            except UploadRefused as refusal:
                messages.error(request, f"Chưa lưu được ảnh. {refusal}")
    return found


def _write_all(case, lines, photos, key, by, now, there) -> str:
    take_entries(inspection=case, lines=lines, by=by, on=timezone.localdate(now))
    for place, (item, stored) in enumerate(photos):
        add_site_file(
            inspection=case, stored=stored, by=by, client_id=uuid.uuid5(key, f"photo-{place}"), item=item or None,
            taken_at=now,
        )  # fmt: skip
    return there


def _line_of_form(data, item, key, now) -> EntryLine | None:
    result, note = data.get(f"r{item.pk}", ""), data.get(f"n{item.pk}", "").replace("\r\n", "\n").strip()
    points = _points(data.get(f"p{item.pk}", ""))
    showed = (data.get(f"sr{item.pk}", ""), data.get(f"sn{item.pk}", "").replace("\r\n", "\n").strip())
    is_same = (result, note) == showed and points == _points(data.get(f"sp{item.pk}", ""))
    if is_same or (result and result not in Result.values):
        return None
    base = data.get(f"v{item.pk}", "")
    return EntryLine(
        uuid.uuid5(key, str(item.pk)), now, item.pk, result, points, note[:LONGEST_NOTE],
        int(base) if base.isdecimal() and len(base) < 9 else 0,
    )  # fmt: skip


def _points(said) -> Decimal | None:
    """Points as a phone sends them, "7,5" or "7.5"; what is no number is none, nothing is refused on site."""
    try:
        points = Decimal(str(said or "").strip().replace(",", "."))
    except InvalidOperation:
        return None
    return points.quantize(Decimal("0.1")) if points.is_finite() and abs(points) < 1000 else None


# --- in the background ------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def site_send(request, pk):
    """A batch of what a browser kept; the answer is every item as it stands now.

    Body: {"account", "entries": [{"id", "item", "result", "points", "note", "base", "ago"}]}, `ago` in milliseconds
    before the sending. What cannot be read is 400, what the case does not take any more 409, both with {"error"}.
    """
    case = case_of(request.user, pk, to_edit=True)
    taken = []
    if request.method == "POST":
        now = timezone.now()
        try:
            account, lines = _read_batch(request.body, now)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            return JsonResponse({"error": UNREADABLE}, status=400)
        if account != str(request.user.pk):
            return JsonResponse({"error": OTHER_ACCOUNT}, status=409)
        try:
            taken = take_entries(inspection=case, lines=lines, by=request.user, on=timezone.localdate(now))
        except InspectionRefused as refusal:
            return JsonResponse({"error": str(refusal)}, status=409)
    answers = ChecklistAnswer.objects.filter(item__inspection=case, side=ChecklistAnswer.Side.TEAM)
    return JsonResponse(
        {
            "token": get_token(request),
            "taken": [[str(one.client_id), one.state, one.version] for one in taken],
            "rows": [
                [one.item_id, one.version, one.result, _shown(one.points), one.note,
                 "" if one.answered_by_id == request.user.pk else str(one.answered_by)]
                for one in answers.select_related("answered_by").order_by("item_id")
            ],
            "clashes": clashes_of(case).count(),
        }
    )  # fmt: skip


def _shown(points: Decimal | None) -> str:
    return "" if points is None else f"{points.normalize():f}".replace(".", ",")


def _read_batch(body: bytes, now: datetime.datetime) -> tuple[str, list[EntryLine]]:
    said = json.loads(body)
    entries = said["entries"]
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        raise ValueError("entries")
    return str(said["account"]), [_read_entry(one, now) for one in entries]


def _read_entry(one: dict, now: datetime.datetime) -> EntryLine:
    ago = min(max(int(one["ago"]), 0), LONGEST_AGO)
    result, note, item, base = one.get("result", ""), one.get("note", ""), one.get("item"), int(one.get("base", 0))
    if result not in ("", *Result.values) or not isinstance(note, str) or "\0" in note:
        raise ValueError("entry")
    if item is not None and not 0 < int(item) < 10**18:
        raise ValueError("item")
    if not 0 <= base < 10**9:
        raise ValueError("base")
    return EntryLine(
        uuid.UUID(one["id"]), now - datetime.timedelta(milliseconds=ago), int(item) if item is not None else None,
        result, _points(one.get("points", "")), note[:LONGEST_NOTE], base,
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def site_photo(request, pk):
    """One photo under the id its browser gave it. Slow work (drawing it anew) before the transaction.

    Asked with GET and an id, it says whether that photo has come: a weak line need not carry it twice.
    """
    case = case_of(request.user, pk, to_edit=True)
    if request.method != "POST":
        return _photo_answer(request, case, request.GET.get("id", ""))
    if request.POST.get("account") != str(request.user.pk):
        return JsonResponse({"error": OTHER_ACCOUNT}, status=409)
    upload, item, ago = request.FILES.get("file"), request.POST.get("item", ""), request.POST.get("ago", "0")
    try:
        client_id = uuid.UUID(request.POST.get("id", ""))
    except ValueError:
        return JsonResponse({"error": UNREADABLE}, status=400)
    if upload is None:
        return JsonResponse({"error": "Không nhận được ảnh. Hãy chọn lại ảnh."}, status=400)
    if not is_known_file(client_id=client_id, inspection=case, by=request.user):
        ago = min(int(ago), LONGEST_AGO) if ago.isdecimal() and len(ago) < 15 else 0
        try:
            if not allowed(case, "settle_item"):
                raise InspectionRefused("Cuộc này không nhận thêm ảnh nữa.")
            add_site_file(
                inspection=case, stored=store(clean_upload(upload), "sitefile"), by=request.user, client_id=client_id,
                item=int(item) if item.isdecimal() and len(item) < 19 else None,
                caption=request.POST.get("caption", ""),
                taken_at=timezone.now() - datetime.timedelta(milliseconds=ago),
            )  # fmt: skip
        except (InspectionRefused, UploadRefused) as refusal:
            return JsonResponse({"error": str(refusal)}, status=409)
    return _photo_answer(request, case, str(client_id))


def _photo_answer(request, case, said: str):
    """The address of a photo of this person; 204 while it has not come."""
    try:
        found = SiteFile.objects.filter(client_id=uuid.UUID(said), inspection=case, uploaded_by=request.user).first()
    except ValueError:
        found = None
    if found is None:
        return HttpResponse(status=204)
    return JsonResponse({"id": said, "url": reverse("inspections:site_file", args=[found.pk])})


@never_cache
@require_GET
def site_worker(request, pk):
    """The service worker of this one page: only a script that lies under the page's address may serve it."""
    case_of(request.user, pk, to_edit=True)
    script = f'"use strict";\nimportScripts("{static("js/site_worker.js")}");\n'
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


# --- files, and two notes on one item ------------------------------------------------------------------------


@require_GET
def site_file(request, pk):
    return file_answer(request, get_visible_or_404(SiteFile, request.user, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def site_file_remove(request, pk):
    file = get_editable_or_403(SiteFile.objects.select_related("inspection__unit"), request.user, pk=pk)
    case = file.inspection
    is_unit = file.side == ChecklistAnswer.Side.UNIT
    there = reverse(f"inspections:{'self_check' if is_unit else 'case_checklist'}", args=[case.pk])
    form = StepForm(sent(request), initial={"version": case.version})
    if request.method == "POST" and form.is_valid():

        def work():
            remove_site_file(file=file, by=request.user)
            return there

        if answer := save(request, form, work, said="Đã bỏ tệp."):
            return answer
    context = {"form": form, "case": case, "file": file, "back": there}
    return render(request, "inspections/site_file_remove.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def site_choose(request, pk):
    """Two inspectors wrote differently about one item: take one, or join them."""
    rows = SiteEntry.objects.exclude(item=None).select_related(
        "item", "written_by", "inspection__unit", "inspection__programme__unit"
    )
    entry = get_editable_or_403(rows, request.user, pk=pk)
    case, item = entry.inspection, entry.item
    there = reverse("inspections:case_checklist", args=[case.pk]) + f"#muc-{item.pk}"
    answer = ChecklistAnswer.objects.filter(item=item, side=ChecklistAnswer.Side.TEAM).select_related("answered_by")
    answer = answer.first()
    if answer is None or entry.state != SiteEntry.State.DIFFERS:
        messages.info(request, "Mục này không còn hai bản ghi khác nhau.")
        return redirect(there)
    joined = "\n".join(dict.fromkeys(text for text in (answer.note, entry.note) if text))
    form = JoinForm(
        sent(request), item=item,
        initial={"result": answer.result, "points": answer.points, "note": joined, "version": answer.version},
    )  # fmt: skip
    taken = {"mine": entry, "theirs": answer}.get(request.POST.get("take", ""))
    if taken is not None:
        form.data = form.data.copy()
        form.data["result"], form.data["note"], form.data["points"] = taken.result, taken.note, _shown(taken.points)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def work():
            settle_difference(
                entry=entry, version=data["version"], by=request.user, at=timezone.now(), result=data["result"],
                points=data.get("points"), note=data["note"],
            )  # fmt: skip
            return there

        if done := save(request, form, work, said="Đã chọn câu trả lời chung.", discard_url=there):
            return done
    context = {"form": form, "case": case, "item": item, "entry": entry, "answer": answer}
    return render(request, "inspections/site_choose.html", context)
