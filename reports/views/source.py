"""Where the figures of a superior's report come from: what changing it will do, and the change."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.forms.base import sent
from branches.scoping import get_editable_or_403
from branches.views.life_steps import answered_before, take_step
from reports.changing_source import Counts, change_source, changes_of, counts_of, material_from, why_not
from reports.forms import ChangeSourceForm, NewReportForm
from reports.papers.report import day_of
from reports.revisions import writing_now
from reports.states import CLOSED_WORDS, DraftingRefused

from .reports import reports_with_unit

MEANWHILE = "Báo cáo vừa có người sửa sau khi bạn mở trang này. Chưa đổi gì; hãy quay lại báo cáo xem rồi mở lại trang."


@require_http_methods(["GET", "HEAD", "POST"])
def report_source(request, pk):
    """From what is logged to the approved reports of the units, or back: what will become of the sentences."""
    found = get_editable_or_403(reports_with_unit(), request.user, pk=pk)
    if found.unit.is_branch:
        raise Http404
    if answer := answered_before(request):
        return answer
    back = reverse("reports:report", args=[found.pk])
    if not found.is_open:
        messages.error(request, CLOSED_WORDS[found.state])
        return redirect(back)
    to_units = not found.from_units
    figures = NewReportForm.FROM_UNITS if to_units else NewReportForm.LOGGED
    form = ChangeSourceForm(sent(request), initial={"version": found.version, "figures": figures})
    if request.method == "POST" and form.is_valid():
        to_units = form.is_from_units  # what the page said, also where somebody else has changed it since
    today = timezone.localdate()
    material = material_from(found, from_units=to_units, as_of=day_of(found, today))

    done = []

    def work():
        done.extend(
            change_source(
                report=found, version=form.cleaned_data["version"], by=request.user, from_units=to_units,
                material=material,
            )
        )  # fmt: skip
        return back

    answer = take_step(
        request, form, work, lambda: _done(counts_of(done)), refused=DraftingRefused, meanwhile=MEANWHILE
    )
    if answer:
        return answer
    changes = changes_of(found, material)
    minutes = material.rules["warn_minutes"]
    return render(
        request,
        "reports/report_source.html",
        {
            "report": found,
            "unit": found.unit,
            "form": form,
            "to_units": to_units,
            "rolled": material.rolled,
            "why_not": why_not(found, material),
            "changes": [one for one in changes if one.is_changing or one.to_look_at],
            "counts": counts_of(changes),
            "writing": [
                (one.view.chapter, said)
                for one in changes
                if (said := writing_now(one.view.section, request.user, at=timezone.now(), minutes=minutes))
            ],
        },
    )


def _done(counts: Counts) -> str:
    """ "Đã đổi nguồn số liệu: soạn lại 12 câu, thêm 5 câu. Còn 2 câu …"."""
    told = [
        f"{word} {count} câu"
        for word, count in (("soạn lại", counts.renewed), ("thêm", counts.coming), ("bỏ", counts.gone))
        if count
    ]
    text = f"Đã đổi nguồn số liệu{': ' if told else ''}{', '.join(told)}."
    if counts.to_look_at:
        text += f" Còn {counts.to_look_at} câu do người viết khác với nguồn mới, hãy soát từng câu."
    return text
