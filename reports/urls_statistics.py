"""Addresses: statistics tables."""

urlpatterns: list = []
