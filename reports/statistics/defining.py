"""A table of a superior: written as a draft, put in use from a day on, followed by an edition, taken out of use.

Only a draft changes. What is in use stands as it is, so that a table of a past period can always be filled again.
"""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max

from branches.models import Indicator, Period, Unit
from branches.vietnamese import nfc, plain
from reports.models import StatItem, StatTable

from .figures import FIGURES
from .typing_in import StatRefused

What, Part, State = StatItem.What, StatItem.Part, StatTable.State
ONE_DAY = datetime.timedelta(days=1)
PERCENT = "%"
MOST_ITEMS = 120
STEP = 10
GONE = "Dòng này vừa bị bỏ khỏi biểu. Hãy mở lại trang biểu."


@transaction.atomic
def create_table(*, owner: Unit, by, **said) -> StatTable:
    """An empty draft of a superior. `said`: number, title, whom, kinds, source, note. Raises StatRefused."""
    if owner.is_branch:
        raise StatRefused({"": "Biểu riêng do Đoàn cấp trên lập. Chi đoàn điền vào các biểu đang dùng."})
    table = StatTable(owner=owner, created_by=by)
    _write(table, said)
    return table


@transaction.atomic
def change_table(*, table: StatTable, version: int, **said) -> StatTable:
    """The head of a draft. Raises StatRefused, EditConflict."""
    _claimed_draft(table, version)
    _write(table, said)
    return table


def _write(table: StatTable, said: dict) -> None:
    for name in ("number", "title", "source", "note"):
        setattr(table, name, nfc(said.get(name, "")).strip())
    table.whom = said["whom"]
    kinds = set(said["kinds"])
    for kind in Period.Kind.values:
        setattr(table, f"of_{kind}", kind in kinds)
    errors = {}
    if not table.number:
        errors["number"] = "Hãy ghi số biểu, ví dụ 09."
    if not table.title:
        errors["title"] = "Hãy ghi tên biểu."
    if not kinds:
        errors["kinds"] = "Hãy chọn ít nhất một loại kỳ."
    twins = StatTable.objects.filter(owner=table.owner, number__iexact=table.number).exclude(state=State.REPLACED)
    family = [pk for pk in (table.pk, table.replaces_id) if pk]
    if table.number and twins.exclude(pk__in=family).exists():
        errors["number"] = f"Đơn vị đã có một biểu số {table.number}. Hãy chọn số khác, hoặc lập bản mới của biểu ấy."
    if errors:
        raise StatRefused(errors)
    table.save()


@transaction.atomic
def copy_table(*, source: StatTable, owner: Unit, by, number: str) -> StatTable:
    """A draft of the superior with the lines of another table. Raises StatRefused."""
    copied = create_table(
        owner=owner, by=by, number=number, title=source.title, whom=source.whom, kinds=source.kinds,
        source=source.source, note=source.note,
    )  # fmt: skip
    _copy_items(source, copied)
    return copied


@transaction.atomic
def new_edition(*, table: StatTable, by) -> StatTable:
    """A draft that will replace the table when it is put in use. Raises StatRefused."""
    table = _locked(table)
    if table.state != State.IN_USE:
        raise StatRefused({"": "Chỉ lập bản mới của biểu đang dùng."})
    if StatTable.objects.filter(replaces=table).exists():
        raise StatRefused({"": "Đã có một bản mới đang soạn cho biểu này."})
    made = StatTable(
        owner=table.owner, created_by=by, number=table.number, title=table.title, whom=table.whom, source=table.source,
        note=table.note, edition=table.edition + 1, replaces=table,
        **{f"of_{kind}": getattr(table, f"of_{kind}") for kind in Period.Kind.values},
    )  # fmt: skip
    made.save()
    _copy_items(table, made)
    return made


def _copy_items(source: StatTable, target: StatTable) -> None:
    made: dict[int, StatItem] = {}
    items = list(source.items.order_by("position", "pk").prefetch_related("parts"))
    # A share points at two other lines: they are there before it, whatever the order on the page.
    for item in sorted(items, key=lambda one: one.what == What.SHARE):
        made[item.pk] = StatItem.objects.create(
            table=target, position=item.position, number=item.number, name=item.name, unit_word=item.unit_word,
            depth=item.depth, is_bold=item.is_bold, what=item.what, code=item.code, part=item.part, figure=item.figure,
            share_of=made.get(item.share_of_id), share_whole=made.get(item.share_whole_id),
        )  # fmt: skip
    for item in items:
        if parts := [made[part.pk] for part in item.parts.all()]:
            made[item.pk].parts.set(parts)


@transaction.atomic
def put_in_use(*, table: StatTable, version: int, valid_from: datetime.date) -> StatTable:
    """From the day on the table is asked of its units; the edition it replaces ends the day before.

    Raises StatRefused, EditConflict.
    """
    _claimed_draft(table, version)
    if not table.items.exclude(what=What.HEADING).exists():
        raise StatRefused({"": "Biểu chưa có dòng số liệu nào. Hãy thêm dòng rồi đưa vào dùng."})
    if table.replaces_id:
        old = _locked(table.replaces)
        if valid_from <= old.valid_from:
            raise StatRefused({"valid_from": f"Hãy chọn ngày sau ngày bản {old.edition} bắt đầu dùng."})
        # One taken out of use earlier may still have days to run: two editions never hold on the same day.
        if old.state == State.IN_USE or old.valid_to >= valid_from:
            old.state, old.valid_to = State.REPLACED, valid_from - ONE_DAY
            old.save()
    table.state, table.valid_from = State.IN_USE, valid_from
    table.save()
    return table


@transaction.atomic
def take_out_of_use(*, table: StatTable, version: int, last_day: datetime.date) -> StatTable:
    """After the day nobody is asked for it; tables of periods up to it stay. Raises StatRefused, EditConflict."""
    table.claim(version)
    if table.state != State.IN_USE:
        raise StatRefused({"": "Biểu này không còn đang dùng."})
    if last_day < table.valid_from:
        raise StatRefused({"last_day": "Hãy chọn ngày không trước ngày biểu bắt đầu dùng."})
    table.state, table.valid_to = State.REPLACED, last_day
    table.save()
    return table


@transaction.atomic
def drop_draft(*, table: StatTable, version: int) -> None:
    """A draft nobody was asked for is gone with its lines. Raises StatRefused, EditConflict."""
    _claimed_draft(table, version)
    table.delete()


def _locked(table: StatTable) -> StatTable:
    return StatTable.objects.select_for_update(no_key=True).get(pk=table.pk)


def _claimed_draft(table: StatTable, version: int) -> None:
    table.claim(version)
    _refuse_not_draft(table)


def _refuse_not_draft(table: StatTable) -> None:
    if not table.is_draft:
        raise StatRefused({"": "Biểu đang dùng không sửa được nữa. Hãy lập bản mới của biểu."})


# --- the lines --------------------------------------------------------------------------------------


@transaction.atomic
def add_item(*, table: StatTable, **said) -> StatItem:
    """One more line at the end of a draft, which overwrites nothing: no version. `said` as `change_item`.

    Raises StatRefused.
    """
    table = _locked(table)
    _refuse_not_draft(table)
    if table.items.count() >= MOST_ITEMS:
        raise StatRefused({"": f"Một biểu có nhiều nhất {MOST_ITEMS} dòng. Hãy lập thêm một biểu."})
    last = table.items.aggregate(last=Max("position"))["last"] or 0
    return _written(StatItem(table=table, position=last + STEP), said)


@transaction.atomic
def change_item(*, item: StatItem, version: int, **said) -> StatItem:
    """`said`: what, number, name, depth, is_bold and, by its source, indicator, part, figure, unit_word, parts,
    share_of, share_whole. `version` is the table's. Raises StatRefused, EditConflict."""
    item = _claimed_line(item, version)
    if said["what"] != item.what and (used := _users_of(item)):
        raise StatRefused({"what": f"Dòng này đang dùng để tính: {used}. Hãy sửa các dòng ấy trước."})
    return _written(item, said)


@transaction.atomic
def drop_item(*, item: StatItem, version: int) -> None:
    """Raises StatRefused where another line is made of it, EditConflict. `version` is the table's."""
    item = _claimed_line(item, version)
    if used := _users_of(item):
        raise StatRefused({"": f"Dòng này đang dùng để tính: {used}. Hãy bỏ hoặc sửa các dòng ấy trước."})
    item.delete()


@transaction.atomic
def move_item(*, item: StatItem, up: bool) -> None:
    """Change places with the line above or below; at the edge nothing happens. Raises StatRefused."""
    table = _locked(item.table)
    _refuse_not_draft(table)
    rows = list(table.items.order_by("position", "pk"))
    place = next((at for at, row in enumerate(rows) if row.pk == item.pk), None)
    if place is None:
        raise StatRefused({"": GONE})
    other = place - 1 if up else place + 1
    if 0 <= other < len(rows):
        here, there = rows[place], rows[other]
        positions, free = (here.position, there.position), rows[-1].position + STEP
        for row, position in ((here, free), (there, positions[0]), (here, positions[1])):
            StatItem.objects.filter(pk=row.pk).update(position=position)


def _claimed_line(item: StatItem, version: int) -> StatItem:
    """The line as it stands in a draft that this person may change now."""
    table = _locked(item.table)
    _claimed_draft(table, version)
    found = table.items.filter(pk=item.pk).first()
    if found is None:
        raise StatRefused({"": GONE})
    found.table = table
    return found


def _as_they_stand(item: StatItem, lines: Iterable[StatItem | None]) -> list[StatItem | None]:
    """The lines a form chose, read again under the lock; one that is gone stays as it was chosen, and is refused."""
    rows = item.table.items.in_bulk([line.pk for line in lines if line])
    return [rows.get(line.pk, line) if line else None for line in lines]


def _users_of(item: StatItem) -> str:
    """Numbers or names of the lines that are made of this one."""
    others = item.table.items.order_by("position", "pk").prefetch_related("parts")
    using = [
        one for one in others
        if item.pk in (one.share_of_id, one.share_whole_id) or item.pk in {part.pk for part in one.parts.all()}
    ]  # fmt: skip
    return ", ".join(one.number or one.name for one in using)


def _written(item: StatItem, said: dict) -> StatItem:
    item.what = said["what"]
    item.number, item.name = nfc(said.get("number", "")).strip(), nfc(said.get("name", "")).strip()
    item.depth, item.is_bold = said.get("depth") or 0, bool(said.get("is_bold"))
    item.code, item.figure, item.part, item.unit_word = "", "", Part.RESULT, ""
    item.share_of = item.share_whole = None
    parts: list[StatItem] = []
    errors: dict[str, str] = {}
    if item.what == What.INDICATOR:
        _from_indicator(item, said, errors)
    elif item.what == What.FIGURE:
        _from_figure(item, said, errors)
    elif item.what == What.TYPED:
        item.unit_word = nfc(said.get("unit_word", "")).strip()
        if not item.unit_word:
            errors["unit_word"] = "Hãy ghi đơn vị tính, ví dụ người, buổi, đồng."
    elif item.what == What.SUM:
        parts = _as_they_stand(item, said.get("parts") or [])
        item.unit_word = _word_of_sum(item, parts, errors)
    elif item.what == What.SHARE:
        item.share_of, item.share_whole = _as_they_stand(item, [said.get("share_of"), said.get("share_whole")])
        item.unit_word = PERCENT
        _check_share(item, errors)
    if not item.name:
        errors["name"] = "Hãy ghi nội dung của dòng."
    if not errors and (refusal := _changes_a_sum(item)):
        errors["unit_word" if item.what == What.TYPED else ""] = refusal
    if errors:
        raise StatRefused(errors)
    item.save()
    item.parts.set(parts)
    return item


def _from_indicator(item: StatItem, said: dict, errors: dict) -> None:
    indicator: Indicator | None = said.get("indicator")
    if indicator is None:
        errors["indicator"] = "Hãy chọn một chỉ tiêu trong danh mục."
        return
    item.code, item.part = indicator.code, said.get("part") or Part.RESULT
    if item.part != Part.RESULT and not indicator.is_share:
        errors["part"] = "Chỉ chỉ tiêu là tỷ lệ mới có tử số và mẫu số. Hãy chọn “Kết quả”."
    item.unit_word = PERCENT if indicator.is_share and item.part == Part.RESULT else indicator.unit_word
    item.name = item.name or indicator.name


def _from_figure(item: StatItem, said: dict, errors: dict) -> None:
    figure = FIGURES.get(said.get("figure", ""))
    if figure is None:
        errors["figure"] = "Hãy chọn một số liệu trong danh sách."
        return
    item.figure, item.part = figure.key, said.get("part") or Part.RESULT
    if item.part != Part.RESULT and not figure.is_share:
        errors["part"] = "Chỉ số liệu là tỷ lệ mới có tử số và mẫu số. Hãy chọn “Kết quả”."
    item.unit_word = PERCENT if figure.is_share and item.part == Part.RESULT else figure.unit_word
    item.name = item.name or figure.label


def _word_of_sum(item: StatItem, parts: list[StatItem], errors: dict) -> str:
    """The unit word all parts have; people, turns and money are never added to each other."""
    if len(parts) < 2:
        errors["parts"] = "Hãy chọn ít nhất hai dòng để cộng."
        return ""
    if refusal := _wrong_lines(item, parts):
        errors["parts"] = refusal
        return ""
    words = {plain(part.unit_word): part.unit_word for part in parts}
    if PERCENT in words:
        errors["parts"] = "Tỷ lệ phần trăm không cộng được. Hãy bỏ dòng tính bằng %."
    elif len(words) > 1:
        said = " và ".join(f"“{word}”" for word in words.values())
        errors["parts"] = f"Không cộng được {said} với nhau. Hãy chọn các dòng cùng đơn vị tính."
    return next(iter(words.values()))


def _check_share(item: StatItem, errors: dict) -> None:
    for name, line in (("share_of", item.share_of), ("share_whole", item.share_whole)):
        if line is None:
            errors[name] = "Hãy chọn một dòng của biểu."
        elif refusal := _wrong_lines(item, [line]):
            errors[name] = refusal
        elif line.unit_word == PERCENT:
            errors[name] = "Tỷ lệ tính từ hai con số, không tính từ một tỷ lệ khác."
    if errors:
        return
    if item.share_of == item.share_whole:
        errors["share_whole"] = "Tử số và mẫu số phải là hai dòng khác nhau."
    elif plain(item.share_of.unit_word) != plain(item.share_whole.unit_word):
        errors["share_whole"] = (
            f"Tử số tính bằng “{item.share_of.unit_word}”, mẫu số tính bằng “{item.share_whole.unit_word}”. "
            "Hãy chọn hai dòng cùng đơn vị tính."
        )


def _wrong_lines(item: StatItem, lines: Iterable[StatItem]) -> str:
    """Why these lines cannot be what the item is made of; empty where they can."""
    there = set(item.table.items.values_list("pk", flat=True))
    for line in lines:
        if line.table_id != item.table_id:
            return "Hãy chọn dòng của chính biểu này."
        if line.pk not in there:
            return f"Dòng {line.number or line.name} vừa bị bỏ khỏi biểu. Hãy mở lại trang rồi chọn lại."
        if line.pk == item.pk:
            return "Một dòng không tính từ chính nó."
        if line.what == What.HEADING:
            return "Tiêu đề nhóm không có số. Hãy chọn dòng số liệu."
        if line.what in (What.SUM, What.SHARE) and item.pk:
            below = _made_of(line)
            if item.pk in below:
                return f"Dòng {line.number or line.name} đã tính từ dòng này; hai dòng không tính vòng từ nhau."
    return ""


def _made_of(item: StatItem) -> set[int]:
    """Every line that a line is made of, through all steps."""
    rows = {one.pk: one for one in item.table.items.prefetch_related("parts")}
    found, waiting = set(), [item.pk]
    while waiting:
        one = rows[waiting.pop()]
        parts = {part.pk for part in one.parts.all()} | {one.share_of_id, one.share_whole_id} - {None}
        waiting += parts - found
        found |= parts
    return found


def _changes_a_sum(item: StatItem) -> str:
    """A line that others are made of keeps its unit word."""
    if not item.pk:
        return ""
    before = StatItem.objects.values_list("unit_word", flat=True).get(pk=item.pk)
    if plain(before) != plain(item.unit_word) and (used := _users_of(item)):
        return f"Các dòng {used} tính từ dòng này và cùng đơn vị tính “{before}”. Hãy sửa các dòng ấy trước."
    return ""
