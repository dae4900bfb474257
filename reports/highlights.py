"""Which activities of a period are worth a sentence of their own: weighed by what was recorded, never praised.

Points and limits are the rule `report_drafting` of the day of the figures; an explicit sum, each part with its reason.
"""

import datetime
import re
from dataclasses import dataclass

from branches.formats import number, two_digits
from branches.models import Activity, Period, Quantity, Unit
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


def highlights_of(
    unit: Unit, period: Period, *, as_of: datetime.date, over_plan: frozenset[str], rules: dict
) -> list[Highlight]:
    """Every held activity of the unit in the period with its weight, in the order of the report. Three queries.

    `over_plan` are the codes of indicators that went beyond their plan, `rules` the rule `report_drafting`.
    """
    activities = list(
        Activity.objects.counted()
        .in_period(period)
        .filter(unit=unit, nature=Activity.Nature.ACTIVITY, last_on__lte=as_of)
        .select_related("area")
        .order_by("area__position", "last_on", "pk")
    )
    lines = Quantity.objects.filter(activity__unit=unit, value__isnull=False, activity__last_on__gte=period.starts_on)
    codes: dict[int, set[str]] = {}
    for activity, code in lines.filter(activity__last_on__lt=period.ends_on).values_list(
        "activity_id", "indicator__code"
    ):
        codes.setdefault(activity, set()).add(code)
    before = _earlier(unit, period, rules["first_years"])
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


def _earlier(unit: Unit, period: Period, years: int) -> set[str]:
    """What kinds of things were held in the years before; empty where nothing was recorded, and nothing is new then."""
    since = period.starts_on - datetime.timedelta(days=366 * years)
    rows = Activity.objects.counted().filter(unit=unit, last_on__gte=since, last_on__lt=period.starts_on)
    return {_kind(key) for key in rows.order_by().values_list("search_key", flat=True).distinct()}


def _kind(key: str) -> str:
    """A title without its numbers and years: "Hội thao 2019" and "Hội thao 2018" are the same kind."""
    return " ".join(DIGITS.sub(" ", key).split())
