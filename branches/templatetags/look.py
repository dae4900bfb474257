"""Signs and small components of the screen. They draw what they are given and judge nothing."""

import functools

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

register = template.Library()

# The sign of a state never changes; its word may be made more precise by the caller.
STATES = {
    "met": ("is-met", "check", "Đạt"),
    "over": ("is-over", "up", "Vượt"),
    "on_track": ("is-going", "go", "Đang làm"),
    "behind": ("is-late", "warn", "Chậm"),
    "missed": ("is-late", "warn", "Chưa đạt"),
    "not_measurable": ("is-none", "dash", "Chưa đo được"),
    "overdue": ("is-overdue", "clock", "Quá hạn"),
    # The same looks for things that are not targets: a paper, a task, a check.
    "done": ("is-met", "check", "Xong"),
    "going": ("is-going", "go", "Đang làm"),
    "waiting": ("is-going", "clock", "Đang chờ"),
    "returned": ("is-late", "warn", "Trả lại"),
    "none": ("is-none", "dash", "Chưa có"),
}


@functools.cache
def _sprite():
    """Some thirty signs stand on a page, and the address is the same for the whole life of the process."""
    return static("icons.svg")


@register.simple_tag
@functools.lru_cache(maxsize=512)
def icon(name, small=False, label=""):
    """A sign from the sprite. Without a label it is decoration and stands beside a word."""
    css, sprite = "icon icon-sm" if small else "icon", _sprite()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#i-{}"></use></svg>', css, label, sprite, name
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#i-{}"></use></svg>', css, sprite, name)


@register.simple_tag
def state(standing, word="", sign=""):
    """A badge: sign and word. `standing` is a name from STATES, or an object with `.standing` and `.word`.

    An unknown name is an error of the caller and says so, instead of printing an empty badge.
    """
    if not isinstance(standing, str):
        word = word or getattr(standing, "word", "")
        standing = standing.standing
    return _badge(str(standing), word, sign)


@functools.lru_cache(maxsize=512)
def _badge(standing, word, sign):
    css, own_sign, own_word = STATES[standing]
    return format_html('<span class="state {}">{}{}</span>', css, icon(sign or own_sign), word or own_word)


@register.simple_tag
def sign(standing, label=True):
    """Only the sign of a state, for a cell whose heading already says the words."""
    _, name, word = STATES[str(getattr(standing, "standing", standing))]
    return icon(name, small=True, label=word if label else "")


@register.filter
def state_word(standing):
    """The plain word of a state, for text alternatives and papers."""
    return STATES[str(standing)][2]


@register.filter
def tile_class(standing):
    """The class that tints the sign of a figure tile."""
    css = STATES[str(standing)][0]
    return {"is-over": "is-plain-met"}.get(css, css.replace("is-", "is-plain-"))


@register.inclusion_tag("_empty.html")
def empty(title, text="", icon_name="inbox", action="", url=""):
    """What is not there yet, one sentence how to begin, the button."""
    return {"title": title, "text": text, "icon_name": icon_name, "action": action, "url": url}


@register.simple_block_tag
def note(content, kind="late", sign="", live="alert"):
    """A framed notice: `kind` is a state's name. Used for refusals, conflicts and warnings."""
    css, own_sign, _ = STATES[kind]
    return format_html(
        '<div class="note {}" role="{}">{}<div>{}</div></div>', css, live, icon(sign or own_sign), content
    )


@register.simple_tag(takes_context=True)
def turned(context, **changes):
    """The address of this page with some query values changed; None removes one, paging starts again."""
    query = context["request"].GET.copy()
    query.pop("trang", None)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}"
