"""Emulation sets of a superior: the list, one set with its criteria and clusters, and every step of both."""

from django.db.models import Count, Prefetch
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.models import Indicator, Period, Unit
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.views.life_steps import step_page, take_step
from reports.emulation import EmulationRefused, sets
from reports.emulation.forms import (
    ClusterForm,
    CopyForm,
    CriterionForm,
    GroupForm,
    SetEditForm,
    SetForm,
    SureForm,
    bands_text,
)
from reports.emulation.scoring import possible_points
from reports.models import EmulationCluster, EmulationCriterion, EmulationRanking, EmulationSet, ScoreSheet

from .report_tabs import report_tabs

STEP = ["GET", "HEAD", "POST"]
MEANWHILE = "Có người vừa sửa phần này. Chưa ghi đè gì cả; hãy mở lại trang rồi ghi lại."
SETS = EmulationSet.objects.select_related("unit", "period")
PAPER = ScoreSheet.objects.all().paper_rights


def step(request, form, save, done, **said):
    """Take the step with the refusals of emulation."""
    return take_step(request, form, save, done, refused=EmulationRefused, meanwhile=MEANWHILE, **said)


@require_GET
def emulation(request, pk):
    """What the reader has of emulation at the unit: sets it keeps, sheets it fills, rankings it may read."""
    unit = get_visible_or_404(Unit, request.user, right=EmulationSet.objects.all().paper_rights, pk=pk)
    rights, today = rights_at(request.user, unit), timezone.localdate()
    published = EmulationRanking.objects.visible_to(request.user).filter(set__unit=unit)
    rankings = published.select_related("set__period").order_by("-set__period__starts_on", "set_id", "-edition")
    sheets = ScoreSheet.objects.reached_by(request.user, PAPER).filter(unit=unit).exclude(set__state="draft")
    reads_sheets = bool(rights & {"view", "approve"})
    if not reads_sheets:  # the Party committee: the ranking, once it is published
        sheets = sheets.filter(set__rankings__isnull=False).distinct()
    told = EmulationRanking.objects.filter(set__sheets__unit=unit)
    return render(
        request,
        "reports/emulation.html",
        {
            "unit": unit,
            "tabs": report_tabs(request.user, unit, "emulation"),
            "may_manage": "manage" in rights and not unit.is_branch,
            "keeps_sets": not unit.is_branch and bool(rights & {"view", "approve"}),
            "sets": SETS.visible_to(request.user)
            .filter(unit=unit)
            .annotate(count=Count("sheets"))
            .order_by("-period__starts_on", "-edition", "-pk"),
            "rankings": rankings,
            "sheets": sheets.select_related("set__period", "set__unit", "cluster")
            .prefetch_related(Prefetch("set__rankings", told.distinct(), "told"))
            .order_by("-set__period__starts_on", "-pk"),
            "reads_sheets": reads_sheets,
            "today": today,
        },
    )


def _kept(request, pk) -> Unit:
    unit = get_editable_or_403(Unit, request.user, right="manage", pk=pk)
    if unit.is_branch:
        raise Http404
    return unit


@require_http_methods(STEP)
def emulation_set_new(request, pk):
    unit, today = _kept(request, pk), timezone.localdate()
    initial = {"year": today.year, "name": f"Bộ tiêu chí thi đua năm {today.year}", "total_points": 100,
               "self_until": today.replace(month=12, day=10)}  # fmt: skip
    form, back = SetForm(sent(request), initial=initial), reverse("reports:emulation", args=[unit.pk])

    def save():
        period = Period.of_year(form.cleaned_data["year"])
        made = sets.draft_set(unit=unit, by=request.user, period=period, on=today, **form.said())
        return reverse("reports:emulation_set", args=[made.pk])

    if answer := step(request, form, save, "Đã lập bộ tiêu chí. Hãy thêm nhóm và tiêu chí."):
        return answer
    says = ["Bộ tiêu chí là bản soạn cho đến khi đưa vào dùng; đơn vị chưa thấy."]
    return step_page(request, form, title="Lập bộ tiêu chí thi đua", button="Lập bộ tiêu chí", back=back, unit=unit,
                     about="Chấm điểm các đơn vị trực thuộc", says=says)  # fmt: skip


@require_GET
def emulation_set(request, pk):
    """Criteria by group with their points, the sum beside the total, clusters with their units."""
    found = get_visible_or_404(SETS, request.user, pk=pk)
    criteria = list(found.criteria.all())
    indicators = Indicator.objects.of_year(found.period.year_number).usable_by(found.unit)
    names = dict(indicators.values_list("code", "name"))
    groups = [
        {
            "group": group,
            "points": possible_points(criteria, group),
            "lines": [(one, names.get(one.indicator_code, "")) for one in criteria if one.parent_id == group.pk],
        }
        for group in criteria
        if group.is_group
    ]
    sheets = ScoreSheet.objects.select_related("unit").order_by("unit__sort_key", "pk")
    given = sets.points_given(criteria)
    return render(
        request,
        "reports/emulation_set.html",
        {
            "set": found, "unit": found.unit, "words": sets.set_words(found), "groups": groups, "given": given,
            "fits": given == found.total_points,
            "clusters": found.clusters.prefetch_related(Prefetch("sheets", sheets, "members")),
            "outside": _outside(found, timezone.localdate()),
            "may_manage": EmulationSet.objects.editable_by(request.user).filter(pk=found.pk).exists(),
        },
    )  # fmt: skip


def _outside(set, on) -> list[Unit]:
    """Living subordinates that stand in no cluster yet."""
    inside = set.sheets.values_list("unit_id", flat=True)
    known = {*inside}
    return [unit for unit in sets.units_below(set.unit, on) if unit.pk not in known]


def _set(request, pk) -> tuple[EmulationSet, str]:
    found = get_editable_or_403(SETS, request.user, pk=pk)
    return found, reverse("reports:emulation_set", args=[found.pk])


@require_http_methods(STEP)
def emulation_set_edit(request, pk):
    found, back = _set(request, pk)
    names = ("name", "total_points", "bonus_cap", "self_until", "source", "version")
    form = SetEditForm(sent(request), initial={name: getattr(found, name) for name in names})

    def save():
        sets.edit_set(set=found, version=form.cleaned_data["version"], **form.said())
        return back

    if answer := step(request, form, save, "Đã lưu."):
        return answer
    says = [] if found.is_draft else ["Bộ tiêu chí đã đưa vào dùng: chỉ đổi được hạn tự chấm."]
    return step_page(request, form, title="Sửa thông tin bộ tiêu chí", button="Lưu", back=back, unit=found.unit,
                     about=found.name, says=says)  # fmt: skip


@require_http_methods(STEP)
def emulation_set_copy(request, pk):
    """Next year's draft out of this set."""
    found, back = _set(request, pk)
    today, year = timezone.localdate(), found.period.year_number + 1
    until = found.self_until.replace(year=found.self_until.year + 1, day=min(found.self_until.day, 28))
    initial = {"year": year, "name": f"Bộ tiêu chí thi đua năm {year}", "self_until": until}
    form = CopyForm(sent(request), initial=initial)

    def save():
        data = form.cleaned_data
        made = sets.draft_set(
            unit=found.unit, by=request.user, period=Period.of_year(data["year"]), name=data["name"],
            total_points=found.total_points, bonus_cap=found.bonus_cap, source=found.source,
            self_until=data["self_until"], like=found, on=today,
        )  # fmt: skip
        return reverse("reports:emulation_set", args=[made.pk])

    if answer := step(request, form, save, "Đã chép thành bản soạn. Hãy xem lại từng tiêu chí rồi đưa vào dùng."):
        return answer
    says = ["Chép tiêu chí, điểm và các cụm với những đơn vị còn trực thuộc. Bộ cũ giữ nguyên."]
    return step_page(request, form, title="Chép bộ tiêu chí", button="Chép thành bản soạn", back=back, unit=found.unit,
                     about=found.name, says=says)  # fmt: skip


@require_http_methods(STEP)
def emulation_set_use(request, pk):
    return _sure(
        request, pk, sets.put_in_use, title="Đưa vào dùng", done="Đã đưa vào dùng. Đơn vị thấy phiếu và tự chấm được.",
        says=["Tiêu chí và điểm đứng yên từ đây; đơn vị trong cụm thấy phiếu để tự chấm.",
              "Khi chưa đơn vị nào chấm, vẫn có thể lập bản mới thay bản này."],
    )  # fmt: skip


@require_http_methods(STEP)
def emulation_set_end(request, pk):
    return _sure(
        request, pk, sets.end_set, title="Kết thúc đợt thi đua", done="Đã kết thúc. Kết quả công bố giữ nguyên.",
        says=["Không chấm và không mở lại phiếu nào nữa. Kết quả đã công bố vẫn xem và in được."], warns=True,
    )  # fmt: skip


def _sure(request, pk, verb, *, title, done, says, warns=False):
    found, back = _set(request, pk)
    form = SureForm(sent(request), initial={"version": found.version})

    def save():
        verb(set=found, version=form.cleaned_data["version"], on=timezone.localdate())
        return back

    if answer := step(request, form, save, done):
        return answer
    return step_page(request, form, title=title, button=title, back=back, unit=found.unit, about=found.name, says=says,
                     warns=warns)  # fmt: skip


@require_http_methods(STEP)
def emulation_set_revise(request, pk):
    """A new edition while nobody has scored."""
    found, back = _set(request, pk)
    form = SureForm(sent(request), initial={"version": found.version})

    def save():
        made = sets.revise_set(set=found, version=form.cleaned_data["version"], by=request.user)
        return reverse("reports:emulation_set", args=[made.pk])

    if answer := step(request, form, save, "Đã lập bản mới. Sửa xong thì đưa vào dùng."):
        return answer
    says = ["Bản đang dùng thôi dùng; tiêu chí, cụm và đơn vị chuyển sang bản mới để sửa.",
            "Đơn vị chỉ tự chấm được khi bản mới đưa vào dùng."]  # fmt: skip
    return step_page(request, form, title="Lập bản mới", button="Lập bản mới", back=back, unit=found.unit,
                     about=found.name, says=says, warns=True)  # fmt: skip


# --- criteria -----------------------------------------------------------------------------------------


@require_http_methods(STEP)
def emulation_group_new(request, pk):
    found, back = _set(request, pk)
    form = GroupForm(sent(request))

    def save():
        sets.add_criterion(set=found, parent=None, **form.said())
        return back

    if answer := step(request, form, save, "Đã thêm nhóm."):
        return answer
    return step_page(request, form, title="Thêm nhóm tiêu chí", button="Thêm nhóm", back=back, unit=found.unit,
                     about=found.name)  # fmt: skip


def _indicators(set):
    """What can be measured in the year of the set, in the order of the chapters."""
    rows = Indicator.objects.of_year(set.period.year_number).usable_by(set.unit)
    return rows.order_by("area__position", "position", "pk")


def _criterion(request, pk) -> tuple[EmulationCriterion, str]:
    rows = EmulationCriterion.objects.select_related("set__unit", "set__period", "parent")
    found = get_editable_or_403(rows, request.user, pk=pk)
    return found, reverse("reports:emulation_set", args=[found.set_id])


@require_http_methods(STEP)
def emulation_criterion_new(request, pk):
    """A criterion in the group `pk`."""
    group, back = _criterion(request, pk)
    if not group.is_group:
        raise Http404
    initial = {"kind": EmulationCriterion.Kind.TYPED, "above_total": True}
    form = CriterionForm(sent(request), indicators=_indicators(group.set), initial=initial)

    def save():
        sets.add_criterion(set=group.set, parent=group, **form.said())
        return back

    if answer := step(request, form, save, "Đã thêm tiêu chí."):
        return answer
    return step_page(request, form, title="Thêm tiêu chí", button="Thêm tiêu chí", back=back, unit=group.set.unit,
                     about=f"{group.number}. {group.text}")  # fmt: skip


@require_http_methods(STEP)
def emulation_criterion_edit(request, pk):
    found, back = _criterion(request, pk)
    if found.is_group:
        initial = {"number": found.number, "text": found.text, "version": found.version}
        form = GroupForm(sent(request), versioned=True, initial=initial)
    else:
        initial = {name: getattr(found, name) for name in (*sets.OF_CRITERION, "version")}
        initial["bands"] = bands_text(found.bands)
        form = CriterionForm(sent(request), indicators=_indicators(found.set), versioned=True, initial=initial)

    def save():
        sets.edit_criterion(criterion=found, version=form.cleaned_data["version"], **form.said())
        return back

    if answer := step(request, form, save, "Đã lưu."):
        return answer
    return step_page(request, form, title="Sửa nhóm" if found.is_group else "Sửa tiêu chí", button="Lưu", back=back,
                     unit=found.set.unit, about=f"{found.number}. {found.text}")  # fmt: skip


@require_http_methods(STEP)
def emulation_criterion_remove(request, pk):
    found, back = _criterion(request, pk)
    form = SureForm(sent(request), initial={"version": found.version})

    def save():
        sets.remove_criterion(criterion=found, version=form.cleaned_data["version"])
        return back

    if answer := step(request, form, save, f"Đã bỏ mục {found.number}."):
        return answer
    parts = found.parts.count()
    says = [f"Bỏ cả {parts} tiêu chí trong nhóm." if parts else "Mục này không còn trong bản soạn."]
    return step_page(request, form, title="Bỏ khỏi bộ tiêu chí", button=f"Bỏ mục {found.number}", back=back,
                     unit=found.set.unit, about=found.text, says=says, warns=True)  # fmt: skip


# --- clusters -----------------------------------------------------------------------------------------


def _cluster_page(request, found, cluster, back, title):
    today = timezone.localdate()
    units = sets.units_below(found.unit, today)
    inside = list(Unit.objects.filter(score_sheets__cluster=cluster)) if cluster else []
    initial = {"name": cluster.name if cluster else "", "units": [one.pk for one in inside], "version": found.version}
    form = ClusterForm(sent(request), units=[*units, *inside], initial=initial)

    def save():
        data = form.cleaned_data
        sets.save_cluster(
            set=found, cluster=cluster, version=data["version"], name=data["name"], units=data["units"], on=today
        )
        return back

    if answer := step(request, form, save, "Đã lưu cụm."):
        return answer
    says = ["Đơn vị thành lập sau cũng chọn vào đây, kể cả khi bộ tiêu chí đang dùng."]
    return step_page(request, form, title=title, button="Lưu cụm", back=back, unit=found.unit, about=found.name,
                     says=says)  # fmt: skip


@require_http_methods(STEP)
def emulation_cluster_new(request, pk):
    found, back = _set(request, pk)
    return _cluster_page(request, found, None, back, "Lập cụm thi đua")


def _cluster(request, pk) -> tuple[EmulationCluster, str]:
    rows = EmulationCluster.objects.select_related("set__unit", "set__period")
    found = get_editable_or_403(rows, request.user, pk=pk)
    return found, reverse("reports:emulation_set", args=[found.set_id])


@require_http_methods(STEP)
def emulation_cluster_edit(request, pk):
    cluster, back = _cluster(request, pk)
    return _cluster_page(request, cluster.set, cluster, back, "Sửa cụm thi đua")


@require_http_methods(STEP)
def emulation_cluster_remove(request, pk):
    cluster, back = _cluster(request, pk)
    form = SureForm(sent(request), initial={"version": cluster.set.version})

    def save():
        sets.drop_cluster(cluster=cluster, version=form.cleaned_data["version"])
        return back

    if answer := step(request, form, save, f"Đã bỏ {cluster.name}."):
        return answer
    return step_page(request, form, title="Bỏ cụm", button="Bỏ cụm", back=back, unit=cluster.set.unit,
                     about=cluster.name, says=["Chỉ bỏ được cụm không còn đơn vị."])  # fmt: skip
