"""What the register holds about one person, as a file for that person: law 91/2025/QH15, the right to a copy."""

import datetime

from django.utils import timezone

from branches.completeness import label_of
from branches.enrolling import MEMBER_FIELDS, SENSITIVE_FIELDS
from branches.models import Activity, Admission, Member, Participation, Post, SensitiveData
from branches.proposing import shown
from branches.vietnamese import lower
from branches.workbook import Workbook

CLOSED = "đã ghi; muốn có bản đầy đủ, hãy hỏi Bí thư chi đoàn"


def own_copy(
    member: Member, *, sensitive: SensitiveData | None, shows_sensitive: bool, made_on: datetime.date
) -> bytes:
    """An Excel file: the record, the memberships, the activities, consents, and who opened the closed part.

    `sensitive` is what open_sensitive gave, which leaves a row; without `shows_sensitive` the file says of those
    fields only whether anything is written. A fixed number of queries.
    """
    book = Workbook(f"Dữ liệu về {member.full_name}", made_on=made_on)
    heading = (f"Dữ liệu {member.home.name} đang giữ về {member.full_name}", f"Lập ngày {made_on:%d/%m/%Y}")
    sheet = book.sheet("Hồ sơ", (("Mục", 28), ("Đang ghi", 60)), heading)
    for name in (*MEMBER_FIELDS, *SENSITIVE_FIELDS):
        said = shown(member, sensitive, name)
        if said and name in SENSITIVE_FIELDS and not shows_sensitive:
            said = CLOSED
        sheet.add(label_of(name), said or "chưa ghi")
    sheet.add("Chi đoàn", member.home.name)
    _memberships(book, member, shows_sensitive)
    _activities(book, member)
    _steps(book, member)
    _posts(book, member)
    _consents(book, member)
    _asked(book, member)
    _openings(book, member)
    return book.content()


def name_of_copy(member: Member, made_on: datetime.date) -> str:
    """File name: "du-lieu-ca-nhan-2026-11-22.xlsx". The name of the person is not told to a shared computer."""
    return f"du-lieu-ca-nhan-{made_on:%Y-%m-%d}.xlsx"


def _memberships(book, member, shows_grounds):
    columns = (("Đơn vị", 40), ("Hình thức", 24), ("Từ ngày", 12), ("Đến trước ngày", 14), ("Lý do vào", 30),
               ("Lý do ra", 30), ("Quyết định", 24), ("Quyết định khi rời", 24), ("Căn cứ khi rời", 40))  # fmt: skip
    sheet = book.sheet("Quá trình sinh hoạt", columns)
    for one in member.memberships.select_related("unit").order_by("starts_on", "pk"):
        # The grounds of a deletion or an expulsion are of the closed part (privacy.py).
        grounds = one.end_note if shows_grounds or not one.end_note else CLOSED
        sheet.add(
            one.unit.name, one.get_kind_display(), one.starts_on, one.ends_on, one.get_begin_reason_display(),
            one.get_end_reason_display(), one.decision, one.end_decision, grounds,
        )  # fmt: skip


def _activities(book, member):
    sheet = book.sheet("Hoạt động", (("Ngày", 12), ("Đến ngày", 12), ("Hoạt động", 60), ("Đơn vị", 40)))
    taken = Participation.objects.filter(member=member, activity__state=Activity.State.HELD)
    for one in taken.select_related("activity__unit").order_by("activity__last_on", "activity_id"):
        sheet.add(one.activity.starts_on, one.activity.last_on, one.activity.title, one.activity.unit.name)


def _steps(book, member):
    """Admission, transfers, wishes to stay, places outside: one line each, with the words written about the person."""
    columns = (("Việc", 24), ("Ngày", 12), ("Kết quả", 26), ("Nơi", 40), ("Số văn bản", 22), ("Nội dung đã ghi", 60))
    sheet = book.sheet("Kết nạp, chuyển, ở lại", columns)
    for one in Admission.objects.filter(member=member).select_related("unit"):
        said = f"Người giới thiệu: {one.introduced_by}" if one.introduced_by else ""
        sheet.add("Kết nạp", one.applied_on, one.get_state_display(), one.unit.name, one.decision, said)
    for one in member.transfers.order_by("asked_on", "pk"):
        paid = f"Đóng đoàn phí đến hết tháng {one.dues_paid_to:%m/%Y}." if one.dues_paid_to else ""
        said = " ".join(filter(None, (one.reason, one.remark, paid, one.answer)))
        sheet.add("Chuyển sinh hoạt", one.asked_on, one.get_state_display(), one.target_name, one.letter_number, said)
    for one in member.stays.order_by("wished_on", "pk"):
        until = f"được ở lại đến trước {one.until:%d/%m/%Y}" if one.until else "chưa đồng ý"
        sheet.add("Nguyện vọng ở lại", one.wished_on, until, "", one.decision, "")
    for one in member.away_stays.order_by("starts_on", "pk"):
        until = f"đến trước {one.ends_on:%d/%m/%Y}" if one.ends_on else "đang ở đó"
        sheet.add(one.get_kind_display(), one.starts_on, until, one.place, one.decision, one.note)


def _posts(book, member):
    columns = (("Chức vụ", 30), ("Đơn vị", 40), ("Từ ngày", 12), ("Đến trước ngày", 14), ("Quyết định", 24))
    sheet = book.sheet("Chức vụ", columns)
    for one in Post.objects.filter(account__member=member).select_related("type", "unit").order_by("starts_on", "pk"):
        sheet.add(one.type.name, one.unit.name, one.starts_on, one.ends_on, one.decision)


def _asked(book, member):
    """What the person proposed to correct and asked about their data, with what came of it."""
    sheet = book.sheet("Đề nghị, yêu cầu", (("Lúc", 18), ("Việc", 40), ("Nội dung", 50), ("Kết quả", 40)))
    for one in member.proposals.order_by("sent_at", "pk"):
        answer = " ".join(filter(None, (one.get_state_display(), one.reason)))
        said = CLOSED if one.field in SENSITIVE_FIELDS else one.value
        sheet.add(_moment(one.sent_at), f"Sửa {label_of(one.field).lower()}", said, answer)
    for one in member.data_requests.order_by("received_on", "pk"):
        done = one.outcome if one.finished_on else "đang làm"
        sheet.add(f"{one.received_on:%d/%m/%Y}", one.get_kind_display(), one.details, done)


def _consents(book, member):
    columns = (("Lúc", 18), ("Văn bản", 50), ("Trả lời", 16), ("Cách", 26), ("Người giám hộ", 28), ("Ghi chú", 40))
    sheet = book.sheet("Đồng ý", columns)
    for one in member.consents.select_related("text").order_by("said_at", "pk"):
        answer = "đồng ý" if one.given else "không đồng ý"
        sheet.add(_moment(one.said_at), str(one.text), answer, one.get_means_display(), one.guardian, one.note)


def _openings(book, member):
    sheet = book.sheet("Mở phần giữ kín", (("Lúc", 18), ("Ai", 36), ("Việc", 12)))
    for one in member.sensitive_accesses.select_related("account").order_by("created_at", "pk"):
        sheet.add(_moment(one.created_at), str(one.account), lower(one.get_kind_display()))


def _moment(value) -> str:
    return f"{timezone.localtime(value):%H:%M, %d/%m/%Y}"
