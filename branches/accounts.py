"""Signing in: no sign-up, Vietnamese answers. Accounts are opened by the administrator only."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.contrib.auth.password_validation import MinimumLengthValidator

from branches.forms.base import OfficeFormMixin, required_answer

WRONG_LOGIN = "Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy xem lại dấu tiếng Việt và phím viết hoa."
TOO_MANY = "Đã thử nhiều lần liên tiếp. Hãy đợi vài phút rồi đăng nhập lại."
WRONG_CODE = "Mã chưa đúng hoặc đã hết hạn. Hãy ghi mã 6 số đang hiện trên điện thoại."


class AddressRefused(Exception):
    """No link was mailed; `errors` says why."""

    def __init__(self, message: str):
        self.errors = {"email": message}
        super().__init__(message)


def ask_to_confirm(*, request, account, email: str) -> EmailAddress:
    """Mail a link to the address. It becomes the account's own when the link is opened, and not before.

    Call outside a transaction: it waits for the mail server. `request` is what allauth counts tries by and
    makes the link from. One address waits at a time; a link to an earlier one ends.
    """
    email = email.strip().lower()
    if email == account.email.lower():
        raise AddressRefused("Thư nhắc đang gửi đến địa chỉ này rồi.")
    if not ratelimit.consume(request, action="manage_email", user=account):
        raise AddressRefused("Đã xin xác nhận nhiều lần. Hãy thử lại sau một giờ.")
    EmailAddress.objects.filter(user=account, verified=False).exclude(email=email).delete()
    address, _ = EmailAddress.objects.get_or_create(user=account, email=email)
    if address.verified:  # confirmed before; the administrator wrote another one since
        address.user = account
        address.set_as_primary()
        return address
    if not ratelimit.consume(request, action="confirm_email", key=email):
        raise AddressRefused("Vừa gửi thư xác nhận đến đây. Hãy tìm cả trong mục thư rác; 3 phút sau mới gửi lại được.")
    try:
        address.send_confirmation(request)
    except OSError as error:  # SMTPException is one
        raise AddressRefused("Chưa gửi được thư xác nhận: máy chủ thư không nhận. Hãy thử lại sau.") from error
    return address


def waiting_address(account) -> str:
    """The address whose link was mailed and not opened yet; empty where there is none."""
    found = EmailAddress.objects.get_new(account)
    return found.email if found else ""


class LongEnoughPassword(MinimumLengthValidator):
    """Django has no Vietnamese for this one answer."""

    def get_error_message(self):
        return f"Mật khẩu quá ngắn. Hãy đặt ít nhất {self.min_length} ký tự, ví dụ một câu dễ nhớ."


class ClosedSignupAdapter(DefaultAccountAdapter):
    """allauth speaks no Vietnamese; the answers a person can meet here are written out."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Tài khoản này đã ngừng dùng. Hãy liên hệ người quản trị.",
        "enter_current_password": "Mật khẩu đang dùng chưa đúng. Hãy ghi lại.",
        "incorrect_code": WRONG_CODE,
        "incorrect_password": "Mật khẩu chưa đúng. Hãy ghi lại.",
        "invalid_login": WRONG_LOGIN,
        "username_password_mismatch": WRONG_LOGIN,
        "email_password_mismatch": WRONG_LOGIN,
        "phone_password_mismatch": WRONG_LOGIN,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def is_safe_url(self, url) -> bool:
        try:
            return super().is_safe_url(url)
        except ValueError:  # "http://[" is no address at all, and allauth lets the parser's complaint through
            return False

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        """Wrong passwords are counted for the account alone.

        allauth adds the Host header to the key, and a stranger who writes another port into it with every
        guess would start counting anew. test_security_login.py notices when allauth renames this.
        """
        return f"account:{(credentials.get('username') or '').casefold()}"

    def get_reauthentication_methods(self, user):
        words = {"reauthenticate": "Dùng mật khẩu", "mfa_reauthenticate": "Dùng mã trên điện thoại"}
        return [
            {**method, "description": words.get(method["id"], method["description"])}
            for method in super().get_reauthentication_methods(user)
        ]


class VietnameseMFAAdapter(DefaultMFAAdapter):
    """The second step of signing in, answered in Vietnamese."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "Chưa tắt được đăng nhập hai bước. Hãy liên hệ người quản trị.",
        "cannot_generate_recovery_codes": "Hãy bật đăng nhập hai bước trước, rồi lấy mã dự phòng.",
        "incorrect_code": WRONG_CODE,
    }

    def get_totp_issuer(self) -> str:
        return "Đoàn quản lý"


class NamedFields(OfficeFormMixin):
    """allauth's forms with our labels; placeholders go, because a placeholder is no label."""

    labels = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field.widget, forms.PasswordInput):
                field.widget.attrs["data-reveal"] = ""
            field.error_messages["required"] = required_answer(field, field.label)  # said with the other label before
            self._answer(field, field.label)


class SignInForm(NamedFields, LoginForm):
    wrong_lead = "Chưa đăng nhập được."
    labels = {"login": "Tên đăng nhập", "password": "Mật khẩu", "remember": "Nhớ trên máy này trong 14 ngày"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


class NewPasswordForm(NamedFields, ChangePasswordForm):
    labels = {
        "oldpassword": "Mật khẩu đang dùng",
        "password1": "Mật khẩu mới",
        "password2": "Ghi lại mật khẩu mới",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = "Ít nhất 12 ký tự. Một câu dài dễ nhớ tốt hơn vài ký hiệu khó nhớ."

    def add_error(self, field, error):
        # allauth writes this one comparison in English and offers no other place to say it.
        if field == "password2" and not isinstance(error, forms.ValidationError):
            error = "Hai lần ghi mật khẩu mới chưa giống nhau. Hãy ghi lại."
        super().add_error(field, error)


class PasswordAgainForm(NamedFields, ReauthenticateForm):
    wrong_lead = "Chưa tiếp tục được."
    labels = {"password": "Mật khẩu"}
