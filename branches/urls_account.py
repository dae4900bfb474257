"""Signing in and out, password, second step, confirming an own address. No sign-up, no password by e-mail.

The names are allauth's own, because allauth itself looks addresses up by them.
"""

from allauth.account import views
from django.urls import include, path

from branches.accounts import NewPasswordForm, PasswordAgainForm, SignInForm

urlpatterns = [
    path("dang-nhap/", views.LoginView.as_view(form_class=SignInForm), name="account_login"),
    path("dang-xuat/", views.logout, name="account_logout"),
    path("ngung-dung/", views.account_inactive, name="account_inactive"),
    path(
        "mat-khau/",
        views.PasswordChangeView.as_view(form_class=NewPasswordForm),
        name="account_change_password",
    ),
    path(
        "nhap-lai-mat-khau/",
        views.ReauthenticateView.as_view(form_class=PasswordAgainForm),
        name="account_reauthenticate",
    ),
    path("xac-nhan-thu/<str:key>/", views.confirm_email, name="account_confirm_email"),
    path("hai-buoc/", include("allauth.mfa.urls")),
]
