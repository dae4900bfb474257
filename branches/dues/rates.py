"""What somebody pays a month: dated rules by income status.

A rate is looked up by the month it is for, so that a past month keeps the rate it had.
"""

import datetime
from dataclasses import dataclass

from branches.models import Rule

from .months import Month

KEYS = ("dues_rates", "dues_default_status", "dues_exemption_months", "dues_share_up")


@dataclass(frozen=True, slots=True)
class Rates:
    """The four rules of dues over time. Rows are (key, value, valid_from, valid_to), oldest first."""

    rows: tuple

    def value(self, key: str, day: datetime.date):
        """The rule in force on the day, None before there was one."""
        found = None
        for name, value, starts_on, ends_on in self.rows:
            if name == key and starts_on <= day and (ends_on is None or day < ends_on):
                found = value
        return found

    def amount(self, status: str, month: Month) -> int | None:
        """đồng for the month; None for a month older than any rate. No status said: the default one's."""
        table = self.value("dues_rates", month)
        status = status or self.value("dues_default_status", month)
        return int(table[status]) if table and status in table else None

    def share_up(self, day: datetime.date) -> tuple[int, int]:
        """(1, 3): one third goes up. Before there was a rule, nothing did."""
        part, whole = self.value("dues_share_up", day) or (0, 1)
        return int(part), int(whole)


def load_rates() -> Rates:
    """One query."""
    rows = Rule.objects.filter(key__in=KEYS).order_by("valid_from", "pk")
    return Rates(tuple(rows.values_list("key", "value", "valid_from", "valid_to")))
