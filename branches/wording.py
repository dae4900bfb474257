"""One logged activity in the words a secretary uses; sums and judgements are in reports/wording.py."""

from branches.formats import NBSP, QUALIFIER_WORDS, dong, number, span
from branches.models import Activity, Quantity

NO_FIGURE = "chưa có số"


def figure_words(line: Quantity) -> str:
    """ "khoảng 20 tin, bài", "14/14 đoàn viên", "Có", "chưa có số": the figure with exactness and unit."""
    if line.value is None:
        return NO_FIGURE
    indicator = line.indicator
    if indicator.is_yes_no:
        return "Có" if line.value else "Không"
    figure = number(line.value)
    if line.denominator is not None:
        figure = f"{figure}/{number(line.denominator)}"
    exactness = QUALIFIER_WORDS[line.qualifier]
    return f"{exactness}{NBSP if exactness else ''}{figure}{NBSP}{indicator.unit_word}"


def line_words(line: Quantity) -> str:
    """A result in one line of text: "Quà tặng hộ nghèo: 2 suất, mỗi suất 700.000 đồng"."""
    words = f"{line.indicator.name}: {figure_words(line)}"
    if line.each:
        words += f", mỗi {line.indicator.unit_word} {dong(line.each)}"
    return f"{words} ({line.note})" if line.note else words


def people_words(named: int, member_count: int | None, guest_count: int) -> str:
    """ "6 đoàn viên, 2 khách". A head count may be larger than the number of persons named."""
    members = max(named, member_count or 0)
    parts = [f"{number(members)} đoàn viên"] if members else []
    if guest_count:
        parts.append(f"{number(guest_count)} khách")
    return ", ".join(parts)


def organiser_words(activity: Activity) -> str:
    """Who organised it: "Chi đoàn" stands for the unit itself, which above a branch is called "Đơn vị"."""
    word = organiser_label(activity.organiser, activity.unit)
    if not activity.partner or activity.organiser == Activity.Organiser.OWN:
        return word
    return f"{word}{' với' if activity.organiser == Activity.Organiser.JOINT else ':'} {activity.partner}"


def organiser_label(organiser: str, unit) -> str:
    if organiser == Activity.Organiser.OWN and not unit.is_branch:
        return "Đơn vị"
    return Activity.Organiser(organiser).label


def activity_rows(activity, lines, named) -> dict[str, str]:
    """Label → words of everything an activity says; `named` are the names of the participants."""
    return {
        "Tên hoạt động": activity.title,
        "Ngày": span(activity.starts_on, activity.last_on),
        "Tình trạng": activity.get_state_display(),
        "Lý do không tổ chức": activity.cancel_reason,
        "Ai tổ chức": organiser_words(activity),
        "Kết quả": "; ".join(line_words(line) for line in lines),
        "Người tham gia": people_words(len(named), activity.member_count, activity.guest_count),
        "Có tên": ", ".join(named),
        "Đã vận động": dong(activity.raised),
        "Đã chi": dong(activity.spent),
        "Mục báo cáo": activity.area.name if activity.area_id else "",
        "Nơi làm": activity.place,
        "Ghi chú": activity.note,
    }
