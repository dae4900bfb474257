"""Whether the person gets the weekly letter."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from branches.forms.base import OfficeForm, sent
from reports.digest import choose_digest


class DigestForm(OfficeForm):
    wants = forms.BooleanField(label="Gửi thư nhắc việc cho tôi mỗi tuần một lần", required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def digest_settings(request):
    """One tick; the address itself is kept by the administrator."""
    form = DigestForm(sent(request), initial={"wants": request.user.wants_digest})
    if request.method == "POST" and form.is_valid():
        wants = form.cleaned_data["wants"]
        choose_digest(account=request.user, wants=wants)
        messages.success(request, "Đã bật thư nhắc hằng tuần." if wants else "Đã tắt thư nhắc hằng tuần.")
        return redirect("branches:more")
    return render(request, "reports/digest_settings.html", {"form": form, "address": request.user.email})
