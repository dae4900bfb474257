"""Addresses of the unit, its plan, its work and its people. Vietnamese words without marks."""

from branches.views import frame
from django.urls import path

app_name = "branches"

urlpatterns = [
    path("them/", frame.more, name="more"),
    path("chuc-vu/", frame.post_switch, name="post_switch"),
]
