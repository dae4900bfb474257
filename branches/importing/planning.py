"""What a list would do to the register, row by row, before anything is written.

A row is one person. It is recognised by facts that belong to one person (code, personal number, card,
phone, e-mail), else by name and birth date; what only resembles somebody is asked about. A blank cell
says nothing, and so never erases.
"""

import datetime
from dataclasses import dataclass, field

from branches.days import PartialDay
from branches.models import ImportRow, Precision, Unit
from branches.vietnamese import lower, plain

from .cells import ParsedRow, Problem
from .judging import faults_in
from .known import IDENTITY, Known, KnownMember, fact, turned
from .texts import clean

State = ImportRow.State
# Rows that wait for a person: they stay out of the register until somebody chose or corrected.
WAITING = (State.UNSURE, State.ERROR)
# One of these alone makes two records of the same name one person.
STRONG = ("national_code", "personal_number", "card_number")


@dataclass(slots=True)
class Planned:
    """One row and what it would do."""

    sheet: int
    number: int
    values: dict
    read: tuple[Problem, ...] = ()  # what the cells themselves have wrong
    problems: list[Problem] = field(default_factory=list)  # what comparing with the register found
    state: str = State.ERROR
    unit: Unit | None = None
    member: KnownMember | None = None
    candidates: list[KnownMember] = field(default_factory=list)
    changes: dict[str, tuple] = field(default_factory=dict)  # field → (held, said)
    decided: bool = False  # a person said what this row means
    name: str = field(init=False)  # in small letters without marks

    def __post_init__(self):
        self.name = plain(self.values.get("full_name", ""))

    @property
    def all_problems(self) -> list[Problem]:
        return [*self.read, *self.problems]

    @property
    def stops(self) -> bool:
        return any(problem.stops for problem in self.all_problems)

    def say(self, field_name: str, code: str, message: str, *, stops: bool) -> None:
        self.problems.append(Problem(field_name, code, message, stops))


def plan_row(
    sheet: int, number: int, parsed: ParsedRow, known: Known, *, unit: Unit | None = None, choice: str = "",
    chosen: KnownMember | None = None, starts_on: datetime.date,
) -> Planned:  # fmt: skip
    """Decide about one row. `unit` is the branch of its sheet; `choice` is what a person said about an unsure row."""
    row = Planned(sheet, number, dict(parsed.values), tuple(parsed.problems), decided=bool(choice))
    if parsed.kind != "person" or choice == ImportRow.Choice.SKIP:
        row.state = State.SKIPPED
        return row
    row.unit = _unit_of(row, known, unit)
    found = _recognise(row, known) if row.unit else []
    if choice == ImportRow.Choice.SAME and chosen is not None:
        row.member, row.candidates = chosen, found or [chosen]
    elif choice == ImportRow.Choice.NEW:
        row.member, row.candidates = None, found
        row.problems = [problem for problem in row.problems if problem.code not in QUESTIONS]
        _refuse_taken_facts(row, known)
    elif row.candidates:
        row.state = State.UNSURE
    _check_code(row, known)
    _check_record(row, starts_on)
    if row.stops:
        row.state = State.ERROR
    elif row.member is not None:
        row.changes = changes_of(row.member, row.values)
        row.state = State.CHANGED if row.changes else State.SAME
        row.problems = [problem for problem in row.problems if problem.code not in QUESTIONS]
    elif row.state != State.UNSURE or choice == ImportRow.Choice.NEW:
        row.state = State.NEW
    return row


def _unit_of(row: Planned, known: Known, of_sheet: Unit | None) -> Unit | None:
    said = row.values.get("unit", "")
    named = known.units.named(said) if said else []
    if len(named) == 1:
        return named[0]
    if len(named) > 1:
        row.say("unit", "ambiguous_unit", f"Có {len(named)} chi đoàn tên “{said}”. Hãy ghi mã đơn vị.", stops=True)
    elif of_sheet is not None or known.units.default is not None:
        default = of_sheet or known.units.default
        if said:
            row.say("unit", "unit_ignored", f"Cột chi đoàn ghi “{said}”, vẫn nhập vào {default.name}.", stops=False)
        return default
    elif said:
        row.say("unit", "no_such_unit", f"Không có chi đoàn “{said}” trong {known.units.top.name}. "
                "Hãy ghi đúng tên hoặc mã đơn vị.", stops=True)  # fmt: skip
    else:
        row.say("unit", "no_unit", "Chưa biết chi đoàn. Hãy chọn chi đoàn cho trang tính này, hoặc thêm cột Chi đoàn.",
                stops=True)  # fmt: skip
    return None


QUESTIONS = ("maybe_same", "several_same", "other_name", "elsewhere", "left", "repeated")


def _recognise(row: Planned, known: Known) -> list[KnownMember]:
    """Set `member` when the row means somebody for certain, else `candidates` with the question to ask."""
    values = row.values
    name = row.name
    for kind in IDENTITY:
        holders = known.by_fact.get((kind, fact(kind, values[kind])), []) if values.get(kind) else []
        if not holders:
            continue
        same_name = [one for one in holders if plain(one.name) == name]
        if len(same_name) == 1 and (kind in STRONG or _births_agree(values, same_name[0])):
            return _accept(row, same_name[0])
        if kind in STRONG:
            asked = same_name or holders
            row.candidates = asked
            question = f"{_WORDS[kind]} này đang ghi cho {_names(asked)}. Là cùng một người?"
            row.say(kind, "other_name", question, stops=False)
            return asked
    namesakes = known.by_name.get(name, [])
    agreeing = [one for one in namesakes if _births_agree(values, one)]
    certain = [one for one in agreeing if _is_certain(values, one)]
    here = [one for one in certain if one.home_id == row.unit.pk] or certain
    if len(here) == 1:
        return _accept(row, here[0])
    if len(here) > 1:
        row.candidates = here
        question = f"Có {len(here)} người cùng tên, cùng ngày sinh. Hãy chọn một."
        row.say("full_name", "several_same", question, stops=False)
        return here
    # Beyond the branch a name alone says nothing: a province has hundreds of them.
    namesakes = [one for one in namesakes if one.home_id == row.unit.pk]
    here = [one for one in namesakes if one.is_active and _births_agree(values, one)]
    if len(here) == 1 and not changes_of(here[0], values):
        return _accept(row, here[0])  # the list says nothing that is not held already
    maybe = here or [one for one in namesakes if _resemble(values, one)]
    if not maybe:  # the given name written first, as in "Cường Lê Văn"
        turned_names = known.by_name.get(turned(name), []) if turned(name) != name else []
        maybe = [one for one in turned_names if _is_certain(values, one) and _births_agree(values, one)]
    if maybe:
        row.candidates = maybe
        question = f"Trùng tên với {_names(maybe)}. Là người đã có hay người mới?"
        row.say("full_name", "maybe_same", question, stops=False)
    return maybe


_WORDS = {"national_code": "Mã đoàn viên", "personal_number": "Số căn cước", "card_number": "Số thẻ đoàn viên"}


def _names(members: list[KnownMember]) -> str:
    words = []
    for one in members[:3]:
        born = one.values.get("birth_date")
        words.append(f"{one.name} ({'sinh ' + born.words if born else 'chưa ghi ngày sinh'})")
    return "; ".join(words) + (" …" if len(members) > 3 else "")


def _accept(row: Planned, member: KnownMember) -> list[KnownMember]:
    """The person is certain; where they are now may still need a word."""
    if not member.is_active:
        row.candidates = [member]
        row.say("full_name", "left", f"{member.name} đã rời danh sách. Chọn “Người đã có” chỉ sửa thông tin, không đưa "
                "trở lại; “Người mới” lập hồ sơ mới.", stops=False)  # fmt: skip
    elif member.home_id != row.unit.pk:
        row.candidates = [member]
        row.say("unit", "elsewhere", f"{member.name} đang sinh hoạt ở chi đoàn khác. Chọn “Người đã có” chỉ sửa thông "
                "tin; muốn chuyển thì dùng Chuyển sinh hoạt.", stops=False)  # fmt: skip
    else:
        row.member = member
    return [member]


def _births_agree(values: dict, member: KnownMember) -> bool:
    """Both the same day as far as both are known; a missing one contradicts nothing."""
    said, held = values.get("birth_date"), member.values.get("birth_date")
    if said is None or held is None or said == held:
        return True
    if Precision.YEAR in (said.precision, held.precision):
        return said.day.year == held.day.year
    if Precision.MONTH in (said.precision, held.precision):
        return (said.day.year, said.day.month) == (held.day.year, held.day.month)
    return False


def _is_certain(values: dict, member: KnownMember) -> bool:
    """Name and birth date of one person. Ấn and An of one year are two persons as easily as one."""
    said, held = values.get("birth_date"), member.values.get("birth_date")
    if said is None or held is None:
        return False
    if said.precision == held.precision == Precision.DAY:
        return True
    names = member.name, values["full_name"]
    return _says_the_same("full_name", *names) or _says_the_same("full_name", *reversed(names))


def _resemble(values: dict, member: KnownMember) -> bool:
    """Same name, other birth date: perhaps a slip of the pen. Otherwise simply two persons of one name."""
    said, held = values.get("birth_date"), member.values.get("birth_date")
    if said is None or held is None:
        return True
    shared = (kind for kind in IDENTITY if values.get(kind) and member.values.get(kind))
    if any(fact(kind, values[kind]) == fact(kind, member.values[kind]) for kind in shared):
        return True
    if said.precision != Precision.DAY or held.precision != Precision.DAY:
        return False
    one, other = said.day, held.day
    return (one.day, one.month) in ((other.day, other.month), (other.month, other.day)) or (
        one.year == other.year and (one.month == other.month or one.day == other.day)
    )


def changes_of(member: KnownMember, values: dict) -> dict[str, tuple]:
    """field → (held, said) for what the row says differently. What it leaves blank is no difference."""
    changes = {}
    for name, said in values.items():
        if name == "unit":
            continue
        held = member.values.get(name)
        if not _says_the_same(name, held, said):
            changes[name] = (held, said)
    # The level is often guessed from the words of the education; it never overrules a level chosen by a person.
    if "education_level" in changes and changes["education_level"][0] and "education" not in changes:
        del changes["education_level"]
    return changes


def _says_the_same(name: str, held, said) -> bool:
    if held is None:
        return False
    if held == said:
        return True
    if isinstance(said, PartialDay) and isinstance(held, PartialDay):
        # The list knows less than the register: 2001 says nothing against 22/11/2001.
        return said.precision != held.precision and held.iso.startswith(said.iso)
    if isinstance(said, str) and isinstance(held, str):
        held = clean(held)  # the register may hold what a cell would be rid of: our own export says nothing new
        if name in IDENTITY:
            return fact(name, held) == fact(name, said)
        without_marks = plain(said) == lower(said)
        return lower(held) == lower(said) or (without_marks and plain(held) == lower(said))
    return False


def _check_code(row: Planned, known: Known) -> None:
    code = row.values.get("national_code")
    if code and code in known.codes_elsewhere:
        row.say("national_code", "code_elsewhere", f"Mã {code} đã ghi cho một người ở đơn vị khác. Hãy xem lại mã.",
                stops=True)  # fmt: skip


def _check_record(row: Planned, starts_on: datetime.date) -> None:
    """The record as it would be saved, judged by the same rules as one typed into the form."""
    values = {**row.member.values, **row.values} if row.member else row.values
    faults = faults_in(values)
    asked = {problem.field for problem in row.all_problems if problem.stops} if faults else ()
    for name, message in faults.items():
        if name not in asked and not (name == "full_name" and "full_name" not in row.values and asked):
            row.say(name, "refused", message, stops=True)
    born = row.values.get("birth_date")
    if row.member is None and born and born.day >= starts_on:
        answer = "Ngày sinh phải trước ngày bắt đầu sinh hoạt. Hãy xem lại năm."
        row.say("birth_date", "future_date", answer, stops=True)


def _refuse_taken_facts(row: Planned, known: Known) -> None:
    """A new person cannot carry the code that somebody here already has."""
    code = row.values.get("national_code")
    holders = known.by_fact.get(("national_code", code), []) if code else []
    if holders:
        row.say("national_code", "code_taken", f"Mã {code} đang ghi cho {_names(holders)}. Người mới phải có mã khác.",
                stops=True)  # fmt: skip


def mark_repeats(rows: list[Planned]) -> None:
    """Somebody who stands in the list twice: the second row adds nothing, or needs a choice."""
    first: dict[tuple, Planned] = {}
    for row in rows:
        if row.state not in (State.NEW, State.CHANGED, State.SAME):
            continue
        sought, left = _keys(row)
        earlier = None if row.decided else next((first[key] for key in sought if key in first), None)
        if earlier is None:
            for key in left:
                first.setdefault(key, row)
            continue
        other_sheet = "" if earlier.sheet == row.sheet else f" của trang tính {earlier.sheet + 1}"
        where = f"dòng {earlier.number}{other_sheet}"
        if _adds_nothing(row, earlier):
            row.state = State.SKIPPED
            row.say("full_name", "repeated", f"Lặp lại {where}.", stops=False)
        else:
            row.state = State.UNSURE
            question = (
                f"Cùng tên, cùng ngày sinh hoặc cùng mã với {where}. Là hai người khác nhau thì chọn “Người mới”, "
                "nếu không thì bỏ dòng này."
            )
            row.say("full_name", "repeated", question, stops=False)


def _keys(row: Planned) -> tuple[list[tuple], list[tuple]]:
    """What an earlier row must have left behind to be perhaps this person, and what this one leaves behind.

    Some of it two rows of one person share, however often they stand in the list. A whole date is also left
    under its year and month, for those who know no more.
    """
    if row.member is not None:
        certain = [("member", row.member.pk)]
        return certain, certain
    values, name, unit = row.values, row.name, row.unit.pk
    certain = [(kind, fact(kind, values[kind])) for kind in STRONG if values.get(kind)]
    certain += [(kind, fact(kind, values[kind]), name) for kind in ("phone", "email") if values.get(kind)]
    born = values.get("birth_date")
    if born is None:
        certain.append(("person", name, "", unit))
        return certain, certain
    day = born.iso
    certain.append(("person", name, day, ""))
    if born.precision != Precision.DAY:
        return [*certain, ("whole", name, day, unit)], [*certain, ("vague", name, day, unit)]
    spans = (day[:4], day[:7])
    sought = [("person", turned(name), day, ""), *(("vague", name, span, unit) for span in spans)]
    return [*certain, *sought], [*certain, *(("whole", name, span, unit) for span in spans)]


def _adds_nothing(row: Planned, earlier: Planned) -> bool:
    return row.unit == earlier.unit and all(
        _says_the_same(name, earlier.values.get(name), said) for name, said in row.values.items() if name != "unit"
    )


def default_start(today: datetime.date) -> datetime.date:
    """People already on a list have been members at least since the year began: the yearly figures then hold."""
    return today.replace(month=1, day=1)
