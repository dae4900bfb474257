"""The board of a set, the ranking of its clusters, its publication and its papers."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.scoping import get_editable_or_403, get_visible_or_404
from branches.views.attachments import attached
from branches.views.life_steps import step_page
from branches.workbook import XLSX
from reports.emulation.forms import PublishForm
from reports.emulation.publishing import cluster_of, latest, publish, ranking_of, sheets_of
from reports.emulation.reading import board_of
from reports.models import EmulationRanking, EmulationSet, ScoreSheet
from reports.papers.emulation import ranking_html, ranking_paper, ranking_word, ranking_workbook
from reports.papers.pdf import render_pdf
from reports.proofs import proof_of

from .emulation import SETS, STEP, step
from .emulation_sheets import SHEETS
from .printing import for_archive, pdf_answer, too_many_papers, word_answer

PAPER = EmulationRanking.objects.all().read_rights
State = ScoreSheet.State


@require_GET
def emulation_board(request, pk):
    """Units × where they stand × three sums, cluster by cluster."""
    found = get_visible_or_404(SETS, request.user, pk=pk)
    today = timezone.localdate()
    rows = board_of(found, on=today)
    states = [row.sheet.state for row in rows]
    may_manage = EmulationSet.objects.editable_by(request.user).filter(pk=found.pk).exists()
    return render(
        request,
        "reports/emulation_board.html",
        {
            "set": found, "unit": found.unit, "rows": rows, "as_of": min(today, found.period.last_day),
            "open": states.count(State.OPEN), "waiting": states.count(State.SELF_SCORED) + states.count(State.REOPENED),
            "done": states.count(State.SCORED) + states.count(State.FINAL), "today": today, "published": latest(found),
            "can_publish": may_manage and found.is_in_use,
        },
    )  # fmt: skip


@require_GET
def emulation_ranking(request, pk):
    """What was published, the newest edition unless another is asked for; its superior sees a preview before."""
    found = get_visible_or_404(SETS, request.user, right=PAPER, pk=pk)
    editions = list(found.rankings.order_by("-edition"))
    asked = request.GET.get("ban", "")
    published = next((one for one in editions if str(one.edition) == asked), editions[0] if editions else None)
    content = published.content if published else None
    is_superior = SETS.visible_to(request.user).filter(pk=pk).exists()
    if published is None and is_superior:
        content = ranking_of(found, list(sheets_of(found)), on=timezone.localdate())
    context = {"set": found, "unit": found.unit, "published": published, "editions": editions, "content": content,
               "is_superior": is_superior, "opens_sheets": is_superior}  # fmt: skip
    return render(request, "reports/emulation_ranking.html", context)


@require_GET
def emulation_own_ranking(request, pk):
    """The published ranking of the cluster in which the unit of this sheet stands: places and totals, no lines."""
    sheet = get_visible_or_404(SHEETS, request.user, right=SHEETS.paper_rights, pk=pk)
    published = latest(sheet.set)
    cluster = cluster_of(published.content, sheet.unit_id) if published else None
    content = {**published.content, "clusters": [cluster]} if cluster else None
    context = {"set": sheet.set, "unit": sheet.unit, "published": published if cluster else None, "sheet": sheet,
               "editions": [], "content": content, "is_superior": False, "opens_sheets": False}  # fmt: skip
    return render(request, "reports/emulation_ranking.html", context)


@require_http_methods(STEP)
def emulation_publish(request, pk):
    found = get_editable_or_403(SETS, request.user, pk=pk)
    is_first, back = latest(found) is None, reverse("reports:emulation_ranking", args=[found.pk])
    form = PublishForm(sent(request), is_first=is_first, initial={"version": found.version})

    def save():
        data = form.cleaned_data
        publish(set=found, version=data["version"], by=request.user, on=timezone.localdate(),
                reason=data.get("reason", ""))  # fmt: skip
        return back

    if answer := step(request, form, save, "Đã công bố. Đơn vị thấy điểm, lý do và thứ hạng trong cụm."):
        return answer
    says = ["Điểm và thứ hạng được giữ nguyên như lúc công bố; muốn sửa phải mở lại phiếu và công bố bản mới có lý do.",
            "Mỗi đơn vị đọc điểm từng mục của mình, thứ hạng và tổng điểm của cụm mình."]  # fmt: skip
    return step_page(request, form, title="Công bố xếp hạng", button="Công bố", back=back, unit=found.unit,
                     about=found.name, says=says)  # fmt: skip


def _published(request, pk) -> tuple[EmulationSet, EmulationRanking]:
    found = get_visible_or_404(SETS, request.user, right=PAPER, pk=pk)
    ranking = latest(found)
    if ranking is None:
        raise Http404
    return found, ranking


def _name(found) -> str:
    return f"Bảng điểm thi đua {found.period.name} {found.unit.name}"


@require_GET
def emulation_ranking_pdf(request, pk):
    found, ranking = _published(request, pk)
    if refused := too_many_papers(request):
        return refused
    html, layout = ranking_html(ranking_paper(found, ranking), proof_of(ranking))
    return pdf_answer(render_pdf(html, layout=layout, archive=for_archive(request, ranking)), f"{_name(found)}.pdf")


@require_GET
def emulation_ranking_docx(request, pk):
    found, ranking = _published(request, pk)
    if refused := too_many_papers(request):
        return refused
    return word_answer(ranking_word(ranking_paper(found, ranking), proof_of(ranking)), f"{_name(found)}.docx")


@require_GET
def emulation_ranking_xlsx(request, pk):
    """Ranks and sums, and for the superior's side every line; the Party committee gets ranks and sums."""
    found, ranking = _published(request, pk)
    with_lines = SETS.visible_to(request.user).filter(pk=pk).exists()
    return attached(ranking_workbook(ranking, with_lines=with_lines), XLSX, f"{_name(found)}.xlsx")
