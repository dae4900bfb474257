"""Checklist templates of the inspection committee: list, one version, its drafts and their items."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.models import Unit
from branches.scoping import get_editable_or_403, get_visible_or_404
from inspections.checking.facts import fact_choices
from inspections.checking.templates import (
    add_template_item,
    change_template,
    change_template_item,
    copy_template,
    draft_template,
    drop_draft,
    move_template_item,
    put_into_use,
    remove_template_item,
)
from inspections.forms.cases import StepForm
from inspections.forms.checklists import TemplateForm, TemplateItemForm
from inspections.models import ChecklistTemplate, TemplateItem
from inspections.states import InspectionRefused
from inspections.views.saving import LONGEST_BACK, is_sent, save

State = ChecklistTemplate.State


def own_unit(user) -> Unit | None:
    """The unit in whose committee the person inspects: its checklists are the person's to write."""
    return next((post.unit for post in user.posts_today if "inspect" in post.type.verbs_here), None)


def _address(template: ChecklistTemplate) -> str:
    return reverse("inspections:template", args=[template.pk])


@require_GET
def checklist_list(request):
    unit = own_unit(request.user)
    if unit is None:
        raise Http404
    rows = (
        ChecklistTemplate.objects.visible_to(request.user)
        .exclude(state=State.RETIRED)
        .select_related("unit")
        .annotate(count=Count("items"))
        .order_by("name", "edition", "pk")
    )
    groups = [
        ("Phiếu đang dùng", [row for row in rows if row.state == State.IN_USE and row.unit_id]),
        ("Bản đang soạn", [row for row in rows if row.state == State.DRAFT]),
        ("Phiếu có sẵn", [row for row in rows if row.state == State.IN_USE and row.unit_id is None]),
    ]
    return render(request, "inspections/checklist_list.html", {"groups": groups, "unit": unit})


@require_http_methods(["GET", "HEAD", "POST"])
def checklist_new(request):
    unit = own_unit(request.user)
    if unit is None:
        raise PermissionDenied
    form = TemplateForm(sent(request), initial={"scoring": ChecklistTemplate.Scoring.NONE})
    if is_sent(request, form) and form.is_valid():

        def work():
            made = draft_template(unit=unit, by=request.user, on=timezone.localdate(), **form.fields_of_row())
            return reverse("inspections:template_item_new", args=[made.pk])

        if answer := save(request, form, work, said="Đã tạo phiếu. Hãy thêm các mục."):
            return answer
    return render(request, "inspections/checklist_form.html", {"form": form, "title": "Soạn phiếu kiểm tra"})


@require_GET
def checklist(request, pk):
    """One version: its items by topic, and what may be done with it."""
    rows = ChecklistTemplate.objects.select_related("unit", "made_by")
    template = get_visible_or_404(rows, request.user, pk=pk)
    items = list(template.items.order_by("position", "pk"))
    editions = (
        ChecklistTemplate.objects.visible_to(request.user)
        .filter(unit=template.unit_id, code=template.code)
        .exclude(pk=pk)
        .order_by("-edition")
    )
    may_edit = ChecklistTemplate.objects.editable_by(request.user).filter(pk=pk).exists()
    unit = own_unit(request.user)
    return render(
        request,
        "inspections/checklist.html",
        {
            "template": template, "items": items, "editions": editions, "facts": dict(fact_choices()),
            "is_scored": template.scoring == ChecklistTemplate.Scoring.WEIGHTED,
            "may_change": may_edit and template.state == State.DRAFT,
            "may_copy": unit is not None and template.state != State.DRAFT,
            "is_own": unit is not None and template.unit_id == unit.pk,
        },
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def checklist_copy(request, pk):
    """The next version of one's own checklist, or a copy of another one to change."""
    template = get_visible_or_404(ChecklistTemplate.objects.select_related("unit"), request.user, pk=pk)
    unit = own_unit(request.user)
    if unit is None:
        raise PermissionDenied
    form = StepForm(sent(request), initial={"version": template.version})
    if request.method == "POST" and form.is_valid():

        def work():
            return _address(copy_template(template=template, unit=unit, by=request.user, on=timezone.localdate()))

        if answer := save(request, form, work, said="Đã có bản soạn mới, sửa được cho đến khi đưa vào dùng."):
            return answer
    context = {"form": form, "template": template, "unit": unit, "is_own": template.unit_id == unit.pk}
    return render(request, "inspections/checklist_copy.html", context)


def _draft(user, pk) -> ChecklistTemplate:
    return get_editable_or_403(ChecklistTemplate.objects.select_related("unit"), user, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def checklist_edit(request, pk):
    template = _draft(request.user, pk)
    form = TemplateForm(sent(request), instance=template)
    if is_sent(request, form) and form.is_valid():

        def work():
            change_template(template=template, version=form.cleaned_data["version"], **form.fields_of_row())
            return _address(template)

        def stored(current):
            return {name: getattr(current, name) for name in TemplateForm.Meta.fields}

        answer = save(request, form, work, said="Đã lưu.", stored=stored, discard_url=_address(template))
        if answer:
            return answer
    context = {"form": form, "title": "Sửa phiếu", "template": template}
    return render(request, "inspections/checklist_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def checklist_item_new(request, pk):
    template = _draft(request.user, pk)
    form = TemplateItemForm(sent(request), template=template, initial={"topic": request.GET.get("nhom", "")[:160]})
    if is_sent(request, form) and form.is_valid():

        def work():
            item = add_template_item(template=template, line=form.line())
            if "another" in request.POST:
                query = QueryDict(mutable=True)
                query["nhom"] = item.topic
                url, topic = reverse("inspections:template_item_new", args=[pk]), query.urlencode()
                return f"{url}?{topic}" if len(topic) <= LONGEST_BACK else url
            return _address(template)

        if answer := save(request, form, work, said="Đã thêm mục."):
            return answer
    return render(
        request, "inspections/checklist_item.html", {"form": form, "template": template, "title": "Thêm mục kiểm tra"}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def checklist_item_edit(request, pk):
    item = get_editable_or_403(TemplateItem.objects.select_related("template__unit"), request.user, pk=pk)
    template = item.template
    if request.method == "POST" and request.POST.get("do") in ("up", "down"):
        try:
            move_template_item(item=item, down=request.POST["do"] == "down")
        except InspectionRefused as refusal:
            messages.error(request, str(refusal))
        return redirect(f"{_address(template)}#muc-{pk}")
    form = TemplateItemForm(sent(request), instance=item, template=template)
    if is_sent(request, form) and form.is_valid():

        def work():
            change_template_item(item=item, version=form.cleaned_data["version"], line=form.line())
            return _address(template)

        def stored(current):
            return {name: getattr(current, name) for name in form.Meta.fields}

        answer = save(request, form, work, said="Đã lưu mục.", stored=stored, discard_url=_address(template))
        if answer:
            return answer
    context = {"form": form, "template": template, "item": item, "title": "Sửa mục kiểm tra"}
    return render(request, "inspections/checklist_item.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def checklist_item_remove(request, pk):
    item = get_editable_or_403(TemplateItem.objects.select_related("template__unit"), request.user, pk=pk)
    template = item.template

    def work(version):
        remove_template_item(item=item)
        return _address(template)

    return _step(request, template, work, "Bỏ mục này?", "Bỏ mục", item.text, "Đã bỏ mục.")


@require_http_methods(["GET", "HEAD", "POST"])
def checklist_use(request, pk):
    template = _draft(request.user, pk)

    def work(version):
        put_into_use(template=template, version=version)
        return _address(template)

    says = (
        "Từ lúc này bản này không sửa được nữa; muốn đổi thì soạn bản mới. Bản trước thôi dùng, các cuộc kiểm tra "
        "đã lấy bản trước vẫn giữ nguyên."
    )
    return _step(request, template, work, "Đưa phiếu vào dùng?", "Đưa vào dùng", says, "Phiếu đã vào dùng.")


@require_http_methods(["GET", "HEAD", "POST"])
def checklist_drop(request, pk):
    template = _draft(request.user, pk)

    def work(version):
        drop_draft(template=template)
        return reverse("inspections:template_list")

    says = "Bản soạn dở và các mục của bản này mất hẳn. Các bản đã đưa vào dùng vẫn còn."
    return _step(request, template, work, "Bỏ bản soạn dở?", "Bỏ bản soạn dở", says, "Đã bỏ bản soạn dở.")


def _step(request, template, work, question, button, says, said):
    """Ask first, then do it. `work` takes the version of the checklist that the page showed."""
    form = StepForm(sent(request), initial={"version": template.version})
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if answer := save(request, form, lambda: work(version), said=said, discard_url=_address(template)):
            return answer
    context = {"form": form, "template": template, "question": question, "button": button, "says": says}
    return render(request, "inspections/checklist_step.html", context)
