"""Texts of several lines, as they are stored."""

from branches.vietnamese import nfc


def kept_lines(text: str | None) -> str:
    """Composed, single spaces within a line; line breaks stay, empty lines at both ends go."""
    return "\n".join(map(nfc, (text or "").splitlines())).strip()
