"""Templates of reports at a unit: which are there, one with its chapters, and the steps that change an own one."""

import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.formats import small
from branches.forms.base import sent
from branches.forms.duty import SureForm
from branches.models import EditConflict, Unit
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.views.life_steps import answered_before, step_page, take_step
from reports import chapter_templates as verbs
from reports.chapter_templates import TemplateRefused
from reports.forms_templates import AreasSplitForm, ChapterForm, ChapterNewForm, TemplateCopyForm, TemplateSettingsForm
from reports.models import ReportTemplate, TemplateChapter

from .report_tabs import report_tabs
from .sentences import version_of

STEP = ["GET", "HEAD", "POST"]
READERS = ("view", "approve")
MEANWHILE = "Mẫu vừa có người sửa, sau khi bạn mở trang. Chưa đổi gì; hãy mở lại trang rồi làm lại."
ONE_DAY = datetime.timedelta(days=1)


def templates_with_owner():
    return ReportTemplate.objects.select_related("owner", "made_from")


@require_GET
def report_templates(request, pk):
    """Every template that reports of the unit may be begun with, own ones first."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    may_make = "manage" in rights_at(request.user, unit)
    rows = templates_with_owner().for_unit(unit).order_by("name", "-edition", "pk")
    own = [row for row in rows if row.owner_id == unit.pk]
    return render(
        request,
        "reports/report_templates.html",
        {
            "unit": unit,
            "tabs": report_tabs(request.user, unit, "templates"),
            "own": own,
            "above": [row for row in rows if row.owner_id and row.owner_id != unit.pk and row.starts_on],
            "common": [row for row in rows if row.owner_id is None],
            "may_make": may_make,
            "today": timezone.localdate(),
            "readable": set(
                ReportTemplate.objects.visible_to(request.user)
                .filter(pk__in=[row.pk for row in rows])
                .values_list("pk", flat=True)
            ),
        },
    )


@require_GET
def report_template(request, pk):
    """One template with its chapters in order; its own people change it while nobody uses it."""
    template = get_visible_or_404(templates_with_owner(), request.user, pk=pk)
    may_edit = ReportTemplate.objects.editable_by(request.user).filter(pk=pk).exists()
    used = verbs.is_used(template)
    unit = template.owner or _own_unit(request.user)
    return render(
        request,
        "reports/report_template.html",
        {
            "template": template,
            "outline": verbs.outline_of(template),
            "unit": unit,
            "is_used": used,
            "may_edit": may_edit,
            "may_change": may_edit and not used,
            "may_copy": unit is not None and "manage" in rights_at(request.user, unit),
            "last_on": template.ends_on - ONE_DAY if template.ends_on else None,
        },
    )


def _own_unit(user) -> Unit | None:
    """Where the person may make templates: the unit of the post that manages."""
    return next((post.unit for post in user.posts_today if "manage" in post.type.verbs_here), None)


@require_http_methods(STEP)
def report_template_copy(request, pk, template):
    """A template of the unit's own, made from another one."""
    unit = get_editable_or_403(Unit, request.user, right="manage", pk=pk)
    source = get_visible_or_404(templates_with_owner().for_unit(unit), request.user, pk=template)
    own = source.owner_id == unit.pk
    form = TemplateCopyForm(
        sent(request), initial={"name": source.name if own else f"{source.name} ({unit.name})"[:160]}
    )

    def work():
        made = verbs.copy_template(source=source, unit=unit, by=request.user, name=form.cleaned_data["name"])
        return _address(made)

    said = "Đã có bản soạn mới. Sửa xong thì ghi ngày bắt đầu áp dụng."
    if answer := _take(request, form, work, said):
        return answer
    says = ["Mẫu mới có đủ các mục của mẫu này. Chưa đơn vị nào dùng mẫu mới cho đến khi ghi ngày bắt đầu áp dụng."]
    return step_page(
        request, form, title="Soạn bản mới của mẫu" if own else "Chép thành mẫu của đơn vị", button="Chép mẫu",
        back=reverse("reports:report_templates", args=[unit.pk]), unit=unit, about=source.name, says=says,
    )  # fmt: skip


@require_http_methods(STEP)
def report_template_settings(request, pk):
    """Name, what it is for, from which day on."""
    if answer := answered_before(request):
        return answer
    template = _own(request.user, pk)
    form = TemplateSettingsForm(
        sent(request),
        initial={
            "name": template.name, "kinds": template.kinds, "for_theme": template.for_theme,
            "source": template.source, "starts_on": template.starts_on,
            "last_on": template.ends_on - ONE_DAY if template.ends_on else None, "version": template.version,
        },
    )  # fmt: skip

    def work():
        data = form.cleaned_data
        verbs.change_settings(
            template=template, source=data["source"], starts_on=data["starts_on"],
            **{name: data[name] for name in ("version", "name", "kinds", "for_theme")},
            ends_on=data["last_on"] + ONE_DAY if data["last_on"] else None,
        )  # fmt: skip
        return _address(template)

    if answer := _take(request, form, work, "Đã lưu."):
        return answer
    says = [
        "Từ ngày bắt đầu, báo cáo mới của đơn vị và các đơn vị trực thuộc soạn theo mẫu này thay cho mẫu chung."
        " Báo cáo đã soạn giữ mẫu cũ."
    ]
    return step_page(
        request, form, title="Tên, loại báo cáo, ngày áp dụng", button="Lưu", back=_address(template),
        unit=template.owner, about=template.name, says=says,
    )  # fmt: skip


@require_http_methods(STEP)
def report_template_drop(request, pk):
    """Give up a template nobody used."""
    if answer := answered_before(request):
        return answer
    template = _own(request.user, pk)
    form, back = SureForm(sent(request)), reverse("reports:report_templates", args=[template.owner_id])

    def work():
        verbs.drop_template(template=template)
        return back

    if answer := _take(request, form, work, f"Đã bỏ mẫu “{template.name}”."):
        return answer
    says = [
        f"Mẫu “{template.name}” bản {template.edition} và các mục của nó sẽ bị xóa hẳn. Chưa báo cáo nào dùng mẫu này."
    ]
    return step_page(
        request, form, title="Bỏ mẫu đang soạn", button="Bỏ mẫu", back=_address(template), unit=template.owner,
        about=template.name, says=says, warns=True,
    )  # fmt: skip


@require_http_methods(STEP)
def report_chapter_new(request, pk):
    """A chapter that people write, put into an own template."""
    if answer := answered_before(request):
        return answer
    template = _own(request.user, pk)
    parts = [
        (row.key, f"Trong phần {row.number}. {row.heading}")
        for row in template.chapters.order_by("position", "pk")
        if not row.under and row.number
    ]
    form = ChapterNewForm(sent(request), parts=parts)

    def work():
        names = ("heading", "under", "hint", "is_list", "is_optional")
        verbs.add_chapter(template=template, **{name: form.cleaned_data[name] for name in names})
        return _address(template)

    if answer := _take(request, form, work, "Đã thêm mục."):
        return answer
    says = ["Mục này do người viết. Không viết thì in dòng chấm để điền tay, trừ khi chọn không in."]
    return step_page(
        request, form, title="Thêm mục tự viết", button="Thêm mục", back=_address(template), unit=template.owner,
        about=template.name, says=says,
    )  # fmt: skip


@require_http_methods(STEP)
def report_areas_split(request, pk):
    """Work areas get chapters of their own: "?het" opens the page with all of them ticked."""
    if answer := answered_before(request):
        return answer
    template = _own(request.user, pk)
    areas = verbs.areas_in_block(template)
    ticked = [area.code for area in areas] if "het" in request.GET else []
    form = AreasSplitForm(sent(request), areas=areas, initial={"areas": ticked, "version": template.version})

    def work():
        chosen = [area for area in areas if area.code in form.cleaned_data["areas"]]
        made = verbs.split_areas(template=template, version=form.cleaned_data["version"], areas=chosen)
        return f"{_address(template)}#muc-{made[0].pk}"

    said = "Đã tách mục. Tên mục, gợi ý và thứ tự sửa được ở từng mục."
    if answer := _take(request, form, work, said):
        return answer
    return render(
        request,
        "reports/report_areas_split.html",
        {"form": form, "template": template, "areas": areas, "unit": template.owner, "back": _address(template)},
    )


@require_http_methods(STEP)
def report_chapter_edit(request, pk):
    """Words of a chapter of an own template."""
    if answer := answered_before(request):
        return answer
    chapter = _own_chapter(request.user, pk)
    template = chapter.template
    form = ChapterForm(
        sent(request),
        initial={
            "heading": chapter.heading, "hint": chapter.hint, "is_list": chapter.is_list,
            "is_optional": chapter.is_optional, "version": template.version,
        },
        heading_printed=not verbs.is_block(chapter),
    )  # fmt: skip

    def work():
        verbs.change_chapter(
            chapter=chapter,
            **{name: form.cleaned_data[name] for name in ("version", "heading", "hint", "is_list", "is_optional")},
        )
        return f"{_address(template)}#muc-{chapter.pk}"

    if answer := _take(request, form, work, "Đã lưu mục."):
        return answer
    return step_page(
        request, form, title="Sửa mục", button="Lưu mục", back=_address(template), unit=template.owner,
        about=chapter.heading, says=[_filled_from(chapter)],
    )  # fmt: skip


def _filled_from(chapter: TemplateChapter) -> str:
    if verbs.is_block(chapter):
        return "Gồm các mục công tác chưa có mục riêng. Mỗi mục in dưới tên của nó trong danh mục."
    if chapter.area_id:
        return f"Nội dung lấy từ hoạt động, chỉ tiêu thuộc mục công tác “{chapter.area.name}”."
    return f"Nội dung lấy từ: {small(chapter.get_filled_by_display())}."


@require_POST
def report_chapter_step(request, pk):
    """Up, down, or out of the template."""
    chapter = _own_chapter(request.user, pk)
    do, back = request.POST.get("do", ""), _address(chapter.template)
    version = version_of(request)
    try:
        if do == "remove":
            verbs.remove_chapter(chapter=chapter, version=version)
            messages.success(request, _gone_words(chapter))
        elif do in ("up", "down"):
            verbs.move_chapter(chapter=chapter, version=version, is_up=do == "up")
            back = f"{back}#muc-{chapter.pk}"
    except TemplateRefused as refusal:
        messages.error(request, str(refusal))
    except EditConflict:
        messages.error(request, MEANWHILE)
    return redirect(back)


def _gone_words(chapter: TemplateChapter) -> str:
    if chapter.area_id:
        return f"Đã bỏ mục riêng. “{chapter.area.name}” lại in chung với các mục công tác còn lại."
    return f"Đã bỏ mục “{chapter.heading}”."


def _take(request, form, work, done: str):
    return take_step(request, form, work, done, refused=TemplateRefused, meanwhile=MEANWHILE)


def _address(template: ReportTemplate) -> str:
    return reverse("reports:report_template", args=[template.pk])


def _own(user, pk) -> ReportTemplate:
    return get_editable_or_403(templates_with_owner(), user, pk=pk)


def _own_chapter(user, pk) -> TemplateChapter:
    """A chapter of a template that the person's own unit made; those of common ones are nobody's to change."""
    rows = TemplateChapter.objects.select_related("template__owner", "area")
    chapter = rows.filter(pk=pk).first()
    if chapter is not None and chapter.template.owner_id is None:
        get_visible_or_404(ReportTemplate, user, pk=chapter.template_id)
        raise PermissionDenied
    return get_editable_or_403(rows, user, pk=pk)
