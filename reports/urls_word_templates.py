"""Addresses: word templates of papers."""

urlpatterns: list = []
