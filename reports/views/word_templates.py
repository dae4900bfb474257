"""Word templates of papers at a unit: which are replaced, a new file and what is in it, use it, take it back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.models import Unit
from branches.scoping import get_editable_or_403, get_visible_or_404
from branches.uploads import store
from branches.views.evidence import file_answer
from branches.views.life_steps import answered_before, step_page, take_step
from reports.forms_word import DropForm, FromDayForm, WordFileForm
from reports.models import WordTemplate
from reports.models.word_template import WordTemplateQuerySet
from reports.papers.word_kinds import KINDS
from reports.papers.word_templates import WordFileRefused, preview, starter
from reports.templating import WordTemplateRefused, drop_draft, end_template, keep_template, put_in_use

from .printing import too_many_papers, word_answer

RIGHT = WordTemplateQuerySet.read_rights
FOLDER = "wordtemplate"
TEMPLATES = WordTemplate.objects.select_related("unit", "uploaded_by")
MEANWHILE = "Có người vừa sửa mẫu này. Chưa ghi đè gì cả; hãy mở lại trang rồi làm lại."


def _kind_or_404(paper: str):
    if paper not in KINDS:
        raise Http404
    return KINDS[paper]


@require_GET
def word_template_list(request, pk):
    """Each paper that may be replaced, with what its Word file is filled from today."""
    unit = get_visible_or_404(Unit, request.user, right=RIGHT, pk=pk)
    today = timezone.localdate()
    in_force = {}
    for row in WordTemplate.objects.in_force(today).nearest_first(unit).select_related("unit"):
        in_force.setdefault(row.paper, row)
    waiting = set(
        WordTemplate.objects.filter(unit=unit, state=WordTemplate.State.DRAFT).values_list("paper", flat=True)
    )
    rows = [
        {"kind": kind, "template": in_force.get(key), "is_own": key in in_force and in_force[key].unit_id == unit.pk,
         "has_draft": key in waiting}
        for key, kind in KINDS.items()
    ]  # fmt: skip
    return render(request, "reports/word_template_list.html", {"unit": unit, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def word_template_kind(request, pk, paper):
    """One paper: its places to fill, its editions, a new file."""
    kind = _kind_or_404(paper)
    unit = get_visible_or_404(Unit, request.user, right=RIGHT, pk=pk)
    if answer := answered_before(request):
        return answer
    form = WordFileForm(sent(request), request.FILES or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        stored = store(form.cleaned_data["file"], FOLDER)

        def keep():
            made = keep_template(unit=unit, kind=kind, by=request.user, stored=stored, used=form.checked.used)
            return reverse("reports:word_template", args=[made.pk])

        done = "Đã nhận tệp. Hãy xem thử, rồi đưa vào dùng."
        if answer := take_step(request, form, keep, done, refused=WordTemplateRefused, meanwhile=MEANWHILE):
            return answer
    context = {
        "unit": unit, "kind": kind, "form": form, "offered": list(kind.offered.items()),
        "templates": TEMPLATES.filter(unit=unit, paper=kind.key).order_by("-edition"),
    }  # fmt: skip
    return render(request, "reports/word_template_kind.html", context)


@require_GET
def word_starter(request, pk, paper):
    """The first file, with the places to fill in it."""
    kind = _kind_or_404(paper)
    unit = get_visible_or_404(Unit, request.user, right=RIGHT, pk=pk)
    if refused := too_many_papers(request):
        return refused
    return word_answer(starter(kind, on=timezone.localdate()), f"Mẫu gốc {kind.label}, {unit.name}.docx")


@require_GET
def word_template(request, pk):
    """One edition: what is in it, what is not, and the next step."""
    found = get_visible_or_404(TEMPLATES, request.user, pk=pk)
    kind = _kind_or_404(found.paper)
    used = set(found.used_fields)
    offered = kind.offered.items()
    return render(
        request,
        "reports/word_template.html",
        {
            "template": found, "unit": found.unit, "kind": kind,
            "used": [(key, label) for key, label in offered if key in used],
            "unused": [(key, label) for key, label in offered if key not in used],
        },
    )  # fmt: skip


@require_GET
def word_template_file(request, pk):
    return file_answer(request, get_visible_or_404(WordTemplate, request.user, pk=pk))


@require_GET
def word_template_preview(request, pk):
    """The file filled with invented values."""
    found = get_visible_or_404(TEMPLATES, request.user, pk=pk)
    kind = _kind_or_404(found.paper)
    if refused := too_many_papers(request):
        return refused
    try:
        with found.file.open("rb") as stored:
            content = stored.read()
    except OSError as error:
        raise Http404 from error
    try:
        filled = preview(kind, content)
    except WordFileRefused as refused:
        messages.error(request, str(refused))
        return redirect("reports:word_template", pk=found.pk)
    return word_answer(filled, f"Xem thử {kind.label}, lần {found.edition}.docx")


@require_http_methods(["GET", "HEAD", "POST"])
def word_template_use(request, pk):
    found = get_editable_or_403(TEMPLATES, request.user, pk=pk)
    today, kind = timezone.localdate(), _kind_or_404(found.paper)
    form = FromDayForm(sent(request), initial={"from_on": today, "version": found.version})
    return _stepped(
        request, found, form,
        lambda data: put_in_use(template=found, version=data["version"], from_on=data["from_on"], on=today),
        title="Đưa mẫu vào dùng", button="Đưa vào dùng", done="Đã đưa mẫu vào dùng.",
        says=[
            f"Tệp Word “{kind.label}” của {found.unit.name} và các đơn vị trực thuộc, từ ngày này, lấy theo mẫu.",
            "Bản in PDF vẫn theo mẫu có sẵn của phần mềm. Giấy tờ của những ngày trước giữ mẫu của ngày đó.",
        ],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def word_template_end(request, pk):
    found = get_editable_or_403(TEMPLATES, request.user, pk=pk)
    today, kind = timezone.localdate(), _kind_or_404(found.paper)
    form = FromDayForm(sent(request), initial={"from_on": today, "version": found.version})
    return _stepped(
        request, found, form,
        lambda data: end_template(template=found, version=data["version"], from_on=data["from_on"], on=today),
        title="Thôi dùng mẫu", button="Thôi dùng", done="Đã thôi dùng mẫu.",
        says=[
            f"Từ ngày này {found.unit.name} không có mẫu riêng cho “{kind.label}”: dùng mẫu của Đoàn cấp trên nếu có, "
            "không thì dùng mẫu có sẵn. Các lần mẫu chưa đến ngày dùng cũng thôi.",
            "Tệp và lịch sử vẫn giữ.",
        ],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def word_template_drop(request, pk):
    found = get_editable_or_403(TEMPLATES, request.user, pk=pk)
    form = DropForm(sent(request), initial={"version": found.version})
    return _stepped(
        request, found, form, lambda data: drop_draft(template=found, version=data["version"]),
        title="Bỏ mẫu chưa dùng", button="Bỏ mẫu", done="Đã bỏ mẫu.",
        says=[f"Tệp “{found.name}” được bỏ hẳn. Mẫu đang dùng giữ nguyên."], is_gone=True,
    )  # fmt: skip


def _stepped(request, found, form, act, *, title, button, done, says, is_gone=False):
    """One step on an edition: done once, then back to it, or to its paper when it is gone."""
    own = reverse("reports:word_template", args=[found.pk])
    of_paper = reverse("reports:word_template_kind", args=[found.unit_id, found.paper])

    def step():
        act(form.cleaned_data)
        return of_paper if is_gone else own

    if answer := take_step(request, form, step, done, refused=WordTemplateRefused, meanwhile=MEANWHILE):
        return answer
    kind = KINDS[found.paper]
    about = f"{kind.label}, lần {found.edition}"
    return step_page(request, form, title=title, button=button, back=own, unit=found.unit, about=about, says=says)
