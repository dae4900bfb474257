"""Statistics tables (biểu số liệu): what they ask is data, what they say comes from the figures of the house.

defining.py   a table is written, put in use, replaced by an edition     figures.py   the closed list of figures
filling.py    fill: the lines of a table for a unit and a period         typing_in.py what people write into cells
content.py    the filled table as plain data: page, PDF, Word, Excel and the frozen annex read this
"""

from .content import StatCell, StatContent, StatLine
from .filling import fill, sheet_content, tables_of

__all__ = ["StatCell", "StatContent", "StatLine", "fill", "sheet_content", "tables_of"]
