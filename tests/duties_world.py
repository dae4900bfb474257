"""Duties in the access world: a month that was not held, another rhythm of the dues, a duty of the superior's own."""

import datetime

from branches.duties import ask_duty, say_not_held, set_exception

MEETING = "sinh-hoat"
SAID, SILENT = datetime.date(2026, 5, 1), datetime.date(2026, 3, 1)


def add_duties(world) -> None:
    """In May the branch says why it did not meet; of March nobody says anything."""
    superior = world.accounts["superior"]
    world.duty_word = say_not_held(
        by=world.accounts["secretary"], unit=world.own, code=MEETING, starts_on=SAID, reason="Mùa bầu cử",
        on=datetime.date(2026, 6, 1),
    )  # fmt: skip
    world.duty_exception = set_exception(
        by=superior, unit=world.own, code="trich-nop", rhythm="half", starts_on=datetime.date(2025, 1, 1), ends_on=None,
        reason="Đoàn viên phân tán",
    )  # fmt: skip
    world.duty_asked = ask_duty(
        owner=world.union, name="Gửi tin bài", rhythm="month", unit_kinds=["branch", "grassroots_branch"], due_days=0,
        starts_on=datetime.date(2026, 1, 1),
    )  # fmt: skip


def duty_arguments(world) -> dict:
    """Address → its arguments."""
    union, unit = {"pk": world.union.pk}, {"pk": world.own.pk, "code": MEETING}
    said, silent = ({**unit, "day": f"{day:%Y-%m-%d}"} for day in (SAID, SILENT))
    return {
        **{f"reports:duty_{name}": union for name in ("board", "board_xlsx", "remind", "types", "type_new")},
        **{f"reports:duty_{name}": silent for name in ("cell", "not_held", "exempt")},
        # By hand only what nothing in the system shows.
        "reports:duty_done": {**silent, "code": world.duty_asked.code},
        "reports:duty_take_back": said,
        "reports:duty_exception": unit,
        "reports:duty_exception_end": {"pk": world.duty_exception.pk},
        "reports:duty_type_end": {"pk": world.duty_asked.pk},
    }


DUTY_FORMS = {
    "reports:duty_not_held": ("secretary", lambda w: {"reason": "Cả chi đoàn đi công tác"}),
    "reports:duty_done": ("secretary", lambda w: {"done_on": "10/03/2026"}),
    "reports:duty_take_back": ("secretary", lambda w: {}),
    "reports:duty_exempt": ("superior", lambda w: {"reason": "Mùa bầu cử"}),
    "reports:duty_exception": (
        "superior",
        lambda w: {"rhythm": "quarter", "starts_on": "01/01/2026", "reason": "Đoàn viên phân tán"},
    ),
    "reports:duty_exception_end": ("superior", lambda w: {"ends_on": "01/07/2026"}),
    "reports:duty_type_new": (
        "superior",
        lambda w: {
            "name": "Gửi danh sách", "rhythm": "month", "unit_kinds": "branch", "due_days": "0",
            "starts_on": "01/01/2026",
        },
    ),
    "reports:duty_type_end": ("superior", lambda w: {"ends_on": "01/07/2026"}),
    "reports:duty_remind": ("superior", lambda w: {}),
}  # fmt: skip
