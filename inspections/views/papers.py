"""Papers of a case or a programme: the list, a draft and its words, issuing, a new edition, the signed sheet."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.models.number import NumberBookQuerySet
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.views.evidence import file_answer
from inspections.forms.papers import BeginForm, DropForm, IssueForm, PaperForm, ReplaceForm, ScanForm
from inspections.issuing import issue_paper, new_edition
from inspections.models import CasePaper, CasePaperScan, Inspection, InspectionProgramme
from inspections.paper_books import book_of, name_of
from inspections.paper_scans import attach_scan, remove_scan
from inspections.papering import (
    AFTER_NOTICE,
    begin_paper,
    composed,
    content_of,
    drop_draft,
    is_intact,
    why_not_yet,
    write_texts,
)
from inspections.states import allowed
from inspections.views.cases import case_of
from inspections.views.saving import is_sent, keep_files, save

Kind, Standing = CasePaper.Kind, CasePaper.State
PAPERS = CasePaper.objects.select_related(
    "inspection__programme__unit", "inspection__unit", "programme__unit", "entry", "issued_by"
)
OF_A_CASE = [kind for kind in Kind if kind != Kind.PROGRAMME]
FOLDER = "casepaperscan"
SIGNED_BY_ALL = (Kind.SESSION, Kind.OUTLINE)  # three columns of signatures, or none at all


def _kinds_to_write(user, case) -> set:
    """The kinds of paper the user may draft in this case: the committee's and the team's, or the unit's."""
    kinds = set()
    if Inspection.objects.editable_by(user).filter(pk=case.pk).exists():
        kinds.update(CasePaper.OF_THE_COMMITTEE)
    if Inspection.objects.answerable_by(user).filter(pk=case.pk).exists():
        kinds.update(CasePaper.OF_THE_UNIT)
    return kinds - {Kind.PROGRAMME}


@require_GET
def papers(request, pk):
    """Every paper of the case in the order of its way, and what can be drafted now."""
    case = case_of(request.user, pk)
    mine = _kinds_to_write(request.user, case)
    by_kind: dict[str, list] = {}
    for paper in CasePaper.objects.visible_to(request.user).filter(inspection=case).order_by("-series", "-edition"):
        by_kind.setdefault(paper.kind, []).append(paper)
    rows = []
    for kind in OF_A_CASE:
        found = by_kind.get(kind, [])
        if not found and kind not in mine:
            continue
        may_begin = kind in mine and not any(one.state == Standing.DRAFT for one in found)
        may_begin = may_begin and (not found or kind in (Kind.REMINDER, Kind.REMEDIATION))
        why_not = why_not_yet(case, kind) if may_begin else ""
        label = name_of(CasePaper(inspection=case, kind=kind))
        rows.append({"kind": kind, "label": label, "papers": found, "may_begin": may_begin and not why_not,
                     "waits": bool(why_not)})  # fmt: skip
    unit = case.programme.unit if Kind.DECISION in mine else case.unit  # whose numbers these papers take
    return render(
        request,
        "inspections/paper_list.html",
        {
            "case": case, "rows": rows, "writes": bool(mine), "unit": unit,
            "reads_numbers": not rights_at(request.user, unit).isdisjoint(NumberBookQuerySet.read_rights),
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def paper_new(request, pk, kind):
    """Begin a draft; what is begun already is opened."""
    case = case_of(request.user, pk)
    if kind not in OF_A_CASE:
        raise Http404
    if kind not in _kinds_to_write(request.user, case):
        raise PermissionDenied
    form = BeginForm(sent(request))
    if request.method == "POST" and form.is_valid():

        def work():
            made = begin_paper(inspection=case, kind=kind, by=request.user, on=timezone.localdate())
            return reverse("inspections:paper", args=[made.pk])

        if answer := save(request, form, work):
            return answer
    label = Kind(kind).label
    return render(
        request,
        "inspections/case_step.html",
        {
            "form": form, "case": case, "heading": label, "button": "Lập dự thảo", "why_not": why_not_yet(case, kind),
            "lines": ["Phần mềm soạn dự thảo từ hồ sơ. Xem lại, sửa lời từng phần rồi mới ban hành."],
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def programme_paper(request, pk):
    """The paper of a programme: opened, or begun by those who write programmes."""
    found = get_visible_or_404(InspectionProgramme.objects.select_related("unit"), request.user, pk=pk)
    last = CasePaper.objects.filter(programme=found).order_by("-edition").first()
    if last is not None:
        return redirect("inspections:paper", last.pk)
    get_editable_or_403(InspectionProgramme, request.user, pk=pk)
    form = BeginForm(sent(request))
    if request.method == "POST" and form.is_valid():

        def work():
            made = begin_paper(programme=found, kind=Kind.PROGRAMME, by=request.user, on=timezone.localdate())
            return reverse("inspections:paper", args=[made.pk])

        if answer := save(request, form, work):
            return answer
    return render(
        request,
        "inspections/case_step.html",
        {
            "form": form, "heading": Kind.PROGRAMME.label, "button": "Lập dự thảo", "programme": found,
            "lines": ["Phần mềm soạn dự thảo từ chương trình và các cuộc trong đó."],
        },
    )  # fmt: skip


@require_GET
def paper(request, pk):
    """One edition: its text as it will be or was issued, who signed, the signed sheet, the other editions."""
    found = get_visible_or_404(PAPERS, request.user, pk=pk)
    user, today = request.user, timezone.localdate()
    is_draft = found.state == Standing.DRAFT
    editions = CasePaper.objects.visible_to(user).filter(
        inspection=found.inspection_id, programme=found.programme_id, kind=found.kind, series=found.series
    )
    editions = list(editions.order_by("-edition"))
    may_write = CasePaper.objects.editable_by(user).filter(pk=pk).exists()
    may_issue = CasePaper.objects.issuable_by(user).filter(pk=pk).exists()
    with_conclusion = is_draft and found.kind == Kind.NOTICE and found.inspection.state not in AFTER_NOTICE
    return render(
        request,
        "inspections/paper.html",
        {
            "paper": found, "case": found.inspection, "programme": found.programme, "is_draft": is_draft,
            "record": content_of(found, on=today), "editions": editions, "may_write": may_write,
            "may_issue": may_issue and is_draft and not with_conclusion,
            "may_conclude": may_issue and with_conclusion and allowed(found.inspection, "conclude"),
            "may_replace": may_write and not is_draft and editions[0].pk == found.pk,
            "newest": editions[0] if editions and editions[0].pk != found.pk else None,
            "scans": list(found.scans.all()), "intact": is_draft or is_intact(found),
            "name": name_of(found),
            "offered": book_of(found).offered(today) if is_draft and not _is_issued_before(found) else "",
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def paper_edit(request, pk):
    """The words of a draft, passage by passage."""
    found = get_editable_or_403(PAPERS, request.user, pk=pk)
    today = timezone.localdate()
    url = reverse("inspections:paper", args=[pk])
    if found.state != Standing.DRAFT:
        return redirect(url)
    slots = composed(found, on=today).slots
    asked = None
    if found.kind == Kind.REMINDER:
        asked = found.inspection.recommendations.open().order_by("number", "pk")
    form = PaperForm(sent(request), slots=slots, asked=asked, initial=PaperForm.stored(found, slots))
    if is_sent(request, form) and form.is_valid():

        def work():
            write_texts(
                paper=found, version=form.cleaned_data["version"], by=request.user, on=today, texts=form.texts(),
                about=form.cleaned_data.get("about"),
            )  # fmt: skip
            return url

        def stored(current):
            return PaperForm.stored(current, composed(PAPERS.get(pk=current.pk), on=today).slots)

        if answer := save(request, form, work, said="Đã lưu dự thảo.", stored=stored, discard_url=request.path):
            return answer
    return render(request, "inspections/paper_edit.html", {"form": form, "paper": found, "case": found.inspection})


def _is_issued_before(paper) -> bool:
    """The paper of a programme that went out under its number before its paper was made: it keeps that number."""
    return (
        paper.programme is not None and paper.edition == 1 and paper.programme.state != InspectionProgramme.State.DRAFT
    )


@require_http_methods(["GET", "POST"])
def paper_issue(request, pk):
    """Number, day and signer; afterwards the text stays as it is."""
    found = get_editable_or_403(PAPERS.all().to_issue(), request.user, pk=pk)
    today = timezone.localdate()
    url = reverse("inspections:paper", args=[pk])
    if found.state != Standing.DRAFT:
        return redirect(url)
    is_issued_before = _is_issued_before(found)
    offered = "" if is_issued_before else book_of(found).offered(today)
    dated_on = found.inspection.visited_on if found.kind == Kind.SESSION else today
    form = IssueForm(
        sent(request), offered=offered, is_signed_alone=found.kind not in SIGNED_BY_ALL,
        initial={
            "version": found.version, "dated_on": found.programme.issued_on if is_issued_before else dated_on,
            "signer_capacity": found.signer_capacity, "signer_post": found.signer_post,
            "signer_name": found.signer_name,
        },
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        names = ("signer_capacity", "signer_post", "signer_name")

        def work():
            issue_paper(
                paper=found, version=data["version"], by=request.user, on=today, dated_on=data["dated_on"],
                wanted=data.get("wanted"), number_reason=data.get("number_reason", ""),
                **{name: data.get(name, "") for name in names},
            )  # fmt: skip
            return url

        said = f"Đã ban hành {found.get_kind_display().lower()}."
        if answer := save(request, form, work, said=said, discard_url=url):
            return answer
    return render(
        request,
        "inspections/paper_issue.html",
        {"form": form, "paper": found, "case": found.inspection, "programme": found.programme, "offered": offered},
    )


@require_http_methods(["GET", "POST"])
def paper_replace(request, pk):
    """Begin a new edition of an issued paper."""
    found = get_editable_or_403(PAPERS, request.user, pk=pk)
    form = ReplaceForm(sent(request))
    if request.method == "POST" and form.is_valid():

        def work():
            made = new_edition(
                paper=found, by=request.user, on=timezone.localdate(), reason=form.cleaned_data["reason"]
            )
            return reverse("inspections:paper", args=[made.pk])

        if answer := save(request, form, work, said="Đã lập dự thảo bản mới."):
            return answer
    return _step(
        request, found, form, heading="Lập bản mới", button="Lập dự thảo bản mới",
        lines=[f"{found} giữ nguyên cho đến khi bản mới ban hành, sau đó vẫn xem lại được."],
        why_not="" if found.state == Standing.ISSUED else "Dự thảo chưa ban hành, sửa thẳng được.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def paper_drop(request, pk):
    found = get_editable_or_403(PAPERS, request.user, pk=pk)
    form = DropForm(sent(request), initial={"version": found.version})
    if request.method == "POST" and form.is_valid():

        def work():
            drop_draft(paper=found, version=form.cleaned_data["version"], by=request.user)
            if found.programme_id:
                return reverse("inspections:programme", args=[found.programme_id])
            return reverse("inspections:papers", args=[found.inspection_id])

        if answer := save(request, form, work, said="Đã bỏ dự thảo."):
            return answer
    return _step(
        request, found, form, heading="Bỏ dự thảo", button="Bỏ dự thảo",
        lines=["Lời đã sửa trong dự thảo này mất đi. Hồ sơ, nhận định và kiến nghị còn nguyên."],
        why_not="" if found.state == Standing.DRAFT else "Văn bản đã ban hành nên không bỏ được.",
    )  # fmt: skip


def _step(request, found, form, **context):
    return render(
        request,
        "inspections/paper_step.html",
        {"form": form, "paper": found, "case": found.inspection, "programme": found.programme, **context},
    )


@require_http_methods(["GET", "POST"])
def paper_scan(request, pk):
    """The signed sheet, as a photograph or a PDF."""
    found = get_editable_or_403(PAPERS, request.user, pk=pk)
    form = ScanForm(sent(request), request.FILES or None)
    kept = []
    if request.method == "POST":
        is_whole = form.is_valid()
        kept = keep_files(request, form, FOLDER)
        if is_whole and not kept and not form.errors:
            form.add_error("files", "Hãy chọn tệp bản ký.")
        if is_whole and form.is_valid():

            def work():
                attach_scan(paper=found, by=request.user, files=[stored for _, stored in kept])
                return reverse("inspections:paper", args=[pk])

            if answer := save(request, form, work, said="Đã đính kèm bản ký."):
                return answer
    return render(
        request,
        "inspections/paper_scan.html",
        {
            "form": form, "paper": found, "case": found.inspection, "kept": kept,
            "why_not": "" if found.state == Standing.ISSUED else "Văn bản chưa ban hành nên chưa có bản ký.",
        },
    )  # fmt: skip


@require_GET
def scan_file(request, pk):
    """The signed sheet, to whoever reads the paper."""
    return file_answer(request, get_visible_or_404(CasePaperScan, request.user, pk=pk))


@require_http_methods(["GET", "POST"])
def scan_remove(request, pk):
    scan = get_editable_or_403(CasePaperScan, request.user, pk=pk)
    found = PAPERS.get(pk=scan.paper_id)
    form = BeginForm(sent(request))
    if request.method == "POST" and form.is_valid():

        def work():
            remove_scan(scan=scan, by=request.user)
            return reverse("inspections:paper", args=[found.pk])

        if answer := save(request, form, work, said="Đã bỏ tệp bản ký."):
            return answer
    return _step(
        request, found, form, heading="Bỏ tệp bản ký", button="Bỏ tệp",
        lines=[f"Bỏ tệp “{scan.name}”. Văn bản đã ban hành giữ nguyên."],
    )  # fmt: skip
