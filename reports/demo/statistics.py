"""A table of the superior's own beside the common ones, with what two of its branches typed into it."""

import datetime
from decimal import Decimal

from django.utils import timezone

from branches.models import Period
from reports.statistics.defining import add_item, create_table, put_in_use
from reports.statistics.typing_in import type_value

from .loading import Demo

UNION, OFFICE = "doan-khoi", "doancaptren"
NUMBER, TITLE = "09", "Thanh niên trên địa bàn, khu dân cư"
# Branch → young people where it is, those of them in its clubs; the second one does not know these yet.
TYPED = {"so-tttt": (46, 31), "cuc-thads": (25, None)}


def build(demo: Demo) -> None:
    year = demo.today.year
    at = datetime.datetime.combine(demo.ago(5), datetime.time(9), tzinfo=timezone.get_current_timezone())
    table = create_table(
        owner=demo.units[UNION], by=demo.accounts[OFFICE], number=NUMBER, title=TITLE, whom="all",
        kinds=["half", "year"], source="Hướng dẫn công tác năm của Đoàn cấp trên",
        note="Số thanh niên lấy theo danh sách của địa phương",
    )  # fmt: skip
    add_item(table=table, what="heading", number="1", name="Thanh niên", is_bold=True)
    all_young = add_item(
        table=table, what="typed", number="1.1", name="Thanh niên trên địa bàn", unit_word="người", depth=1
    )
    in_clubs = add_item(
        table=table, what="typed", number="1.2", name="Tham gia câu lạc bộ, đội, nhóm", unit_word="người", depth=1
    )
    add_item(
        table=table, what="share", number="1.3", name="Tỷ lệ tham gia câu lạc bộ, đội, nhóm", depth=1,
        share_of=in_clubs, share_whole=all_young,
    )  # fmt: skip
    add_item(table=table, what="heading", number="2", name="Việc làm cùng khu dân cư", is_bold=True)
    for place, code in enumerate(("youth_tasks", "digital_help_turns", "gift_value"), start=1):
        add_item(table=table, what="indicator", number=f"2.{place}", depth=1, indicator=demo.indicator(code, year))
    put_in_use(table=table, version=table.version, valid_from=datetime.date(year - 1, 1, 1))
    for code, values in TYPED.items():
        for item, value in zip((all_young, in_clubs), values, strict=True):
            type_value(
                item=item, unit=demo.units[code], period=Period.of_year(year), version=0,
                value=None if value is None else Decimal(value), by=demo.recorder(code, demo.today), at=at,
            )  # fmt: skip
