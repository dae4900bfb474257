"""What the screens say about a complaint: its badge and its due day. Pure functions of a row already loaded."""

from branches.formats import NBSP, day
from branches.workdays import working_days_between
from inspections.models import Complaint
from inspections.wording import Badge

State = Complaint.State
BADGES = {
    State.RECEIVED: ("waiting", "Chưa thụ lý"),
    State.TAKEN_UP: ("going", "Đang giải quyết"),
    State.ANSWERED: ("done", "Đã trả lời"),
    State.REFUSED: ("none", "Không thụ lý"),
    State.FORWARDED: ("none", "Đã chuyển"),
}


def left_words(left: int | None) -> str:
    """ "còn 12 ngày làm việc", "đến hạn hôm nay", "quá hạn 3 ngày làm việc"; nothing without a due day."""
    if left is None:
        return ""
    if left == 0:
        return "đến hạn hôm nay"
    return f"còn {left}{NBSP}ngày làm việc" if left > 0 else f"quá hạn {-left}{NBSP}ngày làm việc"


def complaint_badge(row: Complaint, left: int | None, soon: int) -> Badge:
    """`left` working days until it is due; late and soon due ones stand out."""
    standing, word = BADGES[row.state]
    if left is None:
        return Badge(standing, word)
    words = left_words(left)
    if left < 0:
        return Badge("overdue", words[:1].upper() + words[1:])
    return Badge("behind" if left <= soon else standing, f"{word}, {words}")


def complaint_due(row: Complaint, left: int | None) -> str:
    """ "Hạn giải quyết 05/01/2027, còn 12 ngày làm việc."; of what ended, whether it was in time."""
    if not row.is_open:
        said = f"{row.get_state_display()} ngày {day(row.ended_on)}"
        if row.due_on is None:
            return f"{said}."
        late = -working_days_between(row.ended_on, row.due_on)
        return f"{said}, {f'quá hạn {late}{NBSP}ngày làm việc' if late > 0 else 'trong hạn'} ({day(row.due_on)})."
    if row.due_on is None:
        return "Chưa đặt hạn giải quyết cho loại đơn này."
    return f"Hạn giải quyết {day(row.due_on)}, {left_words(left)}."
