"""Targets of the coming period as sentences: "Tổ chức ít nhất 04 buổi tuyên truyền pháp luật"."""

from branches.formats import percent
from branches.models import Target
from reports.judging import Aim

from .phrases import capital, count, doing, matter, persons_act, plain, unit_word

Comparator = Target.Comparator
BEFORE = {
    Comparator.AT_LEAST: "ít nhất ",
    Comparator.AT_MOST: "không quá ",
    Comparator.MORE_THAN: "trên ",
    Comparator.PER_MONTH: "mỗi tháng ",
    Comparator.PER_QUARTER: "mỗi quý ",
}


def aim_sentence(target: Target, aim: Aim, part: tuple[Target, Aim] | None = None) -> str:
    """One target in words, without a full stop. `part` is its "trong đó" share."""
    indicator = target.indicator
    subject = indicator.subject or unit_word(indicator)
    action = indicator.action or matter(indicator)
    if aim.comparator == Comparator.YES:
        text = capital(action)
    elif aim.comparator == Comparator.ZERO:
        text = f"Không có {subject} {action}"
    elif indicator.is_share:
        text = f"{capital(_share(aim))} {subject} {action}"
        if part:
            text += f", trong đó {_share(part[1])} {part[0].indicator.action or matter(part[0].indicator)}"
    else:
        figure = _figure(aim, indicator)
        said = doing(indicator, figure, "").strip()
        if not indicator.action:
            said = f"{indicator.name}: {figure}"
        elif indicator.unit_word == "suất" and indicator.subject:
            said = f"{said} cho {indicator.subject}"
        text = said if persons_act(indicator) else capital(said)
    return f"{text} ({target.note})" if target.note else text


def aim_words(aim: Aim, indicator) -> str:
    """The aim by itself: "ít nhất 04 buổi", "từ 05 đến 08 buổi", "ít nhất 90%"."""
    return _share(aim) if indicator.is_share else _figure(aim, indicator)


def _share(aim: Aim) -> str:
    if aim.value_to is not None:
        return f"từ {percent(aim.value)} đến {percent(aim.value_to)}"
    return f"{BEFORE.get(aim.comparator, '')}{percent(aim.value)}"


def _figure(aim: Aim, indicator) -> str:
    if aim.value_to is not None:
        return f"từ {count(aim.value, indicator)} đến {plain(aim.value_to, indicator)}"
    value = aim.each if aim.each is not None else aim.value
    return f"{BEFORE.get(aim.comparator, '')}{plain(value, indicator)}"
