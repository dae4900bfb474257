"""Checklists of a case: versioned templates, items, facts, scores, and what phones send from the site."""
