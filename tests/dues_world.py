"""Dues of the branch in the access world: a receipt, a slip that waits, a line of the fund book, an exemption."""

import datetime

from branches.dues.fund import write_entry
from branches.dues.paying import receive
from branches.dues.remitting import remit
from branches.dues.statuses import exempt
from branches.models import Period


def day(month, number, year=2026):
    return datetime.date(year, month, number)


def add_dues(world) -> None:
    """`other_member` paid January, which is on its way up, and March; February is open."""
    unit, by, member = world.own, world.accounts["secretary"], world.other_member
    on = max(day(4, 1), datetime.date.today())  # noqa: DTZ011 - any day after the rows below will do
    for number in (1, 3):
        world.receipt = receive(
            unit=unit, cells=[(member.pk, day(number, 1))], paid_on=day(number, 5), said=5_000, by=by, on=on
        )
        if number == 1:
            world.slip = remit(
                unit=unit, span=Period.of_month(2026, 1), up_to=day(1, 31), handed_on=day(2, 1), said=1_666, by=by,
                on=on,
            )  # fmt: skip
    world.fund_entry = write_entry(
        unit=unit, kind="expense", dated_on=day(2, 2), amount=2_000, text="Mua hoa", by=by, on=on
    )[0]
    world.exemption = exempt(
        member=member, from_month=day(6, 1, 2025), last_month=day(8, 1, 2025), reason="Ốm", decision="NQ 3", by=by
    )


def dues_objects(world) -> dict:
    """Address → the object it is about."""
    return {
        "branches:dues_receipt": world.receipt, "branches:dues_receipt_undo": world.receipt,
        "reports:dues_receipt_pdf": world.receipt, "branches:remittance": world.slip,
        "branches:remittance_accept": world.slip, "branches:remittance_return": world.slip,
        "branches:remittance_withdraw": world.slip, "reports:remittance_pdf": world.slip,
        "branches:fund_undo": world.fund_entry, "branches:dues_exempt_undo": world.exemption,
        "branches:dues_member": world.other_member, "branches:dues_exempt": world.other_member,
    }  # fmt: skip


def february_paid(world) -> dict:
    """The receipt of the open month, as the page with the total sends it."""
    cells = f"{world.other_member.pk}-2026-02"
    return {"do": "save", "cells": cells, "said": "5000", "paid_on": "10/02/2026", "note": ""}
