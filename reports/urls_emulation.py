"""Addresses: emulation scoring."""

urlpatterns: list = []
