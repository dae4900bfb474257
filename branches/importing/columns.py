"""What the cells below a title say about it: a name in two columns, a column for each sex, two of one kind."""

import datetime
import re
from collections import defaultdict

from branches.vietnamese import nfc, plain

YEAR_OR_DATE = re.compile(r"\s*(?:(?:19|20)\d\d|\d{1,2}\s*[/.\-]\s*\d{1,2}.*|\d{1,2}\s*[/.\-]\s*(?:19|20)\d\d)\s*")
MARK = re.compile(r"\s*(?:x|X|1|v|V|✓|✔|√|\*|\+|có|Có|nữ|Nữ|nam|Nam)\s*")
SAMPLE = 200
# Several columns of these are parts of one thing; of all others only one can be meant.
PARTS = {"job", "education", "phone", "email", "family_names", "discipline", "politics"}
PLACES = {"address", "hometown"}
POSTS = {
    *(
        "bt",
        "pbt",
        "bi thu",
        "pho bi thu",
        "uv",
        "uv bch",
        "uvbch",
        "uy vien",
        "uy vien bch",
        "doan vien",
        "dv",
        "uv btv",
    ),
}
TODAY = re.compile(r"hien (?:nay|tai)|tam tru")


def settled(columns: list, data: list[list[object]], fixed: set[int], replace) -> tuple:
    """The columns with what titles alone could not decide; those in `fixed` were said by a person and stay."""
    data = data[:SAMPLE]
    below = {column.index: [row[column.index] for row in data if column.index < len(row)] for column in columns}
    below = {index: [cell for cell in cells if cell not in (None, "")] for index, cells in below.items()}
    fields = {column.index: (column.field, column.sure) for column in columns}
    _by_sex(columns, below, fields)
    _parts_of_birth(columns, fields)
    _names(columns, below, data, fields)
    for column in columns:  # "Chức vụ" of the branch and not of the office
        if fields[column.index][0] == "job" and _share(below[column.index], _is_post):
            fields[column.index] = ("", True)
    _one_of_each(columns, below, fields)
    return tuple(
        column
        if column.index in fixed
        else replace(column, field=fields[column.index][0], sure=fields[column.index][1])
        for column in columns
    )


def _share(cells: list[object], fits) -> bool:
    """Whether most of the cells, and at least one, fit."""
    return bool(cells) and sum(1 for cell in cells if fits(cell)) * 2 > len(cells)


def _is_day(cell: object) -> bool:
    if isinstance(cell, datetime.date):
        return True
    if isinstance(cell, (int, float)):
        return 1930 <= cell <= 2100 or 10_000 < cell < 60_000
    return isinstance(cell, str) and YEAR_OR_DATE.fullmatch(cell) is not None


def _is_mark(cell: object) -> bool:
    return cell is True or cell == 1 or (isinstance(cell, str) and MARK.fullmatch(cell) is not None)


def _is_post(cell: object) -> bool:
    return isinstance(cell, str) and re.sub(r"[^a-z]+", " ", plain(cell)).strip() in POSTS


def _by_sex(columns: list, below: dict, fields: dict) -> None:
    """ "Nam" and "Nữ" with dates below are birth dates, with marks they are marks; empty ones say nothing."""
    for column in columns:
        field = fields[column.index][0]
        cells = below[column.index]
        if field in ("is_female", "is_male") and _share(cells, _is_day):
            fields[column.index] = ("birth_date_female" if field == "is_female" else "birth_date_male", True)
        elif field == "is_female" and _share(cells, lambda cell: isinstance(cell, str) and not _is_mark(cell)):
            fields[column.index] = ("", False)
        elif field in ("birth_date_female", "birth_date_male") and _share(cells, _is_mark):
            fields[column.index] = ("is_female" if field == "birth_date_female" else "is_male", True)
    marked = [column for column in columns if fields[column.index][0] in ("is_female", "is_male")]
    for column in marked:
        if not any(below[other.index] for other in marked):
            fields[column.index] = ("", False)  # nobody is marked: nothing can be told from it


def _parts_of_birth(columns: list, fields: dict) -> None:
    """ "Ngày | Tháng | Năm" below "Ngày sinh": without marks "Năm" looks like "Nam"."""
    found = {fields[column.index][0]: column for column in columns}
    last = {column.index: nfc(column.title.rsplit(" / ", 1)[-1]).lower() for column in columns}
    male = found.get("birth_date_male")
    if male and "birth_date_female" not in found:
        if "birth_month" in found:
            fields[male.index] = ("birth_year", True)
        elif last[male.index] == "năm":
            fields[male.index] = ("birth_date", False)
    if "birth_date" not in found:
        parts = {last[column.index]: column for column in columns if not fields[column.index][0]}
        if {"ngày", "tháng", "năm"} <= parts.keys():
            for word, field in (("ngày", "birth_day"), ("tháng", "birth_month"), ("năm", "birth_year")):
                fields[parts[word].index] = (field, False)


def _words(cell: object) -> int:
    return len(cell.split()) if isinstance(cell, str) else 0


def _names(columns: list, below: dict, data: list, fields: dict) -> None:
    """One title over two columns, or a name column with a nameless one beside it: family names and given name."""
    by_index = {column.index: column for column in columns}
    named = [column for column in columns if fields[column.index][0] == "full_name"]
    given = [column for column in columns if fields[column.index][0] == "given_name"]
    if named and given:
        if _repeats(named[0].index, given[0].index, data):
            fields[given[0].index] = ("", True)
        else:
            fields[named[0].index] = ("family_names", True)
            named = []
    elif given and not named and not any(fields[column.index][0] == "family_names" for column in columns):
        if _share(below[given[0].index], lambda cell: _words(cell) > 1):
            fields[given[0].index] = ("full_name", True)
    elif len(named) > 1 and named[1].index == named[0].index + 1 and named[1].title == named[0].title:
        group = [column for column in named if column.title == named[0].title]
        filled = [column for column in group if below[column.index]]
        if len(filled) > 1:
            for column in filled[:-1]:
                fields[column.index] = ("family_names", True)
            fields[filled[-1].index] = ("given_name", True)
        named = filled[:1] if len(filled) == 1 else []
        for column in group:
            if not below[column.index]:
                fields[column.index] = ("", True)
    first = next((column for column in columns if fields[column.index][0] in ("full_name", "family_names")), None)
    beside = by_index.get(first.index + 1) if first else None
    if (
        beside
        and not beside.title
        and not any(fields[column.index][0] == "given_name" for column in columns)
        and _share(below[beside.index], lambda cell: _words(cell) == 1 and cell.isalpha())
    ):
        fields[first.index], fields[beside.index] = ("family_names", True), ("given_name", True)
    for column in named[1:]:
        if fields[column.index][0] == "full_name" and fields[named[0].index][0] == "full_name":
            fields[column.index] = ("", False)


def _repeats(full: int, given: int, data: list) -> bool:
    """Whether the second column only says again the last word of the first."""
    same = both = 0
    for row in data:
        if max(full, given) < len(row) and isinstance(row[full], str) and isinstance(row[given], str):
            both += 1
            same += plain(row[full]).split()[-1:] == plain(row[given]).split()[-1:] and _words(row[full]) > 1
    return same * 2 > both


def _one_of_each(columns: list, below: dict, fields: dict) -> None:
    """Two columns cannot be the same day or number: the sure one, then the filled one, then the first is taken."""
    same = defaultdict(list)
    for column in columns:
        if fields[column.index][0]:
            same[fields[column.index][0]].append(column)
    for field, several in same.items():
        if len(several) < 2 or field in PARTS:
            continue
        if field in PLACES:
            tops = {column.title.split(" / ")[0] for column in several}
            if len(tops) == 1 and all(" / " in column.title for column in several):
                continue  # thôn | xã | huyện below one title
            best = min(several, key=lambda one: (TODAY.search(one.key) is None, not below[one.index], one.index))
            kept = [one for one in several if one.title.split(" / ")[0] == best.title.split(" / ")[0]]
            kept = kept if " / " in best.title else [best]
        else:
            kept = [min(several, key=lambda one: (not below[one.index], not fields[one.index][1], one.index))]
        for column in several:
            if column not in kept:
                fields[column.index] = ("", False)
