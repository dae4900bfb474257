"""Evidence files leave the house only here, past the permission rule and with headers that disarm them."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from branches.attaching import remove_evidence
from branches.models import Evidence, StoredFile
from branches.scoping import get_editable_or_403, get_visible_or_404
from branches.uploads import thumbnail

GONE = "Tệp bị xóa hẳn, không lấy lại được."
# Whatever the bytes are, the browser may neither run nor frame them, and no cache keeps them.
DISARMED = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@require_GET
def evidence(request, pk):
    """The file; a picture is shown, anything else is offered to be saved. `?nho=1` is a small picture."""
    return file_answer(request, get_visible_or_404(Evidence, request.user, pk=pk))


def file_answer(request, found: StoredFile):
    """The answer with a stored file its reader may see, disarmed."""
    if not found.file or not found.file.storage.exists(found.file.name):
        raise Http404
    is_picture = found.kind == StoredFile.Kind.PICTURE
    if is_picture and request.GET.get("nho"):
        try:
            with found.file.open("rb") as content:
                response = HttpResponse(thumbnail(content), content_type="image/jpeg")
        except (OSError, SyntaxError, ValueError) as error:
            # Damaged on the disk since it was drawn; the page stands without the small picture.
            raise Http404 from error
    else:
        response = FileResponse(found.file.open("rb"), content_type=found.content_type)
    for name, value in DISARMED.items():
        response.headers[name] = value
    response.headers["Content-Disposition"] = content_disposition_header(not is_picture, found.name)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_delete(request, pk):
    rows = Evidence.objects.select_related("activity__unit")
    found = get_editable_or_403(rows, request.user, pk=pk)
    if request.method == "POST":
        remove_evidence(evidence=found)
        messages.success(request, f"Đã bỏ minh chứng “{found.name or found.link}”.")
        return redirect("branches:activity", found.activity_id)
    says = "Đường dẫn được gỡ khỏi hoạt động." if found.link else f"{GONE} Hoạt động và số liệu giữ nguyên."
    back = reverse("branches:activity", args=[found.activity_id])
    return delete_page(
        request, unit=found.activity.unit, back=back, of=found.activity.title, named=found.name or found.link, says=says
    )


def delete_page(request, *, unit, back: str, of: str, named: str, says: str):
    """Ask before a proof goes: whose it is, what it is called, what will happen."""
    context = {"unit": unit, "back": back, "of": of, "named": named, "says": says}
    return render(request, "branches/evidence_delete.html", context)
