"""A superior over two years: An and Bình approved, Cường logged and never reported; what it comes to, by hand."""

import datetime
from typing import NamedTuple

from branches.models import Target
from reports.models import ReportRound, StatItem, StatTable
from reports.statistics.defining import add_item, create_table, put_in_use

from .factories import (
    IndicatorFactory,
    MoneyFactory,
    ShareFactory,
    TargetFactory,
    TermFactory,
    UnionFactory,
    UnitFactory,
    YesNoFactory,
    account_at,
    year,
)
from .rolling import CLOSED, approved, began, log, submitted

DAY = datetime.date
BEFORE = DAY(2026, 1, 5)  # when the reports of 2025 were approved


class Told(NamedTuple):
    """One figure in the words of each place.

    `page`: aim, result, the year before, standing. `paper`: the year before, aim, result, against the plan, verdict.
    `bare`: value and whole. `units`: the parts of An, Bình and the superior itself. `term`: plan and result of 2025, of
    2026, of the term, and its verdict, as the annex by years and the congress print them.
    """

    page: tuple[str, str, str, str]
    paper: tuple[str, ...]
    bare: tuple
    units: tuple[str, str, str]
    term: tuple[str, ...]


UP = {
    # 4 + 3 of An, 9 of Bình, 2 of its own = 18 of 20 = 90 %. 2025: 5 + 6 = 11. Term: 11 + 18 = 29 of 10 + 20.
    "Cộng lượt": Told(
        ("≥ 20", "18", "11", "Chưa đạt"), ("11", "≥ 20", "18", "90,0%", "Chưa đạt"), (18, None), ("7", "9", "2"),
        ("≥ 10", "11", "≥ 20", "18", "≥ 30", "29", "Chưa đạt"),
    ),
    # hơn 30 + 20 = hơn 50, over the 50 of the plan.
    "Hơn mức": Told(
        ("≥ 50", "hơn 50", "", "Vượt"), ("-", "≥ 50", "hơn 50", "hơn 100,0%", "Vượt"), (50, None),
        ("hơn 30", "20", "-"), ("x", "-", "≥ 50", "hơn 50", "≥ 50", "hơn 50", "Vượt"),
    ),
    # An max(3, 8) = 8, Bình 5: the larger is 8 of 10. 2025: max(6, 9) = 9. Term: max(9, 8) = 9 of the last plan, 10.
    "Đơn vị cao nhất": Told(
        ("≥ 10", "8", "9", "Chưa đạt"), ("9", "≥ 10", "8", "80,0%", "Chưa đạt"), (8, None), ("8", "5", "-"),
        ("≥ 9", "9", "≥ 10", "8", "≥ 10", "9", "Chưa đạt"),
    ),
    # The newest of An is 12, not 10: 12 + 20 = 32 of 30 = 106,67 %. 2025: 9 + 8. Term: the newest year, 32 of 30.
    "Số cuối": Told(
        ("≥ 30", "32", "17", "Vượt 6,7%"), ("17", "≥ 30", "32", "106,7%", "Vượt"), (32, None), ("12", "20", "-"),
        ("≥ 15", "17", "≥ 30", "32", "≥ 30", "32", "Vượt"),
    ),
    # An (2 + 6) / 2 = 4, Bình 8: (4 + 8) / 2 = 6 of 5. 2025: (3 + 6) / 2 = 4,5. Term by how often it was measured,
    # three times in 2026 and twice in 2025: (6 × 3 + 4,5 × 2) / 5 = 5,4 of 5.
    "Trung bình": Told(
        ("≥ 5", "6", "4,5", "Vượt 20%"), ("4,5", "≥ 5", "6", "120,0%", "Vượt"), (6, None), ("4", "8", "-"),
        ("x", "4,5", "≥ 5", "6", "≥ 5", "5,4", "Vượt"),
    ),
    # 1/1 and 0/99 are 1/100, not the mean of 100 % and 0 %. 2025: 30/40 and 10/20 = 40/60. Term: the newest year.
    "Tỷ lệ gộp": Told(
        ("≥ 50%", "1%", "66,7%", "Chưa đạt"), ("66,7(40/60)", "≥ 50", "1,0(1/100)", "-49,0 điểm", "Chưa đạt"), (1, 100),
        ("1/1", "0/99", "-"), ("x", "66,7(40/60)", "≥ 50", "1,0(1/100)", "≥ 50", "1,0(1/100)", "Chưa đạt"),
    ),
    # An 2/4 + 1/4 = 3/8, Bình 5/8: 8/16. 2025: 1/4 + 1/4 = 2/8. Term: 2 + 8 of 8 + 16 = 10/24 = 41,67 %.
    "Tỷ lệ cộng dồn": Told(
        ("≥ 40%", "50%", "25%", "Vượt 10 điểm %"), ("25,0(2/8)", "≥ 40", "50,0(8/16)", "+10,0 điểm", "Vượt"), (8, 16),
        ("3/8", "5/8", "-"), ("x", "25,0(2/8)", "≥ 40", "50,0(8/16)", "≥ 40", "41,7(10/24)", "Vượt"),
    ),
    "Xếp loại khá": Told(  # 10/10 + 20/30
        ("100%", "75%", "", "Chưa đạt"), ("x", "100", "75,0(30/40)", "-25,0 điểm", "Chưa đạt"), (30, 40),
        ("10/10", "20/30", "-"), ("x", "x", "100", "75,0(30/40)", "100", "75,0(30/40)", "Chưa đạt"),
    ),
    "Xếp loại tốt": Told(  # 5 + 6 of those 30
        ("≥ 20%", "36,7%", "", "Vượt 16,7 điểm %"), ("x", "≥ 20", "36,7(11/30)", "+16,7 điểm", "Vượt"), (11, 30),
        ("5/10", "6/20", "-"), ("x", "x", "≥ 20", "36,7(11/30)", "≥ 20", "36,7(11/30)", "Vượt"),
    ),
    "Đơn vị đã có": Told(  # An has it, Bình has not; Cường was asked too and did not report
        ("Có", "1/2", "", "Chưa đạt"), ("x", "Có", "1/2", "x", "Chưa đạt"), (1, 2), ("Có", "Chưa", "-"),
        ("x", "x", "Có", "1/2", "Có", "1/2", "Chưa đạt"),
    ),
    # A ceiling: 1 + 2 = 3 of at most 4. 2025: 1 + 1. Term: 2 + 3 = 5 of at most 4 + 4.
    "Không quá": Told(
        ("≤ 4", "3", "2", "Đạt"), ("2", "≤ 4", "3", "x", "Đạt"), (3, None), ("1", "2", "-"),
        ("≤ 4", "2", "≤ 4", "3", "≤ 8", "5", "Đạt"),
    ),
    "Không để xảy ra": Told(  # silence of both; one of Cường is not reported
        ("0", "0", "", "Đạt"), ("-", "0", "0", "x", "Đạt"), (None, None), ("-", "-", "-"),
        ("x", "-", "0", "0", "0", "0", "Đạt"),
    ),
    "Đã xảy ra": Told(
        ("0", "1", "", "Chưa đạt"), ("-", "0", "1", "x", "Chưa đạt"), (1, None), ("1", "-", "-"),
        ("x", "-", "0", "1", "0", "1", "Chưa đạt"),
    ),
    "Một khoảng": Told(  # 1 + 2 of 2 to 3
        ("2–3", "3", "", "Đạt"), ("-", "2 - 3", "3", "x", "Đạt"), (3, None), ("1", "2", "-"),
        ("x", "-", "2 - 3", "3", "2 - 3", "3", "Đạt"),
    ),
    "Gần mức": Told(  # 1.400.000 + 1.500.001 of 5.000.000 = 58,00 %
        ("≥ 5.000.000", "gần 2.900.001", "", "Chưa đạt"),
        ("-", "≥ 5.000.000", "gần 2.900.001", "gần 58,0%", "Chưa đạt"), (2_900_001, None),
        ("gần 1.400.000", "1.500.001", "-"),
        ("x", "-", "≥ 5.000.000", "gần 2.900.001", "≥ 5.000.000", "gần 2.900.001", "Chưa đạt"),
    ),
    # One a month, told as the twelve of a year: 7 of An, 4 of Bình. 2025: 12. Term: 23 of 24.
    "Mỗi tháng": Told(
        ("12", "11", "12", "Chưa đạt"), ("12", "12", "11", "91,7%", "Chưa đạt"), (11, None), ("7", "4", "-"),
        ("12", "12", "12", "11", "24", "23", "Chưa đạt"),
    ),
    # About 60 of An are less than exactly 70 of Bình. 2025: 80. Term: the larger of the two, without a word.
    "Đông nhất": Told(
        ("≥ 70", "70", "80", "Đạt"), ("80", "≥ 70", "70", "100,0%", "Đạt"), (70, None), ("khoảng 60", "70", "-"),
        ("x", "80", "≥ 70", "70", "≥ 70", "80", "Vượt"),
    ),
    "Chưa rõ số": Told(
        ("≥ 3", "Có, chưa có số", "", "Chưa đo được"), ("-", "≥ 3", "…", "Không tính được"), (None, None),
        ("Có, chưa có số", "-", "-"), ("x", "-", "≥ 3", "…", "≥ 3", "…", "x"),
    ),
}  # fmt: skip


class Above:
    """Thành đoàn ─ Đoàn Khối ─ An, Bình, Cường; 2025 and 2026 of the Khối are the term."""

    def __init__(self):
        self.city = UnionFactory(name="Thành đoàn Con Số")
        self.khoi = UnionFactory(name="Đoàn Khối Con Số", superior=self.city, document_code="ĐK")
        self.an, self.binh, self.cuong = (
            UnitFactory(name=f"Chi đoàn {name}", superior=self.khoi) for name in ("An", "Bình", "Cường")
        )
        self.below = (self.an, self.binh, self.cuong)
        self.by = account_at(self.city, "superior_secretary")
        self.office = account_at(self.khoi, "superior_secretary")
        self.codes: dict[str, str] = {}
        self._plan()
        self.term = TermFactory(
            unit=self.khoi, name="Nhiệm kỳ 2025-2026", starts_on=DAY(2025, 1, 1), ends_on=DAY(2027, 1, 1)
        )
        for unit in (self.an, self.binh):
            approved(unit, year(2025), by=self.by, on=BEFORE)
        approved(self.khoi, year(2025), by=self.by, on=BEFORE, from_units=True)
        self.first = approved(self.an, by=self.by)
        approved(self.binh, by=self.by)
        self.report = began(self.khoi, by=self.office, from_units=True)
        self._ask()

    def row(
        self, name, comparator, value, *now, before=(), aim_before=None, below=False, part_of=None,
        factory=IndicatorFactory, value_to=None, **kind,
    ):  # fmt: skip
        """A target of the Khối; `now` and `before` are (place, *figures) of An, Bình, Cường and itself."""
        parent = Target.objects.filter(unit=self.khoi, indicator=part_of, period=year(2026)).first()
        indicator = factory(name=name, of=part_of, **kind)
        aim = {"indicator": indicator, "comparator": comparator, "value_to": value_to}
        TargetFactory(unit=self.khoi, value=value, parent=parent, **aim)
        if aim_before is not None:
            TargetFactory(unit=self.khoi, value=aim_before, period=year(2025), **aim)
        for unit in self.below if below else ():
            TargetFactory(unit=unit, value=value, **aim)
        for number, lines in ((2026, now), (2025, before)):
            for month, (unit, value, *more) in enumerate(lines, start=1):
                whole, qualifier = (*more, None, "exact")[:2] if len(more) < 2 else more
                log(unit, indicator, value, DAY(number, month, 9), whole=whole, qualifier=qualifier or "exact")
        self.codes[name] = indicator.code
        return indicator

    def _plan(self):
        an, binh, cuong, khoi = (*self.below, self.khoi)
        self.turns = self.row(
            "Cộng lượt", "ge", 20, (an, 4), (an, 3), (binh, 9), (cuong, 100), (khoi, 2), aim_before=10,
            before=((an, 5), (binh, 6), (cuong, 70)), below=True,
        )  # fmt: skip
        self.row("Hơn mức", "ge", 50, (an, 30, None, "more"), (binh, 20), (cuong, 100))
        self.row("Đơn vị cao nhất", "ge", 10, (an, 3), (an, 8), (binh, 5), (cuong, 99), aim_before=9,
                 before=((an, 6), (binh, 9), (cuong, 99)), over_time="max", over_units="max")  # fmt: skip
        self.row("Số cuối", "ge", 30, (an, 10), (an, 12), (binh, 20), (cuong, 7), aim_before=15,
                 before=((an, 9), (binh, 8), (cuong, 7)), over_time="last")  # fmt: skip
        self.row("Trung bình", "ge", 5, (an, 2), (an, 6), (binh, 8), (cuong, 99),
                 before=((an, 3), (binh, 6), (cuong, 99)), over_time="average", over_units="average")  # fmt: skip
        self.row("Tỷ lệ gộp", "ge", 50, (an, 1, 1), (binh, 0, 99), (cuong, 50, 50),
                 before=((an, 30, 40), (binh, 10, 20), (cuong, 1, 90)), factory=ShareFactory)  # fmt: skip
        self.row("Tỷ lệ cộng dồn", "ge", 40, (an, 2, 4), (an, 1, 4), (binh, 5, 8), (cuong, 0, 90),
                 before=((an, 1, 4), (binh, 1, 4), (cuong, 9, 9)), factory=ShareFactory, over_time="sum")  # fmt: skip
        whole = self.row("Xếp loại khá", "eq", 100, (an, 10, 10), (binh, 20, 30), (cuong, 5, 5), factory=ShareFactory)
        self.row("Xếp loại tốt", "ge", 20, (an, 5, 10), (binh, 6, 20), (cuong, 5, 5), factory=ShareFactory,
                 part_of=whole, area=whole.area)  # fmt: skip
        self.row("Đơn vị đã có", "yes", None, (an, 1), (binh, 0), (cuong, 1), factory=YesNoFactory, below=True)
        self.row("Không quá", "le", 4, (an, 1), (binh, 2), (cuong, 9), aim_before=4,
                 before=((an, 1), (binh, 1), (cuong, 9)))  # fmt: skip
        self.row("Không để xảy ra", "zero", None, (cuong, 1))
        self.row("Đã xảy ra", "zero", None, (an, 1))
        self.row("Một khoảng", "range", 2, (an, 1), (binh, 2), (cuong, 9), value_to=3)
        self.row("Gần mức", "ge", 5_000_000, (an, 1_400_000, None, "nearly"), (binh, 1_500_001), (cuong, 9_000_000),
                 factory=MoneyFactory)  # fmt: skip
        self.row("Mỗi tháng", "per_month", 1, (an, 3), (an, 4), (binh, 4), (cuong, 50), aim_before=1,
                 before=((an, 6), (binh, 6), (cuong, 50)))  # fmt: skip
        self.row("Đông nhất", "ge", 70, (an, 20, None, "more"), (an, 60, None, "about"), (binh, 70), (cuong, 99),
                 before=((an, 80), (binh, 70, None, "about"), (cuong, 99)),
                 over_time="max", over_units="max")  # fmt: skip
        self.row("Chưa rõ số", "ge", 3, (an, None), (cuong, 9))

    def _ask(self):
        """The city asks the Khối for a table of every figure, to go with its report."""
        table = create_table(owner=self.city, by=self.by, number="01", title="Số liệu", whom="all", kinds=["year"])
        for code in self.codes.values():
            add_item(table=table, what=StatItem.What.INDICATOR, indicator=self.by_code(code))
        table = StatTable.objects.get(pk=table.pk)
        put_in_use(table=table, version=table.version, valid_from=DAY(2015, 1, 1))
        asked = ReportRound.objects.create(
            unit=self.city, kind="year", period=year(), name="Năm 2026", due_on=CLOSED, opened_on=CLOSED,
            opened_by=self.by,
        )  # fmt: skip
        asked.tables.add(table)
        asked.rows.create(unit=self.khoi, period=year(), due_on=CLOSED, report=self.report)

    def by_code(self, code):
        return Target.objects.select_related("indicator").filter(indicator__code=code).first().indicator

    def hand_in(self):
        """The report of 2026 submitted and not yet approved: the edition."""
        return submitted(self.report, by=self.office)
