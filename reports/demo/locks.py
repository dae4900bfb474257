"""The year before is locked once its reports were approved; a branch that missed two slips may still write it. The
months up to the one before last are announced to be locked in ten days."""

import datetime

from branches.locking import open_for, set_lock

from .loading import Demo

Day = datetime.date
UNION, OFFICE, OPENED = "doan-khoi", "doancaptren", "so-tnmt"


def build(demo: Demo) -> None:
    """After the round of last year was closed; before March nothing is locked yet."""
    office, year = demo.accounts[OFFICE], demo.today.year
    locked_on = Day(year, 3, 5)
    if demo.today <= locked_on:
        return
    union, last_day = demo.units[UNION], Day(year - 1, 12, 31)
    last = set_lock(unit=union, by=office, on=locked_on, through=last_day, reason=f"Đã tổng hợp báo cáo năm {year - 1}")
    open_for(
        office=union, units=[demo.units[OPENED]], by=office, on=demo.ago(2), first_on=Day(year - 1, 12, 1),
        last_on=last_day, valid_until=demo.ago(-20), reason="Ghi sót hai buổi tình nguyện mùa đông",
    )  # fmt: skip
    closed = demo.ago(31).replace(day=1) - datetime.timedelta(days=1)
    if closed > last_day:
        set_lock(
            unit=union, by=office, on=demo.ago(4), through=closed, holds_from=demo.ago(-10), before=last.pk,
            reason="Chốt số liệu để tổng hợp báo cáo năm",
        )  # fmt: skip
