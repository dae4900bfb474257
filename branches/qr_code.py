"""An address as a QR code, drawn into the page itself: no picture file, nothing fetched."""

from dataclasses import dataclass

import segno

QUIET_ZONE = 4  # empty modules around the code, without which phones do not find it


@dataclass(frozen=True, slots=True)
class QrCode:
    """`size` is the side in modules with the quiet zone; `path` draws one module per unit of an SVG."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """Error correction M: readable from paper that was folded or photographed askew."""
    code = segno.make(text, error="m", micro=False)
    rows = [list(row) for row in code.matrix_iter(border=QUIET_ZONE)]
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module]
    return QrCode(size=len(rows), path="".join(dark))
