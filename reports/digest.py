"""The weekly letter: what waits for a person, by e-mail, once a week and only when something does.

What stands in it is what "Việc của tôi" shows (waiting.py), never a second rule. `queue_digests` notes whose
turn it is; the worker writes and sends each letter by itself, so that one that fails holds up no other.
"""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
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
    """Due soon, overdue, waiting for this person; each thing once, though two posts may show it."""
    seen, found = set(), []
    for post in account.posts_today:
        items = [one for one in waiting_for(account, post, on=on).first if (one.what, one.url) not in seen]
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
    """
    week = week_of(on)
    known = {one.account_id: one for one in DigestSent.objects.filter(week=week)}
    queued = 0
    for account in receivers(on).iterator():
        note = known.get(account.pk)
        if note is None:
            try:
                with transaction.atomic():
                    note = DigestSent.objects.create(account=account, week=week, items=0)
                    send_digest.enqueue(note.pk)
            except IntegrityError:
                continue
        else:
            waiting = DigestSent.objects.filter(pk=note.pk, sent_at=None, queued_at__lt=now - FORGOTTEN)
            with transaction.atomic():
                if not waiting.update(queued_at=now):
                    continue
                send_digest.enqueue(note.pk)
        queued += 1
    return queued


# --- the worker's part ----------------------------------------------------------------------------------


@task()
def send_digest(digest: int, attempt: int = 1) -> str:
    """Write and send one letter; a refused one is tried again later."""
    return deliver(digest, attempt=attempt, on=timezone.localdate(), now=timezone.now())


def deliver(digest: int, *, attempt: int, on: datetime.date, now: datetime.datetime) -> str:
    """What became of it: "sent", or why not. Raises what the mail server said, after queueing another try.

    The note is marked as sent before the letter leaves, in one UPDATE: of two workers one sends. A worker
    that dies in between loses the letter of that week, which is better than sending it twice.
    """
    note = DigestSent.objects.filter(pk=digest, sent_at=None).first()
    if note is None:
        return "sent before"
    if note.week != week_of(on):
        return "too late"  # the next week has its own letter
    account = receivers(on).filter(pk=note.account_id).first()
    sections = sections_for(account, on=on) if account else []
    if not sections:
        DigestSent.objects.filter(pk=note.pk, sent_at=None).delete()
        return "nothing to do"
    letter = letter_to(account, sections, on=on)
    count = sum(len(one.items) for one in sections)
    if not DigestSent.objects.filter(pk=note.pk, sent_at=None).update(sent_at=now, items=count):
        return "sent before"
    try:
        letter.send()
    except Exception:
        DigestSent.objects.filter(pk=note.pk).update(sent_at=None)
        if attempt <= len(TRY_AGAIN):
            send_digest.using(run_after=now + TRY_AGAIN[attempt - 1]).enqueue(note.pk, attempt + 1)
        raise
    return "sent"


def choose_digest(*, account: Account, wants: bool) -> None:
    """The person says whether to get the weekly letter."""
    Account.objects.filter(pk=account.pk).update(wants_digest=wants)
    account.wants_digest = wants
