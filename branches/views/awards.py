"""Awards: the list with filters and Excel, one form for a whole decision, correcting."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.awarding import change_award, drop_award, give_awards, streak_words, streaks
from branches.forms.base import sent
from branches.forms.merit import AwardEditForm, AwardForm, AwardSearch, DropForm
from branches.models import Award, Member, Unit
from branches.models.merit import AwardQuerySet
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.vietnamese import lower, nfc, plain
from branches.views.attachments import attached
from branches.views.life_steps import answered_before, step_page, take_step
from branches.workbook import XLSX, Workbook

AWARDS = Award.objects.select_related("unit", "member__home")
READERS, WRITERS = AwardQuerySet.read_rights, set(AwardQuerySet.write_rights)
PAGE_SIZE = 50
COLUMNS = (
    ("Khen ai", 28), ("Đơn vị", 30), ("Hình thức", 22), ("Khen về việc gì", 44), ("Cấp khen", 30),
    ("Số quyết định", 20), ("Ngày", 12), ("Năm được khen", 10), ("Số năm liền", 10),
)  # fmt: skip


@require_GET
def award_list(request, pk):
    """Awards of the unit, of its members and of what is below it, the newest first."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    search = AwardSearch(request.GET or None)
    page = Paginator(_found(request.user, unit, search), PAGE_SIZE).get_page(request.GET.get("trang"))
    context = {
        "unit": unit,
        "search": search,
        "is_searched": any(request.GET.get(name) for name in search.fields),
        "page": page,
        "rows": _rows(request.user, page),
        "may_add": not WRITERS.isdisjoint(rights_at(request.user, unit)),
    }
    return render(request, "branches/award_list.html", context)


def _found(user, unit: Unit, search: AwardSearch):
    rows = AWARDS.visible_to(user).filter(unit__path__startswith=unit.path).order_by("-dated_on", "-pk")
    said = search.cleaned_data if search.is_bound and search.is_valid() else {}
    if said.get("nam"):
        rows = rows.filter(year=said["nam"])
    if said.get("kieu"):
        rows = rows.filter(kind=said["kieu"])
    if said.get("ai"):
        rows = rows.filter(member__isnull=said["ai"] == "don-vi")
    for word in nfc(said.get("q") or "").split():
        if plain(word) == lower(word):
            rows = rows.filter(member__name_key__contains=f" {plain(word)}")
        else:
            rows = rows.filter(member__name_lower__contains=lower(word))
    return rows


def _rows(user, awards) -> list[dict]:
    """Each with its years in a row; those may lie on another page. One query more, whatever the number of rows."""
    awards = list(awards)
    counts = _streaks(awards)
    return [
        {
            "award": one,
            "streak": streak_words(counts[one.pk]),
            "may_edit": not WRITERS.isdisjoint(rights_at(user, one.unit)),
        }
        for one in awards
    ]


def _streaks(awards: list[Award]) -> dict[int, int]:
    members = {one.member_id for one in awards if one.member_id}
    units = {one.unit_id for one in awards if not one.member_id}
    around = Award.objects.filter(member__in=members) | Award.objects.filter(member=None, unit__in=units)
    return streaks(around) if awards else {}


def panel_of(user, awards, most: int) -> list[dict]:
    """The newest awards for a page about somebody or some unit, with their years in a row. Two queries."""
    return _rows(user, awards.select_related("unit", "member__home").order_by("-dated_on", "-pk")[:most])


@require_GET
def award_xlsx(request, pk):
    """The list as filtered."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    today = timezone.localdate()
    awards = list(_found(request.user, unit, AwardSearch(request.GET or None)))
    counts = _streaks(awards)
    book = Workbook(f"Khen thưởng {unit.name}", made_on=today)
    sheet = book.sheet("Khen thưởng", COLUMNS, (f"Khen thưởng, {unit.name}", f"Lập ngày {today:%d/%m/%Y}"))
    for one in awards:
        whose = one.member.full_name if one.member else one.unit.name
        sheet.add(
            whose, one.unit.name, one.get_kind_display(), one.title, one.given_by, one.number, one.dated_on,
            str(one.year), counts[one.pk],
        )  # fmt: skip
    return attached(book.content(), XLSX, f"Khen thưởng {unit.name} {today:%d-%m-%Y}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def award_new(request, pk):
    """One decision for the unit, for several of its members, or for both."""
    units = Unit.objects.reached_by(request.user, READERS)
    unit = get_editable_or_403(units, request.user, right=AwardQuerySet.write_rights, pk=pk)
    today = timezone.localdate()
    # Whoever may give an award here sees the roll of the branch; a superior's own awards are of the unit.
    members = Member.objects.visible_to(request.user).filter(home=unit, is_active=True).select_related("home")
    members = members.order_by("sort_key", "pk")
    initial = {"dated_on": today, "year": today.year, "to_unit": not unit.is_branch}
    chosen = request.GET.get("doan-vien", "")
    if len(chosen) < 12 and chosen.isascii() and chosen.isdecimal():
        initial["members"] = [int(chosen)]
    form = AwardForm(sent(request), unit=unit, members=members, initial=initial)
    back = reverse("branches:award_list", args=[unit.pk])

    def give():
        chosen = list(form.cleaned_data["members"])
        give_awards(
            unit=unit, members=chosen, to_unit=form.cleaned_data["to_unit"], by=request.user, on=today, **form.said()
        )
        return back

    def done():
        count = len(form.cleaned_data["members"]) + form.cleaned_data["to_unit"]
        return f"Đã ghi {count} khen thưởng."

    if answer := take_step(request, form, give, done):
        return answer
    ticked = {str(value) for value in (form["members"].value() or [])}
    context = {
        "unit": unit,
        "form": form,
        "people": [{"member": one, "is_ticked": str(one.pk) in ticked} for one in members],
        "back": back,
    }
    return render(request, "branches/award_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def award_edit(request, pk):
    award = get_editable_or_403(AWARDS, request.user, pk=pk)
    names = ("kind", "title", "given_by", "number", "dated_on", "year", "version")
    form = AwardEditForm(sent(request), initial={name: getattr(award, name) for name in names})
    back = reverse("branches:award_list", args=[award.unit_id])
    today = timezone.localdate()

    def change():
        change_award(award=award, version=form.cleaned_data["version"], on=today, **form.said())
        return back

    if answer := take_step(request, form, change, "Đã lưu khen thưởng."):
        return answer
    context = {"unit": award.unit, "award": award, "form": form, "back": back}
    return render(request, "branches/award_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def award_drop(request, pk):
    if answer := answered_before(request):
        return answer
    award = get_editable_or_403(AWARDS, request.user, pk=pk)
    form = DropForm(sent(request), initial={"version": award.version})
    back = reverse("branches:award_list", args=[award.unit_id])

    def drop():
        drop_award(award=award, version=form.cleaned_data["version"])
        return back

    if answer := take_step(request, form, drop, "Đã bỏ khen thưởng ghi nhầm."):
        return answer
    about = award.member.full_name if award.member else award.unit.name
    says = [f"{award.get_kind_display()}: {award.title}. Bỏ rồi không còn trong danh sách và số năm liền."]
    return step_page(
        request, form, title="Bỏ khen thưởng ghi nhầm", button="Bỏ khen thưởng này", back=back, unit=award.unit,
        about=about, says=says, warns=True,
    )  # fmt: skip
