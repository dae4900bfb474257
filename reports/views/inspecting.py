"""What inspection adds up to: the board of open recommendations, the year's cases and findings, and their lists."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.models import Unit
from branches.scoping import get_visible_or_404
from branches.views.attachments import attached
from branches.workbook import XLSX
from inspections.models import Finding, Inspection, Recommendation
from reports.inspecting import CLASSES, Year, inspection_year
from reports.papers.xlsx_inspecting import inspection_workbook
from reports.recommended import LATE, Standing

PAGE = 50
FIRST_YEAR = 2015
INSPECTORS = ("inspect",)
CASE_GROUPS = {
    "": "Trong chương trình", "da-lam": "Đã làm việc", "da-ket-luan": "Đã kết luận", "da-ket-thuc": "Đã kết thúc",
    "chua-lam": "Chưa làm việc", "da-bo": "Đưa ra khỏi chương trình",
}  # fmt: skip
REPEATED = "lap-lai"
WAITING = "cho-kiem-tra"


def year_from(request, pk) -> Year:
    """The sums of the committees at a unit and below it, as the address asks: for those who inspect there."""
    unit = get_visible_or_404(Unit, request.user, right=INSPECTORS, pk=pk)
    today = timezone.localdate()
    asked = request.GET.get("nam", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else today.year
    return inspection_year(unit, min(max(year, FIRST_YEAR), today.year), as_of=today)


def _shown(request, found: Year, template: str, **context):
    return render(request, template, {"found": found, "unit": found.unit, "year": found.year, **context})


def _page(request, rows):
    return Paginator(rows, PAGE).get_page(request.GET.get("trang"))


@require_GET
def inspecting(request, pk):
    found = year_from(request, pk)
    board = found.board
    committees = {row.committee_id for row in board.open_rows} | {case.committee_id for case in found.cases}
    below = bool(committees - {found.unit.pk})  # whose figures they are, where they are not all its own
    years = range(found.as_of.year, max(FIRST_YEAR, found.as_of.year - 9) - 1, -1)
    return _shown(
        request, found, "reports/inspecting.html", board=board, standings=list(Standing), total=board.total,
        units=board.by_unit, classes=board.by_class, visits=found.visits, years=years,
        committees=board.by_committee if below else [], visits_below=found.visits_by_committee if below else [],
        visits_all=[found.visits],
    )  # fmt: skip


@require_GET
def inspecting_xlsx(request, pk):
    found = year_from(request, pk)
    name = f"kiem-tra-{found.unit.code}-{found.year}.xlsx"
    return attached(inspection_workbook(found), XLSX, name)


@require_GET
def inspecting_open(request, pk):
    """The recommendations behind a cell of the board."""
    found = year_from(request, pk)
    chosen = request.GET.get("nhom", "")
    standings = LATE if chosen == "qua-han" else [Standing(chosen)] if chosen in Standing.values else []
    asked = {"unit": request.GET.get("don_vi", ""), "kind": request.GET.get("loai", ""),
             "committee": request.GET.get("ubkt", "")}  # fmt: skip
    waiting = chosen == WAITING
    rows = found.board.chosen(**asked, standings=standings, waiting=waiting)
    rows.sort(key=lambda row: -row.days_late)
    words = [_group_words(chosen, standings)]
    words += [rows[0].unit] if asked["unit"] and rows else []
    words += [dict(CLASSES).get(asked["kind"], "")] if asked["kind"] else []
    words += [rows[0].committee] if asked["committee"] and rows else []
    return _shown(
        request, found, "reports/inspecting_open.html", page=_page(request, rows), count=len(rows),
        heading=", ".join(filter(None, words)),
    )  # fmt: skip


def _group_words(chosen, standings) -> str:
    if chosen == WAITING:
        return "Đơn vị đã báo, chờ kiểm tra"
    return "Quá hạn" if chosen == "qua-han" else Standing(chosen).label if standings else "Còn mở"


@require_GET
def inspecting_closed(request, pk):
    """What was closed in the year, the longest first."""
    found = year_from(request, pk)
    taken = dict(found.closed)
    rows = Recommendation.objects.filter(pk__in=taken).select_related("inspection__unit")
    listed = sorted(rows, key=lambda row: (-taken[row.pk], row.pk))
    return _shown(
        request, found, "reports/inspecting_closed.html", count=len(listed),
        page=_page(request, [(row, taken[row.pk]) for row in listed]),
    )  # fmt: skip


@require_GET
def inspecting_cases(request, pk):
    """The cases behind a figure of the year's programmes."""
    found = year_from(request, pk)
    group = request.GET.get("nhom", "")
    group, committee = group if group in CASE_GROUPS else "", request.GET.get("ubkt", "")
    rows = Inspection.objects.filter(pk__in=found.cases_of(group, committee=committee)).select_related(
        "unit", "programme__unit"
    )
    return _shown(
        request, found, "reports/inspecting_cases.html", heading=CASE_GROUPS[group],
        page=_page(request, rows.order_by("visited_on", "planned_month", "unit__sort_key", "pk")),
    )  # fmt: skip


@require_GET
def inspecting_findings(request, pk):
    """The findings of the year's notices, of one class or those that repeat."""
    found = year_from(request, pk)
    chosen = request.GET.get("loai", "")
    if chosen == REPEATED:
        keys, heading = [row.pk for row in found.repeated], "Hạn chế, vi phạm lặp lại"
    elif chosen in Finding.Class.values:
        keys = [row.pk for row in found.findings if row.kind == chosen]
        heading = Finding.Class(chosen).label
    else:
        keys, heading = [row.pk for row in found.findings], "Nhận định"
    rows = Finding.objects.filter(pk__in=keys).select_related("inspection__unit", "repeat_of__inspection")
    return _shown(
        request, found, "reports/inspecting_findings.html", heading=heading,
        page=_page(request, rows.order_by("inspection__unit__sort_key", "inspection_id", "position", "pk")),
    )  # fmt: skip
