"""Addresses: many papers at once."""

urlpatterns: list = []
