"""What the papers filled from one template share: who signs as a rule, whether the unit has a seal, the blanks."""

from django.template.loader import render_to_string

from branches.models import Unit

from .layout import Layout, Paper, Signature

COMMITTEE = Signature("TM. Ban Chấp hành", "Bí thư")


def has_seal(unit: Unit) -> bool:
    """A plain branch has none: its superior issues or confirms (domain.md 6.4)."""
    return unit.kind not in (Unit.Kind.BRANCH, Unit.Kind.SUB_BRANCH)


def filled(template: str, paper: Paper, **values) -> tuple[str, Layout]:
    """The HTML of `paper` and its layout; what nobody wrote is a dotted blank, `dots` for a line, `short_dots`."""
    key = template.rpartition("/")[2].removesuffix(".html")  # names the paper to the Word templates
    context = {
        "paper": paper,
        "paper_key": key,
        "end_mark": paper.layout.end_mark,
        "dots": "." * 60,
        "short_dots": "." * 24,
        **values,
    }
    return render_to_string(template, context), paper.layout
