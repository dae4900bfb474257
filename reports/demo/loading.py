"""The thin layer between the demo's data and the verbs of the three apps."""

import datetime
from collections.abc import Iterable
from functools import cache
from operator import attrgetter

from django.contrib.auth.hashers import make_password

from branches.attaching import add_evidence
from branches.enrolling import enrol_member
from branches.leaving import end_membership
from branches.models import Account, Direction, Indicator, Membership, Period, Post, PostType, Target, Unit, WorkArea
from branches.planning import set_target
from branches.recording import QuantityLine, record_activity, record_figure
from branches.restructuring import found_unit

from .people import FEMALE, Crowd, Part
from .vocabulary import Aim, Line

Day = datetime.date
OLDEST = 30  # the demo's branches hold their maturity ceremony in time
WELL_BELOW = 26


class Demo:
    """What is loaded so far: units, accounts and indicators by their short names, and the day of loading."""

    def __init__(self, today: Day, password: str):
        self.today = today
        self.password = make_password(password)  # one slow hash for all
        self.units: dict[str, Unit] = {}
        self.accounts: dict[str, Account] = {}
        self.recorders: dict[str, list[tuple[Day, Account]]] = {}
        self.members: dict[str, list] = {}
        self.rolls: dict[str, list[Membership]] = {}
        self.areas = {area.code: area for area in WorkArea.objects.order_by("pk")}
        self.shares = set(Indicator.objects.filter(measure="share").values_list("code", flat=True))
        self.crowd = Crowd(today)
        self.indicator = cache(self._indicator)

    def ago(self, days: int) -> Day:
        """The day so many days before the day of loading; after it for a negative number."""
        return self.today - datetime.timedelta(days=days)

    @staticmethod
    def _indicator(code: str, year: int) -> Indicator:
        return Indicator.objects.of_year(year).select_related("area").get(code=code)

    # Who

    def found(self, code: str, kind: str, name: str, superior: str | None, on: Day, **fields) -> Unit:
        above = self.units[superior] if superior else None
        self.units[code] = found_unit(kind=kind, name=name, code=code, superior=above, on=on, **fields)
        return self.units[code]

    def account(self, username: str, full_name: str, *, signs_in: bool = False, **fields) -> Account:
        """A login; only those who sign in get the demo password."""
        password = self.password if signs_in else make_password(None)
        self.accounts[username] = Account.objects.create(
            username=username, full_name=full_name, password=password, **fields
        )
        return self.accounts[username]

    def hold(self, username: str, unit: str, kind: str, since: Day, until: Day | None = None, **fields) -> Post:
        """Give the account a post; secretaries write the work of their unit from then on."""
        account = self.accounts[username]
        if kind in ("secretary", "superior_office", "superior_secretary"):
            self.recorders.setdefault(unit, []).append((since, account))
        return Post.objects.create(
            account=account, unit=self.units[unit], type=PostType.objects.get(code=kind), starts_on=since,
            ends_on=until, **fields,
        )  # fmt: skip

    def recorder(self, unit: str, day: Day) -> Account:
        """Who wrote the unit's work on the day: the last secretary who had begun, else the first."""
        holders = self.recorders[unit]
        begun = [account for since, account in holders if since <= day]
        return begun[-1] if begun else holders[0][1]

    def enrol(self, unit: str, on: Day, *, begin_reason: str = Membership.Begin.REGISTERED, **fields):
        by = self.recorder(unit, on)
        member = enrol_member(by=by, unit=self.units[unit], on=on, begin_reason=begin_reason, **fields)
        self.members.setdefault(unit, []).append(member)
        return member

    def keep_roll(self, unit: str, size: int, since: Day, cast: Iterable[Part] = (), uncoded: int = 0) -> None:
        """`size` members from the day `since` to today: who passes 30 leaves on 26 March, somebody young comes.

        The cast takes the first free places from the day its members came on. So many of the young ones, `uncoded`,
        have no code of the national software.
        """
        cast = sorted(cast, key=attrgetter("since"))
        for place in range(size):
            person = self._next(cast, since) or self.crowd.person(age=19 + place * 4 % 11, on=since)
            if uncoded and since.year - person["birth_date"].year < WELL_BELOW:
                person["national_code"], uncoded = "", uncoded - 1
            self.enrol(unit, since, **person)
        for year in range(since.year + 1, self.today.year + 1):
            day = Day(year, 3, 26)
            if day > self.today:
                break
            for member in [m for m in self.members[unit] if year - m.birth_date.year > OLDEST]:
                end_membership(
                    member=member, on=day, reason=Membership.End.MATURED, by=self.recorder(unit, day),
                    decision="Biên bản lễ trưởng thành đoàn",
                )  # fmt: skip
                self.members[unit].remove(member)
                begin = Membership.Begin.ADMITTED if member.pk % 4 == 0 else Membership.Begin.MOVED_IN
                sex = FEMALE if member.sex == FEMALE else ""
                person = self._next(cast, day) or self.crowd.person(age=21 + year % 3, on=day, sex=sex)
                self.enrol(unit, day, begin_reason=begin, **person)

    def members_on(self, unit: str, day: Day) -> list:
        """Who was on the unit's roll on the day, in the order of joining."""
        if unit not in self.rolls:
            spans = Membership.objects.filter(unit=self.units[unit]).select_related("member").order_by("pk")
            self.rolls[unit] = list(spans)
        return [
            span.member for span in self.rolls[unit]
            if span.starts_on <= day and (span.ends_on is None or span.ends_on > day)
        ]  # fmt: skip

    def _next(self, cast: list[Part], day: Day) -> dict | None:
        if not cast or cast[0].since > day:
            return None
        part = cast.pop(0)
        return self.crowd.person(age=part.age, on=day, sex=part.sex, full_name=part.name)

    # The plan

    def year(self, number: int) -> Period:
        return Period.objects.year(number)

    def term(self, unit: str, name: str, starts_on: Day, ends_on: Day) -> Period:
        return Period.objects.create(
            kind=Period.Kind.TERM, unit=self.units[unit], name=name, starts_on=starts_on, ends_on=ends_on
        )

    def direction(self, unit: str, position: int, text: str, **fields) -> Direction:
        direction = Direction(unit=self.units[unit], position=position, text=text, **fields)
        direction.full_clean()
        direction.save()
        return direction

    def aim(self, unit: str, period: Period, code: str, aim: Aim, **fields) -> Target:
        """Set one target of the unit's plan."""
        return set_target(
            by=self.recorder(unit, period.starts_on), unit=self.units[unit], period=period,
            indicator=self.indicator(code, period.year_number), comparator=aim.comparator, value=aim.value,
            value_to=aim.value_to, **fields,
        )  # fmt: skip

    def plan(self, unit: str, period: Period, aims: dict[str, Aim], **fields) -> dict[str, Target]:
        """Set a whole plan; parts ("trong đó") come after their whole and hang themselves under it."""
        return {code: self.aim(unit, period, code, aim, **fields) for code, aim in aims.items()}

    def target(self, unit: str, period: Period, code: str) -> Target | None:
        """The unit's target of the period, if it has one."""
        return Target.objects.filter(unit=self.units[unit], indicator__code=code).of_period(period).first()

    # The work

    def act(self, unit: str, title: str, starts_on: Day, *lines: Line, area: str = "", proof: str = "", **fields):
        """Record an activity. `proof` is the caption of a link that shows it."""
        last_on = fields.get("last_on") or starts_on
        by = self.recorder(unit, starts_on)
        activity = record_activity(
            by=by, unit=self.units[unit], title=title, starts_on=starts_on, on=self.today,
            area=self.areas[area] if area else None,
            quantities=[self._line(line, last_on.year) for line in lines], **fields,
        )  # fmt: skip
        if proof:
            add_evidence(activity=activity, by=by, links=[(f"https://tintuc.vidu.example/bai-{activity.pk}", proof)])
        return activity

    def _line(self, line: Line, year: int) -> QuantityLine:
        return QuantityLine(
            self.indicator(line.code, year), line.value, line.whole, line.qualifier, line.each, line.note
        )

    def figure(self, unit: str, on: Day, line: Line):
        """A typed figure without an event behind it."""
        return record_figure(
            by=self.recorder(unit, on), unit=self.units[unit], indicator=self.indicator(line.code, on.year), on=on,
            value=line.value, denominator=line.whole, qualifier=line.qualifier, note=line.note,
        )  # fmt: skip
