"""What stands around the text of an inspection paper: kind, abstract, who gets it, who signs it."""

from dataclasses import dataclass

from branches.models import Unit


@dataclass(frozen=True, slots=True)
class Frame:
    """`about` makes it a letter ("V/v …" under the number, no kind above), `reference` an annex without head.

    `signers` are the columns of a paper that several people sign: (title lines, how, name)."""

    word: str
    abstract: tuple[str, ...]
    recipients: tuple[str, ...] = ()
    addressee: tuple[str, ...] = ()
    about: str = ""
    reference: str = ""
    signers: tuple[tuple[tuple[str, ...], str, str], ...] = ()
    needs_confirmation: bool = False
    unit: Unit | None = None
