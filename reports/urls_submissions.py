"""Addresses: what was submitted."""

urlpatterns: list = []
