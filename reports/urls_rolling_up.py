"""Addresses: the report made from the units' approved reports."""

urlpatterns: list = []
