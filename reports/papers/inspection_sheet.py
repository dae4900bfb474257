"""The text of an inspection paper under way: headings that count themselves, passages people may word, tables.

What comes out is plain data: blocks that page, PDF and Word print alike, and that are frozen as they are when
the paper goes out. Nobody's words are invented: where neither the rows nor a person says anything, a passage is
dotted lines.
"""

from dataclasses import dataclass, field

from inspections.papering import Slot

from .tables import ROMAN
from .widths import capitals


def ended(text: str) -> str:
    """A sentence with its full stop."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", ":", ";", "…")) else f"{text}."


# First words that keep their capital inside a sentence.
PROPER = ("Đoàn", "Đảng", "Ban", "Ủy", "Hồ", "Bộ", "Luật", "Nghị", "Chỉ", "Chi", "Quyết", "Kế", "Kết", "Chương")


def lowered(text: str) -> str:
    """The text as part of a sentence: a small first letter, unless a name or an abbreviation opens it."""
    first = text.split(" ", 1)[0]
    return text if first in PROPER or first.isupper() else text[:1].lower() + text[1:]


def paragraphs(text: str) -> list[str]:
    return [ended(line) for line in text.splitlines() if line.strip()]


@dataclass(slots=True)
class Sheet:
    """Collects blocks and passages. `texts` are people's own words by passage."""

    texts: dict[str, str]
    blocks: list[dict] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    closing: str = ""
    closing_label: str = ""
    chapters: int = 0
    sections: int = 0
    tables: int = 0

    def chapter(self, title: str) -> None:
        self.chapters, self.sections = self.chapters + 1, 0
        self.add("h2", f"{ROMAN[self.chapters - 1]}. {capitals(title)}")

    def section(self, title: str) -> None:
        self.sections += 1
        self.add("h3", f"{self.sections}. {title}")

    def add(self, kind: str, text: str = "", **rest) -> None:
        self.blocks.append({"kind": kind, "text": text, **rest})

    def passage(
        self, key: str, label: str, drafted: list[str], *, article: str = "", hint: str = "", leads: bool = False
    ) -> None:
        """Own words, else what the rows say, else dotted lines. `article` ("Điều 2.") opens it in bold; the last
        line of one that `leads` never ends a page."""
        lines = self._worded(key, label, drafted, hint)
        for place, line in enumerate(lines):
            stays = leads and place == len(lines) - 1
            self.add("lead" if stays else "p", line, **({"label": article} if article and place == 0 else {}))
        if not lines:
            if article:
                self.add("p", "", label=article)
            self.add("fill")

    def _worded(self, key: str, label: str, drafted: list[str], hint: str) -> list[str]:
        draft = "\n".join(drafted)
        text = self.texts.get(key, "") or draft
        self.slots.append(Slot(key, label, text, draft, hint))
        return [line for line in text.splitlines() if line.strip()]

    def last(self, key: str, label: str, drafted: list[str], *, article: str = "", hint: str = "") -> None:
        """The last passage: its last line stays with the signature and bears the end mark."""
        *before, self.closing = self._worded(key, label, drafted, hint) or [""]
        for place, line in enumerate(before):
            self.add("p", line, **({"label": article} if article and place == 0 else {}))
        self.closing_label = "" if before else article

    def listed(self, lines: list[str]) -> None:
        """A list the rows say, a line each; dotted lines where they say nothing."""
        for line in lines:
            self.add("p", line)
        if not lines:
            self.add("fill")

    def table(self, caption: str, columns, rows, *, small: str = "", note: str = "") -> None:
        """`columns` are (title, width in mm or 0 for what is left, alignment)."""
        if caption:
            self.tables += 1
            self.add("cap", f"Bảng {self.tables}. {caption}", small=small)
        self.add(
            "table",
            table={"columns": [list(one) for one in columns], "rows": [[str(cell) for cell in row] for row in rows]},
        )
        if note:
            self.add("note", note)
