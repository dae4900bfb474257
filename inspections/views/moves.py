"""The steps of a case that need little more than a button: each on a page of its own that says what will happen."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.formats import day
from branches.forms.base import sent
from inspections.forms.moves import EscalateForm, ReasonForm, ReinspectForm, SendPlanForm, TeamReportForm, VerifyForm
from inspections.models import Inspection
from inspections.moving import (
    begin_verification,
    cancel_case,
    escalate,
    file_team_report,
    order_reinspection,
    reopen,
    report_due,
    send_plan,
    state_before,
    step_back,
)
from inspections.states import left_out, why_not
from inspections.views.cases import case_to
from inspections.views.saving import is_sent, save
from inspections.wording import paper_words

# The steps whose paper has to be written beside them; a step back or out has none.
PAPER_OF = {
    "send_plan": paper_words(Inspection.State.PLAN_SENT).replace(";", " kèm đề cương báo cáo;", 1),
    "file_report": paper_words(Inspection.State.REPORTED),
}


def _step(request, case, verb, form, work, *, heading, button, said, lines=(), typed=False, blocked="", **context):
    """One step: the page that says what it does, and doing it. `work` gives the case to go to; `blocked` is what
    stands in the way though the state of the case does not."""
    url = reverse("inspections:inspection", args=[case.pk])
    is_whole = is_sent(request, form) if typed else request.method == "POST"
    if is_whole and form.is_valid():

        def done():
            return reverse("inspections:inspection", args=[work(form.cleaned_data).pk])

        if answer := save(request, form, done, said=said, discard_url=url):
            return answer
    return render(
        request,
        "inspections/case_step.html",
        {
            "form": form, "case": case, "heading": heading, "button": button, "lines": lines, "typed": typed,
            "why_not": why_not(case, verb) or blocked, "paper": PAPER_OF.get(verb, ""), **context,
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def send_plan_page(request, pk):
    case = case_to(request.user, pk, "send_plan")
    today = timezone.localdate()
    due = report_due(case, today)
    form = SendPlanForm(
        sent(request), initial={"version": case.version, "sent_on": today, "self_report_due_on": due},
        suggested=f"Gợi ý theo ngày làm việc {day(case.visited_on)}: {day(due)}." if due else "",
    )  # fmt: skip

    def work(data):
        return send_plan(
            inspection=case, version=data["version"], by=request.user, on=today, sent_on=data["sent_on"],
            self_report_due_on=data["self_report_due_on"],
        )  # fmt: skip

    lines = [f"{case.unit.name} thấy cuộc này, đề cương và hạn gửi báo cáo ngay sau khi lưu."]
    is_draft = case.programme.state == case.programme.State.DRAFT
    return _step(
        request, case, "send_plan", form, work, heading="Gửi kế hoạch, đề cương", button="Ghi đã gửi kế hoạch",
        said="Đã ghi ngày gửi kế hoạch.", lines=lines,
        blocked="Chương trình làm căn cứ chưa ban hành. Hãy ban hành chương trình trước." if is_draft else "",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def verify(request, pk):
    """The team goes through books and papers."""
    case = case_to(request.user, pk, "verify")
    form = VerifyForm(sent(request), initial={"version": case.version}, needs_reason=left_out(case))

    def work(data):
        return begin_verification(
            inspection=case, version=data["version"], by=request.user, on=timezone.localdate(),
            reason=data.get("reason", ""),
        )  # fmt: skip

    return _step(
        request, case, "verify", form, work, heading="Bắt đầu thẩm tra, xác minh", button="Bắt đầu thẩm tra",
        said="Đã bắt đầu thẩm tra.",
        lines=["Từ bước này đoàn kiểm tra ghi được nhận định; đơn vị vẫn bổ sung được phần tự chấm."],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def team_report(request, pk):
    """The head of the team reports to the committee."""
    case = case_to(request.user, pk, "file_report")
    form = TeamReportForm(sent(request), initial={"version": case.version, "opinion": case.team_opinion})

    def work(data):
        return file_team_report(
            inspection=case, version=data["version"], by=request.user, on=timezone.localdate(),
            opinion=data["opinion"],
        )  # fmt: skip

    counted = f"{case.findings.count()} nhận định, {case.recommendations.count()} kiến nghị dự thảo"
    return _step(
        request, case, "file_report", form, work, heading="Báo cáo của đoàn kiểm tra", button="Gửi báo cáo của đoàn",
        said="Đã gửi báo cáo của đoàn kiểm tra.", typed=True,
        lines=[f"Báo cáo gồm {counted}; Ủy ban Kiểm tra xem rồi thông báo kết luận."],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def step_back_page(request, pk):
    case = case_to(request.user, pk, "step_back")
    form = ReasonForm(sent(request), initial={"version": case.version})

    def work(data):
        return step_back(
            inspection=case, version=data["version"], by=request.user, on=timezone.localdate(), reason=data["reason"]
        )

    before = state_before(case)
    lines = [f"Cuộc này trở lại bước: {before.label.lower()}. Những gì đã ghi vẫn giữ nguyên."]
    if before == Inspection.State.PLAN_SENT:
        lines.append("Báo cáo đã nhận trả về cho đơn vị để bổ sung và gửi lại.")
    return _step(
        request, case, "step_back", form, work, heading="Lùi một bước?", button="Lùi một bước", said="Đã lùi một bước.",
        lines=lines,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def reopen_page(request, pk):
    case = case_to(request.user, pk, "reopen")
    form = ReasonForm(sent(request), initial={"version": case.version})

    def work(data):
        return reopen(
            inspection=case, version=data["version"], by=request.user, on=timezone.localdate(), reason=data["reason"]
        )

    closed = case.state == Inspection.State.CLOSED
    return _step(
        request, case, "reopen", form, work, heading="Mở lại hồ sơ?" if closed else "Thôi phúc tra?",
        button="Mở lại hồ sơ" if closed else "Thôi phúc tra", said="Đã mở lại hồ sơ.",
        lines=["Hồ sơ trở lại bước theo dõi kiến nghị; kết luận và các kiến nghị giữ nguyên."],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def cancel(request, pk):
    case = case_to(request.user, pk, "cancel")
    form = ReasonForm(sent(request), initial={"version": case.version})
    lines = ["Hồ sơ vẫn đọc được, cùng lý do; không ghi thêm được nữa."]
    if case.programme.state == case.programme.State.ISSUED:
        lines.append(f"Lý do hiện trong các thay đổi của chương trình {case.programme.number}.")
    if case.state not in (Inspection.State.PLANNED, Inspection.State.TEAM):
        lines.append(f"{case.unit.name} đã nhận kế hoạch: hãy báo cho đơn vị biết.")

    def work(data):
        return cancel_case(
            inspection=case, version=data["version"], by=request.user, on=timezone.localdate(), reason=data["reason"]
        )

    return _step(
        request, case, "cancel", form, work, heading="Đưa ra khỏi chương trình?", button="Đưa ra khỏi chương trình",
        said="Đã đưa cuộc này ra khỏi chương trình.",
        lines=lines,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def escalate_page(request, pk):
    """Signs of violation: a new inspection takes up what this one found."""
    case = case_to(request.user, pk, "escalate")
    initial = {"version": case.version, "title": f"Kiểm tra khi có dấu hiệu vi phạm: {case.title}"[:200]}
    form = EscalateForm(sent(request), initial=initial)

    def work(data):
        return escalate(
            inspection=case, version=data["version"], by=request.user, on=timezone.localdate(),
            reason=data["reason"], title=data["title"],
        )  # fmt: skip

    return _step(
        request, case, "escalate", form, work, heading="Chuyển kiểm tra khi có dấu hiệu vi phạm?",
        button="Chuyển kiểm tra", said="Đã mở cuộc kiểm tra khi có dấu hiệu vi phạm.",
        lines=[
            "Cuộc này kết thúc, không ra thông báo kết luận.",
            "Một cuộc kiểm tra mới được mở với đoàn kiểm tra hiện nay và các nội dung của cuộc này.",
        ],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def reinspect(request, pk):
    case = case_to(request.user, pk, "order_reinspection")
    today = timezone.localdate()
    initial = {"version": case.version, "title": f"Phúc tra: {case.title}"[:200]}
    form = ReinspectForm(sent(request), initial=initial)

    def work(data):
        return order_reinspection(
            inspection=case, version=data["version"], by=request.user, on=today, title=data["title"],
            planned_month=data["planned_month"],
        )  # fmt: skip

    return _step(
        request, case, "order_reinspection", form, work, heading="Mở cuộc phúc tra", button="Mở cuộc phúc tra",
        said="Đã mở cuộc phúc tra.", lines=["Cuộc mới có cùng đoàn kiểm tra và xem lại các kiến nghị còn mở:"],
        left=list(case.recommendations.open().order_by("number", "pk")),
    )  # fmt: skip
