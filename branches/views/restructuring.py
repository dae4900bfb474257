"""The unit events: found, rename, move, merge, split, dissolve. One form each, with a preview before it is done.

The first button tries the whole event and takes it back again, so that the preview is what will happen
and every refusal comes before it. The last button does it only if the person saw this very preview.
"""

import datetime
import hashlib
import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.disciplining_units import dissolving_values
from branches.dues.ending import to_hand_over, to_settle
from branches.formats import day
from branches.forms.base import sent
from branches.forms.restructuring import (
    DissolveForm,
    FoundForm,
    MergeForm,
    MoveForm,
    RenameForm,
    SplitForm,
    kinds_below,
)
from branches.heirs import also_left
from branches.merging import SUPERIOR, Foresight, foresee, merge_units, split_unit
from branches.models import Member, Unit
from branches.models.member import MemberQuerySet
from branches.models.rule import rules_on
from branches.receipts import once, receipt_of
from branches.restructuring import (
    RESTRUCTURERS,
    RestructuringRefused,
    dissolve_unit,
    found_unit,
    may_found_below,
    may_restructure,
    move_unit,
    rename_unit,
)
from branches.scoping import get_visible_or_404, reach, rights_at
from branches.terms import start_term
from branches.unit_warnings import months_after

from .units import PAGE_READERS

Pages = require_http_methods(["GET", "HEAD", "POST"])


def _unit(request, pk, may) -> Unit:
    """The unit, if the user reads its page and `may` decide about it: 404 for strangers, 403 for readers."""
    unit = get_visible_or_404(Unit, request.user, right=PAGE_READERS, pk=pk)
    if not may(request.user, unit):
        raise PermissionDenied
    if unit.dissolved_on and request.method != "POST":  # the same form sent again is answered by its receipt
        raise PermissionDenied
    return unit


def _event(request, unit, form, template, work, *, foretell, done, **context):
    """Show the form, its preview, or do the event. `work` returns the unit to go to afterwards."""
    lines, seen = [], ""
    if done_before := _receipt(request):
        return redirect(done_before)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():  # what would be refused, is refused before the preview
                work()
                transaction.set_rollback(True)
            lines = foretell()
            seen = _digest(form, lines)
            if request.POST.get("do") == "apply" and request.POST.get("seen") == seen:
                return _apply(request, form, work, done)
        except RestructuringRefused as refusal:
            form.refuse(refusal)
            lines, seen = [], ""
    changed = bool(seen) and request.POST.get("do") == "apply"
    return render(
        request, template, {"unit": unit, "form": form, "lines": lines, "seen": seen, "changed": changed, **context}
    )


def _receipt(request) -> str | None:
    """Where the first sending of this form led: what it chose among may be gone by now."""
    try:
        return receipt_of(uuid.UUID(request.POST.get("form_key", "")), request.user)
    except ValueError:
        return None


def _apply(request, form, work, done):
    def location():
        return reverse("branches:unit", args=[work().pk])

    address, is_new = once(form.cleaned_data["form_key"], request.user, location)
    if is_new:
        messages.success(request, done)
    return redirect(address)


def _digest(form, lines) -> str:
    """Stands for what was typed and what was foretold; either one changed, the person looks again."""
    said = [(name, str(value)) for name, value in form.cleaned_data.items() if name != "form_key"]
    return hashlib.sha256(repr((said, lines)).encode()).hexdigest()


def _own_numbers(one: Foresight, on) -> str:
    """What stays and what ends with a unit: "Chi đoàn A: 2 chức vụ thôi từ 15/11/2026; 5 chỉ tiêu …"."""
    said = []
    if one.posts:
        said.append(f"{one.posts} chức vụ thôi từ {day(on)}")
    if one.targets:
        said.append(f"{one.targets} chỉ tiêu ở lại với đơn vị cũ, tính cho thời gian đến trước ngày này")
    if one.activities:
        said.append(f"{one.activities} hoạt động đã ghi từ {day(on)} cũng ở lại với đơn vị cũ")
    if one.undecided:
        said.append(f"{one.undecided} cuộc họp chưa ghi là đã họp hay không: hãy ghi trước, sau này không ghi được nữa")
    return f"{one.unit.name}: {'; '.join(said)}." if said else ""


def _left(units, branch: str, heir: str, today) -> list[str]:
    """What becomes of the money of units that end, and of what inspectors still ask of them.

    `branch` names the branch that takes their place and `heir` who takes over; both may be empty.
    """
    lines, asked = [], also_left([unit.pk for unit in units])
    for unit in units:
        said = to_settle(unit, branch, on=today)
        if goes := to_hand_over(unit, on=today):
            words = ", ".join(goes)
            said.append(f"{words} bàn giao cho {heir}" if heir else f"còn {words}: hãy nộp và bàn giao trước khi lưu")
        lines += [f"{unit.name}: {'; '.join(said)}."] if said else []
        if waiting := asked.get(unit.pk):
            then = f"{heir} đọc và trả lời tiếp" if heir else "không còn đơn vị nào trả lời, hãy giải quyết trước"
            lines.append(f"{unit.name}: {', '.join(waiting)} vẫn ở hồ sơ đơn vị này; {then}.")
    return lines


def _carried(one: Foresight, where: str) -> str:
    """What goes along: "Chi đoàn A: 12 đoàn viên, 1 giấy chuyển sinh hoạt … sang …"."""
    parts = [(one.members, "đoàn viên"), (one.guests, "người sinh hoạt tạm thời, nơi cư trú"),
             (one.below, "đơn vị trực thuộc"), (one.transfers, "giấy chuyển sinh hoạt chưa trả lời"),
             (one.planned, "hoạt động dự kiến"), (one.tasks, "việc chưa xong"),
             (one.meetings, "cuộc họp đã lên lịch")]  # fmt: skip
    said = [f"{count} {words}" for count, words in parts if count]
    return f"{one.unit.name}: {', '.join(said) if said else 'không có đoàn viên'} chuyển sang {where}."


# --- found, rename, move --------------------------------------------------------------------------


@Pages
def unit_found(request, pk):
    superior = _unit(request, pk, may_found_below)
    today = timezone.localdate()
    form = FoundForm(sent(request), superior=superior, today=today, initial={"on": today})

    def work():
        unit = found_unit(by=request.user, today=today, superior=superior, **form.event, **form.unit_fields)
        if form.cleaned_data["is_provisional"]:
            months = rules_on(today)["provisional_months"]
            ends_on = months_after(form.cleaned_data["on"], months)
            start_term(
                by=request.user, unit=unit, name="Ban Chấp hành lâm thời", starts_on=form.cleaned_data["on"],
                last_day=ends_on - datetime.timedelta(days=1), is_provisional=True,
                decision=form.cleaned_data["decision"],
            )  # fmt: skip
        return unit

    def foretell():
        said = form.cleaned_data
        lines = [f"Thành lập {said['name']}, trực thuộc {superior.name}, từ {day(said['on'])}."]
        if said["is_provisional"]:
            lines.append("Ghi nhiệm kỳ lâm thời 6 tháng kể từ ngày này.")
        return [*lines, "Đơn vị mới chưa có ai giữ chức vụ: sau khi lưu, hãy giao chức vụ Bí thư."]

    done = "Đã ghi việc thành lập. Hãy giao chức vụ cho Ban Chấp hành của đơn vị mới."
    return _event(
        request, superior, form, "branches/unit_found.html", work, foretell=foretell, done=done,
        has_kinds=bool(kinds_below(superior)),
    )  # fmt: skip


@Pages
def unit_rename(request, pk):
    unit = _unit(request, pk, may_restructure)
    today = timezone.localdate()
    form = RenameForm(sent(request), today=today, initial={"on": today, "name": unit.name})

    def work():
        rename_unit(by=request.user, today=today, unit=unit, name=form.cleaned_data["name"], **form.event)
        return unit

    def foretell():
        said = form.cleaned_data
        return [
            f"Từ {day(said['on'])}: {unit.name} đổi tên thành {said['name']}.",
            f"Báo cáo, văn bản của thời gian trước ngày này vẫn ghi tên {unit.name}.",
        ]

    return _event(request, unit, form, "branches/unit_rename.html", work, foretell=foretell, done="Đã đổi tên đơn vị.")


@Pages
def unit_move(request, pk):
    unit = _unit(request, pk, may_restructure)
    today = timezone.localdate()
    superiors = (
        Unit.objects.reached_by(request.user, PAGE_READERS)
        .living(today)
        .exclude(path__startswith=unit.path)
        .exclude(pk=unit.superior_pk)
        .order_by("sort_key", "pk")
    )
    if unit.kind != Unit.Kind.SUB_BRANCH:
        superiors = superiors.exclude(kind__in=Unit.BRANCH_KINDS)
    # Only those that this person may hang a unit under; the verb says so too.
    superiors = superiors.filter(pk__in=[one.pk for one in superiors if may_found_below(request.user, one)])
    form = MoveForm(sent(request), superiors=superiors, today=today, initial={"on": today})

    def work():
        move_unit(by=request.user, today=today, unit=unit, superior=form.cleaned_data["superior"], **form.event)
        return unit

    def foretell():
        (one,) = foresee([unit], form.cleaned_data["on"])
        below = Unit.objects.living(today).below(unit).exclude(pk=unit.pk).count()
        lines = [
            f"Từ {day(form.cleaned_data['on'])}: {unit.name} trực thuộc {form.cleaned_data['superior'].name}"
            f"{f', cùng {below} đơn vị ở dưới' if below else ''}.",
            "Kết quả trước ngày này vẫn tính cho Đoàn cấp trên cũ; quyền xem đổi ngay khi lưu.",
        ]
        if one.members or one.posts:
            lines.append(f"{one.members} đoàn viên và {one.posts} chức vụ giữ nguyên.")
        return lines

    return _event(request, unit, form, "branches/unit_move.html", work, foretell=foretell, done="Đã chuyển trực thuộc.")


# --- merge, split, dissolve -----------------------------------------------------------------------


@Pages
def unit_merge(request, pk):
    superior = _unit(request, pk, may_found_below)
    today = timezone.localdate()
    units = (
        Unit.objects.living(today)
        .filter(placements__superior=superior, placements__ends_on=None)
        .order_by("sort_key", "pk")
    )
    kind = units[0].kind if units else ""  # what the units mostly are
    form = MergeForm(
        sent(request), superior=superior, units=units, today=today, initial={"on": today, "new_kind": kind}
    )

    def work():
        return merge_units(by=request.user, superior=superior, today=today, **form.merger, **form.event)

    def foretell():
        on, merger = form.cleaned_data["on"], form.merger
        into = merger.get("into")
        ended = [one for one in merger["sources"] if into is None or one.pk != into.pk]
        name = into.name if into else merger["new"].name
        lines = [] if into else [f"Thành lập {name}, trực thuộc {superior.name}, từ {day(on)}."]
        numbers = foresee(ended, on)
        lines += [_carried(one, name) for one in numbers]
        lines += [said for one in numbers if (said := _own_numbers(one, on))]
        lines += _left(ended, name, name, today)
        lines.append(f"{len(ended)} đơn vị kết thúc từ {day(on)}; hồ sơ và số liệu cũ vẫn xem được.")
        if into is None:
            lines.append(f"{name} chưa có ai giữ chức vụ: sau khi lưu, hãy giao chức vụ Bí thư.")
        return lines

    return _event(
        request, superior, form, "branches/unit_merge.html", work, foretell=foretell,
        done="Đã sáp nhập. Hãy xem lại chức vụ và nhiệm kỳ của đơn vị.", has_units=len(units) > 1,
    )  # fmt: skip


@Pages
def unit_split(request, pk):
    unit = _unit(request, pk, may_restructure)
    today = timezone.localdate()
    may_name = not rights_at(request.user, unit).isdisjoint(MemberQuerySet.read_rights)
    people = []
    if may_name:
        people = list(Member.objects.filter(home=unit, is_active=True).order_by("sort_key", "pk"))
    below = list(
        Unit.objects.living(today)
        .filter(placements__superior=unit, placements__ends_on=None)
        .order_by("sort_key", "pk")
    )
    superior = Unit.objects.filter(pk=unit.superior_pk).first()
    form = SplitForm(
        sent(request), unit=unit, superior=superior, people=people, below=below, today=today, initial={"on": today}
    )

    def split():
        return split_unit(
            by=request.user, unit=unit, today=today, parts=form.parts, shares=form.shares,
            goes_on=form.cleaned_data["goes_on"] == "yes", heir=form.takes_over, **form.event,
        )  # fmt: skip

    def foretell():
        on = form.cleaned_data["on"]
        goes_on = form.cleaned_data["goes_on"] == "yes"
        with transaction.atomic():
            after = split()
            lines = [f"{one.unit.name}: {_share(one)}." for one in foresee(after, on)]
            transaction.set_rollback(True)
        (old,) = foresee([unit], on)
        if not goes_on:
            lines.append(f"{unit.name} kết thúc từ {day(on)}; hồ sơ và số liệu cũ vẫn xem được.")
            lines += [said] if (said := _own_numbers(old, on)) else []
            place = form.shares.rest if form.takes_over is None else form.takes_over
            part = "" if place == SUPERIOR else after[place].name
            lines += _left([unit], part, part or superior.name, today)
        return [*lines, "Đơn vị mới chưa có ai giữ chức vụ: sau khi lưu, hãy giao chức vụ Bí thư."]

    return _event(
        request, unit, form, "branches/unit_split.html", lambda: split()[0], foretell=foretell,
        done="Đã chia tách. Hãy giao chức vụ tại các đơn vị mới.", may_name=may_name,
    )  # fmt: skip


def _share(one: Foresight) -> str:
    return f"{one.members} đoàn viên{f', {one.below} đơn vị trực thuộc' if one.below else ''}"


@Pages
def unit_dissolve(request, pk):
    unit = _unit(request, pk, may_restructure)
    today = timezone.localdate()
    may_name = not rights_at(request.user, unit).isdisjoint(MemberQuerySet.read_rights)
    members = Member.objects.filter(home=unit, is_active=True).order_by("sort_key", "pk")
    count = members.count()
    branches = (
        Unit.objects.filter(reach(request.user, right=RESTRUCTURERS), kind__in=Unit.BRANCH_KINDS)
        .living(today)
        .exclude(pk=unit.pk)
        .order_by("sort_key", "pk")
    )
    superior = Unit.objects.filter(pk=unit.superior_pk).first()
    initial = {"on": today} | dissolving_values(request.user, unit)
    form = DissolveForm(sent(request), has_members=bool(count), branches=branches, today=today, initial=initial)

    def work():
        dissolve_unit(by=request.user, unit=unit, today=today, **form.ending, **form.event)
        return unit

    def foretell():
        on, ending = form.cleaned_data["on"], form.ending
        (one,) = foresee([unit], on)
        lines = [f"{unit.name} giải thể từ {day(on)}; hồ sơ và số liệu cũ vẫn xem được."]
        if "members_to" in ending:
            lines.append(_carried(one, ending["members_to"].name))
        elif ending:
            lines.append(f"{one.members} đoàn viên ra khỏi danh sách, lý do: giới thiệu đi nơi khác.")
        lines += [said] if (said := _own_numbers(one, on)) else []
        branch = ending["members_to"].name if "members_to" in ending else ""
        return lines + _left([unit], branch, branch or (superior.name if superior else ""), today)

    return _event(
        request, unit, form, "branches/unit_dissolve.html", work, foretell=foretell, done="Đã ghi giải thể đơn vị.",
        people=list(members) if may_name else [], count=count,
    )  # fmt: skip
