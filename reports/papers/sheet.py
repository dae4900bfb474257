"""The values of a layout as the stylesheet of a sheet. No model: who only lays out paper (print_shop.py) loads none."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """Values of the layout in force on a day: lengths in mm, sizes in pt."""

    margins_mm: tuple[int, int, int, int]  # top, right, bottom, left
    font: str
    header: str
    header_pt: float
    unit_pt: float
    long_unit_pt: float
    unit_block_mm: float
    type_pt: float
    abstract_pt: float
    body_pt: float
    lead_pt: float
    paragraph_gap_pt: float
    indent_mm: float
    small_pt: float
    table_pt: float
    sign_gap_mm: float
    page_number: str  # "top-center", "bottom-center", "bottom-right"
    end_mark: str
    annex_margins_mm: tuple[int, int, int, int]  # of a turned sheet: the binding side is on top
    annex_ref_pt: float
    table_lead_pt: float
    note_pt: float
    figure_caption_pt: float
    sign_how_pt: float

    def stylesheet(self) -> str:
        """The values as CSS; paper.css holds the rules that use them."""
        top, right, bottom, left = self.margins_mm
        turned = " ".join(f"{side}mm" for side in self.annex_margins_mm)
        return (
            f"@page {{ size: A4; margin: {top}mm {right}mm {bottom}mm {left}mm;"
            f" @{self.page_number} {{ content: counter(page); font: {self.body_pt}pt '{self.font}', serif;"
            " vertical-align: middle } }\n"
            f"@page :first {{ @{self.page_number} {{ content: none }} }}\n"
            f"@page annex {{ size: A4 landscape; margin: {turned}; counter-increment: annexpage;"
            f" @top-center {{ content: counter(annexpage); font: {self.body_pt}pt '{self.font}', serif;"
            " vertical-align: middle } }\n"
            f":root {{ --font: '{self.font}'; --header-size: {self.header_pt}pt; --unit-size: {self.unit_pt}pt;"
            f" --long-unit-size: {self.long_unit_pt}pt; --type-size: {self.type_pt}pt;"
            f" --abstract-size: {self.abstract_pt}pt; --body-size: {self.body_pt}pt; --lead: {self.lead_pt}pt;"
            f" --gap: {self.paragraph_gap_pt}pt; --indent: {self.indent_mm}mm; --small-size: {self.small_pt}pt;"
            f" --table-size: {self.table_pt}pt; --table-lead: {self.table_lead_pt}pt; --note-size: {self.note_pt}pt;"
            f" --figure-caption-size: {self.figure_caption_pt}pt; --annex-ref-size: {self.annex_ref_pt}pt;"
            f" --sign-how-size: {self.sign_how_pt}pt; --sign-gap: {self.sign_gap_mm}mm;"
            f" --left: {left}mm; --right: {right}mm }}\n"
        )
