"""Papers of a congress, out of the term that ends: results against its resolution, targets of the next term, the
committee's review of itself, the draft resolution.

    content.py    each paper as plain data, drafted anew from the figures, with the words people wrote kept beside
    review.py     what the house counted about the committee's own work
    proposing.py  the targets proposed, and the one step that makes them the plan of the next term
    keeping.py    writing, and issuing under a number of the register
"""
