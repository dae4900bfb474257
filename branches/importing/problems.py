"""What can be wrong with a cell, or worth saying about it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a field. `stops`: the row cannot be taken as it is; otherwise a remark. `message` is Vietnamese."""

    field: str
    code: str
    message: str
    stops: bool


def fault(field: str, code: str, message: str) -> Problem:
    return Problem(field, code, message, True)


def remark(field: str, code: str, message: str) -> Problem:
    return Problem(field, code, message, False)
