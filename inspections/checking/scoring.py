"""The score of a checklist, as its template says: sum(weight × points) of sum(weight × most points).

What does not apply is in neither sum. "Đạt" is the most points, "Chưa đạt" none, "Đạt một phần" what the inspector
wrote. While an item has no result, or a part no points, there is no score and the words say what is missing. A
critical item that is not met makes the whole "Chưa đạt", whatever the points, and where nothing is scored, too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from branches.formats import number, percent
from inspections.models import ChecklistItem, ChecklistTemplate, Result


@dataclass(frozen=True, slots=True)
class Line:
    """One item in the sum. `points` is None where it does not count; `reason` says why in words."""

    item: ChecklistItem
    points: Decimal | None = None
    earned: Decimal | None = None
    possible: int | None = None
    reason: str = ""

    @property
    def is_counted(self) -> bool:
        return self.points is not None

    @property
    def words(self) -> str:
        """ "8,5 trên 10 điểm × hệ số 2 = 17 trên 20", or why it does not count."""
        if not self.is_counted:
            return self.reason
        base = f"{number(self.points)} trên {self.item.max_points} điểm"
        if self.item.weight == 1:
            return base
        return f"{base} × hệ số {self.item.weight} = {number(self.earned)} trên {self.possible}"


@dataclass(frozen=True, slots=True)
class Score:
    """The whole of one checklist, line by line. `earned` and `possible` are None while it cannot be measured."""

    name: str
    lines: tuple[Line, ...]
    earned: Decimal | None
    possible: int | None
    missing: int
    failed: tuple[ChecklistItem, ...]  # critical and not met
    is_scored: bool = True

    @property
    def is_measurable(self) -> bool:
        return self.earned is not None

    @property
    def share(self) -> Decimal | None:
        """The fraction earned; None where nothing is measurable."""
        return self.earned / self.possible if self.is_measurable and self.possible else None

    @property
    def words(self) -> str:
        if not self.is_measurable:
            if not self.is_scored:
                return "Phiếu không chấm điểm"
            if self.missing:
                return f"Chưa tính được: còn {self.missing} mục chưa chấm"
            return "Không tính được: không có mục nào phải chấm"
        return f"{number(self.earned)} trên {self.possible} điểm ({percent(self.share)})"

    @property
    def verdict(self) -> str:
        """Why the whole is not met, or nothing."""
        if not self.failed:
            return ""
        return f"Chưa đạt: {len(self.failed)} mục bắt buộc chưa đạt"


def points_of(item: ChecklistItem, result: str, points: Decimal | None) -> Decimal | None:
    """The points a result gives; None where it gives none or not yet."""
    if result == Result.MET:
        return Decimal(item.max_points)
    if result == Result.NOT_MET:
        return Decimal(0)
    return points if result == Result.PARTLY else None


def _line(item, answer) -> tuple[Line, bool]:
    """The line, and whether something is still missing to count it."""
    result = answer.result if answer else ""
    if not item.max_points:
        return Line(item, reason="Không chấm điểm"), False
    if result == Result.NOT_APPLICABLE:
        return Line(item, reason="Không áp dụng, không tính vào điểm"), False
    points = points_of(item, result, answer.points if answer else None)
    if points is None:
        return Line(item, reason="Chưa ghi điểm của phần đạt" if result else "Chưa chấm"), True
    return Line(item, points, points * item.weight, item.max_points * item.weight), False


def score_of(name: str, items: Iterable[ChecklistItem], answers: dict[int, object]) -> Score:
    """The score of these items. `answers` are the inspectors' ones by the key of the item."""
    lines, missing, failed = [], 0, []
    for item in items:
        answer = answers.get(item.pk)
        line, is_open = _line(item, answer)
        lines.append(line)
        missing += is_open
        if item.is_critical and answer and answer.result == Result.NOT_MET:
            failed.append(item)
    in_sum = [line for line in lines if line.is_counted]
    whole = bool(in_sum) and not missing
    return Score(
        name, tuple(lines), sum((line.earned for line in in_sum), Decimal(0)) if whole else None,
        sum(line.possible for line in in_sum) if whole else None, missing, tuple(failed),
    )  # fmt: skip


def scores_of(items: Iterable[ChecklistItem], answers: dict[int, object]) -> list[Score]:
    """One score for each checklist in the case that is scored, and the verdict of any other with a critical item not
    met; items of the case's own are in none."""
    by_template: dict[int, list[ChecklistItem]] = {}
    for item in items:
        if item.template is not None:
            by_template.setdefault(item.template.pk, []).append(item)
    found = []
    for some in by_template.values():
        score = score_of(str(some[0].template), some, answers)
        if some[0].template.scoring == ChecklistTemplate.Scoring.WEIGHTED:
            found.append(score)
        elif score.failed:
            found.append(Score(score.name, (), None, None, 0, score.failed, is_scored=False))
    return found


def share_words(part: int | None, whole: int | None) -> str:
    """ "81,7%" of two parts of a fact; nothing where there is nothing to measure."""
    return percent(Decimal(part) / whole) if part is not None and whole else ""
