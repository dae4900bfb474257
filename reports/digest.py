"""The weekly letter: what waits for a person, by e-mail, once a week and only when something does.

What stands in it is what "Việc của tôi" shows (waiting.py), never a second rule. `queue_digests` notes whose
turn it is; the worker writes and sends each letter by itself, so that one that fails holds up no other.
"""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from branches.models import Account, DigestSent, Post

from .waiting import waiting_for
from .waiting_items import Item

# After a refused letter: how long until the next try. After the last one the next run of the command takes it up.
TRY_AGAIN = tuple(datetime.timedelta(minutes=minutes) for minutes in (5, 60, 360))
FORGOTTEN = datetime.timedelta(hours=12)  # queued and never sent: the worker was away, or every try failed
# How long a worker that took a letter on may be at it. Writing takes seconds and the mail server has EMAIL_TIMEOUT;
# whoever is silent for longer is dead, and the letter is free again.
LEASE = datetime.timedelta(minutes=15)


@dataclass(frozen=True)
class Section:
    """What waits in one post."""

    title: str
    items: tuple[Item, ...]


def week_of(day: datetime.date) -> datetime.date:
    """Its Monday."""
    return day - datetime.timedelta(days=day.weekday())


def receivers(on: datetime.date):
    """Accounts that may get a letter: an address, a post today, and nobody who said no."""
    held = Post.objects.held_on(on).filter(account=OuterRef("pk"))
    return Account.objects.filter(Exists(held), is_active=True, wants_digest=True).exclude(email="").order_by("pk")


def sections_for(account: Account, *, on: datetime.date) -> list[Section]:
    """Due soon, overdue, waiting for this person; each thing once, though two posts may show it. Of the notices those
    that leave something to do: they have a day."""
    seen, found = set(), []
    for post in account.posts_today:
        waiting = waiting_for(account, post, on=on)
        items = [*(one for one in waiting.notices if one.standing), *waiting.first]
        items = [one for one in items if (one.what, one.url) not in seen]
        seen |= {(one.what, one.url) for one in items}
        if items:
            found.append(Section(f"{post.type.name}, {post.body_name}", tuple(items)))
    return found


def letter_to(account: Account, sections: list[Section], *, on: datetime.date) -> EmailMultiAlternatives:
    """The letter as text and as HTML, with addresses of this site."""
    items = [one for section in sections for one in section.items]
    late = sum(one.standing == "overdue" for one in items)
    settings_url = f"{settings.SITE_URL}{reverse('reports:digest_settings')}"
    context = {
        "account": account, "sections": sections, "on": on, "site": settings.SITE_URL, "settings_url": settings_url,
        "count": len(items), "late": late, "home_url": f"{settings.SITE_URL}{reverse('reports:home')}",
    }  # fmt: skip
    subject = f"Việc của bạn tuần này: {len(items)} việc" + (f", {late} quá hạn" if late else "")
    letter = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("reports/digest.txt", context),
        to=[account.email],
        headers={"Auto-Submitted": "auto-generated", "List-Unsubscribe": f"<{settings_url}>"},
    )
    letter.attach_alternative(render_to_string("reports/digest.html", context), "text/html")
    return letter


# --- whose turn it is -----------------------------------------------------------------------------------


def queue_digests(*, on: datetime.date, now: datetime.datetime) -> int:
    """Queue this week's letter of everybody who has not got it; how many were queued. Safe to run at any time.

    The note and the task are written together, or neither; of two runs at once the second finds the note.
    Whatever was queued is looked after: a later task takes up what a dead worker left behind.
    """
    week = week_of(on)
    known = set(DigestSent.objects.filter(week=week).values_list("account", flat=True))
    queued = _queue_again(on, {"claimed_at": None}, claimed_at__lt=now - LEASE)
    queued += _queue_again(on, {"queued_at": now}, claimed_at=None, queued_at__lt=now - FORGOTTEN)
    for account in receivers(on).iterator():
        if account.pk in known:
            continue
        try:
            with transaction.atomic():
                note = DigestSent.objects.create(account=account, week=week, items=0)
                send_digest.enqueue(note.pk)
        except IntegrityError:
            continue
        queued += 1
    if queued:
        _look_again(now)
    return queued


def _queue_again(on: datetime.date, changes: dict, **lost) -> int:
    """Queue again this week's unsent letters that are `lost`; how many. Of two who do it at once one wins each."""
    rows, count = DigestSent.objects.filter(week=week_of(on), sent_at=None, **lost), 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            if rows.filter(pk=pk).update(**changes):
                send_digest.enqueue(pk)
                count += 1
    return count


def _look_again(now: datetime.datetime) -> None:
    look_after.using(run_after=now + LEASE + datetime.timedelta(minutes=1)).enqueue()


@task()
def look_after() -> int:
    """Take up letters a dead worker left behind, and come back for as long as one of the week is on its way."""
    on, now = timezone.localdate(), timezone.now()
    taken = _queue_again(on, {"claimed_at": None}, claimed_at__lt=now - LEASE)
    if DigestSent.objects.filter(week=week_of(on), sent_at=None, queued_at__gte=now - FORGOTTEN).exists():
        _look_again(now)
    return taken


# --- the worker's part ----------------------------------------------------------------------------------


@task()
def send_digest(digest: int, attempt: int = 1) -> str:
    """Write and send one letter; a refused one is tried again later."""
    return deliver(digest, attempt=attempt, on=timezone.localdate(), now=timezone.now())


def deliver(digest: int, *, attempt: int, on: datetime.date, now: datetime.datetime) -> str:
    """What became of it: "sent", or why not. Raises what the mail server said, after queueing another try.

    Claimed in one UPDATE before the letter leaves: of two workers one sends. "Sent" is written after the mail
    server has it. A worker that dies in between loses nothing: after LEASE the letter is taken up again, and
    only if it died between the mail server's answer and the note does the person get it twice.
    """
    note = DigestSent.objects.filter(pk=digest, sent_at=None).first()
    if note is None:
        return "sent before"
    if note.week != week_of(on):
        return "too late"  # the next week has its own letter
    account = receivers(on).filter(pk=note.account_id).first()
    sections = sections_for(account, on=on) if account else []
    free = DigestSent.objects.filter(Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE), pk=note.pk, sent_at=None)
    if not sections:
        free.delete()
        return "nothing to do"
    letter = letter_to(account, sections, on=on)
    count = sum(len(one.items) for one in sections)
    if not free.update(claimed_at=now, items=count):
        return "sent before"
    try:
        letter.send()
    except Exception:
        DigestSent.objects.filter(pk=note.pk).update(claimed_at=None)
        if attempt <= len(TRY_AGAIN):
            send_digest.using(run_after=now + TRY_AGAIN[attempt - 1]).enqueue(note.pk, attempt + 1)
        raise
    DigestSent.objects.filter(pk=note.pk).update(sent_at=now)
    return "sent"


def choose_digest(*, account: Account, wants: bool) -> None:
    """The person says whether to get the weekly letter."""
    Account.objects.filter(pk=account.pk).update(wants_digest=wants)
    account.wants_digest = wants
