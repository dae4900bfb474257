"""Dates and decisions about a recommendation: a later date, not done and accepted, taken back."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.forms.base import sent
from branches.scoping import get_editable_or_403
from inspections.easing import accept_not_done, answer_extension, ask_extension, extend_due, revoke_acceptance
from inspections.following import withdraw
from inspections.forms.follow_up import AcceptForm, AskForm, ConfirmForm, ExtendForm, ExtensionForm, WithdrawForm
from inspections.models import ExtensionRequest, Recommendation
from inspections.views.follow_up import WITH_CASE, after, of_unit
from inspections.views.saving import save


def _decided(request, pk) -> Recommendation:
    """A recommendation of a notice, for whoever decides for the committee; a seat in the team is not enough."""
    rows = Recommendation.objects.for_deciding().in_force().select_related(*WITH_CASE)
    return get_editable_or_403(rows, request.user, pk=pk)


def _step(request, row, form, verb, template, said, **context):
    """Show the form, or do the one thing it asks for. `verb` takes what every verb of a recommendation takes."""
    back = after(request, row)
    if request.method == "POST" and form.is_valid():

        def work():
            verb(
                recommendation=row, version=form.cleaned_data["version"], by=request.user, on=timezone.localdate(),
                **{name: form.cleaned_data[name] for name in form.base_fields},
            )  # fmt: skip
            return back

        if done := save(request, form, work, said=said, discard_url=back):
            return done
    return render(request, template, {"form": form, "row": row, "case": row.inspection, "back": back, **context})


@require_http_methods(["GET", "POST"])
def recommendation_extend(request, pk):
    """The committee moves the date of its own accord."""
    row = _decided(request, pk)
    form = ExtendForm(sent(request), initial={"version": row.version})
    return _step(request, row, form, extend_due, "inspections/recommendation_extend.html", "Đã đổi hạn.")


@require_http_methods(["GET", "POST"])
def extension_ask(request, pk):
    """The unit asks for a later date."""
    row = of_unit(request, pk)
    form = AskForm(sent(request), initial={"version": row.version})
    said = "Đã gửi đề nghị gia hạn. Hạn cũ còn hiệu lực cho đến khi được đồng ý."
    return _step(request, row, form, ask_extension, "inspections/extension_ask.html", said)


@require_http_methods(["GET", "POST"])
def extension_answer(request, pk):
    """The committee agrees, gives another date, or refuses."""
    ways = (f"recommendation__{way}" for way in WITH_CASE)
    asked = get_editable_or_403(ExtensionRequest.objects.select_related("asked_by", *ways), request.user, pk=pk)
    row = asked.recommendation
    form = ExtensionForm(sent(request), initial={"version": asked.version}, asked=asked)
    back = after(request, row)
    if request.method == "POST" and form.is_valid():

        def work():
            answer_extension(
                extension=asked, version=form.cleaned_data["version"], by=request.user, on=timezone.localdate(),
                **form.fields_of_answer(),
            )  # fmt: skip
            return back

        if done := save(request, form, work, said="Đã trả lời đề nghị gia hạn.", discard_url=back):
            return done
    earlier = row.extensions.filter(state=ExtensionRequest.State.AGREED).count()
    return render(
        request,
        "inspections/extension_answer.html",
        {"form": form, "asked": asked, "row": row, "case": row.inspection, "earlier": earlier},
    )


@require_http_methods(["GET", "POST"])
def recommendation_accept(request, pk):
    row = _decided(request, pk)
    form = AcceptForm(sent(request), initial={"version": row.version})
    said = "Đã chấp nhận chưa thực hiện. Hết ngày đó kiến nghị tự mở lại."
    return _step(request, row, form, accept_not_done, "inspections/recommendation_accept.html", said)


@require_http_methods(["GET", "POST"])
def recommendation_revoke(request, pk):
    """Ask for it again before the acceptance has run out."""
    row = _decided(request, pk)
    form = ConfirmForm(sent(request), initial={"version": row.version})
    said = "Đã thôi chấp nhận, kiến nghị mở lại."
    accepted = row.is_accepted(timezone.localdate())
    why_not = "" if accepted else "Kiến nghị này không đang được chấp nhận chưa thực hiện."
    template = "inspections/recommendation_revoke.html"
    return _step(request, row, form, revoke_acceptance, template, said, why_not=why_not)


@require_http_methods(["GET", "POST"])
def recommendation_withdraw(request, pk):
    row = _decided(request, pk)
    form = WithdrawForm(sent(request), initial={"version": row.version})
    return _step(request, row, form, withdraw, "inspections/recommendation_withdraw.html", "Đã rút kiến nghị.")
