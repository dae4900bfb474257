"""The calendar lock in World and in the tables of access and attacks (report_worlds.py): long ago, so that it closes
nothing that other tests write."""

import datetime

from branches.locking import open_for, set_lock

from .access_people import READERS, may

DAY = datetime.date
OFFICE = {"superior", "administrator"}

EXPECTED = {
    "branches:locks": may(READERS),
    "branches:lock_set": may({"superior"}, OFFICE),
    "branches:lock_withdraw": may({"superior"}, OFFICE),
    "branches:lock_open": may({"superior"}, OFFICE),
    "branches:lock_exception_end": may({"superior"}, READERS),
}
POST_ONLY: set[str] = set()
FORMS = {
    "branches:lock_set": (
        "superior", lambda w: {"through": "31/12/2002", "holds_from": "01/12/2099", "reason": "Chờ thêm"}
    ),
    "branches:lock_withdraw": ("superior", lambda w: {"reason": "Chờ thêm"}),
    "branches:lock_open": (
        "superior",
        lambda w: {
            "units": [w.own.pk], "first_on": "01/05/2001", "last_on": "31/05/2001", "valid_until": "31/12/2099",
            "reason": "Sót phiếu",
        },
    ),
    "branches:lock_exception_end": ("superior", lambda w: {}),
}  # fmt: skip
ATTACKS = [("branches:lock_open", "units", lambda one: {"units": [one.pk]}, "sibling", "unit")]
SPOILT = {"branches:lock_set": ("before",), "branches:lock_withdraw": ("before",)}


def add(world) -> None:
    superior = world.accounts["superior"]
    first = set_lock(unit=world.union, by=superior, on=DAY(2026, 1, 2), through=DAY(2001, 12, 31))
    set_lock(
        unit=world.union, by=superior, on=DAY(2026, 1, 2), through=DAY(2002, 6, 30), holds_from=DAY(2099, 6, 1),
        before=first.pk,
    )  # fmt: skip
    (world.lock_exception,) = open_for(
        office=world.union, units=[world.own], by=superior, on=DAY(2026, 1, 2), first_on=DAY(2001, 3, 1),
        last_on=DAY(2001, 3, 31), valid_until=DAY(2099, 12, 31), reason="Sót hai việc",
    )  # fmt: skip


def objects(world) -> dict:
    return {"branches:locks": world.own, "branches:lock_exception_end": world.lock_exception}


def arguments(world) -> dict:
    of_office = ("branches:lock_set", "branches:lock_withdraw", "branches:lock_open")
    return {name: {"pk": world.union.pk} for name in of_office}
