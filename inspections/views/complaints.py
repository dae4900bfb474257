"""The register of complaints, one complaint, and a page for each step. Every opening leaves a row."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, DateField, IntegerField, Q, When
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.models import Discipline, Unit
from branches.scoping import get_editable_or_403, get_visible_or_404
from branches.views.evidence import file_answer
from inspections import complaining as verbs
from inspections.complaining import SOON, allowed, days_left, masked, note_opening
from inspections.complaint_words import complaint_badge, complaint_due
from inspections.forms.cases import ONE_DAY
from inspections.forms.complaints import (
    AnswerForm,
    ComplaintFilter,
    ComplaintForm,
    ForwardForm,
    LinkForm,
    OpenCaseForm,
    RefuseForm,
    TakeUpForm,
)
from inspections.models import Complaint, ComplaintFile, Inspection, InspectionProgramme
from inspections.views.saving import is_sent, keep_files, save

PAGE = 50
LAST_OPENINGS = 10
FOLDER = "complaintfile"
ROWS = Complaint.objects.select_related("received_by", "unit", "written_by")


def committees_of(user) -> list[int]:
    """Units in whose inspection committee the user sits; a committee above reads none of its letters."""
    return [post.unit_id for post in user.posts_today if "inspect" in post.type.verbs_here]


def _committees_or_404(user) -> list[int]:
    found = committees_of(user)
    if not found:
        raise Http404
    return found


@require_GET
def complaint_list(request):
    """What was received, the open ones first and of these what is due first. Senders stand by their initials."""
    _committees_or_404(request.user)
    today = timezone.localdate()
    filters = ComplaintFilter(request.GET)
    reached = Complaint.objects.visible_to(request.user)
    waits = Q(state__in=Complaint.OPEN)
    rows = filters.chosen(reached).select_related("unit", "received_by").order_by(
        Case(When(waits, then=0), default=1, output_field=IntegerField()),
        Case(When(waits, then="due_on"), output_field=DateField()).asc(nulls_last=True),
        "-year", "-number", "-pk",
    )  # fmt: skip
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    listed = [
        {"row": row, "sender": masked(row.from_name), "badge": complaint_badge(row, days_left(row, today), SOON)}
        for row in page.object_list
    ]
    context = {
        "page": page, "rows": listed, "filters": filters, "is_filtered": bool(filters.understood), "today": today,
        "is_empty": not reached.exists(), "committees": {row["row"].received_by_id for row in listed},
    }  # fmt: skip
    return render(request, "inspections/complaint_list.html", context)


def _form(request, *, committees=None, received_by=None, **kwargs) -> ComplaintForm:
    offered = Unit.objects.filter(pk__in=committees or []).order_by("sort_key", "pk")
    below = Q(pk__in=[])
    for unit in offered if committees else [received_by]:
        below |= Q(path__startswith=unit.path)
    today = timezone.localdate()
    about = kwargs.get("initial", {}).get("unit")
    units = Unit.objects.living(today).filter(below) | Unit.objects.filter(pk=about.pk if about else None)
    return ComplaintForm(
        sent(request), request.FILES or None, committees=offered if committees else None,
        units=units.order_by("sort_key", "pk"), **kwargs,
    )  # fmt: skip


def _written(request, form, work, said: str, **more):
    """The files that came, and the answer when everything was saved."""
    kept = []
    if request.method == "POST":
        is_whole = is_sent(request, form) and form.is_valid()
        kept = keep_files(request, form, FOLDER)
        if is_whole and form.is_valid():
            answer = save(request, form, lambda: work([stored for _, stored in kept]), said=said, **more)
            if answer:
                return answer, kept
    return None, kept


@require_http_methods(["GET", "POST"])
def complaint_new(request):
    committees = committees_of(request.user)
    if not committees:
        raise PermissionDenied
    today = timezone.localdate()
    form = _form(request, committees=committees, initial={"received_on": today, "version": 0})

    def work(files):
        received_by = form.cleaned_data.get("received_by") or Unit.objects.get(pk=committees[0])
        made = verbs.receive(received_by=received_by, by=request.user, on=today, files=files, **form.said())
        return reverse("inspections:complaint", args=[made.pk])

    answer, kept = _written(request, form, work, "Đã vào sổ đơn thư.")
    return answer or render(request, "inspections/complaint_form.html", {"form": form, "kept": kept})


@require_GET
def complaint(request, pk):
    found = get_visible_or_404(ROWS, request.user, pk=pk)
    note_opening(complaint=found, by=request.user)
    today = timezone.localdate()
    case = Inspection.objects.visible_to(request.user).filter(pk=found.inspection_id).first()
    discipline = Discipline.objects.visible_to(request.user).filter(pk=found.discipline_id)
    context = {
        "complaint": found, "badge": complaint_badge(found, days_left(found, today), SOON),
        "due": complaint_due(found, days_left(found, today)), "files": found.files.order_by("pk"),
        "moves": found.moves.select_related("moved_by"), "case": case,
        "discipline": discipline.select_related("member", "unit").first(),
        "openings": found.accesses.select_related("account").order_by("-pk")[:LAST_OPENINGS],
        "can": {verb: True for verb in verbs.MOVES if allowed(found, verb)},
        "may_open_case": found.inspection_id is None and found.unit_id != found.received_by_id,
    }  # fmt: skip
    return render(request, "inspections/complaint.html", context)


@require_http_methods(["GET", "POST"])
def complaint_edit(request, pk):
    found = get_editable_or_403(ROWS, request.user, pk=pk)
    url = reverse("inspections:complaint", args=[pk])
    if not allowed(found, "change") and request.method == "GET":
        return redirect(url)
    if request.method == "GET":
        note_opening(complaint=found, by=request.user)
    form = _form(request, received_by=found.received_by, initial=ComplaintForm.stored(found))

    def work(files):
        version = form.cleaned_data["version"]
        verbs.change(
            complaint=found, version=version, by=request.user, on=timezone.localdate(), files=files, **form.said()
        )
        return url

    answer, kept = _written(request, form, work, "Đã lưu đơn.", stored=ComplaintForm.stored, discard_url=url)
    context = {"form": form, "kept": kept, "complaint": found, "files": found.files.order_by("pk")}
    return answer or render(request, "inspections/complaint_form.html", context)


@require_GET
def complaint_file(request, pk):
    """A file of the letter; opening it is opening the letter."""
    found = get_visible_or_404(ComplaintFile.objects.select_related("complaint"), request.user, pk=pk)
    note_opening(complaint=found.complaint, by=request.user)
    return file_answer(request, found)


# --- steps ------------------------------------------------------------------------------------------


def _to(request, pk, verb: str):
    """The complaint for a step, or where to go when its state is past it."""
    found = get_editable_or_403(ROWS, request.user, pk=pk)
    is_late = not allowed(found, verb) and request.method == "GET"
    return found, (redirect("inspections:complaint", pk=pk) if is_late else None)


def _step(request, found, form, act, *, title: str, button: str, said: str, lines=()):
    url = reverse("inspections:complaint", args=[found.pk])
    if is_sent(request, form) and form.is_valid():

        def work():
            return act(form.cleaned_data) or url

        if answer := save(request, form, work, said=said, discard_url=url):
            return answer
    context = {"form": form, "complaint": found, "title": title, "button": button, "lines": lines}
    return render(request, "inspections/complaint_step.html", context)


def _first(found, **more) -> dict:
    return {"version": found.version, **more}


@require_http_methods(["GET", "POST"])
def take_up_page(request, pk):
    found, elsewhere = _to(request, pk, "take_up")
    form = TakeUpForm(sent(request), initial=_first(found))

    def act(data):
        verbs.take_up(
            complaint=found, version=data["version"], by=request.user, on=timezone.localdate(), words=data["words"]
        )

    return elsewhere or _step(
        request, found, form, act, title="Thụ lý đơn", button="Thụ lý đơn", said="Đã thụ lý đơn.",
        lines=[complaint_due(found, days_left(found, timezone.localdate()))],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def answer_page(request, pk):
    found, elsewhere = _to(request, pk, "answer")
    today = timezone.localdate()
    form = AnswerForm(sent(request), initial=_first(found, ended_on=today))

    def act(data):
        verbs.answer(
            complaint=found, version=data["version"], by=request.user, ended_on=data["ended_on"], text=data["answer"],
            on=today,
        )  # fmt: skip

    return elsewhere or _step(
        request, found, form, act, title="Trả lời đơn", button="Ghi đã trả lời", said="Đã ghi kết quả giải quyết.",
        lines=["Đơn khép ở bước này; kết quả đã ghi không sửa được nữa."],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def refuse_page(request, pk):
    found, elsewhere = _to(request, pk, "refuse")
    today = timezone.localdate()
    form = RefuseForm(sent(request), initial=_first(found, ended_on=today))

    def act(data):
        verbs.refuse(
            complaint=found, version=data["version"], by=request.user, ended_on=data["ended_on"],
            reason=data["reason"], on=today,
        )  # fmt: skip

    return elsewhere or _step(
        request, found, form, act, title="Không thụ lý", button="Ghi không thụ lý", said="Đã ghi không thụ lý.",
        lines=["Đơn khép ở bước này, không mở lại được. Gửi lại thì vào sổ đơn mới."],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def forward_page(request, pk):
    found, elsewhere = _to(request, pk, "forward")
    today = timezone.localdate()
    form = ForwardForm(sent(request), initial=_first(found, ended_on=today))

    def act(data):
        verbs.forward(
            complaint=found, version=data["version"], by=request.user, ended_on=data["ended_on"],
            reason=data["reason"], on=today,
        )  # fmt: skip

    return elsewhere or _step(
        request, found, form, act, title="Chuyển đơn", button="Ghi đã chuyển", said="Đã ghi nơi chuyển đơn.",
        lines=["Đơn khép ở đây: nơi nhận giải quyết tiếp. Phần mềm không gửi đơn đi thay bạn."],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def complaint_case(request, pk):
    """Open an inspection on signs of violation from it."""
    found, elsewhere = _to(request, pk, "link")
    if found.inspection_id is not None and request.method == "GET":
        return redirect("inspections:complaint", pk=pk)
    today = timezone.localdate()
    programmes = InspectionProgramme.objects.editable_by(request.user).filter(unit=found.received_by_id)
    programmes = programmes.order_by("-year", "-issued_on", "-pk")
    initial = _first(found, review_from=today.replace(month=1, day=1), review_last=today, programme=programmes.first())
    form = OpenCaseForm(sent(request), programmes=programmes, initial=initial)

    def act(data):
        made = verbs.open_case_from(
            complaint=found, version=data["version"], programme=data["programme"], title=data["title"],
            review_from=data["review_from"], review_to=data["review_last"] + ONE_DAY, reason=data["reason"],
            by=request.user, on=today,
        )  # fmt: skip
        return reverse("inspections:inspection", args=[made.pk])

    if not programmes and elsewhere is None:
        messages.info(request, "Chưa có chương trình kiểm tra nào. Hãy lập chương trình của năm trước.")
        return redirect("inspections:complaint", pk=pk)
    return elsewhere or _step(
        request, found, form, act, title="Mở cuộc kiểm tra", button="Mở cuộc kiểm tra",
        said="Đã mở cuộc kiểm tra khi có dấu hiệu vi phạm. Đơn vị chưa được báo.",
        lines=[
            "Kiểm tra khi có dấu hiệu vi phạm, không báo trước cho đơn vị.",
            "Đoàn kiểm tra, đơn vị và cấp trên không thấy đơn thư này.",
        ],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def complaint_link(request, pk):
    """Say in which case it is looked into and which disciplinary case it led to."""
    found, elsewhere = _to(request, pk, "link")
    cases = Inspection.objects.decided_by(request.user).filter(unit=found.unit_id).select_related("unit")
    disciplines = Discipline.objects.visible_to(request.user).filter(unit__path__startswith=found.unit.path)
    disciplines = disciplines.select_related("member", "unit").order_by("-opened_on", "-pk")
    form = LinkForm(
        sent(request), cases=cases.order_by("-pk"), disciplines=disciplines,
        initial=_first(found, inspection=found.inspection_id, discipline=found.discipline_id),
    )  # fmt: skip

    def act(data):
        version = data["version"]
        if (data["inspection"].pk if data["inspection"] else None) != found.inspection_id:
            verbs.link_case(
                complaint=found, version=version, inspection=data["inspection"], by=request.user,
                on=timezone.localdate(),
            )  # fmt: skip
            version += 1
        if "discipline" in data and (data["discipline"].pk if data["discipline"] else None) != found.discipline_id:
            verbs.link_discipline(complaint=found, version=version, discipline=data["discipline"], by=request.user)

    return elsewhere or _step(
        request, found, form, act, title="Gắn với hồ sơ", button="Lưu", said="Đã lưu.",
        lines=["Người không đọc được hồ sơ kỷ luật sẽ không thấy là đơn có gắn với hồ sơ đó."],
    )  # fmt: skip
