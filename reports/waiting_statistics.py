"""What waits about statistics tables: lines of a round's tables that nobody counts and nobody typed yet."""

import datetime

from django.db.models import Count, Exists, OuterRef, Subquery
from django.urls import reverse

from branches.formats import small
from branches.models import Unit
from branches.periods import write_period

from .models import RoundUnit, StatItem, StatTable, StatValue
from .waiting_items import Item, Source, deadline

MOST = 5


def cells_to_type(unit: Unit, on: datetime.date, soon: int) -> Source:
    """Of reports that are due soon or late: how many lines of their tables still want a figure."""
    typed = StatValue.objects.filter(
        item=OuterRef("pk"), sheet__unit__path__startswith=unit.path, sheet__period=OuterRef(OuterRef("period"))
    )
    tables = StatTable.objects.usable_by(unit).exclude(state=StatTable.State.DRAFT)
    lines_open = StatItem.objects.filter(~Exists(typed), what=StatItem.What.TYPED, table__in=tables.values("pk"))
    counted = lines_open.filter(table__rounds=OuterRef("round")).order_by().values("what")
    rows = (
        RoundUnit.objects.outstanding()
        .filter(unit=unit, due_on__lte=on + datetime.timedelta(days=soon))
        .annotate(count=Subquery(counted.annotate(n=Count("pk", distinct=True)).values("n")))
        .filter(count__gt=0)
        .order_by("due_on", "pk")[:MOST]
    )

    def lines(rows) -> list[Item]:
        return [
            Item(
                f"Nhập biểu số liệu {small(row.period.name)}",
                f"Còn {row.count} dòng chưa nhập, đi kèm {small(row.round.name)}",
                f"{reverse('reports:stat_tables', args=[row.unit_id])}?ky={write_period(row.period)}",
                "Nhập số",
                **deadline(row.due_on, on),
            )
            for row in rows
        ]

    columns = ("pk", "unit_id", "count", "due_on", "round__name", "period_id", "period__kind", "period__name",
               "period__starts_on", "period__ends_on")  # fmt: skip
    return Source.one(rows, columns, lines)
