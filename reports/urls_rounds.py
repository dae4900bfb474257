"""Addresses: rounds of reports."""

urlpatterns: list = []
