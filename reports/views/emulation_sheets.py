"""One unit's sheet: its own points and what it shows for them, the superior's points beside them."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.scoping import get_editable_or_403, get_visible_or_404
from branches.views.life_steps import step_page
from reports.emulation import sheets as verbs
from reports.emulation.facts import facts_of
from reports.emulation.forms import GiveForm, ReasonForm, SelfForm, SureForm, shown_said
from reports.emulation.publishing import latest
from reports.emulation.reading import sheet_view
from reports.emulation.scoring import points_by_figures
from reports.models import EmulationCriterion, ScoreSheet
from reports.papers.score_sheet import score_sheet_html

from .emulation import STEP, step
from .printing import printed

TIED = ("unit", "set__unit", "set__period", "cluster")
# Sheets of a set that is still being drafted are no sheets to anybody but the superior's set page.
SHEETS = ScoreSheet.objects.select_related(*TIED).exclude(set__state="draft")
TO_SCORE = ScoreSheet.by_superior.select_related(*TIED).exclude(set__state="draft")
Kind = EmulationCriterion.Kind


def page_of(sheet) -> str:
    return reverse("reports:emulation_sheet", args=[sheet.pk])


def criterion_of(sheet, pk) -> EmulationCriterion:
    found = sheet.set.criteria.exclude(kind=Kind.GROUP).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_GET
def emulation_sheet(request, pk):
    """Three columns: what the unit gives itself, what the figures bring, what the superior gives."""
    sheet = get_visible_or_404(SHEETS, request.user, pk=pk)
    today = timezone.localdate()
    reads_given = TO_SCORE.visible_to(request.user).filter(pk=pk).exists()
    may_score = TO_SCORE.editable_by(request.user).filter(pk=pk).exists()
    is_own = SHEETS.editable_by(request.user).filter(pk=pk).exists()
    published = latest(sheet.set)
    view = sheet_view(sheet, reader=request.user, on=today, reads_given=reads_given, published=published)
    # The unit reads what was published; that its sheet was finished or opened again meanwhile is the superior's matter.
    steps = sheet.steps.select_related("taken_by").order_by("-pk")
    if not reads_given:
        steps = steps.exclude(verb="finish")
    return render(
        request,
        "reports/emulation_sheet.html",
        {
            "sheet": sheet, "set": sheet.set, "unit": sheet.unit, "view": view, "reads_given": reads_given,
            "published": published, "may_score": may_score, "is_own": is_own, "steps": steps,
            "can_fill": is_own and verbs.may_be_self_scored(sheet),
            "can_score": may_score and verbs.may_be_scored(sheet, today),
            "is_late": sheet.state == "open" and today > sheet.set.self_until,
            "told": _told(sheet, reads_given),
        },
    )  # fmt: skip


@require_GET
def emulation_sheet_paper(request, pk, ending):
    """The sheet to be signed by both sides; who reads no points of the superior yet prints a blank column."""
    sheet = get_visible_or_404(SHEETS, request.user, pk=pk)
    today, published = timezone.localdate(), latest(sheet.set)
    reads_given = TO_SCORE.visible_to(request.user).filter(pk=pk).exists()

    def compose():
        view = sheet_view(sheet, reader=request.user, on=today, reads_given=reads_given, published=published)
        is_told = view.given is not None and sheet.state == ScoreSheet.State.FINAL
        return score_sheet_html(sheet, view, on=today, published=published if is_told else None)

    return printed(request, compose, f"Phiếu điểm thi đua {sheet.unit.name} {sheet.set.period.name}", ending)


def _told(sheet, reads_given: bool) -> str:
    """Where the sheet stands, for this reader: a unit is not told of points before they are published."""
    if not reads_given and sheet.state == ScoreSheet.State.SCORED:
        return ScoreSheet.State.SELF_SCORED.label
    return sheet.get_state_display()


# --- the unit -----------------------------------------------------------------------------------------


@require_http_methods(STEP)
def emulation_self(request, pk):
    """The unit answers every criterion on one page, as often as it likes."""
    sheet = get_editable_or_403(SHEETS, request.user, pk=pk)
    criteria = list(sheet.set.criteria.all())
    ordinary = [one for one in criteria if not one.is_group]
    lines = {line.criterion_id: line for line in sheet.lines.all()}
    form = SelfForm(sent(request), criteria=ordinary, lines=lines, initial={"version": sheet.version})

    def save():
        verbs.self_score(sheet=sheet, version=form.cleaned_data["version"], by=request.user, answers=form.answers())
        return page_of(sheet)

    if answer := step(request, form, save, "Đã lưu điểm tự chấm. Xong hết thì gửi phiếu."):
        return answer
    facts = facts_of(sheet.set, [sheet], {one.indicator_code for one in ordinary}, as_of=timezone.localdate())
    groups = [
        {
            "group": group,
            "rows": [
                {
                    "criterion": one, "fields": form.fields_of(one), "line": lines.get(one.pk),
                    "figures": points_by_figures(one, facts.get((sheet.unit_id, one.indicator_code))),
                }
                for one in ordinary
                if one.parent_id == group.pk
            ],
        }
        for group in criteria
        if group.is_group
    ]  # fmt: skip
    context = {"sheet": sheet, "set": sheet.set, "unit": sheet.unit, "form": form, "groups": groups,
               "can_fill": verbs.may_be_self_scored(sheet), "back": page_of(sheet)}  # fmt: skip
    return render(request, "reports/emulation_self.html", context)


@require_http_methods(STEP)
def emulation_send(request, pk):
    sheet = get_editable_or_403(SHEETS, request.user, right="submit", pk=pk)
    return _step(
        request, sheet, SureForm, verbs.send, title="Gửi phiếu tự chấm", button="Gửi phiếu",
        done="Đã gửi phiếu cho Đoàn cấp trên.",
        says=["Sau khi gửi, đơn vị không sửa được nữa; Đoàn cấp trên có thể trả lại để bổ sung.",
              "Điểm trừ, điểm thưởng để trống được tính là không có."],
    )  # fmt: skip


# --- the superior -------------------------------------------------------------------------------------


def _step(request, sheet, form_class, verb, *, title, done, button="", says=(), warns=False, back=""):
    back = back or page_of(sheet)
    form = form_class(sent(request), initial={"version": sheet.version})

    def save():
        data = form.cleaned_data
        why = {"reason": data["reason"]} if "reason" in form.fields else {}
        verb(sheet=sheet, version=data["version"], by=request.user, on=timezone.localdate(), **why)
        return back

    if answer := step(request, form, save, done):
        return answer
    return step_page(request, form, title=title, button=button or title, back=back, unit=sheet.unit,
                     about=sheet.set.name, says=says, warns=warns)  # fmt: skip


def _proposed(sheet, on) -> dict:
    """What the figures bring to each criterion they can be asked about."""
    criteria = [one for one in sheet.set.criteria.all() if one.indicator_code]
    facts = facts_of(sheet.set, [sheet], {one.indicator_code for one in criteria}, as_of=on)
    return {one: points_by_figures(one, facts.get((sheet.unit_id, one.indicator_code))) for one in criteria}


@require_http_methods(STEP)
def emulation_score(request, pk, criterion):
    """One line on a page of its own: what the unit says and shows, what the figures say, the superior's points."""
    sheet = get_editable_or_403(TO_SCORE, request.user, pk=pk)
    one, today = criterion_of(sheet, criterion), timezone.localdate()
    view = sheet_view(sheet, reader=request.user, on=today, reads_given=True, published=None)
    row = next(line for line in view.lines if line.criterion.pk == one.pk)
    line = row.line
    initial = {"version": line.version if line else 0, "note": line.given_note if line else ""}
    if line and line.given_said is not None:
        initial["said"] = shown_said(one, line.given_said)
    elif row.figures.points is not None:
        initial["said"] = abs(row.figures.points)
    elif line and line.self_said is not None:
        initial["said"] = shown_said(one, line.self_said)
    form = GiveForm(sent(request), criterion=one, initial=initial)
    rest = [other.criterion for other in view.lines if other.given is None and other.criterion.pk != one.pk]
    after = next((other for other in rest if other.position > one.position), rest[0] if rest else None)

    def save():
        verbs.give(
            sheet=sheet, criterion=one, version=form.cleaned_data["version"], by=request.user, on=today,
            figures=row.figures, **form.said(),
        )  # fmt: skip
        if after is None:
            return page_of(sheet)
        return reverse("reports:emulation_score", args=[sheet.pk, after.pk])

    if answer := step(request, form, save, f"Đã chấm mục {one.number}."):
        return answer
    context = {"sheet": sheet, "set": sheet.set, "unit": sheet.unit, "row": row, "form": form, "rest": len(rest),
               "back": f"{page_of(sheet)}#muc-{one.pk}", "is_last": after is None}  # fmt: skip
    return render(request, "reports/emulation_score.html", context)


@require_http_methods(STEP)
def emulation_take_figures(request, pk):
    """Give every line without points what the figures bring."""
    sheet = get_editable_or_403(TO_SCORE, request.user, pk=pk)
    today = timezone.localdate()
    proposed, form = _proposed(sheet, today), SureForm(sent(request), initial={"version": sheet.version})

    def save():
        verbs.take_figures(
            sheet=sheet, version=form.cleaned_data["version"], by=request.user, on=today, proposed=proposed
        )
        return page_of(sheet)

    if answer := step(request, form, save, "Đã lấy điểm tính được cho các mục chưa chấm."):
        return answer
    given = set(sheet.lines.exclude(given_points=None).values_list("criterion_id", flat=True))
    facts = [
        (f"{one.number}. {one.text}", scored.words)
        for one, scored in proposed.items()
        if one.pk not in given and scored.points is not None
    ]
    says = ["Các mục dưới đây nhận điểm tính từ số liệu; mục đã chấm giữ nguyên. Sau đó vẫn sửa được từng mục."]
    if not facts:
        says = ["Không còn mục nào tính được từ số liệu mà chưa chấm."]
    return step_page(request, form, title="Lấy điểm tính được", back=page_of(sheet),
                     button="Lấy điểm tính được" if facts else "",
                     unit=sheet.unit, about=sheet.set.name, says=says, facts=facts)  # fmt: skip


@require_http_methods(STEP)
def emulation_finish(request, pk):
    sheet = get_editable_or_403(TO_SCORE, request.user, pk=pk)
    return _step(
        request, sheet, SureForm, verbs.finish_scoring, title="Chấm xong phiếu này", done="Đã chấm xong.",
        back=reverse("reports:emulation_board", args=[sheet.set_id]),
        says=["Đơn vị thấy điểm khi công bố xếp hạng. Trước lúc đó vẫn sửa được từng mục."],
    )  # fmt: skip


@require_http_methods(STEP)
def emulation_send_back(request, pk):
    sheet = get_editable_or_403(TO_SCORE, request.user, pk=pk)
    return _step(
        request, sheet, ReasonForm, verbs.send_back, title="Trả lại phiếu", done=f"Đã trả lại phiếu cho {sheet.unit}.",
        says=["Đơn vị đọc lý do, sửa điểm tự chấm và minh chứng rồi gửi lại. Điểm đã chấm vẫn còn."],
    )  # fmt: skip


@require_http_methods(STEP)
def emulation_reopen(request, pk):
    sheet = get_editable_or_403(TO_SCORE, request.user, pk=pk)
    return _step(
        request, sheet, ReasonForm, verbs.reopen, title="Mở lại phiếu", done="Đã mở lại phiếu để chấm.",
        says=["Điểm đã công bố vẫn là điểm có giá trị cho đến khi công bố bản mới. Lý do được lưu lại."], warns=True,
    )  # fmt: skip


@require_http_methods(STEP)
def emulation_leave_out(request, pk):
    sheet = get_editable_or_403(TO_SCORE, request.user, pk=pk)
    return _step(
        request, sheet, ReasonForm, verbs.leave_out, title="Không xét đơn vị này", done="Đã ghi không xét.",
        says=["Đơn vị vẫn có tên trong bảng kèm lý do, không có điểm và thứ hạng. Có thể mở lại sau."], warns=True,
    )  # fmt: skip
