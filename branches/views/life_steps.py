"""What every page has that takes one step in somebody's life: one form, done once, then back to where it is seen."""

from collections.abc import Callable

from django.contrib import messages
from django.shortcuts import redirect, render

from branches.enrolling import EnrolmentRefused
from branches.forms.fields import FormKeyField
from branches.forms.picking import FIND
from branches.leaving_posts import named
from branches.models import EditConflict
from branches.receipts import once, receipt_of

# What the browser kept is shown again, a long list is looked through: the form comes back without a verdict.
LOOKS = ("restore", FIND)
MEANWHILE = "Có người vừa sửa hồ sơ này. Chưa ghi đè gì cả; hãy mở lại trang rồi ghi lại."


def answered_before(request):
    """The answer to a form that was sent and done before; None for every other request.

    Ask before looking at what the first sending has changed: by now it may be an error, or not this person's.
    """
    key = FormKeyField().to_python(request.POST.get("form_key", "")) if request.method == "POST" else None
    location = receipt_of(key, request.user) if key else None
    if location is None:
        return None
    messages.success(request, "Đã lưu.", extra_tags=str(key))
    return redirect(location)


def take_step(
    request, form, act: Callable[[], str], done: str | Callable[[], str], *,
    refused: type[Exception] = EnrolmentRefused, meanwhile: str = MEANWHILE, whole: Callable[[], bool] = lambda: True,
):  # fmt: skip
    """Do `act` when the form was sent and is whole, and go where it leads; None to show the page.

    `act` calls the verb and returns the address; what it refuses (`refused`) stands on the form, and `meanwhile`
    where somebody was faster. `whole` judges what else the page sent, so that all of it is answered at once.
    """
    if request.method != "POST":
        return None
    if request.POST.get("do") in LOOKS:
        form.judge_later()
        return None
    # A form sent twice is answered before it is judged: what it chose may be gone from the lists by now.
    if answer := answered_before(request):
        return answer
    if not all([form.is_valid(), whole()]):
        return None
    try:
        location, _ = once(form.cleaned_data["form_key"], request.user, act)
    except refused as refusal:
        form.refuse(refusal)
    except EditConflict:
        form.add_error(None, meanwhile)
    else:
        text = done() if callable(done) else done
        messages.success(request, text, extra_tags=str(form.cleaned_data["form_key"]))  # js/keep.js lets go of it
        return redirect(location)
    return None


def ended_words(posts) -> str:
    """ " Thôi chức vụ: Bí thư, Chi đoàn Sở Y tế.", said behind a step; nothing where no post ended."""
    return f" Thôi chức vụ: {'; '.join(named(one) for one in posts)}." if posts else ""


def step_page(request, form, *, title: str, button: str, back: str, unit, about: str, says=(), facts=(), warns=False):
    """The page of a step: whom it is about, what it will do, the form, one button that names the deed.

    `says` are paragraphs, `facts` pairs of label and text; `warns` sets the paragraphs off as a warning. Without a
    `button` there is nothing to do here, and the paragraphs say why.
    """
    return render(
        request,
        "branches/life_step.html",
        {
            "form": form,
            "title": title,
            "button": button,
            "back": back,
            "unit": unit,
            "about": about,
            "says": says,
            "facts": facts,
            "warns": warns,
        },
    )
