"""How the targets stand by which units carry out recommendations, in words. Made above this app and handed in here.

Result against plan is worked out in reports/progress.py and nowhere else (reports/apps.py connects it).
"""

import datetime
from collections.abc import Callable, Collection

from branches.models import Target

# targets (with unit, period and indicator), day → {target: words}
Teller = Callable[[Collection[Target], datetime.date], dict[int, str]]
_teller: list[Teller] = []


def connect(teller: Teller) -> None:
    """Say who tells it; the last one connected does."""
    _teller[:] = [teller]


def progress_words(targets: Collection[Target], on: datetime.date) -> dict[int, str]:
    """{target: "kết quả 8, kế hoạch ≥ 12 buổi, đang làm"}; nothing asked of the database without a target."""
    return _teller[0](targets, on) if targets and _teller else {}
