"""The site with two pages more that fail on purpose; test_headers.py asks for them."""

from django.core.exceptions import PermissionDenied
from django.urls import include, path

from doanquanly.urls import handler400, handler403, handler404, handler500  # noqa: F401  # read by Django


def fail(request):
    raise RuntimeError("on purpose")


def deny(request):
    raise PermissionDenied


urlpatterns = [
    path("thu/hong/", fail),
    path("thu/cam/", deny),
    path("", include("doanquanly.urls")),
]
