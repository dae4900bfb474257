"""The words the demo data is written in: lines of an activity and aims of a plan."""

from typing import NamedTuple


class Line(NamedTuple):
    """One result. `value` None: it happened, nobody knows the figure. `whole` only for a share."""

    code: str
    value: int | None
    whole: int | None = None
    qualifier: str = "exact"
    each: int | None = None
    note: str = ""


def about(code: str, value: int, note: str = "") -> Line:
    return Line(code, value, qualifier="about", note=note)


def nearly(code: str, value: int, note: str = "") -> Line:
    return Line(code, value, qualifier="nearly", note=note)


def more_than(code: str, value: int, note: str = "") -> Line:
    return Line(code, value, qualifier="more", note=note)


def share(code: str, part: int, whole: int, note: str = "") -> Line:
    return Line(code, part, whole, note=note)


def gifts(code: str, sets: int, each: int, note: str = "") -> Line:
    """`sets` gift sets of `each` đồng."""
    return Line(code, sets, each=each, note=note)


def happened(code: str, note: str = "") -> Line:
    """It was done, without a figure."""
    return Line(code, None, note=note)


class Aim(NamedTuple):
    """What a target asks; for a share `value` is percent."""

    comparator: str
    value: int | None = None
    value_to: int | None = None


def at_least(value: int) -> Aim:
    return Aim("ge", value)


def equal(value: int) -> Aim:
    return Aim("eq", value)


def between(value: int, value_to: int) -> Aim:
    return Aim("range", value, value_to)


def above(value: int) -> Aim:
    return Aim("gt", value)


def monthly(value: int) -> Aim:
    return Aim("per_month", value)


def quarterly(value: int) -> Aim:
    return Aim("per_quarter", value)


ALL = equal(100)
NONE_AT_ALL = Aim("zero")
MUST = Aim("yes")
