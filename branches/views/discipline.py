"""Disciplinary cases: the list, one case with its steps, and a page for each step. Every opening leaves a row."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.discipline_origin import origins_of
from branches.disciplining import (
    change_case,
    decide_case,
    dismiss_case,
    is_officer,
    lift_case,
    may_end,
    may_keep,
    measures_for,
    note_appeal,
    note_opening,
    open_case,
    open_unit_case,
    review_case,
)
from branches.disciplining_units import disbanding_case, may_keep_unit_case
from branches.formats import small
from branches.forms.base import sent
from branches.forms.merit import AppealForm, CaseEditForm, CaseForm, DecideCaseForm, EndCaseForm, ReviewForm
from branches.from_ballot import asked_ballot
from branches.leaving_posts import posts_left
from branches.models import Discipline, Member, Unit
from branches.models.merit import ClosedQuerySet
from branches.models.rule import rules_on
from branches.restructuring import may_restructure
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.typed_votes import result_of, vote_needs, vote_words
from branches.views.life_steps import answered_before, step_page, take_step

READERS = ClosedQuerySet.read_rights
CASES = Discipline.objects.select_related("unit", "member__home", "decided_by", "ballot__item__meeting")
State, Measure = Discipline.State, Discipline.Measure
STANDINGS = {
    State.OPENED: "going",
    State.REVIEWED: "waiting",
    State.DECIDED: "behind",
    State.DISMISSED: "none",
    State.LIFTED: "done",
}
PAGE_SIZE = 50
LAST_OPENINGS = 10
OF_UNIT = "Hồ sơ về chính đơn vị"


@require_GET
def discipline_list(request, pk):
    """Cases of the unit and below: those under way first. What they are about stands on their own pages only."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    first = Case(When(state__in=Discipline.OPEN, then=Value(0)), default=Value(1))
    rows = CASES.reached_by(request.user, READERS).filter(unit__path__startswith=unit.path)
    page = Paginator(rows.order_by(first, "-opened_on", "-pk"), PAGE_SIZE).get_page(request.GET.get("trang"))
    context = {
        "unit": unit,
        "page": page,
        "rows": [{"case": one, "standing": STANDINGS[one.state]} for one in page],
        "may_write": "manage" in rights_at(request.user, unit),
        "may_open_unit": may_keep_unit_case(request.user, unit, on=timezone.localdate()) and not unit.dissolved_on,
    }
    return render(request, "branches/discipline_list.html", context)


@require_GET
def discipline(request, pk):
    """One case, for those who keep the register, those who decide, and the person; each opening is written down."""
    found = get_visible_or_404(CASES, request.user, pk=pk)
    today = timezone.localdate()
    rights = rights_at(request.user, found.unit)
    note_opening(case=found, by=request.user)
    keeps = may_keep(found, request.user, on=today)
    is_open = found.state in Discipline.OPEN
    disbanding = disbanding_case(found.unit) if found.is_of_unit else None
    result = result_of(found)
    return render(
        request,
        "branches/discipline.html",
        {
            "case": found,
            "unit": found.unit,
            "standing": STANDINGS[found.state],
            "vote": vote_words(found),
            "result": result.words if result else "",
            "is_officer": not found.is_of_unit and is_open and is_officer(found.member, found.unit, today),
            "may_keep": keeps,
            "may_review": keeps and found.state == State.OPENED,
            "may_decide": found.state == State.REVIEWED and bool(measures_for(found, request.user, on=today)),
            "may_dismiss": is_open and _may_dismiss(request, found, today),
            "may_lift": found.state == State.DECIDED
            and found.measure not in (Measure.EXPULSION, Measure.DISBANDMENT)
            and may_end(found, request.user, on=today),
            "may_appeal": found.state in (State.DECIDED, State.LIFTED) and not rights.isdisjoint(READERS),
            "reads_register": not rights.isdisjoint(READERS),
            "to_dissolve": disbanding == found and may_restructure(request.user, found.unit),
            "origins": origins_of(request.user, found),
            "openings": found.accesses.select_related("account").order_by("-pk")[:LAST_OPENINGS],
        },
    )


def _about(found: Discipline) -> dict:
    back = reverse("branches:discipline", args=[found.pk])
    return {"back": back, "unit": found.unit, "about": OF_UNIT if found.is_of_unit else found.whom}


def _to_keep(request, pk) -> Discipline:
    """For whoever keeps the register, of a unit for those above it; never for the person it is about."""
    found = get_visible_or_404(CASES, request.user, pk=pk)
    if not may_keep(found, request.user, on=timezone.localdate()):
        raise PermissionDenied
    return found


def _is_own(request, found: Discipline) -> bool:
    return found.member_id is not None and request.user.member_id == found.member_id


def _not_own(request, found: Discipline) -> Discipline:
    if _is_own(request, found):
        raise PermissionDenied
    return found


def _may_dismiss(request, found: Discipline, today) -> bool:
    """Who keeps the case lets it be; of a member also the superior that would decide."""
    if _is_own(request, found):
        return False
    if found.is_of_unit:
        return may_keep(found, request.user, on=today)
    return not rights_at(request.user, found.unit).isdisjoint(READERS)


@require_http_methods(["GET", "HEAD", "POST"])
def discipline_new(request, pk):
    members = Member.objects.reached_by(request.user, READERS).select_related("home")
    member = get_editable_or_403(members, request.user, pk=pk)
    if request.user.member_id == member.pk:
        raise PermissionDenied
    today = timezone.localdate()
    form = CaseForm(sent(request), initial={"opened_on": today})

    def begin():
        made = open_case(member=member, by=request.user, on=today, **form.said())
        return reverse("branches:discipline", args=[made.pk])

    if answer := take_step(request, form, begin, "Đã lập hồ sơ. Khi chi đoàn họp xét thì ghi kết quả bỏ phiếu."):
        return answer
    says = [
        "Hồ sơ chỉ người quản lý chi đoàn, Đoàn cấp trên và chính đoàn viên đọc được; mỗi lần mở đều được ghi lại.",
        "Khi hồ sơ chưa xong, chi đoàn chưa giải quyết xin thôi, chuyển sinh hoạt của đoàn viên.",
    ]
    return step_page(
        request, form, title="Xem xét kỷ luật", button="Lập hồ sơ", says=says, unit=member.home,
        back=reverse("branches:member", args=[member.pk]), about=member.full_name,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def discipline_unit_new(request, pk):
    """Those above a unit begin to look at a violation of the unit itself."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    today = timezone.localdate()
    if not may_keep_unit_case(request.user, unit, on=today):
        raise PermissionDenied
    form = CaseForm(sent(request), initial={"opened_on": today}, of_unit=True)

    def begin():
        made = open_unit_case(unit=unit, by=request.user, on=today, **form.said())
        return reverse("branches:discipline", args=[made.pk])

    if answer := take_step(request, form, begin, "Đã lập hồ sơ. Khi Ban Chấp hành họp xét thì ghi kết quả bỏ phiếu."):
        return answer
    says = [
        "Đây là hồ sơ về chính đơn vị; về một đoàn viên thì mở trang của người đó.",
        "Hồ sơ chỉ Đoàn cấp trên và người quản lý của đơn vị đọc được; mỗi lần mở đều được ghi lại.",
    ]
    return step_page(
        request, form, title="Xem xét kỷ luật đơn vị", button="Lập hồ sơ", says=says, unit=unit,
        back=reverse("branches:discipline_list", args=[unit.pk]), about=OF_UNIT,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def discipline_edit(request, pk):
    found = _to_keep(request, pk)
    if answer := answered_before(request):
        return answer
    if found.state != State.OPENED:
        return redirect("branches:discipline", pk=found.pk)
    if request.method == "GET":
        note_opening(case=found, by=request.user)
    today = timezone.localdate()
    initial = {"opened_on": found.opened_on, "facts": found.facts, "version": found.version}
    form = CaseEditForm(sent(request), initial=initial, of_unit=found.is_of_unit)

    def change():
        change_case(case=found, version=form.cleaned_data["version"], on=today, **form.said())
        return reverse("branches:discipline", args=[found.pk])

    if answer := take_step(request, form, change, "Đã lưu hồ sơ."):
        return answer
    return step_page(request, form, title="Sửa hồ sơ", button="Lưu hồ sơ", **_about(found))


@require_http_methods(["GET", "HEAD", "POST"])
def discipline_review(request, pk):
    """What the branch voted: a vote of a meeting, or the numbers of the paper minutes."""
    found = _to_keep(request, pk)
    if answer := answered_before(request):
        return answer
    if found.state != State.OPENED:
        return redirect("branches:discipline", pk=found.pk)
    today = timezone.localdate()
    ballot = None if found.is_of_unit else asked_ballot(request, found.member, found.unit, Discipline.DECISION)
    form = ReviewForm(sent(request), case=found, initial={"ballot": ballot.pk if ballot else None})

    def review():
        said = form.said_vote()
        review_case(case=found, proposed=form.cleaned_data["proposed"], by=request.user, on=today, **said)
        return reverse("branches:discipline", args=[found.pk])

    if answer := take_step(request, form, review, "Đã ghi kết quả họp xét."):
        return answer
    context = {"form": form, "case": found, "needs": _vote_needs(found, today), **_about(found)}
    return render(request, "branches/discipline_review.html", context)


def _vote_needs(found: Discipline, today) -> list[str]:
    """What the vote needs, by the rules of today, in words; two lines about a unit, whose disbanding needs more."""
    rules = rules_on(today)["vote_rules"]
    if not found.is_of_unit:
        return [vote_needs(rules[found.decision_kind], "số đoàn viên")]
    whom = "số ủy viên Ban Chấp hành Đoàn cấp trên"
    return [
        f"Khiển trách, cảnh cáo: {vote_needs(rules['unit'], whom)}",
        f"Giải tán: {vote_needs(rules['disbandment'], whom)}",
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def discipline_decide(request, pk):
    """Who has the authority decides; the page says what the measure will do."""
    found = _not_own(request, get_visible_or_404(CASES, request.user, pk=pk))
    if answer := answered_before(request):
        return answer
    today = timezone.localdate()
    measures = measures_for(found, request.user, on=today)
    if not measures:
        raise PermissionDenied
    if found.state != State.REVIEWED:
        return redirect("branches:discipline", pk=found.pk)
    initial = {"measure": found.proposed, "decided_on": today}
    form = DecideCaseForm(sent(request), measures=measures, initial=initial)
    people = [] if found.is_of_unit else [found.member]
    form.offer_posts(posts_left(people, user=request.user, on=today).get(found.member_id, []))

    def decide():
        said = {name: form.cleaned_data[name] for name in ("measure", "decision", "decided_on")}
        posts = [one.pk for one in form.ending(found.member)] if said["measure"] in ENDS_POSTS else []
        decide_case(case=found, by=request.user, on=today, posts=posts, **said)
        return reverse("branches:discipline", args=[found.pk])

    done = "Đã ghi quyết định."
    if not found.is_of_unit:
        done += " Phần giữ kín của hồ sơ đoàn viên đã ghi theo."
    if answer := take_step(request, form, decide, done):
        return answer
    says = UNIT_SAYS if found.is_of_unit else MEMBER_SAYS
    return step_page(request, form, title="Quyết định kỷ luật", button="Ghi quyết định", says=says, **_about(found))


ENDS_POSTS = (Measure.REMOVAL, Measure.EXPULSION)
MEMBER_SAYS = [
    "Khiển trách, cảnh cáo: ghi vào phần giữ kín của hồ sơ.",
    "Cách chức: chức vụ đánh dấu dưới đây thôi từ ngày quyết định. "
    "Khai trừ: đoàn viên rời danh sách từ ngày quyết định, chức vụ đánh dấu cũng thôi.",
]
UNIT_SAYS = [
    "Giải tán do cấp trên của Đoàn cấp trên trực tiếp quyết định. Ghi quyết định chưa làm đơn vị giải thể: "
    "sau đó mở trang giải thể để ghi đoàn viên về đâu.",
]


@require_http_methods(["GET", "HEAD", "POST"])
def discipline_dismiss(request, pk):
    found = get_visible_or_404(CASES, request.user, pk=pk)
    if not _may_dismiss(request, found, timezone.localdate()):
        raise PermissionDenied
    if answer := answered_before(request):
        return answer
    if found.state not in Discipline.OPEN:
        return redirect("branches:discipline", pk=found.pk)
    today = timezone.localdate()
    form = EndCaseForm(sent(request), initial={"ended_on": today})

    def dismiss():
        dismiss_case(case=found, by=request.user, on=today, **form.said())
        return reverse("branches:discipline", args=[found.pk])

    if answer := take_step(request, form, dismiss, "Đã ghi thôi xem xét, không kỷ luật."):
        return answer
    says = ["Hồ sơ dừng ở đây, không có hình thức kỷ luật nào."]
    return step_page(request, form, title="Không kỷ luật", button="Ghi thôi xem xét", says=says, **_about(found))


@require_http_methods(["GET", "HEAD", "POST"])
def discipline_lift(request, pk):
    found = _not_own(request, get_visible_or_404(CASES, request.user, pk=pk))
    if answer := answered_before(request):
        return answer
    today = timezone.localdate()
    if not may_end(found, request.user, on=today):
        raise PermissionDenied
    if found.state != State.DECIDED:
        return redirect("branches:discipline", pk=found.pk)
    form = EndCaseForm(sent(request), initial={"ended_on": today})

    def lift():
        lift_case(case=found, by=request.user, on=today, **form.said())
        return reverse("branches:discipline", args=[found.pk])

    if answer := take_step(request, form, lift, "Đã công nhận sửa chữa. Hình thức này hết hiệu lực."):
        return answer
    says = [
        f"Công nhận đã sửa chữa khuyết điểm; hình thức {small(found.get_measure_display())} hết hiệu lực từ ngày này."
    ]
    return step_page(request, form, title="Công nhận sửa chữa", button="Ghi công nhận", says=says, **_about(found))


@require_http_methods(["GET", "HEAD", "POST"])
def discipline_appeal(request, pk):
    found = _not_own(request, get_editable_or_403(CASES, request.user, right=READERS, pk=pk))
    if answer := answered_before(request):
        return answer
    if found.state not in (State.DECIDED, State.LIFTED):
        return redirect("branches:discipline", pk=found.pk)
    today = timezone.localdate()
    initial = {"appealed_on": found.appealed_on or today, "appeal_note": found.appeal_note}
    form = AppealForm(sent(request), initial=initial)

    def note():
        said = form.cleaned_data
        note_appeal(case=found, appealed_on=said["appealed_on"], note=said["appeal_note"], on=today)
        return reverse("branches:discipline", args=[found.pk])

    if answer := take_step(request, form, note, "Đã ghi khiếu nại."):
        return answer
    return step_page(request, form, title="Khiếu nại", button="Lưu khiếu nại", **_about(found))
