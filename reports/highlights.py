"""Which activities of a period are worth a sentence of their own: weighed by what was recorded, never praised.

Points and limits are the rule `report_drafting` of the day of the figures; an explicit sum, each part with its reason.
"""

import datetime
import re
from dataclasses import dataclass

from django.db.models import Count

from branches.formats import number, two_digits
from branches.models import Activity, Period, Quantity, Unit
from branches.together import Question
from branches.vietnamese import nfc

# "giải Ba", "đạt giải": a prize; "giải quyết", "giải thể", "hòa giải" and their like are other words.
PRIZE = re.compile(
    r"(?<!hòa )(?<!hoà )(?<!lý )(?<!lí )(?<!diễn )(?<!chú )\bgiải\b"
    r"(?!\s+(?:quyết|pháp|phóng|thích|đáp|trí|tỏa|toả|ngân|trình|lao|tán|nén|cứu|mã|nghĩa|thể(?!\s+thao))\b)",
    re.IGNORECASE,
)
DIGITS = re.compile(r"[\d/.\-]+")


@dataclass(frozen=True, slots=True)
class Highlight:
    """An activity with its weight: `points`, the `reasons` for them in words, the `codes` it has figures for."""

    activity: Activity
    points: int = 0
    reasons: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()

    @property
    def people(self) -> int:
        return people_of(self.activity)


def asked_beside(unit: Unit, period: Period, rules: dict) -> dict[str, Question]:
    """What `highlights_of` asks beside the activities, for a page that asks several things together: which figures
    each of them has, and what kinds of things were held in the years before. `rules` is the rule `report_drafting`."""
    lines = Quantity.objects.filter(activity__unit=unit, value__isnull=False, activity__last_on__gte=period.starts_on)
    lines = lines.filter(activity__last_on__lt=period.ends_on)
    since = period.starts_on - datetime.timedelta(days=366 * rules["first_years"])
    before = Activity.objects.counted().filter(unit=unit, last_on__gte=since, last_on__lt=period.starts_on)
    return {
        "lines": Question(lines.order_by("pk"), ("activity_id", "indicator__code")),
        "earlier": Question(before.order_by().values("search_key").annotate(held=Count("pk")), ("search_key",)),
    }


def highlights_of(
    unit: Unit, period: Period, *, as_of: datetime.date, over_plan: frozenset[str], rules: dict, found: dict[str, list]
) -> list[Highlight]:
    """Every held activity of the unit in the period with its weight, in the order of the report. One query.

    `over_plan` are the codes of indicators that went beyond their plan, `rules` the rule `report_drafting`, `found` the
    answers to `asked_beside`. Where nothing was recorded in the years before, nothing is new now.
    """
    activities = list(
        Activity.objects.counted()
        .in_period(period)
        .filter(unit=unit, nature=Activity.Nature.ACTIVITY, last_on__lte=as_of)
        .select_related("area")
        .order_by("area__position", "last_on", "pk")
    )
    codes: dict[int, set[str]] = {}
    for line in found["lines"]:
        codes.setdefault(line.activity_id, set()).add(line.indicator__code)
    before = {_kind(one.search_key) for one in found["earlier"]}
    return [
        _weighed(one, frozenset(codes.get(one.pk, ())), over_plan=over_plan, before=before, rules=rules)
        for one in activities
    ]


def names_prize(text: str) -> bool:
    return PRIZE.search(nfc(text)) is not None


def has_prize(activity: Activity) -> bool:
    return names_prize(activity.note)


def people_of(activity: Activity) -> int:
    return (activity.member_count or 0) + activity.guest_count


def _weighed(activity: Activity, codes: frozenset[str], *, over_plan, before: set[str], rules: dict) -> Highlight:
    parts = []
    if has_prize(activity):
        parts.append((rules["prize"], "có giải"))
    if activity.organiser == Activity.Organiser.JOINT:
        parts.append((rules["joint"], "phối hợp với đơn vị khác"))
    if points := _step(people_of(activity), rules["many_people"]):
        parts.append((points, f"{two_digits(people_of(activity))} người tham gia"))
    if points := _step(activity.raised or 0, rules["money"]):
        parts.append((points, f"vận động {number(activity.raised)} đồng"))
    if codes & over_plan:
        parts.append((rules["over_plan"], "góp vào chỉ tiêu vượt kế hoạch"))
    if before and _kind(activity.search_key) not in before:
        parts.append((rules["first"], f"chưa tổ chức trong {two_digits(rules['first_years'])} năm trước"))
    return Highlight(activity, sum(points for points, _ in parts), tuple(said for _, said in parts), codes)


def _step(value: int, steps: list[list[int]]) -> int:
    """The points of the highest step that is reached: [[30, 2], [100, 4]]."""
    return max((points for least, points in steps if value >= least), default=0)


def _kind(key: str) -> str:
    """A title without its numbers and years: "Hội thao 2019" and "Hội thao 2018" are the same kind."""
    return " ".join(DIGITS.sub(" ", key).split())
