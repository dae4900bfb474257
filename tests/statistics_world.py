"""Statistics tables: their part of World (access_world.py), and of the tables of access and attacks."""

import datetime

from django.utils import timezone

from branches.models import Period
from reports.models import StatTable
from reports.statistics.defining import add_item, copy_table, create_table, put_in_use
from reports.statistics.typing_in import type_value

from .access_people import OFFICERS, may

WORKERS = OFFICERS | {"superior"}
# Of the superior's own tables: whoever may see its unit's work, and its office.
OWN = {"superior", "administrator"}
FILES = ("tables", "tables_xlsx", "tables_pdf", "tables_docx", "table")
STEPS = ("head", "put_in_use", "drop", "item_new", "item", "item_drop", "item_move", "preview")
EXPECTED: dict = {
    **{
        f"reports:stat_{name}": may(WORKERS) for name in ("tables", "tables_xlsx", "tables_pdf", "tables_docx", "table")
    },
    "reports:stat_value": may({"secretary"}, WORKERS),
    "reports:stat_value_drop": may({"secretary"}, WORKERS),
    "reports:stat_own": may({"superior"}),
    "reports:stat_new": may({"superior"}),
    "reports:stat_define": may(OWN),
    **{f"reports:stat_{name}": may({"superior"}, OWN) for name in (*STEPS, "new_edition", "take_out")},
}
POST_ONLY: set = {"reports:stat_item_move"}
FORMS: dict = {
    "reports:stat_value": ("secretary", lambda w: {"value": "15"}),
    "reports:stat_value_drop": ("secretary", lambda w: {}),
    "reports:stat_new": ("superior", lambda w: {"number": "21", "title": "Biểu mới", "kinds": "year"}),
    "reports:stat_head": ("superior", lambda w: {"title": "Tên khác"}),
    "reports:stat_put_in_use": ("superior", lambda w: {"valid_from": "01/01/2026"}),
    "reports:stat_drop": ("superior", lambda w: {}),
    "reports:stat_item_new": ("superior", lambda w: {"indicator": w.stat_indicator.code}),
    "reports:stat_item": ("superior", lambda w: {"name": "Tên dòng khác"}),
    "reports:stat_item_drop": ("superior", lambda w: {}),
    "reports:stat_item_move": ("superior", lambda w: {"huong": "xuong"}),
    "reports:stat_new_edition": ("superior", lambda w: {}),
    "reports:stat_take_out": ("superior", lambda w: {"last_day": "31/12/2026"}),
}
ATTACKS: list = []
SPOILT: dict = {}


def a_table(owner, by, number: str, **said) -> StatTable:
    """An own table of the superior for every year."""
    said = {"title": "Thanh niên trên địa bàn", "whom": "all", "kinds": ["year"], **said}
    return create_table(owner=owner, by=by, number=number, **said)


def add(world) -> None:
    """A table of the superior in use, with one typed figure of own; a draft with two lines."""
    by = world.accounts["superior"]
    world.stat_indicator = world.target.indicator
    world.stat_table = a_table(world.union, by, "09")
    world.stat_line = add_item(table=world.stat_table, what="typed", number="1", name="Thanh niên", unit_word="người")
    put_in_use(table=world.stat_table, version=1, valid_from=datetime.date(2015, 1, 1))
    world.stat_value = type_value(
        item=world.stat_line, unit=world.own, period=Period.of_year(timezone.localdate().year), version=0, value=12,
        by=world.accounts["secretary"], at=timezone.now(),
    )  # fmt: skip
    world.stat_draft = copy_table(source=world.stat_table, owner=world.union, by=by, number="10")
    world.stat_draft_line = world.stat_draft.items.get()
    add_item(table=world.stat_draft, what="heading", name="Nhóm")


def objects(world) -> dict:
    """Address → the object it is about."""
    return {
        **{f"reports:stat_{name}": world.stat_draft for name in ("head", "put_in_use", "drop", "item_new", "preview")},
        **{f"reports:stat_{name}": world.stat_draft_line for name in ("item", "item_drop", "item_move")},
        **{f"reports:stat_{name}": world.stat_table for name in ("new_edition", "take_out", "define")},
    }


def arguments(world) -> dict:
    """Address → its arguments, where they are more than one key."""
    line = {"pk": world.own.pk, "table": world.stat_table.pk, "item": world.stat_line.pk}
    return {
        "reports:stat_table": {"pk": world.own.pk, "table": world.stat_table.pk},
        "reports:stat_value": line, "reports:stat_value_drop": line,
        "reports:stat_own": {"pk": world.union.pk}, "reports:stat_new": {"pk": world.union.pk},
    }  # fmt: skip
