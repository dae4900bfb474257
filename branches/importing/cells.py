"""One row of a list, understood: field → value, and what is wrong or worth saying, in Vietnamese."""

import datetime
from dataclasses import dataclass

from branches.models import Member, Precision

from .cell_days import read_day
from .cell_names import kind_of_name, read_name
from .cell_numbers import read_email, read_personal_number, read_phone
from .education import level_of
from .header_words import FIELDS, WORDS
from .headers import cells_of, search_form
from .legacy import UnknownText, repaired
from .problems import Problem, fault, remark
from .texts import Aside, clean, text_of

__all__ = ["ParsedRow", "Problem", "cells_of", "parse_row", "text_of"]

DAYS = ("admitted_on", "joined_party_on", "official_party_on")
MOST = {
    "national_code": 20, "card_number": 20, "ethnicity": 40, "religion": 40, "job": 120, "education": 120,
    "politics": 60, "admitted_at": 160, "address": 200, "hometown": 200, "discipline": 300, "unit": 200,
}  # fmt: skip
# What people write to say that there is nothing; "Không" of religion is an answer.
NOTHING = frozenset(
    (
        *("-", "--", "---", "–", "—", "/", "//", "\\", ".", "..", "...", "…", "?", "_", "__", "0", "#", "-/-", "//-"),
        *("n/a", "na", "null", "none", "#n/a", "#value!", "#ref!", "#name?", "#div/0!", "không", "khong", "ko", "k"),
        "nan",
        *("không có", "khong co", "chưa", "chưa có", "chua co", "chua", "kc", "k có", "ko có", "không rõ", "chưa rõ"),
    )
)
ERRORS = frozenset(("#n/a", "#value!", "#ref!", "#name?", "#div/0!", "#null!", "#num!"))
SEXES = {
    "nam": "male", "male": "male", "m": "male", "trai": "male", "nam gioi": "male", "n am": "male", "boy": "male",
    "nu": "female", "female": "female", "f": "female", "gai": "female", "nu gioi": "female", "girl": "female",
    "con trai": "male", "con gai": "female", "ong": "male", "ba": "female",
}  # fmt: skip
NO_MARK = frozenset(("0", "không", "khong", "ko", "k", "-", "no", "false", "sai"))
SEX_WORDS = {"male": "Nam", "female": "Nữ"}
BIRTHS = ("birth_date", "birth_date_male", "birth_date_female")
NAMES = ("full_name", "family_names", "given_name")
SPECIAL = frozenset((*NAMES, *BIRTHS, "birth_day", "birth_month", "birth_year", "sex", "is_female", "is_male", *DAYS,
                     "phone", "email", "personal_number", "education_level"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """`values` has only fields that hold something. `kind`: "person" | "empty" | "total" | "header" | "note"."""

    values: dict[str, object]
    problems: tuple[Problem, ...]
    kind: str


def parse_row(cells: dict[str, object], *, today: datetime.date) -> ParsedRow:
    """Understand the cells of a row (field → raw cell). Nothing is guessed that the row does not say."""
    texts = {
        field: text
        for field, raw in cells.items()
        if raw is not None and (text := clean(raw) if type(raw) is str else text_of(raw))
    }
    if not any(len(text) > 9 or text.lower() not in NOTHING for text in texts.values()):
        return ParsedRow({}, (), "empty")
    kind = _kind(cells, texts)
    if kind != "person":
        return ParsedRow({}, (), kind)
    values: dict[str, object] = {}
    problems: list[Problem] = []
    broken = [field for field, text in texts.items() if ("?" in text or "\ufffd" in text) and _is_broken(text)]
    for field in broken:
        text = texts.pop(field)
        where = "full_name" if field in NAMES else field
        problems.append(
            fault(where, "legacy_text", f"Chữ trong ô “{text}” bị lỗi phông, không đọc lại được. Hãy gõ lại ô này.")
        )
    _name(texts, values, problems, broken)
    _birth(cells, texts, values, problems, today)
    _sex(cells, texts, values, problems)
    for field in DAYS:
        if field in texts:
            _day(field, cells[field], texts[field], values, problems, today)
    _numbers(cells, texts, values, problems)
    for field, text in texts.items():
        if field not in SPECIAL and field in FIELDS:
            _text(field, text, values, problems)
    _level(texts, values, problems)
    return ParsedRow(values, tuple(problems), "person")


def _is_broken(text: str) -> bool:
    try:
        repaired(text)
    except UnknownText:
        return True
    return False


def _kind(cells: dict[str, object], texts: dict[str, str]) -> str:
    name = texts.get("full_name") or texts.get("family_names") or texts.get("given_name") or ""
    if isinstance(cells.get("full_name"), Aside):
        kind = kind_of_name(name)
        return "note" if kind == "person" else kind
    if not name:
        # A row of the table without a name is a fault; one text alone below it is not.
        named = any(field in cells for field in NAMES)
        births = (text for field, text in texts.items() if field.startswith("birth"))
        if named and len(texts) <= 2 and not any(map(_may_be_day, births)):
            said = list(texts.values())
            kinds = [kind_of_name(text) for text in said]
            if "total" in kinds:
                return "total"
            if "header" in kinds:
                return "header"
            lone = len(said) == 1 and next(iter(texts)) not in ("phone", "email", "personal_number", "national_code")
            if lone or "note" in kinds:
                return "note"
        return "header" if _repeats_titles(texts) else "person"
    if len(name) < 5 and name.strip("().[] ").isdigit():
        return "header" if all(len(text.strip("().[] ")) < 3 for text in texts.values()) else "person"
    kind = kind_of_name(name)
    if kind == "header" and len(texts) > 1 and not _repeats_titles(texts):
        return "person"
    if kind == "note" and ("birth_date" in texts or "phone" in texts or "personal_number" in texts):
        return "person"  # a wrong name to be corrected, not a note
    return kind


def _may_be_day(text: str) -> bool:
    """A birth date, however badly written; the post and the name of who signed stand in that column too."""
    return any(map(str.isdigit, text)) and kind_of_name(text) == "person"


def _repeats_titles(texts: dict[str, str]) -> bool:
    """The header once more, as at the top of a printed page."""
    same = sum(1 for field, text in texts.items() if len(text) < 60 and WORDS.get(search_form(text)) == field)
    return same > 1 or (same == 1 and len(texts) == 1)


def _name(texts: dict, values: dict, problems: list, broken: list) -> None:
    name = texts.get("full_name", "")
    if not name:
        name = f"{texts.get('family_names', '')} {texts.get('given_name', '')}".strip()
    elif "given_name" in texts and "family_names" not in texts:
        name = f"{name} {texts['given_name']}"
    if not name or name.lower() in NOTHING:
        if not any(field in NAMES for field in broken):
            problems.append(fault("full_name", "no_name", "Dòng này chưa có họ tên. Hãy ghi họ và tên."))
        return
    values["full_name"], said = read_name(name)
    problems.extend(said)
    if not values["full_name"]:
        del values["full_name"]


def _birth(cells: dict, texts: dict, values: dict, problems: list, today: datetime.date) -> None:
    filled = [field for field in BIRTHS if field in texts and texts[field].lower() not in NOTHING]
    # "x" in the column of one sex says the sex; the day stands elsewhere.
    if len(filled) > 1:
        filled = [field for field in filled if texts[field].lower() not in ("x", "v", "1")] or filled
    if len(filled) > 1 and "birth_date" not in filled:
        both = f"Cả hai cột ngày sinh nam và nữ đều có ghi ({texts[filled[0]]}; {texts[filled[1]]})."
        problems.append(fault("birth_date", "two_births", f"{both} Hãy ghi một ngày sinh."))
        problems.append(fault("sex", "sex_unclear", f"{both} Hãy ghi Nam hoặc Nữ."))
        return
    raw: object
    if filled:
        raw = cells[filled[0]]
    elif "birth_year" in texts:
        parts = [texts[field] for field in ("birth_day", "birth_month", "birth_year") if texts.get(field, "0") != "0"]
        if len(parts) == 2 and "birth_month" not in texts:
            parts = parts[-1:]
        raw = "/".join(parts) if len(parts) > 1 else cells["birth_year"]
    else:
        return
    known, said = read_day("birth_date", raw, today)
    if said:
        problems.append(said)
    if known:
        values["birth_date"] = known


def _sex(cells: dict, texts: dict, values: dict, problems: list) -> None:
    said = texts.get("sex", "")
    found = SEXES.get(search_form(said), "") if said else ""
    if said and not found and said.lower() not in NOTHING:
        problems.append(
            remark("sex", "sex_unclear", f"Không rõ giới tính “{said}” là nam hay nữ. Hãy ghi Nam hoặc Nữ.")
        )
    male = "birth_date_male" in texts or _marked(texts.get("is_male"))
    female = "birth_date_female" in texts or _marked(texts.get("is_female"))
    if male and female:
        if not any(problem.code == "sex_unclear" for problem in problems):
            problems.append(fault("sex", "sex_unclear", "Cột nam và cột nữ cùng có ghi. Hãy chỉ giữ một ô."))
        return
    shown = "male" if male else "female" if female else ""
    if not shown and "full_name" in values and ("is_female" in cells) != ("is_male" in cells):
        # A list with one column marks that sex and leaves the other empty.
        shown = "male" if "is_female" in cells else "female"
    if found and shown and found != shown:
        problems.append(
            fault("sex", "sex_unclear", f"Cột giới tính ghi “{said}” nhưng ô có ghi lại ở cột {SEX_WORDS[shown]}. "
                  "Hãy sửa một trong hai.")
        )  # fmt: skip
        return
    if found or shown:
        values["sex"] = found or shown


def _marked(text: str | None) -> bool:
    return bool(text) and text.lower() not in NO_MARK


def _day(field: str, raw: object, text: str, values: dict, problems: list, today: datetime.date) -> None:
    if text.lower() in NOTHING:
        return
    if text.lower() in ("x", "v", "có", "rồi", "đã vào"):  # says that, but not when
        problems.append(remark(field, "unreadable_date", f"Ô “{text}” chưa cho biết ngày. Hãy ghi ngày, tháng, năm."))
        return
    known, said = read_day(field, raw, today)
    if known and field == "official_party_on":
        if known.precision != Precision.DAY:
            message = f"Ngày chính thức “{text}” chưa đủ. Hãy ghi cả ngày, tháng, năm."
            known, said = None, fault(field, "needs_full_day", message)
        else:
            known = known.day
    if said:
        problems.append(said)
    if known:
        values[field] = known


def _numbers(cells: dict, texts: dict, values: dict, problems: list) -> None:
    if (text := texts.get("phone")) and text.lower() not in NOTHING:
        number, said = read_phone(text)
        problems.extend(said)
        if number:
            values["phone"] = number
    if (text := texts.get("email")) and text.lower() not in NOTHING:
        address, problem = read_email(text)
        if problem:
            problems.append(problem)
        if address:
            values["email"] = address
    if (text := texts.get("personal_number")) and text.lower() not in NOTHING:
        number, problem = read_personal_number(cells["personal_number"])
        if problem:
            problems.append(problem)
        if number:
            values["personal_number"] = number


def _text(field: str, text: str, values: dict, problems: list) -> None:
    low = text.lower()
    if low in NOTHING and (field != "religion" or low in ERRORS or not low[0].isalpha()):
        return
    if len(text) > MOST[field]:
        problems.append(
            fault(field, "too_long", f"{FIELDS[field]} dài quá {MOST[field]} chữ: “{text[:40]}…”. Hãy ghi ngắn lại.")
        )
        return
    values[field] = text


def _level(texts: dict, values: dict, problems: list) -> None:
    said = texts.get("education_level", "")
    if said and said.lower() not in NOTHING:
        level = level_of(said)
        if not level:
            names = ", ".join(Member.Level.labels)
            problems.append(
                remark("education_level", "level_unclear", f"Không rõ bậc “{said}”. Hãy ghi một trong: {names}.")
            )
    else:
        level = level_of(values["education"]) if "education" in values else ""
    if level:
        values["education_level"] = level
