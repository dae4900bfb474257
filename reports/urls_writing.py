"""Addresses: the builder: templates of chapters, autosave, revisions."""

urlpatterns: list = []
