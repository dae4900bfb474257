"""A link by which members see and correct their own record without an account: made, opened, closed.

Two things protect the record. The link is a secret of which only the hash is kept; it expires and can be
revoked. And whoever holds it still says two or three facts that the branch already has. No answer tells which
fact was wrong, nor whether there is such a person; wrong tries are counted and soon have to wait.
"""

import datetime
import re
import secrets
import time

from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from branches.link_secrets import hash_of
from branches.models import Member, Precision, SelfServiceLink, SensitiveData, Unit
from branches.models.rule import rules_on
from branches.vietnamese import plain

LAST_DIGITS = 4
# Wrong tries let through, and the seconds they are remembered: for a place on the internet with this link, for
# a person, and for the link as a whole.
TRIES = {"place": (10, 600), "person": (5, 1800), "link": (60, 3600)}


class LinkRefused(Exception):
    """No link can be made. `errors` maps a field ("" for the whole form) to a Vietnamese message."""

    def __init__(self, message: str):
        super().__init__(message)
        self.errors = {"": message}


@transaction.atomic
def make_link(*, unit: Unit, by, now: datetime.datetime, member: Member | None = None) -> tuple[SelfServiceLink, str]:
    """A link for everybody of the branch, or for one member: (the link, its secret).

    The secret is given back this once; the table keeps its hash. It works to the end of the last day.
    """
    if not unit.is_branch:
        raise LinkRefused(f"Liên kết dành cho một chi đoàn. Hãy mở chi đoàn trong {unit.name}.")
    if member is not None:
        if not member.is_active or member.anonymised_on:
            raise LinkRefused(f"{member.full_name} không còn sinh hoạt tại {unit.name}.")
        if len(_facts_of(member, SensitiveData.objects.filter(member=member).first())) < 2:
            raise LinkRefused(
                f"Chi đoàn chưa ghi đủ để nhận ra {member.full_name}. "
                "Hãy ghi ngày sinh đủ ngày, hoặc số điện thoại, rồi tạo lại."
            )
    token = secrets.token_urlsafe(24)
    today = timezone.localdate(now)
    first_day_without = today + datetime.timedelta(days=rules_on(today)["self_service_days"] + 1)
    link = SelfServiceLink.objects.create(
        unit=unit,
        member=member,
        token_hash=hash_of(token),
        created_by=by,
        expires_at=timezone.make_aware(datetime.datetime.combine(first_day_without, datetime.time())),
    )
    return link, token


@transaction.atomic
def revoke_link(*, link: SelfServiceLink, now: datetime.datetime) -> None:
    """Close the link; whoever is inside is out on the next step. A link closed before stays as it was."""
    SelfServiceLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now)


def live_link(token: str, now: datetime.datetime) -> SelfServiceLink | None:
    """The link of this secret; None alike for one that never was, has expired or was revoked."""
    links = SelfServiceLink.objects.live(now).select_related("unit", "member")
    return links.filter(token_hash=hash_of(token)).first()


def members_of(link: SelfServiceLink):
    """Whose records the link can open now: those who are still with the branch."""
    found = Member.objects.filter(
        home__path__startswith=link.unit.path, is_active=True, anonymised_on=None, merged_into=None
    )
    return found.filter(pk=link.member_id) if link.member_id else found


def last_day_of(link: SelfServiceLink) -> datetime.date:
    """The last day on which the link works."""
    return timezone.localdate(link.expires_at - datetime.timedelta(seconds=1))


# --- who is there ---------------------------------------------------------------------------------------


def identify(
    link: SelfServiceLink, *, name: str = "", birth_date: datetime.date | None = None, digits: str = ""
) -> Member | None:
    """The one member whom all that was said fits; None for everything else. One query, whoever is named.

    With the link of a branch: name, birth date and the last digits of a number. With a member's own link the
    secret stands for one fact, so that two are enough, the birth date among them where the branch has it.
    """
    said = {"name": plain(name), "born": birth_date, "digits": digits.strip()}
    said = {fact: value for fact, value in said.items() if value}
    candidates = members_of(link).select_related("sensitive")
    if not link.member_id:
        candidates = candidates.filter(name_key=f" {said.get('name', '')}")
    fitting = [member for member in candidates if _fits(link, member, said)]
    return fitting[0] if len(fitting) == 1 else None


def _fits(link: SelfServiceLink, member: Member, said: dict) -> bool:
    known = _facts_of(member, getattr(member, "sensitive", None))
    if link.member_id:
        needed = {"born"} & known.keys()
        enough = len(said) >= 2 and needed <= said.keys()
    else:
        enough = said.keys() == {"name", "born", "digits"}
    return enough and all(value in known.get(fact, ()) for fact, value in said.items())


def _facts_of(member: Member, sensitive: SensitiveData | None) -> dict[str, set]:
    """What the branch holds that can prove who somebody is: fact → the values that are right."""
    facts = {"name": {plain(member.full_name)}}
    if member.birth_date and member.birth_precision == Precision.DAY:
        facts["born"] = {member.birth_date}
    numbers = [member.phone, sensitive.personal_number if sensitive else ""]
    if not any(numbers):  # codes are handed out in a row, and so are easier to guess
        numbers = [member.national_code]
    digits = {_digits(number)[-LAST_DIGITS:] for number in numbers if len(_digits(number)) >= LAST_DIGITS}
    if digits:
        facts["digits"] = digits
    return facts


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text or "")


def note_use(link: SelfServiceLink, now: datetime.datetime) -> None:
    """Somebody proved who they are by this link."""
    SelfServiceLink.objects.filter(pk=link.pk).update(uses=F("uses") + 1, used_at=now)


class Tries:
    """Tries to say who one is, counted in the cache that all processes share.

    Taken before the facts are looked at and given back when they are right, so that many tries sent at
    once do not all slip through. A person is counted by the name that was typed, whether or not there is
    somebody of that name: also the waiting must not tell.
    """

    def __init__(self, link: SelfServiceLink, *, address: str, name: str):
        person = f"member:{link.member_id}" if link.member_id else f"name:{link.unit_id}:{plain(name)}"
        said = {"place": f"{link.pk}:{address}", "person": person, "link": str(link.pk)}
        self.link_pk = link.pk
        self.keys = {what: f"self-link:{what}:{hash_of(words)}" for what, words in said.items()}

    @transaction.atomic
    def take(self) -> bool:
        """Count one more; False, and nothing counted, when there were too many."""
        self._lock()
        counted = {what: self._recent(what) for what in TRIES}
        if any(len(moments) >= TRIES[what][0] for what, moments in counted.items()):
            return False
        for what, moments in counted.items():
            cache.set(self.keys[what], [*moments, time.time()], TRIES[what][1])
        return True

    @transaction.atomic
    def give_back(self) -> None:
        self._lock()
        for what, (_, seconds) in TRIES.items():
            cache.set(self.keys[what], self._recent(what)[:-1], seconds)

    def _lock(self) -> None:
        """The cache has no lock: by the link's row, of tries sent at once each counts those before it."""
        SelfServiceLink.objects.select_for_update(no_key=True).filter(pk=self.link_pk).values_list("pk").first()

    def _recent(self, what: str) -> list[float]:
        since = time.time() - TRIES[what][1]
        return [moment for moment in cache.get(self.keys[what], []) if moment > since]
