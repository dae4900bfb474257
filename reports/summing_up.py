"""The sentence that sums a report up: how many targets stand where, and what stands beside them in the table."""

from branches.formats import day, two_digits

from .judging import Standing
from .material import Material
from .papers.phrases import capital, listing, within
from .spans import is_within_a_year, named

IN_THE_TABLE = "kết quả từng nội dung nêu tại Bảng 1."


def summary_of(material: Material) -> str:
    """The sentence, ending where the table is. No query."""
    table = material.table
    if material.so_far is not None:
        return _so_far(material)
    counts, period = table.counts, material.period
    span_words = capital(named(period))
    if not table.planned:
        return f"{span_words}, {within(material.everyone)} {_without_targets(material)}"
    parts = [
        f"{word} {two_digits(counts[standing])} chỉ tiêu"
        for word, standing in (("vượt", Standing.OVER), ("đạt", Standing.MET), ("chưa đạt", Standing.MISSED))
        if counts[standing]
    ]
    text = f"{span_words}, trong {two_digits(len(table.planned))} chỉ tiêu {_given(material)}"
    text += f", {within(material.everyone)} thực hiện {listing(parts)}" if parts else ""
    running = counts[Standing.ON_TRACK] + counts[Standing.BEHIND]
    tails = []
    # Made from the units' reports there is no year so far: the year's targets are not judged within it.
    of_year = sum(1 for row in table.planned if is_within_a_year(period) and row.aim.each is None)
    unknown = counts[Standing.NOT_MEASURABLE] - of_year
    if of_year:
        tails.append(f"{two_digits(of_year)} chỉ tiêu giao cho cả năm, chưa đánh giá")
    if running:
        tails.append(f"{two_digits(running)} chỉ tiêu chưa đến hạn đánh giá")
    if unknown:
        tails.append(f"{two_digits(unknown)} chỉ tiêu chưa đủ số liệu để đánh giá")
    of_theme = sum(1 for row in table.rows if row.is_of_theme)
    unplanned = len(table.rows) - len(table.planned) - of_theme
    if unplanned:
        tails.append(f"{two_digits(unplanned)} nội dung không giao chỉ tiêu nên không tính tỷ lệ")
    if of_theme:
        tails.append(f"{two_digits(of_theme)} nội dung chỉ tính trong các hoạt động của chuyên đề")
    if not parts and tails:
        text, tails = f"{text}, {tails[0]}", tails[1:]
    return "; ".join([text, *tails]) + " (Bảng 1)."


def _so_far(material: Material) -> str:
    """Within a year: how the targets of the whole year stand at the end of the span."""
    rows = material.so_far.planned
    begin = f"Đến hết ngày {day(material.until)}, "
    if not rows:
        return f"{begin}{within(material.everyone)} {_without_targets(material)}"
    told = [
        words.format(two_digits(count))
        for words, standings in (
            ("đã vượt {} chỉ tiêu", (Standing.OVER,)),
            ("đã đạt {} chỉ tiêu", (Standing.MET,)),
            ("đúng tiến độ {} chỉ tiêu", (Standing.ON_TRACK,)),
            ("chậm tiến độ {} chỉ tiêu", (Standing.BEHIND,)),
            ("chưa đạt {} chỉ tiêu", (Standing.MISSED,)),
            ("chưa đủ số liệu để đánh giá {} chỉ tiêu", (Standing.NOT_MEASURABLE,)),
        )
        if (count := sum(1 for row in rows if row.standing in standings))
    ]
    about = " về chuyên đề" if material.theme else ""
    year = f"trong {two_digits(len(rows))} chỉ tiêu của năm {material.period.year_number}{about}"
    return f"{begin}{year}, {within(material.everyone)} {listing(told)} (Bảng 1)."


def _given(material: Material) -> str:
    """Of a theme only some of the targets that were given are told."""
    return "về chuyên đề" if material.theme else "được giao"


def _without_targets(material: Material) -> str:
    """What is said where there is no target to judge; of a theme the targets are those that name it."""
    if not material.theme:
        return f"chưa có chỉ tiêu được giao; {IN_THE_TABLE}"
    if material.table.rows:
        return f"không có chỉ tiêu về chuyên đề; {IN_THE_TABLE}"
    if count := material.table.activities:
        return f"có {two_digits(count)} hoạt động của chuyên đề, chưa ghi số liệu theo chỉ tiêu."
    return "chưa ghi hoạt động nào của chuyên đề."
