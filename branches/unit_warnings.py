"""What a unit should look at: too few members, no term, nobody in the chair. Warnings, never a refusal."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from branches.formats import day
from branches.leaving_posts import held_by_gone
from branches.models import Membership, Period, Post, Unit
from branches.models.rule import rules_on
from branches.together import Question, ask_together

# Groups inside a branch have neither a committee of their own nor a least number of members.
WITHOUT = (Unit.Kind.SUB_BRANCH,)
HEADS = ("secretary", "superior_secretary")
GONE = ("pk", "unit_id", "account__full_name", "account__username", "type__name", "left_on")


@dataclass(frozen=True)
class UnitWarning:
    """`code` is for tests and sorting, `text` for people."""

    code: str
    text: str


def unit_warnings(unit: Unit, on: datetime.date) -> list[UnitWarning]:
    """The warnings of one unit on the day. Two queries."""
    return warnings_of([unit], on)[unit.pk]


def warnings_below(unit: Unit, on: datetime.date) -> list[tuple[Unit, list[UnitWarning]]]:
    """Living units below this one that have any, by name. Three queries, whatever their number."""
    units = list(Unit.objects.living(on).below(unit).exclude(pk=unit.pk).order_by("sort_key", "pk"))
    found = warnings_of(units, on)
    return [(one, found[one.pk]) for one in units if found[one.pk]]


def warnings_of(units: Iterable[Unit], on: datetime.date) -> dict[int, list[UnitWarning]]:
    """The warnings of these units (and of no other) on the day: {unit: warnings}."""
    units = list(units)
    asked = questions_about(units, on)
    return warnings_from(ask_together(asked), units, on, rules_on(on)) if asked else {unit.pk: [] for unit in units}


def questions_about(units: Iterable[Unit], on: datetime.date) -> dict[str, Question]:
    """What has to be known of the units to warn of them, for a page that asks more than this; `warnings_from` reads it.

    Nothing where none of them is warned of anything.
    """
    asked = _asked(units, on)
    if not asked:
        return {}
    terms = Period.objects.filter(kind=Period.Kind.TERM, unit__in=_keys(asked)).order_by("starts_on", "pk")
    heads = Post.objects.filter(unit__in=_keys(asked), type__code__in=HEADS, account__is_active=True)
    heads = heads.filter(Q(ends_on=None) | Q(ends_on__gt=on)).order_by("starts_on", "pk")
    return _sizes(asked, on) | {
        "terms": Question(terms, ("pk", "unit_id", "name", "starts_on", "ends_on", "is_provisional")),
        "heads": Question(heads, ("pk", "unit_id", "account__full_name", "account__username", "starts_on")),
        "gone": Question(held_by_gone(Post.objects.filter(unit__in=_keys(asked)), on), GONE),
    }


def warnings_from(
    answers: dict[str, list], units: Iterable[Unit], on: datetime.date, rules: dict
) -> dict[int, list[UnitWarning]]:
    """The warnings of each unit, from the answers to `questions_about`. No query."""
    units = list(units)
    found: dict[int, list[UnitWarning]] = {unit.pk: [] for unit in units}
    asked = _asked(units, on)
    sizes = _sizes_from(answers, asked)
    of_unit = {name: _by_unit(answers.get(name, ())) for name in ("terms", "heads", "gone")}
    for unit in asked:
        found[unit.pk] = [
            *_about_size(unit, sizes[unit.pk], rules),
            *_about_term(of_unit["terms"][unit.pk], on, rules),
            *_about_head(of_unit["heads"][unit.pk], on),
            *_about_gone(of_unit["gone"][unit.pk]),
        ]
    return found


def _asked(units: Iterable[Unit], on: datetime.date) -> list[Unit]:
    return [unit for unit in units if unit.kind not in WITHOUT and not (unit.dissolved_on and unit.dissolved_on <= on)]


def _by_unit(rows: Iterable) -> dict[int, list]:
    found = defaultdict(list)
    for row in rows:
        found[row.unit_id].append(row)
    return found


# --- members --------------------------------------------------------------------------------------


def _sizes(units: list[Unit], on: datetime.date) -> dict[str, Question]:
    """Members and units below, where some unit of a size that matters is among these."""
    units = [unit for unit in units if unit.is_branch or unit.kind == Unit.Kind.GRASSROOTS_UNION]
    if not units:
        return {}
    tops = {unit.path.strip("/").split("/")[0] for unit in units}
    if len(units) == 1:
        places = Unit.objects.living(on).below(units[0])
        counted = Membership.objects.filter(unit__path__startswith=units[0].path)
    else:
        places = Unit.objects.living(on)
        counted = Membership.objects.all()
        if len(tops) == 1:
            (top,) = tops
            places = places.filter(path__startswith=f"/{top}/")
            counted = counted.filter(unit__path__startswith=f"/{top}/")
    counted = counted.filter(kind=Membership.Kind.OFFICIAL).on(on).order_by()
    return {
        "places": Question(places.order_by(), ("id", "path", "kind")),
        "members": Question(
            counted.values("unit_id").annotate(count=Count("member", distinct=True)), ("unit_id", "count")
        ),
    }


def _sizes_from(answers: dict[str, list], units: list[Unit]) -> dict[int, tuple[int, int]]:
    """(members of everything below, branches below) of each unit, on the day."""
    members = {row.unit_id: row.count for row in answers.get("members", ())}
    wanted = {unit.pk for unit in units}
    people, branches = Counter(), Counter()
    for row in answers.get("places", ()):
        above = [int(step) for step in row.path.strip("/").split("/")]
        for step in wanted.intersection(above):
            people[step] += members.get(row.id, 0)
            branches[step] += step != row.id and row.kind in (Unit.Kind.BRANCH, Unit.Kind.GRASSROOTS_BRANCH)
    return {pk: (people[pk], branches[pk]) for pk in wanted}


def _about_size(unit: Unit, size: tuple[int, int], rules: dict) -> Iterable[UnitWarning]:
    members, branches = size
    if unit.is_branch and members < rules["branch_members_min"]:
        yield UnitWarning(
            "members",
            f"Có {members} đoàn viên; chi đoàn cần ít nhất {rules['branch_members_min']}. "
            "Hãy cập nhật danh sách, hoặc giới thiệu đoàn viên sang chi đoàn khác.",
        )
    if unit.kind == Unit.Kind.GRASSROOTS_UNION:
        if branches < rules["grassroots_union_branches_min"]:
            yield UnitWarning(
                "branches",
                f"Có {branches} chi đoàn; đoàn cơ sở cần ít nhất {rules['grassroots_union_branches_min']}.",
            )
        if members < rules["grassroots_union_members_min"]:
            yield UnitWarning(
                "members",
                f"Có {members} đoàn viên; đoàn cơ sở cần ít nhất {rules['grassroots_union_members_min']}.",
            )


# --- term and head --------------------------------------------------------------------------------


def _about_term(terms: list[Period], on: datetime.date, rules: dict) -> Iterable[UnitWarning]:
    begun = [term for term in terms if term.starts_on <= on]
    coming = [term for term in terms if term.starts_on > on]
    if not begun:
        if not coming:
            yield UnitWarning("no_term", "Chưa ghi nhiệm kỳ của Ban Chấp hành.")
        return
    last = begun[-1]
    left = (last.ends_on - on).days
    if left <= 0 and not coming:
        yield UnitWarning("term_ended", f"{last.name} đã hết ngày {day(last.last_day)}. Hãy ghi nhiệm kỳ mới.")
    elif left <= rules["term_notice_days"] and not coming:
        yield UnitWarning("term_ends", f"{last.name} còn {left} ngày, hết ngày {day(last.last_day)}.")
    if last.is_provisional and last.covers(on) and months_after(last.starts_on, rules["provisional_months"]) <= on:
        yield UnitWarning(
            "provisional",
            f"Ban Chấp hành lâm thời từ {day(last.starts_on)}, đã quá {rules['provisional_months']} tháng. "
            "Hãy tổ chức đại hội.",
        )


def months_after(first: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or the last one of a shorter month."""
    index = first.year * 12 + first.month - 1 + months
    year, month = index // 12, index % 12 + 1
    for last in (first.day, 30, 29, 28):
        try:
            return datetime.date(year, month, min(first.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _about_head(posts: list[Post], on: datetime.date) -> Iterable[UnitWarning]:
    if any(post.starts_on <= on for post in posts):
        return
    if posts:
        text = f"Chưa có Bí thư; {posts[0].account} nhận từ {day(posts[0].starts_on)}."
    else:
        text = "Chưa có Bí thư trong phần mềm."
    yield UnitWarning("vacant", text)


def _about_gone(posts: list[Post]) -> Iterable[UnitWarning]:
    for post in posts:
        yield UnitWarning(
            "holder_gone",
            f"{post.account} giữ chức vụ {post.type.name} đã rời đơn vị từ {day(post.left_on)}. "
            "Hãy ghi thôi hoặc bàn giao chức vụ.",
        )


def _keys(units: list[Unit]) -> list[int]:
    return [unit.pk for unit in units]
