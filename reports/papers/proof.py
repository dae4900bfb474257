"""What a paper that no longer changes says of itself: where to check it, as a QR code and in letters, and its hash.

PDF and Word print the same. What stands behind the address: reports/proofs.py.
"""

import io
from dataclasses import dataclass

import segno

from branches.qr_code import QUIET_ZONE, QrCode, qr_code

GROUP, ON_A_LINE = 8, 4  # digits of the hash that are read together, and how many such groups
QR_MM = 22  # a module is then at least half a millimetre, with an address of up to 60 letters
PIXELS = 8  # of one module in the picture for Word
ALT = "Mã QR mở trang kiểm tra bản in"


def in_groups(sha256: str) -> tuple[str, ...]:
    """The hash as people compare it: eight groups of eight digits."""
    return tuple(sha256[place : place + GROUP] for place in range(0, len(sha256), GROUP))


@dataclass(frozen=True, slots=True)
class Proof:
    """`site` ends with the part of the address that all papers share, `token` is this paper's own."""

    site: str
    token: str
    sha256: str

    @property
    def address(self) -> str:
        return f"{self.site}{self.token}"

    @property
    def lines(self) -> tuple[str, ...]:
        """What is printed beside the code, from the top."""
        groups = in_groups(self.sha256)
        return (
            "Kiểm tra bản in:", self.site.partition("://")[2], self.token,
            "Mã nội dung:", " ".join(groups[:ON_A_LINE]), " ".join(groups[ON_A_LINE:]),
        )  # fmt: skip

    @property
    def qr(self) -> QrCode:
        return qr_code(self.address)

    @property
    def alt(self) -> str:
        return ALT

    def picture(self) -> bytes:
        """The code as PNG, for Word."""
        out = io.BytesIO()
        segno.make(self.address, error="m", micro=False).save(out, kind="png", scale=PIXELS, border=QUIET_ZONE)
        return out.getvalue()
