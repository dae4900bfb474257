"""From a case to discipline and back, for those who read discipline; for others these pages do not exist or refuse."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.disciplining import DisciplineRefused
from branches.disciplining_units import may_keep_unit_case
from branches.forms.base import sent
from branches.scoping import get_visible_or_404
from branches.views.life_steps import step_page, take_step
from inspections.disciplining import may_link, may_open, open_from_finding, people_of, readable, set_disciplines
from inspections.forms.discipline import DisciplinesForm, FromFindingForm
from inspections.models import Finding
from inspections.views.cases import case_of

CLOSED = (
    "Hồ sơ kỷ luật chỉ người quản lý đơn vị, cấp quyết định và chính đoàn viên đọc được; mỗi lần mở đều được ghi lại."
)


@require_http_methods(["GET", "POST"])
def case_discipline(request, pk):
    """Which disciplinary cases belong to this case, of those the reader may read."""
    case = case_of(request.user, pk)
    if not may_link(request.user, case):
        raise PermissionDenied
    offered = readable(request.user, case)
    linked = offered.filter(inspections=case)
    form = DisciplinesForm(sent(request), disciplines=offered, initial={"disciplines": [one.pk for one in linked]})
    url = reverse("inspections:inspection", args=[pk])

    def link():
        set_disciplines(inspection=case, chosen=form.cleaned_data["disciplines"], by=request.user)
        return url

    answer = take_step(request, form, link, "Đã lưu các hồ sơ kỷ luật liên quan.", refused=DisciplineRefused)
    context = {"case": case, "form": form, "offered": offered, "linked": linked}
    return answer or render(request, "inspections/case_discipline.html", context)


@require_http_methods(["GET", "POST"])
def finding_discipline(request, pk):
    """Open a disciplinary case from a violation that was found, with the form filled in."""
    rows = Finding.objects.select_related("inspection__unit", "inspection__programme__unit")
    found = get_visible_or_404(rows, request.user, pk=pk)
    case, today = found.inspection, timezone.localdate()
    if not may_open(request.user, case, on=today):
        raise PermissionDenied
    url = reverse("inspections:inspection", args=[case.pk])
    if found.kind != Finding.Class.VIOLATION:
        return redirect(url)
    facts = "\n".join(part for part in (found.text, found.facts) if part)
    of_unit = case.unit.name if may_keep_unit_case(request.user, case.unit, on=today) else ""
    form = FromFindingForm(
        sent(request), people=people_of(request.user, case), of_unit=of_unit,
        initial={"opened_on": today, "facts": f"{facts}\n{_notice(case)}".strip()},
    )  # fmt: skip

    def begin():
        made = open_from_finding(
            finding=found, member=form.cleaned_data["member"], by=request.user, on=today, **form.said()
        )
        return reverse("branches:discipline", args=[made.pk])

    answer = take_step(request, form, begin, "Đã lập hồ sơ kỷ luật, gắn với cuộc kiểm tra.", refused=DisciplineRefused)
    return answer or step_page(
        request, form, title="Xem xét kỷ luật", button="Lập hồ sơ", says=[CLOSED], unit=case.unit, back=url,
        about=case.title,
    )  # fmt: skip


def _notice(case) -> str:
    """Where it was found, as the notice is called."""
    if not case.concluded_on:
        return ""
    number = f" số {case.conclusion_number}" if case.conclusion_number else ""
    return f"Căn cứ: thông báo kết luận{number} ngày {case.concluded_on:%d/%m/%Y}."
