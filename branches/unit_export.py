"""The units under a unit as Excel: what each is, whom it stands under, how many members it has on the day."""

import datetime

from django.db.models import Q

from branches.models import Unit
from branches.register import register_amounts
from branches.workbook import Workbook

COLUMNS = (
    ("Mã đơn vị", 18), ("Tên đơn vị", 44), ("Loại tổ chức", 26), ("Trực thuộc", 40), ("Địa danh", 18),
    ("Cấp ủy cùng cấp", 34), ("Đoàn viên", 11), ("Nữ", 8), ("Đảng viên", 11),
)  # fmt: skip
KEYS = ("members", "women", "party_members")


def units_workbook(unit: Unit, *, user, right, on: datetime.date) -> bytes:
    """Every living unit below (and the unit itself) that the user reaches with `right`, in the order of the tree.

    A row's members are those of the unit alone: a branch has its own, a unit above branches has none, so that the
    column adds up. Three queries, whatever the number of units.
    """
    below = Unit.objects.reached_by(user, right).living(on).below(unit)
    rows = list(below.order_by("sort_key", "pk"))
    names = {one.pk: one.name for one in rows}
    places: dict[int | None, list[Unit]] = {}
    for one in rows:
        places.setdefault(one.superior_pk if one.superior_pk in names else None, []).append(one)
    counts = register_amounts(KEYS, Q(unit__in=below.values("pk")), on)
    book = Workbook(f"Đơn vị trực thuộc {unit.name}", made_on=on)
    sheet = book.sheet("Đơn vị", COLUMNS)
    for one in _in_tree_order(places):
        sheet.add(
            one.code,
            one.name,
            one.get_kind_display(),
            names.get(one.superior_pk, "") if one.pk != unit.pk else "",
            one.place,
            one.party_body,
            *(counts.get((one.pk, key), 0) for key in KEYS),
        )
    return book.content()


def _in_tree_order(places: dict, above: int | None = None):
    for one in places.get(above, ()):
        yield one
        yield from _in_tree_order(places, one.pk)
