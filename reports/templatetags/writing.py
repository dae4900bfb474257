"""Tags of the chapter editor: figures inside a sentence that open their lines."""

import re

from django import template
from django.utils.html import format_html, format_html_join

from reports.drafting import FIGURE
from reports.sentence_lines import behind_offer, lines_behind

register = template.Library()
DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{4}|\d{1,2}/\d{4}")  # a day or a month has no lines of its own


@register.simple_tag
def lines_of(view, unit, period, report=None):
    """Address of the lines behind a sentence of the editor (drafting.SentenceView)."""
    rolled = report.pk if report and report.from_units else None
    themed = report.pk if report and report.theme else None
    return lines_behind(view.sentence.source, view.code, unit, period, rolled=rolled, themed=themed)


@register.simple_tag
def lines_of_offer(offer, unit, period):
    """Address of what an offer is made from."""
    return behind_offer(offer.opens, unit, period)


@register.filter
def figures_opened(text: str, url: str):
    """A sentence whose figures are links to the lines behind them; without lines they are only set off."""
    text, parts, end = str(text), [], 0
    for found in FIGURE.finditer(text):
        is_time = DATE.fullmatch(found.group()) or text[: found.start()].endswith("năm ")
        shape = "{}<b>{}</b>" if not url else "{}{}" if is_time else '<a class="fig-link" href="{}">{}</a>'
        target = "" if is_time else url
        parts += [format_html("{}", text[end : found.start()]), format_html(shape, target, found.group())]
        end = found.end()
    return format_html_join("", "{}", ((part,) for part in [*parts, text[end:]]))
