"""Whether the person gets the weekly letter, and at which address."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from branches.accounts import AddressRefused, ask_to_confirm, waiting_address
from branches.forms.base import OfficeForm, sent
from branches.meetings.inviting import mail_is_configured
from reports.digest import choose_digest


class DigestForm(OfficeForm):
    wants = forms.BooleanField(label="Gửi thư nhắc việc cho tôi mỗi tuần một lần", required=False)


class AddressForm(OfficeForm):
    email = forms.EmailField(
        label="Địa chỉ thư của tôi",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def digest_settings(request):
    """One tick, and the own address: it counts once the link mailed to it was opened."""
    account, asks = request.user, request.method == "POST" and request.POST.get("do") == "address"
    form = DigestForm(None if asks else sent(request), initial={"wants": account.wants_digest})
    waiting = waiting_address(account)
    address_form = AddressForm(sent(request) if asks else None, initial={"email": waiting})
    if asks and address_form.is_valid():
        try:
            address = ask_to_confirm(request=request, account=account, email=address_form.cleaned_data["email"])
        except AddressRefused as refusal:
            address_form.refuse(refusal)
        else:
            messages.success(request, _said_of(address))
            return redirect("reports:digest_settings")
    elif request.method == "POST" and form.is_valid():
        wants = form.cleaned_data["wants"]
        choose_digest(account=account, wants=wants)
        messages.success(request, "Đã bật thư nhắc hằng tuần." if wants else "Đã tắt thư nhắc hằng tuần.")
        return redirect("branches:more")
    return render(
        request,
        "reports/digest_settings.html",
        {
            "form": form,
            "address_form": address_form,
            "address": account.email,
            "waiting": waiting,
            "mail": mail_is_configured(),
        },
    )


def _said_of(address) -> str:
    if address.verified:
        return f"Thư nhắc từ nay gửi đến {address.email}."
    return f"Đã gửi thư xác nhận đến {address.email}. Hãy mở thư rồi bấm đường dẫn trong 3 ngày."
