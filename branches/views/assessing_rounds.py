"""Rounds: opened for a year, watched unit by unit, changed, closed."""

import datetime

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.admitting import has_approver
from branches.assessing.quota import tallies, together
from branches.assessing.rounds import change_round, close_round, criteria_sets, label_sets, open_round, reopen_round
from branches.forms.assessing import KeyForm, RoundChoice, RoundDatesForm, RoundForm, round_values
from branches.forms.base import sent
from branches.models import Period, Unit
from branches.models.assessment import Subject
from branches.models.rule import rules_on
from branches.scoping import get_editable_or_403, get_visible_or_404
from branches.views.life_steps import step_page, take_step

from .assessing import COUNTS, ROUNDS, units_page

SELF_DAYS, DUE_DAYS = 14, 30
SUBJECTS = (("doan-vien", "Đoàn viên"), ("chi-doan", "Chi đoàn"))
SUBJECT_OF = {"doan-vien": Subject.MEMBER, "chi-doan": Subject.BRANCH}


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_round_new(request, pk):
    """Who and which year stand in the address; the sets offered are those of that year."""
    units = Unit.objects.reached_by(request.user, COUNTS)
    unit = get_editable_or_403(units, request.user, right="record", pk=pk)
    today = timezone.localdate()
    if unit.is_branch and has_approver(unit, on=today):
        raise PermissionDenied  # the superior opens the round for all its branches
    periods = _periods(today)
    choice = RoundChoice(
        request.GET, subjects=SUBJECTS, periods=[(key, one.name) for key, one in periods.items()]
    )  # fmt: skip
    subject, period = SUBJECT_OF[choice.said("ai")], periods[choice.said("nam")]
    whom = "chi đoàn" if subject == Subject.BRANCH else "đoàn viên"
    initial = {
        "name": f"Đánh giá, xếp loại {whom} {period.name[:1].lower()}{period.name[1:]}",
        "counted_on": min(today, period.last_day),
        "self_until": today + datetime.timedelta(days=SELF_DAYS),
        "due_on": today + datetime.timedelta(days=DUE_DAYS),
        "top_quota": rules_on(period.last_day).get("assessment_top_quota"),
    }
    form = RoundForm(
        sent(request), initial=initial, label_sets=label_sets(period), criteria_sets=criteria_sets(subject, period)
    )

    def work():
        kept = period if period.pk else Period.objects.year(period.starts_on.year)
        made = open_round(unit=unit, subject=subject, period=kept, by=request.user, on=today, **form.said())
        return reverse("branches:assessment_round", args=[made.pk])

    if answer := take_step(request, form, work, "Đã mở đợt. Đoàn viên tự đánh giá được từ hôm nay."):
        return answer
    return render(
        request,
        "branches/assessment_round_form.html",
        {"unit": unit, "form": form, "choice": choice, "subject": choice.said("ai"), "year": choice.said("nam"),
         "subjects": SUBJECTS, "periods": [(key, one.name) for key, one in periods.items()]},
    )  # fmt: skip


def _periods(today) -> dict[str, Period]:
    """This year, the last one, and school years that are stored and lie about now."""
    found = {str(year): Period.of_year(year) for year in (today.year, today.year - 1)}
    schools = Period.objects.filter(
        kind=Period.Kind.SCHOOL_YEAR, starts_on__lte=today, ends_on__gte=today.replace(year=today.year - 1, day=1)
    )
    return found | {f"nh-{one.pk}": one for one in schools.order_by("-starts_on", "pk")}


@require_GET
def assessment_round(request, pk):
    """Where every unit of a round stands. Counts for readers of the unit, names behind the branches' own pages."""
    found = get_visible_or_404(ROUNDS, request.user, pk=pk)
    return units_page(request, found, found.unit)


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_round_edit(request, pk):
    found = get_editable_or_403(ROUNDS, request.user, right="record", pk=pk)
    back = reverse("branches:assessment_round", args=[found.pk])
    form = RoundDatesForm(sent(request), initial=round_values(found))

    def work():
        change_round(round=found, version=form.cleaned_data["version"], **form.said())
        return back

    if answer := take_step(request, form, work, "Đã lưu đợt đánh giá."):
        return answer
    says = ["Bộ mức, bộ tiêu chí và danh sách người được đánh giá giữ như khi mở đợt."]
    return step_page(request, form, title="Sửa đợt đánh giá", button="Lưu đợt đánh giá", back=back, unit=found.unit,
                     about=found.name, says=says)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_round_close(request, pk):
    """Close it, or open it again where it is closed."""
    found = get_editable_or_403(ROUNDS, request.user, right="record", pk=pk)
    back = reverse("branches:assessment_round", args=[found.pk])
    form, is_closed = KeyForm(sent(request)), found.closed_on is not None

    def work():
        if is_closed:
            reopen_round(round=found)
        else:
            close_round(round=found, on=timezone.localdate())
        return back

    if answer := take_step(request, form, work, "Đã mở lại đợt." if is_closed else "Đã khép đợt."):
        return answer
    tally = together(tallies([found]).values())
    left = tally.total - tally.approved
    says = (
        ["Chi đoàn và Đoàn cấp trên lại ghi được trong đợt này."]
        if is_closed
        else [
            f"{tally.approved} trên {tally.total} kết quả đã chuẩn y."
            + (f" Còn {left} chưa chuẩn y sẽ để trống kết quả." if left else ""),
            "Khép đợt rồi thì không ai ghi thêm được, cho đến khi mở lại.",
        ]
    )
    return step_page(
        request, form, title="Mở lại đợt đánh giá" if is_closed else "Khép đợt đánh giá",
        button="Mở lại đợt" if is_closed else "Khép đợt", back=back, unit=found.unit, about=found.name, says=says,
        warns=bool(left) and not is_closed,
    )  # fmt: skip
