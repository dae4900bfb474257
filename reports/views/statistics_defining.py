"""Tables a superior defines: its list, a draft line by line, a look at it with own figures, the steps of an edition."""

import uuid

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.forms.base import sent
from branches.forms.duty import SureForm
from branches.models import Period, Unit
from branches.scoping import get_editable_or_403, get_visible_or_404
from branches.views.life_steps import answered_before, step_page, take_step
from reports.models import StatItem, StatTable
from reports.statistics import fill
from reports.statistics.defining import (
    add_item,
    change_item,
    change_table,
    copy_table,
    create_table,
    drop_draft,
    drop_item,
    move_item,
    new_edition,
    put_in_use,
    take_out_of_use,
)
from reports.statistics.forms import (
    LINE_FORMS,
    EditHeadForm,
    NewHeadForm,
    OutForm,
    UseForm,
    VersionedSureForm,
    initial_of,
    said_of,
)
from reports.statistics.typing_in import StatRefused

from .periods import period_from
from .report_tabs import report_tabs
from .statistics import READERS, WRITER, shown_lines

STEP = ["GET", "HEAD", "POST"]
MEANWHILE = "Có người vừa sửa biểu này. Chưa ghi đè gì cả; hãy mở lại trang rồi làm lại."
What = StatItem.What
HEAD = ("number", "title", "whom", "kinds", "source", "note")
# The address of a kind of line, in the order in which it is offered.
KINDS = {
    "chi-tieu": What.INDICATOR, "so-lieu": What.FIGURE, "tu-nhap": What.TYPED, "tong": What.SUM, "ty-le": What.SHARE,
    "tieu-de": What.HEADING,
}  # fmt: skip


def _step(request, form, save, done: str):
    return take_step(request, form, save, done, refused=StatRefused, meanwhile=MEANWHILE)


def _owner(request, pk) -> Unit:
    """A superior whose tables this person may define."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    return get_editable_or_403(Unit, request.user, right=WRITER, pk=unit.pk)


def _table(request, pk) -> StatTable:
    return get_editable_or_403(StatTable.objects.select_related("owner", "replaces"), request.user, pk=pk)


def _item(request, pk) -> StatItem:
    return get_editable_or_403(StatItem.objects.select_related("table__owner"), request.user, pk=pk)


def _define_url(table: StatTable) -> str:
    return reverse("reports:stat_define", args=[table.pk])


@require_GET
def stat_own(request, pk):
    """The superior's own tables: drafts, those in use, those that were."""
    unit = _owner(request, pk)
    tables = StatTable.objects.filter(owner=unit).order_by("number", "-edition", "pk")
    order = [StatTable.State.IN_USE, StatTable.State.DRAFT, StatTable.State.REPLACED]
    return render(
        request,
        "reports/stat_own.html",
        {
            "unit": unit,
            "tabs": report_tabs(request.user, unit, "statistics"),
            "groups": [(state.label, [one for one in tables if one.state == state]) for state in order],
            "has_any": bool(tables),
            "common": StatTable.objects.filter(owner=None, state=StatTable.State.IN_USE).in_order(),
        },
    )


@require_http_methods(STEP)
def stat_new(request, pk):
    """A new draft, empty or with the lines of a table that is in use here."""
    unit = _owner(request, pk)
    known = StatTable.objects.usable_by(unit).filter(state=StatTable.State.IN_USE).in_order()
    form = NewHeadForm(sent(request), tables=known)

    def save():
        said = {name: form.cleaned_data[name] for name in HEAD}
        source = form.cleaned_data["copied"]
        if source is None:
            return _define_url(create_table(owner=unit, by=request.user, **said))
        made = copy_table(source=source, owner=unit, by=request.user, number=said["number"])
        return _define_url(change_table(table=made, version=made.version, **said))

    if answer := _step(request, form, save, "Đã lập biểu. Thêm các dòng rồi đưa vào dùng."):
        return answer
    says = ["Biểu mới là bản đang soạn: chưa đơn vị nào thấy cho đến khi đưa vào dùng."]
    back = reverse("reports:stat_own", args=[unit.pk])
    return step_page(
        request, form, title="Lập biểu riêng", button="Lập biểu", back=back, unit=unit, about="Biểu số liệu", says=says
    )


@require_GET
def stat_define(request, pk):
    """The head and the lines of one edition, and what can be done with it."""
    table = get_visible_or_404(StatTable.objects.select_related("owner", "replaces"), request.user, pk=pk)
    can_write = StatTable.objects.editable_by(request.user).filter(pk=table.pk).exists()
    items = table.items.order_by("position", "pk").select_related("share_of", "share_whole").prefetch_related("parts")
    return render(
        request,
        "reports/stat_define.html",
        {
            "table": table,
            "unit": table.owner,
            "lines": [(item, _source_words(item)) for item in items],
            "kinds": [(slug, what.label) for slug, what in KINDS.items()],
            "periods": ", ".join(Period.Kind(kind).label.lower() for kind in table.kinds),
            "can_edit": can_write and table.is_draft,
            "can_write": can_write,
            "key": uuid.uuid4(),  # of the one small form that will be sent
            "replaced_by": StatTable.objects.filter(replaces=table).first(),
        },
    )


def _source_words(item: StatItem) -> str:
    """Where the figure of a line comes from, in words."""
    if item.what == What.SUM:
        return "Tổng các dòng " + ", ".join(part.number or part.name for part in item.parts.all())
    if item.what == What.SHARE:
        lines = {one.pk: one.number or one.name for one in (item.share_of, item.share_whole)}
        return f"Tỷ lệ: dòng {lines[item.share_of_id]} trên dòng {lines[item.share_whole_id]}"
    return item.get_what_display()


@require_http_methods(STEP)
def stat_head(request, pk):
    table = _table(request, pk)
    initial = {name: getattr(table, name) for name in HEAD if name != "kinds"}
    form = EditHeadForm(sent(request), initial={**initial, "kinds": table.kinds, "version": table.version})

    def save():
        said = {name: form.cleaned_data[name] for name in HEAD}
        return _define_url(change_table(table=table, version=form.cleaned_data["version"], **said))

    if answer := _step(request, form, save, "Đã lưu biểu."):
        return answer
    return step_page(
        request, form, title="Sửa đầu biểu", button="Lưu biểu", back=_define_url(table), unit=table.owner,
        about=f"{table}",
    )  # fmt: skip


@require_GET
def stat_preview(request, pk):
    """The table with the superior's own figures, before anybody is asked for it."""
    table = _table(request, pk)
    today, unit = timezone.localdate(), table.owner
    period = period_from(request.GET.get("ky", ""), unit, today)
    found = fill(table, unit, period, as_of=today)
    rows = shown_lines(found, unit, period, request.user, today=today, may_type=False)
    return render(
        request,
        "reports/stat_preview.html",
        {"table": table, "unit": unit, "content": found.content, "rows": rows, "period": period, "until": today},
    )


@require_http_methods(STEP)
def stat_item_new(request, pk):
    """One more line; its kind stands in the address, so that the form asks only what it needs."""
    table = _table(request, pk)
    what = KINDS.get(request.GET.get("loai", ""), What.INDICATOR)
    form = LINE_FORMS[what](sent(request), table=table, owner=table.owner)

    def save():
        add_item(table=table, **said_of(form, what))
        return f"{_define_url(table)}#cuoi"

    if answer := _step(request, form, save, "Đã thêm dòng."):
        return answer
    return step_page(
        request, form, title=f"Thêm dòng: {what.label.lower()}", button="Thêm dòng", back=_define_url(table),
        unit=table.owner, about=f"{table}",
    )  # fmt: skip


@require_http_methods(STEP)
def stat_item(request, pk):
    item = _item(request, pk)
    table = item.table
    initial = {**initial_of(item), "version": table.version}
    form = LINE_FORMS[item.what](sent(request), table=table, owner=table.owner, item=item, initial=initial)

    def save():
        change_item(item=item, version=form.cleaned_data["version"], **said_of(form, item.what))
        return _define_url(table)

    if answer := _step(request, form, save, "Đã lưu dòng."):
        return answer
    return step_page(
        request, form, title="Sửa dòng", button="Lưu dòng", back=_define_url(table), unit=table.owner,
        about=f"{table}", facts=[("Lấy số từ", item.get_what_display())],
    )  # fmt: skip


@require_http_methods(STEP)
def stat_item_drop(request, pk):
    if answer := answered_before(request):
        return answer
    item = _item(request, pk)
    table = item.table
    form = VersionedSureForm(sent(request), initial={"version": table.version})

    def save():
        drop_item(item=item, version=form.cleaned_data["version"])
        return _define_url(table)

    if answer := _step(request, form, save, "Đã bỏ dòng."):
        return answer
    return step_page(
        request, form, title="Bỏ dòng", button="Bỏ dòng", back=_define_url(table), unit=table.owner, about=f"{table}",
        says=[f"Dòng “{item}” không còn trong bản đang soạn. Các biểu đang dùng không thay đổi."],
    )  # fmt: skip


@require_POST
def stat_item_move(request, pk):
    """Up or down by one; at the edge it stays where it is."""
    item = _item(request, pk)
    there = f"{_define_url(item.table)}#dong-{item.pk}"

    def save():
        move_item(item=item, up=request.POST.get("huong") == "len")
        return there

    return _step(request, SureForm(request.POST), save, "Đã chuyển dòng.") or redirect(there)


@require_http_methods(STEP)
def stat_put_in_use(request, pk):
    table = _table(request, pk)
    today = timezone.localdate()
    first = today.replace(month=1, day=1)
    form = UseForm(sent(request), initial={"valid_from": first, "version": table.version})

    def save():
        put_in_use(table=table, version=form.cleaned_data["version"], valid_from=form.cleaned_data["valid_from"])
        return _define_url(table)

    if answer := _step(request, form, save, "Đã đưa biểu vào dùng."):
        return answer
    says = [f"{table.get_whom_display()} thuộc {table.owner.name} thấy biểu này và điền vào những dòng tự nhập."]
    if table.replaces:
        says.append(f"Bản {table.replaces.edition} thôi dùng từ hôm trước ngày ấy; biểu các kỳ cũ giữ nguyên.")
    says.append("Biểu đã đưa vào dùng không sửa được nữa; muốn đổi thì lập bản mới.")
    return step_page(
        request, form, title="Đưa biểu vào dùng", button="Đưa vào dùng", back=_define_url(table), unit=table.owner,
        about=f"{table}", says=says,
    )  # fmt: skip


@require_http_methods(STEP)
def stat_new_edition(request, pk):
    table, form = _table(request, pk), SureForm(sent(request))

    def save():
        return _define_url(new_edition(table=table, by=request.user))

    if answer := _step(request, form, save, "Đã lập bản mới. Sửa các dòng rồi đưa vào dùng."):
        return answer
    return step_page(
        request, form, title="Lập bản mới", button="Lập bản mới", back=_define_url(table), unit=table.owner,
        about=f"{table}",
        says=["Bản mới chép mọi dòng của bản này. Bản này vẫn dùng cho đến khi đưa bản mới vào dùng."],
    )  # fmt: skip


@require_http_methods(STEP)
def stat_take_out(request, pk):
    table = _table(request, pk)
    form = OutForm(sent(request), initial={"last_day": timezone.localdate(), "version": table.version})

    def save():
        take_out_of_use(table=table, version=form.cleaned_data["version"], last_day=form.cleaned_data["last_day"])
        return _define_url(table)

    if answer := _step(request, form, save, "Đã thôi dùng biểu."):
        return answer
    return step_page(
        request, form, title="Thôi dùng biểu", button="Thôi dùng", back=_define_url(table), unit=table.owner,
        about=f"{table}",
        says=["Các kỳ kết thúc sau ngày này không còn biểu này. Biểu và số đã nhập của các kỳ trước giữ nguyên."],
    )  # fmt: skip


@require_http_methods(STEP)
def stat_drop(request, pk):
    if answer := answered_before(request):
        return answer
    table = _table(request, pk)
    form = VersionedSureForm(sent(request), initial={"version": table.version})
    back = reverse("reports:stat_own", args=[table.owner_id])

    def save():
        drop_draft(table=table, version=form.cleaned_data["version"])
        return back

    if answer := _step(request, form, save, "Đã bỏ bản đang soạn."):
        return answer
    return step_page(
        request, form, title="Bỏ bản đang soạn", button="Bỏ bản này", back=_define_url(table), unit=table.owner,
        about=f"{table}",
        says=["Bản đang soạn và mọi dòng của nó bị xóa. Chưa đơn vị nào điền vào bản này."], warns=True,
    )  # fmt: skip
