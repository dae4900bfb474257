"""How people hear of a meeting: a message to paste into a chat group, a letter by e-mail, a file for the calendar."""

from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from branches.formats import long_day
from branches.models import AgendaItem, Meeting, Member

from .feeds import calendar_of
from .roll import roster_of
from .states import MeetingRefused, State

# Backends that keep letters to themselves: nobody would get anything.
SILENT = ("console", "dummy", "filebased")
MAIL_IS_DOWN = "Chưa gửi được: máy chủ thư không nhận. Hãy thử lại sau."


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


def with_an_address(meeting: Meeting) -> list[Member]:
    """Whom a letter can reach, of those who will stand on the roll."""
    return [member for member, _ in roster_of(meeting) if member.email]


@dataclass(frozen=True, slots=True)
class Posted:
    """How many letters went out, and to whom none did: an address the mail server would not take."""

    count: int
    missed: tuple[Member, ...]


def send_invitations(*, meeting: Meeting, now) -> Posted:
    """One letter each, so that nobody reads the address of another; a wrong address keeps nobody else's back.

    Call outside a transaction: it waits for the mail server. Refused where no mail is set up or nobody has
    an address; a mail server that takes none of the letters is a refusal too.
    """
    if meeting.state != State.PLANNED:
        raise MeetingRefused({"": "Chỉ gửi thư mời cho cuộc họp sắp tới."})
    if not mail_is_configured():
        raise MeetingRefused({"": "Phần mềm chưa được cài đặt gửi thư. Hãy chép lời mời gửi vào nhóm."})
    people = with_an_address(meeting)
    if not people:
        raise MeetingRefused({"": "Chưa có đoàn viên nào ghi địa chỉ thư điện tử."})
    text, file = invitation_text(meeting), calendar_of([meeting], now=now, agenda=titles_of(meeting))
    server, missed = get_connection(fail_silently=False), []
    try:
        server.open()
    except OSError as error:  # SMTPException is one
        raise MeetingRefused({"": MAIL_IS_DOWN}) from error
    for one in people:
        letter = EmailMessage(subject=" ".join(f"Mời họp: {meeting.title}".split()), body=text, to=[one.email])
        letter.attach("lich-hop.ics", file.decode(), "text/calendar")
        try:
            server.send_messages([letter])
        except OSError:
            missed.append(one)
    with suppress(OSError):  # what was taken is taken, however the server says goodbye
        server.close()
    if len(missed) == len(people):
        raise MeetingRefused({"": MAIL_IS_DOWN})
    return Posted(len(people) - len(missed), tuple(missed))
