"""The preview as ready strings: one row of the list, what it would do, and what to ask about it."""

import re
from dataclasses import dataclass, field

from branches.days import PartialDay, words_of
from branches.enrolling import PRECISIONS, SENSITIVE_FIELDS
from branches.models import ImportRow, Member, MemberImport

from .headers import FIELDS

State = ImportRow.State
# How a row is introduced: what a secretary recognises somebody by.
FACTS = ("birth_date", "sex", "national_code", "phone", "job")
# The cells a field may have been read from, where it has no column of its own.
SOURCES = {
    "full_name": ("full_name", "family_names", "given_name"),
    "birth_date": ("birth_date", "birth_date_male", "birth_date_female"),
    "sex": ("sex", "birth_date_male", "birth_date_female"),
}
HIDDEN = "giữ kín"
# Where planning.mark_repeats says that the other row stands: the sheet is named when it is another one.
OTHER_ROW = re.compile(r"dòng (\d+)(?: của trang tính (\d+))?")


@dataclass(slots=True)
class ShownRow:
    """One row of the preview."""

    pk: int
    number: int
    sheet: str
    name: str
    facts: str
    unit: str
    state: str
    problems: list[str]
    changes: list[tuple[str, str, str]]  # label, held, said
    people: list[dict] = field(default_factory=list)  # whom the row may mean
    inputs: list[dict] = field(default_factory=list)  # cells to correct
    other: str = ""  # the earlier row this one may repeat: "Dòng 6", with the sheet when it is another one
    beside: list[tuple[str, str, str, bool]] = field(default_factory=list)  # label, this row, the other, do they differ
    choice: str = ""
    chosen: int | None = None
    may_decide: bool = True


def shown_rows(rows: list[ImportRow], source: MemberImport) -> list[ShownRow]:
    """The rows with everything the page says about them. One query for the people they may mean, and one for the
    rows they may repeat, if any may."""
    keys = {pk for row in rows for pk in (*row.candidates, row.member_id) if pk}
    people = Member.objects.select_related("home").in_bulk(keys)
    several = sum(sheet["taken"] for sheet in source.sheets) > 1
    shown = [_shown(row, source, people, several) for row in rows]
    _put_beside(shown, rows, source)
    return shown


def _put_beside(shown: list[ShownRow], rows: list[ImportRow], source: MemberImport) -> None:
    """Rows in doubt next to the row they may repeat, so that nobody has to look both up in Excel."""
    places = {}
    for row in rows:
        said = next((one["message"] for one in row.problems if one["code"] == "repeated"), "")
        if row.state == State.UNSURE and (found := OTHER_ROW.search(said)):
            number, sheet = found.groups()
            places[row.pk] = (int(sheet) - 1 if sheet else row.sheet, int(number))
    if not places:
        return
    sheets, numbers = ({place[index] for place in places.values()} for index in (0, 1))
    others = {(one.sheet, one.number): one for one in source.rows.filter(sheet__in=sheets, number__in=numbers)}
    for one, row in zip(shown, rows, strict=True):
        if other := others.get(places.get(row.pk)):
            name = source.sheets[other.sheet]["name"]
            one.other = f"Dòng {other.number}" if other.sheet == row.sheet else f"Dòng {other.number}, {name}"
            one.beside = list(_compared(row.values, other.values))


def _compared(here: dict, there: dict):
    """Every field that either row has. Of the closed part only whether the two say the same."""
    for name, label in FIELDS.items():
        if here.get(name) or there.get(name):
            texts = [word(name, values.get(name)) for values in (here, there)]
            if name in SENSITIVE_FIELDS:
                texts = [HIDDEN if text else "" for text in texts]
            yield label, *(text or "chưa ghi" for text in texts), here.get(name) != there.get(name)


def _shown(row: ImportRow, source: MemberImport, people: dict[int, Member], several: bool) -> ShownRow:
    values = row.values
    wrong = list(dict.fromkeys(one["field"] for one in row.problems if one["stops"] and one["field"] in FIELDS))
    member = people.get(row.member_id)
    return ShownRow(
        pk=row.pk,
        number=row.number,
        sheet=source.sheets[row.sheet]["name"] if several else "",
        name=values.get("full_name") or text_in(row, "full_name") or (member.full_name if member else "Chưa có tên"),
        facts=", ".join(words for name in FACTS if (words := word(name, values.get(name)))),
        unit=row.unit.name if row.unit and row.unit_id != source.unit_id else "",
        state=row.state,
        problems=list(dict.fromkeys(one["message"] for one in row.problems)),
        changes=[_change(name, held, values.get(name)) for name, held in row.before.items()],
        people=[_person(people[pk], source) for pk in row.candidates if pk in people],
        inputs=[{"name": name, "label": FIELDS[name], "text": text_in(row, name)} for name in wrong],
        choice=row.choice,
        chosen=row.chosen_id,
        may_decide=bool(values.get("full_name")) or bool(wrong),
    )


def text_in(row: ImportRow, name: str) -> str:
    """What the file, or the person at the preview, wrote for a field."""
    if name in row.typed:
        return row.typed[name]
    cells = [row.cells[one] for one in SOURCES.get(name, (name,)) if row.cells.get(one)]
    return " ".join(cells) if name == "full_name" else next(iter(cells), "")


def word(name: str, kept) -> str:
    """A kept value as the page says it."""
    if not kept:
        return ""
    if name in PRECISIONS or name == "official_party_on":
        return PartialDay.read(kept).words
    if name == "sex":
        return str(Member.Sex(kept).label)
    return str(Member.Level(kept).label) if name == "education_level" else str(kept)


def _change(name: str, held, said) -> tuple[str, str, str]:
    """The closed part of a record is not opened by a preview."""
    if name in SENSITIVE_FIELDS:
        return FIELDS[name], HIDDEN if held else "", HIDDEN
    return FIELDS[name], word(name, held), word(name, said)


def _person(member: Member, source: MemberImport) -> dict:
    """What tells this person from a namesake; the phone only of those whose register is being filled."""
    born = words_of(member.birth_date, member.birth_precision)
    facts = [f"sinh {born}" if born else "chưa ghi ngày sinh", member.get_sex_display(), member.national_code]
    if member.home.path.startswith(source.unit.path):
        facts.append(member.phone)
    facts += [member.job, member.home.name]
    if not member.is_active:
        facts.append("đã rời danh sách")
    return {"pk": member.pk, "name": member.full_name, "facts": ", ".join(filter(None, facts))}
