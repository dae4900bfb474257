"""The evidence room of a case: what the inspected unit has of the span under review, to read and to take along.

    room.py      what belongs to it: the unit, the span, and the rows of each book
    sections.py  the table of contents: these rows as tables, one section a book
    people.py    the sections that name members
    papers.py    files and papers in it, by their kind and key
    archive.py   all of it, or one section, as one ZIP with an index

Permission is the caller's and is asked once, of the case: whoever may edit it. Nothing here opens anything else of
the unit, so that a member of the team needs no right there and gets none.
"""
