"""A superior's own templates of chapters: copied from another one, changed, put into use, ended.

The results of the work areas stand in one block, of which single areas get chapters of their own. The block itself
stays in every template: an area nobody gave a chapter, or that the catalogue gets later, has its place there.

A template that a report or a round was begun with is no longer changed, so that a report never loses a chapter under
the hands of its writer: the next edition is a copy of it. Which template a report gets is said in reports/chapters.py.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from branches.models import Unit, WorkArea
from branches.vietnamese import nfc, plain
from reports.models import ReportTemplate, TemplateChapter

from .chapters import PLACES, FilledBy, area_key, in_place

MOST = 60  # chapters of one template
TOP = ("", "Mục lớn, đánh số La Mã")
ANY_PERIOD = {"span": "kỳ báo cáo", "following": "kỳ sau"}
ALL_AREAS, OTHERS = "Các mục công tác", "Các mục công tác còn lại"
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")


class TemplateRefused(Exception):
    """The change is not possible. `field` names the form field that shows the message."""

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.field = field


@transaction.atomic
def copy_template(*, source: ReportTemplate, unit: Unit, by, name: str) -> ReportTemplate:
    """A template of the unit's own to change, in use by nobody yet. Of one's own template: its next edition."""
    name = nfc(name)
    if not name:
        raise TemplateRefused("Hãy ghi tên mẫu.", "name")
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    last = ReportTemplate.objects.filter(owner=unit, name=name).aggregate(last=Max("edition"))["last"] or 0
    made = ReportTemplate.objects.create(
        owner=unit, name=name, kinds=list(source.kinds), for_theme=source.for_theme, edition=last + 1,
        source=source.source if source.owner_id else "", made_from=source, created_by=by,
    )  # fmt: skip
    chapters = list(source.chapters.order_by("position", "pk"))
    for one in chapters:
        one.pk, one.template = None, made
    TemplateChapter.objects.bulk_create(chapters)
    return made


@transaction.atomic
def change_settings(
    *, template: ReportTemplate, version: int, name: str, kinds: list[str], for_theme: bool, source: str,
    starts_on: datetime.date | None, ends_on: datetime.date | None,
) -> ReportTemplate:  # fmt: skip
    """Name, what it is for, and for periods beginning from which day. Ending it is possible at any time."""
    if starts_on and ends_on and ends_on <= starts_on:
        raise TemplateRefused("Ngày thôi áp dụng phải sau ngày bắt đầu.", "last_on")
    if ends_on and not starts_on:
        raise TemplateRefused("Hãy ghi ngày bắt đầu áp dụng.", "starts_on")
    if not kinds:
        raise TemplateRefused("Hãy chọn ít nhất một loại báo cáo.", "kinds")
    name = nfc(name)
    Unit.objects.select_for_update(no_key=True).get(pk=template.owner_id)  # two at once get two names
    taken = ReportTemplate.objects.filter(owner=template.owner_id, name=name, edition=template.edition)
    if taken.exclude(pk=template.pk).exists():
        raise TemplateRefused(f"Đơn vị đã có mẫu “{name}”. Hãy đặt tên khác.", "name")
    template.claim(version)
    template.name, template.kinds, template.for_theme, template.source = name, kinds, for_theme, nfc(source)
    template.starts_on, template.ends_on = starts_on, ends_on
    template.save()
    return template


@transaction.atomic
def add_chapter(
    *, template: ReportTemplate, heading: str, under: str, hint: str = "", is_list: bool = False,
    is_optional: bool = False,
) -> TemplateChapter:  # fmt: skip
    """A chapter that people write, at the end of its part or, without one, of the whole."""
    _held(template)
    rows = list(template.chapters.order_by("position", "pk"))
    if len(rows) >= MOST:
        raise TemplateRefused(f"Một mẫu có tối đa {MOST} mục.")
    if under and under not in {row.key for row in rows if not row.under}:
        raise TemplateRefused("Phần này không còn trong mẫu. Hãy chọn lại.", "under")
    heading, hint = _said(heading, "heading"), _said(hint, "hint", needed=False)
    made = TemplateChapter(
        template=template, key=_new_key(heading, {row.key for row in rows}), heading=heading, under=under, hint=hint,
        is_list=is_list, is_optional=is_optional,
    )  # fmt: skip
    last = max((at for at, row in enumerate(rows) if under and under in (row.key, row.under)), default=len(rows) - 1)
    rows.insert(last + 1, made)
    _write_order(rows)
    return made


@transaction.atomic
def split_areas(*, template: ReportTemplate, version: int, areas: Iterable[WorkArea]) -> list[TemplateChapter]:
    """A chapter of its own for each of these areas, in the order of the catalogue right before the block.

    They are printed as the block printed them until somebody changes that.
    """
    _held(template, version)
    rows = list(template.chapters.order_by("position", "pk"))
    at = next(place for place, row in enumerate(rows) if is_block(row))
    block, asked = rows[at], {area.pk for area in areas}
    made = [
        TemplateChapter(
            template=template, key=area_key(place.area), heading=place.area.name, under=block.under, hint=block.hint,
            filled_by=FilledBy.AREA, area=place.area, is_optional=place.is_optional, is_list=block.is_list,
        )
        for place in in_place(rows)
        if place.row is block and place.area.pk in asked
    ]  # fmt: skip
    if not asked:
        raise TemplateRefused("Hãy chọn ít nhất một mục công tác.", "areas")
    if len(made) < len(asked):
        raise TemplateRefused("Có mục công tác đã được tách rồi. Hãy chọn lại.", "areas")
    if len(rows) + len(made) > MOST:
        raise TemplateRefused(f"Một mẫu có tối đa {MOST} mục.", "areas")
    rows[at:at] = made
    _write_order(rows)
    return made


@transaction.atomic
def change_chapter(
    *, chapter: TemplateChapter, version: int, heading: str, hint: str, is_optional: bool, is_list: bool
) -> TemplateChapter:
    """Words of a chapter and how it is printed; what it is drafted from does not change.

    What the block of areas is called is printed nowhere: each area in it stands under its name in the catalogue.
    """
    _held(chapter.template, version)
    chapter.heading, chapter.hint = _said(heading, "heading"), _said(hint, "hint", needed=False)
    chapter.is_optional, chapter.is_list = is_optional, is_list
    chapter.save()
    return chapter


@transaction.atomic
def move_chapter(*, chapter: TemplateChapter, version: int, is_up: bool) -> None:
    """One place up or down within its part; a part moves with everything in it. The opening stays first."""
    _held(chapter.template, version)
    rows = list(chapter.template.chapters.order_by("position", "pk"))
    beside = [row for row in rows if row.under == chapter.under]
    here = next(at for at, row in enumerate(beside) if row.pk == chapter.pk)
    there = here - 1 if is_up else here + 1
    if not 0 <= there < len(beside) or FilledBy.OPENING in (beside[there].filled_by, chapter.filled_by):
        return
    beside[here], beside[there] = beside[there], beside[here]
    if chapter.under:
        order = iter(beside)
        rows = [next(order) if row.under == chapter.under else row for row in rows]
    else:
        rows = [row for part in beside for row in (part, *(one for one in rows if one.under == part.key))]
    _write_order(rows)


@transaction.atomic
def remove_chapter(*, chapter: TemplateChapter, version: int) -> None:
    """Take a chapter out. The opening and the results stay: the paper is about them.

    An area whose chapter goes is told in the block again, under its name in the catalogue.
    """
    _held(chapter.template, version)
    if stays(chapter):
        raise TemplateRefused("Mục này chứa kết quả lấy từ số liệu nên không bỏ được.")
    if chapter.template.chapters.filter(under=chapter.key).exists():
        raise TemplateRefused("Phần này còn các mục bên trong. Hãy bỏ các mục đó trước.")
    chapter.delete()
    _write_order(list(chapter.template.chapters.order_by("position", "pk")))


@transaction.atomic
def drop_template(*, template: ReportTemplate) -> None:
    """Give up a template that nobody used."""
    _held(template)
    if template.copies.exists():
        raise TemplateRefused("Đã có mẫu chép từ mẫu này nên không bỏ được. Hãy ghi ngày thôi áp dụng.")
    template.delete()


def stays(chapter: TemplateChapter) -> bool:
    """Whether the chapter is never taken out. Without the block an area's activities would be told nowhere."""
    return chapter.filled_by in (FilledBy.OPENING, FilledBy.SUMMARY) or is_block(chapter)


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """A chapter on the page of its template: "3", or "4-7" for a block that stands for several areas.

    `areas` are the names of these, or of the one the chapter is about. Heading and hint say "kỳ báo cáo", "kỳ sau"
    where a report says which.
    """

    chapter: TemplateChapter
    number: str
    heading: str
    hint: str
    areas: tuple[str, ...]
    is_block: bool
    may_rise: bool
    may_fall: bool
    may_go: bool


def outline_of(template: ReportTemplate) -> list[OutlineRow]:
    """The chapters as reports will have them, with the areas the block stands for. Two queries."""
    rows = list(template.chapters.order_by("position", "pk"))
    numbers: dict[int, list[str]] = {row.pk: [] for row in rows}
    areas: dict[int, list[str]] = {row.pk: [] for row in rows}
    beside: dict[str, list[int]] = {}
    own = any(row.area_id for row in rows)
    for one in in_place(rows):
        numbers[one.row.pk].append(one.number)
        if one.area:
            areas[one.row.pk].append(one.area.name)
    for row in rows:
        if row.filled_by != FilledBy.OPENING:
            beside.setdefault(row.under, []).append(row.pk)
    found = []
    for row in rows:
        said, moved = numbers[row.pk], beside.get(row.under, [])
        is_moved = row.filled_by != FilledBy.OPENING
        found.append(
            OutlineRow(
                chapter=row,
                number=f"{said[0]}-{said[-1]}" if len(said) > 1 else "".join(said),
                heading=_of_any_period(row.heading) if not is_block(row) else OTHERS if own else ALL_AREAS,
                hint=_of_any_period(row.hint),
                areas=tuple(areas[row.pk]),
                is_block=is_block(row),
                may_rise=is_moved and moved[0] != row.pk,
                may_fall=is_moved and moved[-1] != row.pk,
                may_go=not stays(row) and row.key not in beside,
            )
        )
    return found


def _of_any_period(text: str) -> str:
    return PLACES.sub(lambda found: ANY_PERIOD[found[1]], text)


def areas_in_block(template: ReportTemplate) -> list[WorkArea]:
    """The areas that have no chapter of their own, in the order of the catalogue. Two queries."""
    return [one.area for one in in_place(list(template.chapters.order_by("position", "pk"))) if is_block(one.row)]


def is_block(chapter: TemplateChapter) -> bool:
    """Whether it stands for every area without a chapter of its own."""
    return chapter.filled_by == FilledBy.AREA and chapter.area_id is None


def is_used(template: ReportTemplate) -> bool:
    """Whether a report or a round was begun with it: then its chapters are no longer changed."""
    return template.reports.exists() or template.rounds.exists()


def _held(template: ReportTemplate, version: int | None = None) -> None:
    """Hold the template while a chapter changes; with a version also against two people at once (EditConflict)."""
    now = ReportTemplate.objects.select_for_update(no_key=True).get(pk=template.pk)
    if is_used(template):
        raise TemplateRefused("Đã có báo cáo soạn theo mẫu này nên không sửa nữa. Hãy soạn bản mới từ mẫu này.")
    template.claim(now.version if version is None else version)


def _new_key(heading: str, taken: set[str]) -> str:
    base = f"rieng-{slugify(plain(heading))}"[:34].rstrip("-")
    return next(one for one in (base, *(f"{base}-{number}" for number in range(2, MOST + 2))) if one not in taken)


def _write_order(rows: list[TemplateChapter]) -> None:
    """Positions and numbers anew: I, II for the parts, 1, 2 within one. What never has a number keeps none, and where
    areas stand `in_place` counts."""
    parts, inside = 0, {}
    counted = {row.under for row in rows if row.filled_by == FilledBy.AREA}
    for place, row in enumerate(rows, start=1):
        row.position = 10 * place
        is_plain = row.filled_by == FilledBy.OPENING or row.under == "situation"
        if row.under in counted:
            row.number = ""
        elif not is_plain and not row.under:
            row.number = ROMAN[parts] if parts < len(ROMAN) else str(parts + 1)
            parts += 1
        elif not is_plain:
            inside[row.under] = inside.get(row.under, 0) + 1
            row.number = str(inside[row.under])
        row.save()


def _said(text: str, field: str, *, needed: bool = True) -> str:
    text = nfc(text)
    if needed and not text:
        raise TemplateRefused("Hãy ghi tên mục.", field)
    if not {"{", "}"}.isdisjoint(PLACES.sub("", text)):
        raise TemplateRefused("Trong ngoặc nhọn chỉ dùng {span} (kỳ báo cáo) hoặc {following} (kỳ sau).", field)
    return text
