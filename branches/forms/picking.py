"""A long list to choose from, found by words: the rows that have them, and always those that are chosen.

Without a script "Tìm" sends the form with do=find, which saves nothing (branches/views/life_steps.py); with htmx the
same sending happens while one types. The words are matched here only, with marks or without.
"""

from dataclasses import dataclass

from django import forms

from branches.vietnamese import nfc, search_key, words_of

from .base import OfficeBoundField

FIND = "find"  # what `do` says when the list is only looked through
MOST_SHOWN = 100
LONGEST_WORDS = 100
CHOSEN = "Đang chọn"


@dataclass(frozen=True, slots=True)
class PickRow:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Picked:
    """What `_pick.html` draws: the words, what came of them, and the rows by group."""

    words: str
    says: str
    groups: tuple[tuple[str, tuple[PickRow, ...]], ...]


class PickBoundField(OfficeBoundField):
    is_picked = True

    @property
    def kind(self) -> str:
        return "checkbox" if self.field.is_many else "radio"

    @property
    def words_name(self) -> str:
        return f"{self.html_name}-tim"

    @property
    def picked(self) -> Picked:
        """The rows that have every word; of those that are too many the first. What is chosen never disappears."""
        words = nfc(str(self.form.data.get(self.words_name, ""))[:LONGEST_WORDS]) if self.form.is_bound else ""
        chosen = self._chosen()
        groups: dict[str, list[PickRow]] = {}
        kept: list[PickRow] = []
        shown = found = of_list = 0
        for group, value, label in self._rows():
            row = PickRow(value, label, value in chosen)
            if value:
                of_list += 1
            if not value or _says(f"{group} {label}", words):
                found += bool(value)
                if shown < MOST_SHOWN:
                    shown += bool(value)
                    groups.setdefault(group, []).append(row)
                    continue
            if row.is_chosen:
                kept.append(row)
        first = {CHOSEN: kept} if kept else {}
        told = tuple((group, tuple(rows)) for group, rows in (first | groups).items())
        return Picked(words, _told(words, shown=shown, found=found, of_list=of_list), told)

    def _rows(self):
        """(group, value, label) of every choice, in order."""
        for value, label in self.field.choices:
            if isinstance(label, list | tuple):
                yield from ((str(value), str(one), str(name)) for one, name in label)
            else:
                yield "", str(value), str(label)

    def _chosen(self) -> set[str]:
        value = self.value()
        if value is None:
            return set() if self.field.required or self.field.is_many else {""}
        return {str(one) for one in value} if isinstance(value, list | tuple | set) else {str(value)}


def _says(text: str, words: str) -> bool:
    wanted = words_of(words)
    key = search_key(text) if wanted else ""
    return all(f" {word}" in key for word in wanted) if wanted else not words


def _told(words: str, *, shown: int, found: int, of_list: int) -> str:
    if words and not found:
        return f"Không có mục nào hợp với “{words}”. Hãy thử ít chữ hơn, hoặc xóa chữ đã gõ để xem cả danh sách."
    said = f"{found} mục hợp với “{words}”" if words else f"{of_list} mục"
    return f"{said}, đang hiện {shown} mục đầu. Hãy gõ thêm chữ để tìm." if found > shown else f"{said}."


class PickField(forms.ChoiceField):
    """One of a long list. Choices may stand in groups; one without a value ("Không lấy số liệu") is always shown."""

    widget = forms.RadioSelect
    bound_field_class = PickBoundField
    is_many = False


class PickManyField(forms.MultipleChoiceField):
    """Any number of a long list."""

    widget = forms.CheckboxSelectMultiple
    bound_field_class = PickBoundField
    is_many = True
