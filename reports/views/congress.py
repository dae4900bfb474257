"""Congress papers of a unit's term: the four of them, each as page, PDF and Word, and the targets of the next term."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.models import Indicator, Period, Target, Unit
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.views.life_steps import step_page, take_step
from reports.congress.content import congress_html, content_of
from reports.congress.forms import AdoptForm, GridForm, IssueForm, TextsForm
from reports.congress.keeping import issue_paper, save_texts
from reports.congress.proposing import (
    adopt_targets,
    differences_of,
    draft_version,
    lines_of,
    next_term_of,
    proposals_of,
    resolution_of,
    save_proposals,
)
from reports.congress.refused import CongressRefused
from reports.material import collect
from reports.models import CongressPaper, PeriodReport
from reports.proofs import is_intact, proof_of

from .periods import period_value
from .printing import for_archive, printed

Kind = CongressPaper.Kind
SIGNED_BY = {Kind.RESOLUTION: {"signer_post": ""}}  # the presidium of the congress signs for itself, domain.md 6.4
READERS, WRITER = ("view", "approve"), "submit"
MEANWHILE = "Có người vừa lưu văn bản này. Chưa ghi đè gì cả; hãy mở lại trang rồi ghi lại."


def _term(request, pk, period, *, writes=False):
    """The unit, one of its terms, today; readers without the right to write get 403 where it is wanted."""
    units = Unit.objects.reached_by(request.user, READERS)
    if writes:
        unit = get_editable_or_403(units, request.user, right=WRITER, pk=pk)
    else:
        unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    return unit, get_object_or_404(Period, pk=period, kind=Period.Kind.TERM, unit=unit), timezone.localdate()


def _paper(term: Period, kind: str) -> CongressPaper:
    """The paper, or one that nobody began yet."""
    if kind not in Kind.values:
        raise Http404
    rows = CongressPaper.objects.select_related("term", "entry")
    return rows.filter(term=term, kind=kind).first() or CongressPaper(
        term=term, kind=kind, version=0, **SIGNED_BY.get(kind, {})
    )


def _home(unit: Unit, term: Period) -> str:
    return reverse("reports:congress", args=[unit.pk, term.pk])


@require_GET
def congress(request, pk, period):
    """What the congress of this term needs, and where each paper stands."""
    unit, term, _ = _term(request, pk, period)
    begun = {one.kind: one for one in CongressPaper.objects.filter(term=term).select_related("entry")}
    following = next_term_of(unit, term)
    planned = Target.objects.filter(unit=unit).of_period(following).count() if following else 0
    return render(
        request,
        "reports/congress.html",
        {
            "unit": unit,
            "term": term,
            "papers": [(kind, begun.get(kind.value)) for kind in Kind],
            "proposed": len(proposals_of(term)),
            "is_resolved": resolution_of(term) is not None,
            "following": following,
            "following_value": period_value(following) if following else "",
            "planned": planned,
            "report": PeriodReport.objects.visible_to(request.user).filter(unit=unit, period=term, theme="").first(),
            "can_write": WRITER in rights_at(request.user, unit),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def congress_paper(request, pk, period, kind):
    """One paper: what the data says, passage by passage, and what a person writes in its place."""
    unit, term, today = _term(request, pk, period, writes=request.method == "POST")
    paper = _paper(term, kind)
    content = content_of(paper, unit, on=today)
    initial = {TextsForm.name_of(one): one.own for one in content.passages}
    initial |= {"version": paper.version, "signer_post": paper.signer_post, "signer_name": paper.signer_name}
    form = TextsForm.of(content.passages)(sent(request), passages=content.passages, initial=initial)
    here = reverse("reports:congress_paper", args=[unit.pk, term.pk, kind])

    def act() -> str:
        said = form.cleaned_data
        save_texts(
            term=term, kind=kind, version=said["version"], by=request.user, texts=form.texts,
            signer_post=said["signer_post"], signer_name=said["signer_name"],
        )  # fmt: skip
        return here

    answer = take_step(request, form, act, "Đã lưu.", refused=CongressRefused, meanwhile=MEANWHILE)
    return answer or render(
        request,
        "reports/congress_paper.html",
        {
            "unit": unit,
            "term": term,
            "paper": paper,
            "content": content,
            "is_intact": not paper.is_issued or is_intact(paper),
            "form": form,
            "can_write": WRITER in rights_at(request.user, unit),
        },
    )


@require_GET
def congress_paper_print(request, pk, period, kind, ending):
    """The paper as the Đoàn prints it; with ?luu-tru an issued one as PDF/A."""
    unit, term, today = _term(request, pk, period)
    paper = _paper(term, kind)
    name = f"{paper.get_kind_display()}, {unit.name}"
    return printed(
        request, lambda: congress_html(content_of(paper, unit, on=today), proof_of(paper)), name, ending,
        archive=for_archive(request, paper),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def congress_issue(request, pk, period, kind):
    """Issue the paper: its day, and the next number of the register."""
    unit, term, today = _term(request, pk, period, writes=True)
    paper = _paper(term, kind)
    form = IssueForm(sent(request), initial={"version": paper.version, "dated_on": today})
    here = reverse("reports:congress_paper", args=[unit.pk, term.pk, kind])

    def act() -> str:
        dated_on = form.cleaned_data["dated_on"]
        if not paper.is_issued:
            paper.dated_on = dated_on
        draft = draft_version(term)
        content = content_of(paper, unit, on=today)
        issue_paper(
            paper=paper, unit=unit, version=form.cleaned_data["version"], draft=draft, by=request.user,
            on=today, dated_on=dated_on, content=content,
        )  # fmt: skip
        return here

    answer = take_step(request, form, act, "Đã ban hành.", refused=CongressRefused, meanwhile=MEANWHILE)
    return answer or step_page(
        request, form, title="Ban hành", button="Ban hành", back=here, unit=unit, about=paper.get_kind_display(),
        says=("Văn bản lấy số tiếp theo trong sổ và không sửa được nữa. Số liệu giữ như lúc này.",),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def congress_targets(request, pk, period):
    """The targets of the next term as a grid, each beside this term's plan and result."""
    unit, term, today = _term(request, pk, period, writes=True)
    paper = _paper(term, Kind.TARGETS)
    lines = lines_of(term, collect(unit, term, as_of=today).table.rows)
    following = next_term_of(unit, term)
    year = following.year_number if following else term.ends_on.year
    catalogue = Indicator.objects.of_year(year).usable_by(unit).order_by("area__position", "position", "pk")
    form = GridForm.of(lines, is_new=paper.pk is None)(
        sent(request), lines=lines, catalogue=catalogue, initial={"version": paper.version}
    )

    def act() -> str:
        save_proposals(term=term, version=form.cleaned_data["version"], rows=form.wanted, by=request.user)
        shown = Kind.RESOLUTION if paper.is_issued else Kind.TARGETS  # what was put to the congress stays as it was
        return reverse("reports:congress_paper", args=[unit.pk, term.pk, shown])

    answer = take_step(request, form, act, "Đã lưu dự thảo chỉ tiêu.", refused=CongressRefused, meanwhile=MEANWHILE)
    return answer or render(
        request,
        "reports/congress_targets.html",
        {
            "unit": unit,
            "term": term,
            "form": form,
            "paper": paper,
            "is_new": paper.pk is None,
            "resolution": resolution_of(term),
            "following": following,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def congress_adopt(request, pk, period):
    """After the congress: the draft becomes the plan of the next term; where there is a plan, what differs."""
    unit, term, today = _term(request, pk, period, writes=True)
    form = AdoptForm(sent(request))
    following = next_term_of(unit, term)
    outcome = []

    def act() -> str:
        outcome.append(adopt_targets(term=term, by=request.user, on=today))
        return f"{reverse('reports:progress', args=[unit.pk])}?ky={period_value(following)}"

    def done() -> str:
        if outcome and not outcome[0].made:
            return "Nhiệm kỳ này đã có kế hoạch. Chưa thay đổi gì; chỗ khác nhau xem ở trang đại hội."
        return "Đã đưa chỉ tiêu vào kế hoạch nhiệm kỳ."

    answer = take_step(request, form, act, done, refused=CongressRefused)
    differences, has_plan = [], False
    if following is not None and (has_plan := Target.objects.filter(unit=unit).of_period(following).exists()):
        differences = differences_of(term, following)
    return answer or step_page(
        request, form, title="Đưa chỉ tiêu vào kế hoạch", back=_home(unit, term), unit=unit,
        button="" if following is None or has_plan else "Đưa vào kế hoạch",
        about=following.name if following else term.name,
        says=_adopting(term, following, has_plan, len(differences)),
        facts=[
            (one.name, f"dự thảo: {one.proposed or 'không có'}; kế hoạch: {one.planned or 'không có'}")
            for one in differences
        ],
    )  # fmt: skip


def _adopting(term: Period, following: Period | None, has_plan: bool, differences: int) -> tuple[str, ...]:
    if following is None:
        return ("Chưa có nhiệm kỳ tiếp theo. Hãy ghi nhiệm kỳ mới trong trang kế hoạch trước.",)
    if not has_plan:
        count = len(proposals_of(term))
        return (f"{count} chỉ tiêu của dự thảo sẽ thành kế hoạch của {following.name}. Sau đó sửa ở trang kế hoạch.",)
    if differences:
        return (f"{following.name} đã có kế hoạch nên không ghi đè. Có {differences} chỗ khác với dự thảo:",)
    return (f"Kế hoạch của {following.name} đã giống dự thảo. Không phải làm gì nữa.",)
