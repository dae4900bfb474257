"""Excel files that cannot act: text stays text, whatever sign it begins with. Every export is written here."""

import datetime
import io
import re

import xlsxwriter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Signs that XML cannot carry; one of them would make the whole file unreadable.
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_000
CHART_ROOM, CHART_BAR = 80, 34  # pixels: the title and the edges, one bar
INERT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class Workbook:
    """A workbook in memory: add sheets and rows, then take the bytes."""

    def __init__(self, title: str, *, made_on: datetime.date):
        self.out = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.out, INERT)
        self.book.set_properties({"title": readable(title), "created": _midnight(made_on)})
        self.sheets = []

    def sheet(self, name: str, columns, heading=()) -> "InertSheet":
        """A new sheet: heading lines (the first one bold), then a header row of (title, width) pairs."""
        self.sheets.append(InertSheet(self.book, name, columns, heading))
        return self.sheets[-1]

    def content(self) -> bytes:
        for sheet in self.sheets:
            sheet.close()
        self.book.close()
        return self.out.getvalue()


class InertSheet:
    """A sheet written row by row; every text is written as text, figures and days as such."""

    def __init__(self, book, name: str, columns, heading=()):
        self.book, self.sheet = book, book.add_worksheet(name)
        self.day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left", "valign": "top"})
        self.figure = book.add_format({"num_format": "#,##0.##", "valign": "top"})
        self.whole = book.add_format({"num_format": "#,##0", "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "bottom"})
        title = book.add_format({"bold": True, "font_size": 14})
        for place, line in enumerate(heading):
            self.sheet.write_string(place, 0, readable(line), None if place else title)
        self.header = self.row = len(heading) + 1 if heading else 0
        for place, (words, width) in enumerate(columns):
            self.sheet.write_string(self.header, place, readable(words), head)
            self.sheet.set_column(place, place, width)
        self.sheet.freeze_panes(self.header + 1, 0)
        self.sheet.repeat_rows(self.header)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.columns = len(columns)

    def add(self, *cells) -> None:
        self.row += 1
        for place, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if isinstance(cell, datetime.date):
                self.sheet.write_datetime(self.row, place, _midnight(cell), self.day)
            elif isinstance(cell, str):
                self.sheet.write_string(self.row, place, readable(cell), self.text)
            else:
                fits = self.whole if cell == int(cell) else self.figure
                self.sheet.write_number(self.row, place, cell, fits)

    def bars(self, title: str, count: int) -> None:
        """A bar chart of the last `count` rows, label and figure, beside them. Excel draws it of the cells."""
        first, name = self.row - count + 1, self.sheet.get_name()
        chart = self.book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "name": readable(title), "categories": [name, first, 0, self.row, 0],
                "values": [name, first, 1, self.row, 1], "data_labels": {"value": True}, "gap": 60,
                "fill": {"color": "#0E4FA0"},
            }
        )  # fmt: skip
        chart.set_title({"name": readable(title), "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_size({"width": 560, "height": CHART_ROOM + CHART_BAR * count})
        self.sheet.insert_chart(first, self.columns + 1, chart)

    def close(self) -> None:
        self.sheet.autofilter(self.header, 0, max(self.row, self.header + 1), self.columns - 1)


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time())


def readable(text: str) -> str:
    """The text without signs that a workbook cannot hold, cut to what a cell can hold."""
    return UNREADABLE.sub("", text)[:LONGEST_CELL]
