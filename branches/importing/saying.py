"""Values of a list as JSON keeps them, and back: dates as 2001-03-22, 2001-03 or 2001, everything else as it is."""

import datetime

from branches.days import PartialDay
from branches.enrolling import PRECISIONS


def said(value):
    """The value for JSON."""
    if isinstance(value, PartialDay):
        return value.iso
    return value.isoformat() if isinstance(value, datetime.date) else value


def values_said(values: dict) -> dict:
    return {name: said(value) for name, value in values.items()}


def values_meant(kept: dict) -> dict:
    """The reverse of values_said, by what each field holds."""
    return {name: _meant(name, value) for name, value in kept.items()}


def _meant(name: str, value):
    if not value:
        return None
    if name in PRECISIONS:
        return PartialDay.read(value)
    return datetime.date.fromisoformat(value) if name == "official_party_on" else value
