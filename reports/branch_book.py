"""The branch book (sổ chi đoàn) of a year: its tables, out of the register, meetings, dues, results and awards.

Nothing is typed for it. Every table says in words when there was nothing, so that an empty page of the book is a
statement and not a gap. Past tables use what the registers say of the year; data of persons are as they stand now.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, prefetch_related_objects

from branches.days import words_of
from branches.dues.fund import book_of_year
from branches.dues.owing import Standing, grid
from branches.dues.showing import ordered
from branches.formats import day, number
from branches.meetings.listing import meetings_of_year
from branches.models import (
    Assessment,
    Award,
    AwayStay,
    Conclusion,
    Meeting,
    Member,
    Membership,
    Minutes,
    Period,
    Task,
    Unit,
)

Kind, Begin, End = Membership.Kind, Membership.Begin, Membership.End
LEFT, RIGHT, CENTRE = "", "r", "c"


@dataclass(frozen=True, slots=True)
class Column:
    """`width` is a class of paper.css ("w24" is 24 mm, "rest" what is left)."""

    title: str
    width: str
    align: str = LEFT


@dataclass(frozen=True, slots=True)
class Table:
    """Ready texts, never empty. `is_wide` stands on a turned sheet; `last` is a row of totals."""

    title: str
    columns: tuple[Column, ...]
    rows: list[tuple[str, ...]]
    nothing: str
    note: str = ""
    last: tuple[str, ...] = ()
    is_wide: bool = False

    @property
    def lines(self) -> list[list[tuple[str, str]]]:
        """The rows with the alignment of each cell, for the template."""
        aligns = [column.align for column in self.columns]
        return [list(zip(row, aligns, strict=True)) for row in self.rows]

    @property
    def total(self) -> list[tuple[str, str]]:
        return list(zip(self.last, (column.align for column in self.columns), strict=True)) if self.last else []


NUMBER, NAME, BORN, DAY = (
    Column("TT", "w8", CENTRE),
    Column("Họ và tên", "rest"),
    Column("Ngày sinh", "w22", CENTRE),
    Column("Ngày", "w22", CENTRE),
)


def book_tables(unit: Unit, year: int, *, on: datetime.date) -> list[Table]:
    """The tables in the order of the paper book. A constant number of queries.

    `on` is today: the list of a running year is that of today, of a past year that of its last day. Permission
    is the caller's: who asks must read the register of the unit.
    """
    period = Period.of_year(year)
    closing = min(period.last_day, on)
    return [
        _members(unit, closing),
        _away(unit, period),
        _guests(unit, period),
        _dues(unit, year, on),
        _fund(unit, year),
        _arrivals(unit, period),
        _departures(unit, period, "Đoàn viên chuyển đi", [End.MOVED_OUT], "Không có đoàn viên chuyển đi."),
        _departures(unit, period, "Đoàn viên trưởng thành", [End.MATURED], "Không có đoàn viên trưởng thành."),
        _departures(
            unit, period, "Đoàn viên bị xóa tên, khai trừ, từ trần", [End.DELETED, End.EXPELLED, End.DIED],
            "Không có trường hợp nào.",
        ),
        _results(unit, period),
        _meetings(unit, period),
        _tasks(unit, period),
        _awards(unit, year),
    ]  # fmt: skip


def _numbered(rows: Iterable[tuple]) -> list[tuple[str, ...]]:
    return [(str(place), *(str(cell or "-") for cell in row)) for place, row in enumerate(rows, start=1)]


def _day(value) -> str:
    return day(value) if value else ""


def _born(member: Member) -> str:
    return words_of(member.birth_date, member.birth_precision)


def _official(unit: Unit):
    """Of the branch with its groups (phân đoàn), as its list and its dues are."""
    rows = Membership.objects.filter(unit__path__startswith=unit.path, kind=Kind.OFFICIAL)
    return rows.select_related("member")


def _members(unit: Unit, closing: datetime.date) -> Table:
    rows = _official(unit).on(closing).order_by("member__sort_key", "member_id")
    people = [one.member for one in rows]
    return Table(
        "Danh sách đoàn viên",
        (NUMBER, NAME, BORN, Column("Nam, nữ", "w13", CENTRE), Column("Ngày vào Đoàn", "w22", CENTRE),
         Column("Số thẻ", "w20", CENTRE), Column("Công việc", "w30")),
        _numbered(
            (
                one.full_name, _born(one), one.get_sex_display(),
                words_of(one.admitted_on, one.admitted_precision), one.card_number, one.job,
            )
            for one in people
        ),
        "Chi đoàn chưa có đoàn viên.",
        note=f"Tính đến hết ngày {day(closing)}.",
    )  # fmt: skip


def _during(rows, period: Period):
    return rows.filter(starts_on__lt=period.ends_on).filter(Q(ends_on=None) | Q(ends_on__gt=period.starts_on))


def _away(unit: Unit, period: Period) -> Table:
    """Who belongs here and took part elsewhere: at a unit of the software, or at a place outside it."""
    ours = _during(_official(unit), period).values("member")
    elsewhere = Membership.objects.exclude(kind=Kind.OFFICIAL).exclude(unit__path__startswith=unit.path)
    stays = _during(elsewhere, period).filter(member__in=ours)
    found = [
        (one.member, one.get_kind_display(), one.unit.name, one)
        for one in stays.select_related("member", "unit").order_by("starts_on", "pk")
    ]
    outside = _during(AwayStay.objects.filter(member__in=ours), period)
    found += [
        (one.member, one.get_kind_display(), one.place, one)
        for one in outside.select_related("member").order_by("starts_on", "pk")
    ]
    found.sort(key=lambda row: (row[0].sort_key, row[3].starts_on))
    return Table(
        "Đoàn viên giới thiệu đi sinh hoạt tạm thời, sinh hoạt nơi cư trú",
        (NUMBER, NAME, Column("Hình thức", "w32"), Column("Nơi sinh hoạt", "w38"), Column("Từ ngày", "w22", CENTRE),
         Column("Đến ngày", "w22", CENTRE)),
        _numbered((who.full_name, how, where, _day(one.starts_on), _last(one)) for who, how, where, one in found),
        "Không có đoàn viên nào.",
    )  # fmt: skip


def _last(span) -> str:
    return _day(span.ends_on and span.ends_on - datetime.timedelta(days=1))


def _guests(unit: Unit, period: Period) -> Table:
    stays = _during(Membership.objects.filter(unit__path__startswith=unit.path).exclude(kind=Kind.OFFICIAL), period)
    rows = stays.select_related("member__home").order_by("member__sort_key", "starts_on", "pk")
    return Table(
        "Đoàn viên nơi khác đến sinh hoạt",
        (NUMBER, NAME, Column("Hình thức", "w32"), Column("Chi đoàn quản lý", "w38"), Column("Từ ngày", "w22", CENTRE),
         Column("Đến ngày", "w22", CENTRE)),
        _numbered(
            (one.member.full_name, one.get_kind_display(), one.member.home.name, _day(one.starts_on), _last(one))
            for one in rows
        ),
        "Không có đoàn viên nào.",
    )  # fmt: skip


MARKS = {Standing.EXEMPT: "M", Standing.OUTSIDE: "", Standing.UNTRACKED: "", Standing.OWED: "o"}


def _dues(unit: Unit, year: int, on: datetime.date) -> Table:
    found = ordered(grid(unit, year, on=on))
    rows = [(member.full_name, *(_mark(cell, on) for cell in row.cells), number(row.paid)) for member, row in found]
    total = sum(row.paid for _, row in found)
    months = tuple(Column(str(month), "w10", CENTRE) for month in range(1, 13))
    return Table(
        f"Thu đoàn phí năm {year}",
        (NUMBER, NAME, *months, Column("Cộng (đồng)", "w28", RIGHT)),
        _numbered(rows),
        "Chưa thu đoàn phí trên phần mềm.",
        note="(x) đã đóng; (M) miễn; (o) chưa đóng; (-) không đóng tại chi đoàn, chưa theo dõi hoặc chưa đến tháng.",
        last=("", "Cộng", *[""] * 12, number(total)) if rows else (),
        is_wide=True,
    )


def _mark(cell, on: datetime.date) -> str:
    if cell.is_paid and (cell.receipt or cell.due.standing != Standing.OUTSIDE):
        return "x"
    return "" if cell.month > on else MARKS.get(cell.due.standing, "")


def _fund(unit: Unit, year: int) -> Table:
    book = book_of_year(unit, year)
    rows = [
        (
            _day(one.day), one.typed or one.words, one.document, _money(one.came_in), _money(one.went_out),
            number(one.balance),
        )
        for one in book.lines
        if not one.struck
    ]  # fmt: skip
    return Table(
        "Thu, chi quỹ chi đoàn",
        (NUMBER, DAY, Column("Nội dung", "rest"), Column("Chứng từ", "w22"), Column("Thu (đồng)", "w22", RIGHT),
         Column("Chi (đồng)", "w22", RIGHT), Column("Còn (đồng)", "w22", RIGHT)),
        _numbered(rows),
        f"Không có khoản thu, chi nào. Số dư {number(book.closing)} đồng.",
        note=f"Đầu năm {number(book.opening)} đồng.",
        last=("", "", "Cộng", "", number(book.came_in), number(book.went_out), number(book.closing)) if rows else (),
    )  # fmt: skip


def _money(amount: int | None) -> str:
    return number(amount) if amount else ""


def _arrivals(unit: Unit, period: Period) -> Table:
    rows = _official(unit).filter(
        starts_on__gte=period.starts_on, starts_on__lt=period.ends_on, begin_reason__in=[Begin.ADMITTED, Begin.MOVED_IN]
    )
    rows = rows.exclude(Exists(_official(unit).filter(member=OuterRef("member"), ends_on=OuterRef("starts_on"))))
    return Table(
        "Đoàn viên mới kết nạp, chuyển đến",
        (NUMBER, NAME, BORN, Column("Hình thức", "w30"), DAY, Column("Quyết định, giấy giới thiệu", "w38")),
        _numbered(
            (one.member.full_name, _born(one.member), one.get_begin_reason_display(), _day(one.starts_on), one.decision)
            for one in rows.order_by("starts_on", "member__sort_key", "pk")
        ),
        "Không có đoàn viên mới.",
    )


def _departures(unit: Unit, period: Period, title: str, reasons, nothing: str) -> Table:
    rows = _official(unit).filter(
        ends_on__gte=period.starts_on, ends_on__lt=period.ends_on, end_reason__in=reasons
    )  # fmt: skip
    # From one group to another nobody leaves the branch.
    rows = rows.exclude(Exists(_official(unit).filter(member=OuterRef("member"), starts_on=OuterRef("ends_on"))))
    return Table(
        title,
        (NUMBER, NAME, BORN, Column("Hình thức", "w32"), DAY, Column("Quyết định", "w38")),
        _numbered(
            (one.member.full_name, _born(one.member), one.get_end_reason_display(), _day(one.ends_on), one.end_decision)
            for one in rows.order_by("ends_on", "member__sort_key", "pk")
        ),
        nothing,
    )


def _results(unit: Unit, period: Period) -> Table:
    rows = (
        Assessment.objects.filter(
            unit=unit, member__isnull=False, round__period__starts_on__gte=period.starts_on,
            round__period__starts_on__lt=period.ends_on,
        )
        .select_related("member", "self_label", "branch_label", "final_label", "round")
        .order_by("round_id", "member__sort_key", "pk")
    )  # fmt: skip
    return Table(
        "Kết quả đánh giá, xếp loại đoàn viên",
        (NUMBER, NAME, Column("Tự xếp loại", "w34"), Column("Chi đoàn kết luận", "w34"),
         Column("Kết quả chuẩn y", "w34")),
        _numbered(
            (one.member.full_name, one.self_label, one.branch_label, one.final_label or one.excluded_because)
            for one in rows
        ),
        "Chưa đánh giá trên phần mềm.",
    )  # fmt: skip


def _meetings(unit: Unit, period: Period) -> Table:
    rows = meetings_of_year(unit, period.year_number)[::-1]
    said = Prefetch("agenda__conclusions", Conclusion.objects.order_by("item__position", "position", "pk"))
    prefetch_related_objects(rows, "agenda", said)
    return Table(
        "Theo dõi các buổi họp, sinh hoạt",
        (NUMBER, DAY, Column("Nội dung", "rest"), Column("Có mặt", "w18", CENTRE), Column("Kết luận", "w52"),
         Column("Biên bản", "w22")),
        _numbered((_day(one.day), one.title, *_held(one), _minutes(one)) for one in rows),
        "Chưa ghi buổi họp nào.",
    )  # fmt: skip


def _held(meeting: Meeting) -> tuple[str, str]:
    if meeting.state == Meeting.State.CANCELLED:
        return "không họp", meeting.cancel_reason
    if meeting.state != Meeting.State.HELD:
        return meeting.get_state_display().lower(), ""
    texts = [one.text for item in meeting.agenda.all() for one in item.conclusions.all()]
    return f"{meeting.present}/{meeting.listed}" if meeting.listed else "", "; ".join(texts)


def _minutes(meeting: Meeting) -> str:
    newest = next(iter(meeting.latest_minutes), None)
    if newest is None:
        return ""
    return newest.number or ("đã ký" if newest.state == Minutes.State.LOCKED else "đang soạn")


def _tasks(unit: Unit, period: Period) -> Table:
    rows = (
        Task.objects.filter(unit=unit, given_on__gte=period.starts_on, given_on__lt=period.ends_on)
        .select_related("owner")
        .order_by("given_on", "pk")
    )
    return Table(
        "Việc giao cho đoàn viên",
        (NUMBER, Column("Công việc", "rest"), Column("Người thực hiện", "w38"), Column("Thời hạn", "w22", CENTRE),
         Column("Kết quả", "w44")),
        _numbered((one.text, one.whose, _day(one.due_on), _outcome(one)) for one in rows),
        "Chưa giao việc nào trên phần mềm.",
    )  # fmt: skip


def _outcome(task: Task) -> str:
    if task.state == Task.State.ACCEPTED:
        return f"Xong ngày {day(task.reported_on)}"
    if task.state == Task.State.DROPPED:
        return f"Không làm nữa: {task.drop_reason}"
    return task.get_state_display()


def _awards(unit: Unit, year: int) -> Table:
    rows = Award.objects.filter(unit=unit, year=year).select_related("member").order_by("dated_on", "pk")
    return Table(
        "Khen thưởng",
        (NUMBER, Column("Tập thể, cá nhân", "w34"), Column("Hình thức, nội dung", "rest"), Column("Cấp khen", "w30"),
         Column("Quyết định", "w26"), DAY),
        _numbered(
            (one.member.full_name if one.member else "Chi đoàn", f"{one.get_kind_display()}: {one.title}", one.given_by,
             one.number, _day(one.dated_on))
            for one in rows
        ),
        "Không có khen thưởng nào ghi trên phần mềm.",
    )  # fmt: skip


def years_of(unit: Unit, on: datetime.date) -> list[int]:
    """The years a book can be made of: since the first membership or meeting here, the newest first."""
    first = Membership.objects.filter(unit=unit).order_by("starts_on").values_list("starts_on", flat=True).first()
    since = max(first.year if first else on.year, on.year - 9)
    return list(range(on.year, since - 1, -1))
