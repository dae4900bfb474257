"""How people hear of a meeting: a message to paste into a chat group, a letter by e-mail, a file for the calendar."""

import datetime
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from branches.formats import long_day
from branches.models import AgendaItem, Meeting, MeetingLetter, Member

from .feeds import calendar_of
from .roll import roster_of
from .states import MeetingRefused, State

# Backends that keep letters to themselves: nobody would get anything.
SILENT = ("console", "dummy", "filebased")
MAIL_IS_DOWN = "Chưa gửi được: máy chủ thư không nhận. Hãy thử lại sau."
# A letter that was claimed and not sent for so long belongs to a request that died.
LEASE = datetime.timedelta(minutes=10)
TOLD = ("starts_at", "form", "place", "link")  # what makes people come to the wrong place, or too late


def invitation_text(meeting: Meeting) -> str:
    """The invitation in plain words, as one types it into a group. One query, for the agenda."""
    begun = timezone.localtime(meeting.starts_at)
    whom = "các đồng chí Ủy viên Ban Chấp hành" if meeting.kind == Meeting.Kind.COMMITTEE else "các đồng chí"
    lines = [
        f"{meeting.unit.name} mời {whom} dự: {meeting.title}",
        f"Thời gian: {begun:%H:%M}, {long_day(meeting.day)}",
        f"Hình thức: {meeting.get_form_display()}",
    ]
    if meeting.place:
        lines.append(f"Nơi họp: {meeting.place}")
    if meeting.link:
        lines.append(f"Đường dẫn: {meeting.link}")
    if meeting.theme:
        lines.append(f"Chủ điểm: {meeting.theme}")
    if titles := titles_of(meeting):
        lines += ["Nội dung:", *(f"{number}. {title}" for number, title in enumerate(titles, start=1))]
    lines.append("Đồng chí nào không dự được, báo trước lý do để chi đoàn biết.")
    return "\n".join(lines)


def titles_of(meeting: Meeting) -> list[str]:
    return list(AgendaItem.objects.filter(meeting=meeting).order_by("position", "pk").values_list("title", flat=True))


def mail_is_configured() -> bool:
    """Whether a letter would really leave the house."""
    return bool(settings.EMAIL_BACKEND) and not any(word in settings.EMAIL_BACKEND for word in SILENT)


# --- who has been told what ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """Whom a letter can reach, by what they know: nothing yet, another moment or place, what still holds."""

    fresh: tuple[Member, ...]
    otherwise: tuple[MeetingLetter, ...]
    current: tuple[MeetingLetter, ...]

    @property
    def changes(self) -> list[str]:
        """What changed since the letters were sent, in words; each change once."""
        return list(dict.fromkeys(line for letter in self.otherwise for line in changes_since(letter)))


def told_of(meeting: Meeting, *, now: datetime.datetime) -> Told:
    """Of those who will stand on the roll and have an address. A letter on its way counts as sent.

    Who has another address since then has not been told: the old one may have been the wrong one.
    """
    letters = {one.member_id: one for one in MeetingLetter.objects.filter(meeting=meeting)}
    fresh, otherwise, current = [], [], []
    for member, _ in roster_of(meeting):
        if not member.email:
            continue
        letter = letters.get(member.pk)
        if letter is None or letter.email != member.email or not _stands(letter, now):
            fresh.append(member)
            continue
        letter.meeting, letter.member = meeting, member
        (current if _says_what_holds(letter) or _is_under_way(letter, now) else otherwise).append(letter)
    return Told(tuple(fresh), tuple(otherwise), tuple(current))


def _stands(letter: MeetingLetter, now: datetime.datetime) -> bool:
    return letter.sent_at is not None or _is_under_way(letter, now)


def _is_under_way(letter: MeetingLetter, now: datetime.datetime) -> bool:
    """Somebody else is sending it at this moment, for the first time or anew."""
    is_claimed = letter.sent_at is None or letter.claimed_at > letter.sent_at
    return is_claimed and letter.claimed_at > now - LEASE


def _says_what_holds(letter: MeetingLetter) -> bool:
    return all(getattr(letter, name) == getattr(letter.meeting, name) for name in TOLD)


def changes_since(letter: MeetingLetter) -> list[str]:
    """ "Thời gian: trước là 17:00, Thứ Sáu, 20/11/2026; nay là …" for each thing that is otherwise now."""
    meeting = letter.meeting
    rows = (
        ("Thời gian", _moment(letter.starts_at), _moment(meeting.starts_at)),
        ("Hình thức", letter.get_form_display(), meeting.get_form_display()),
        ("Nơi họp", letter.place, meeting.place),
        ("Đường dẫn", letter.link, meeting.link),
    )
    return [
        f"{name}: trước là {before or 'chưa ghi'}; nay là {after or 'chưa ghi'}"
        for name, before, after in rows
        if before != after
    ]


def _moment(moment: datetime.datetime) -> str:
    begun = timezone.localtime(moment)
    return f"{begun:%H:%M}, {long_day(begun.date())}"


# --- letters ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Posted:
    """How many letters went out, and to whom none did: an address the mail server would not take."""

    count: int
    missed: tuple[Member, ...]


def send_invitations(*, meeting: Meeting, now: datetime.datetime, again: bool = False) -> Posted:
    """One letter each to those who have not got one, so that nobody reads the address of another.

    With `again` also to those who were told another moment or place; their letter says what changed. Who
    knows what holds gets nothing twice. Call outside a transaction: it waits for the mail server. Refused
    where no mail is set up or nobody is left to tell; a mail server that takes none is a refusal too.
    """
    if not mail_is_configured():
        raise MeetingRefused({"": "Phần mềm chưa được cài đặt gửi thư. Hãy chép lời mời gửi vào nhóm."})
    meeting, letters = _claim(meeting, now, again=again)
    text, file = invitation_text(meeting), calendar_of([meeting], now=now, agenda=titles_of(meeting)).decode()
    server, missed = get_connection(fail_silently=False), []
    try:
        server.open()
    except OSError as error:  # SMTPException is one
        _give_back([letter for letter, _ in letters])
        raise MeetingRefused({"": MAIL_IS_DOWN}) from error
    for letter, changes in letters:
        mail = _mail(meeting, letter.email, text, changes)
        mail.attach("lich-hop.ics", file, "text/calendar")
        try:
            server.send_messages([mail])
        except OSError:
            missed.append(letter)
            continue
        said = {name: getattr(meeting, name) for name in TOLD}
        MeetingLetter.objects.filter(pk=letter.pk).update(sent_at=now, **said)
    with suppress(OSError):  # what was taken is taken, however the server says goodbye
        server.close()
    _give_back(missed)
    if len(missed) == len(letters):
        raise MeetingRefused({"": MAIL_IS_DOWN})
    return Posted(len(letters) - len(missed), tuple(letter.member for letter in missed))


def _mail(meeting: Meeting, email: str, text: str, changes: list[str]) -> EmailMessage:
    subject = f"{'Thay đổi lịch họp' if changes else 'Mời họp'}: {meeting.title}"
    if changes:
        text = "\n".join(["Cuộc họp này đã thay đổi so với thư mời trước:", *changes, "", text])
    return EmailMessage(subject=" ".join(subject.split()), body=text, to=[email])


@transaction.atomic
def _claim(
    meeting: Meeting, now: datetime.datetime, *, again: bool
) -> tuple[Meeting, list[tuple[MeetingLetter, list[str]]]]:
    """The meeting as it stands, and the letters to write, each with what it has to say of changes.

    Of two who send at once the second finds the letters of the first on their way.
    """
    meeting = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    if meeting.state != State.PLANNED:
        raise MeetingRefused({"": "Chỉ gửi thư mời cho cuộc họp sắp tới."})
    told = told_of(meeting, now=now)
    if not (told.fresh or told.otherwise or told.current):
        raise MeetingRefused({"": "Chưa có đoàn viên nào ghi địa chỉ thư điện tử."})
    if again and not told.otherwise:
        raise MeetingRefused({"": "Ngày giờ, nơi họp không khác thư đã gửi, nên không gửi lại."})
    if not told.fresh and not again:
        raise MeetingRefused({"": "Mọi người có địa chỉ thư đều đã nhận thư mời. Không ai nhận hai lần."})
    said = {name: getattr(meeting, name) for name in TOLD} | {"claimed_at": now, "sent_at": None}
    letters = []
    for member in told.fresh:
        letter, _ = MeetingLetter.objects.update_or_create(
            meeting=meeting, member=member, defaults=said | {"email": member.email}
        )
        letter.member = member
        letters.append((letter, []))
    for letter in told.otherwise if again else ():
        changes = changes_since(letter)
        # Until it is sent the row goes on saying what the person was told.
        MeetingLetter.objects.filter(pk=letter.pk).update(claimed_at=now)
        letters.append((letter, changes))
    return meeting, letters


def _give_back(letters: list[MeetingLetter]) -> None:
    """Letters that did not leave: somebody who was never told has no row, an earlier letter stands as it was."""
    rows = MeetingLetter.objects.filter(pk__in=[one.pk for one in letters])
    rows.filter(sent_at=None).delete()
    rows.update(claimed_at=F("sent_at"))
