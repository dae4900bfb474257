"""System checks: what would otherwise be found out by a wrong paper, a lost write or a leaked secret.

`manage.py check` (and every start of the server) warns; `manage.py check --deploy` refuses.
"""

import functools
import shutil
import subprocess
import unicodedata

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

# The order in which the papers ask for them: the first one installed is the one printed with.
PAPER_FAMILIES = ("Liberation Serif", "Tinos")
PAPER_STYLES = {  # name for people -> what fontconfig is asked for
    "Regular": "weight=regular:slant=roman",
    "Bold": "weight=bold:slant=roman",
    "Italic": "weight=regular:slant=italic",
    "Bold Italic": "weight=bold:slant=italic",
}
FONT_FIX = (
    "Install Liberation fonts 2.x: `apt-get install fonts-liberation2` on Debian 12, `apt-get install "
    "fonts-liberation` on newer ones, `brew install --cask font-liberation` on macOS; `make setup` does it."
)


def vietnamese_letters() -> str:
    """The 134 letters of Vietnamese outside ASCII: 66 marked vowels and đ, small and capital."""
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    small = [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones]
    marked = [letter for letter in [*small, "đ"] if not letter.isascii()]
    return "".join(marked) + "".join(marked).upper()


def font_file(family: str, style: str) -> str | None:
    """The file the PDF engine would take for this family and style; None when it is not installed.

    Asks fontconfig, as Pango does, because two versions of one family may be installed side by side.
    """
    wanted = f"{family}:{PAPER_STYLES[style]}"
    found = subprocess.run(  # noqa: S603
        [shutil.which("fc-match") or "fc-match", "--format=%{family}\t%{file}", wanted],
        capture_output=True,
        text=True,
        check=False,  # a fontconfig without configuration finds nothing, which is the answer
        timeout=60,  # the first call after an installation builds fontconfig's cache
    ).stdout
    found_family, _, file = found.partition("\t")
    return file if family in found_family.split(",") else None


@functools.cache
def font_complaints() -> tuple[str, ...]:
    """What is wrong with the paper font, one sentence per style; empty when papers print right."""
    if shutil.which("fc-match") is None:
        return ("fontconfig is not installed (no fc-match), so the paper font cannot be found.",)
    family = next((name for name in PAPER_FAMILIES if font_file(name, "Regular")), None)
    if family is None:
        return (f"The paper font is not installed: none of {', '.join(PAPER_FAMILIES)}.",)
    complaints = []
    for style in PAPER_STYLES:
        file = font_file(family, style)
        missing = missing_letters(file) if file else vietnamese_letters()
        if missing:
            complaints.append(
                f"{family} {style} lacks {len(missing)} of 134 Vietnamese letters "
                f"({missing[:8]}…; {file or 'not installed'})."
            )
    return tuple(complaints)


def missing_letters(file: str) -> str:
    """The Vietnamese letters this font file cannot draw."""
    from fontTools.ttLib import TTFont

    with TTFont(file, fontNumber=0, lazy=True) as font:
        drawn = font.getBestCmap()
    return "".join(letter for letter in vietnamese_letters() if ord(letter) not in drawn)


@register("fonts")
def warn_about_fonts(app_configs, **kwargs):
    return [Warning(text, hint=FONT_FIX, id="doanquanly.W001") for text in font_complaints()]


@register("fonts", deploy=True)
def refuse_wrong_fonts(app_configs, **kwargs):
    """A paper in a fallback font has wrong metrics and mixed letters; it must not leave the house."""
    if not font_complaints():
        return []
    return [Error("Papers would be printed in the wrong font.", hint=FONT_FIX, id="doanquanly.E001")]


@register("papers")
def warn_about_the_own_address(app_configs, **kwargs):
    """A QR code names the address of this site; without one papers go out that nobody can check."""
    if settings.SITE_URL:
        return []
    return [
        Warning(
            "SITE_URL is not set: frozen papers are printed without the QR code by which they can be checked, and no "
            "weekly letter is queued.",
            hint="Set SITE_URL to the address people use, https://…",
            id="doanquanly.W002",
        )
    ]


@register(Tags.security)
def refuse_lossy_database(app_configs, **kwargs):
    return database_complaints(settings.DATABASES["default"])


def database_complaints(database: dict) -> list[Error]:
    """What in one entry of DATABASES would lose work or hold everybody up; empty when nothing does.

    On SQLite any one of these options missing loses transactions of simultaneous writers, or the
    last ones in a power cut.
    """
    complaints = []
    if database.get("ATOMIC_REQUESTS"):
        complaints.append(Error("ATOMIC_REQUESTS must stay off: every page read would queue.", id="doanquanly.E003"))
    if database["ENGINE"] == "django.db.backends.sqlite3":
        complaints += [
            Error(f"SQLite would lose work: {text}.", id="doanquanly.E002")
            for text in _sqlite_complaints(database.get("OPTIONS", {}))
        ]
    return complaints


def _sqlite_complaints(options: dict) -> list[str]:
    complaints = []
    if options.get("transaction_mode") != "IMMEDIATE":
        complaints.append("transaction_mode must be IMMEDIATE")
    if options.get("timeout", 5) < 20:
        complaints.append("timeout must be at least 20 seconds")
    pragmas = options.get("init_command", "").replace(" ", "").upper()
    complaints += [
        f"init_command must contain PRAGMA {pragma}"
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "recursive_triggers=ON")
        if pragma.upper() not in pragmas
    ]
    return complaints


@register(Tags.security, deploy=True)
def refuse_development_secret(app_configs, **kwargs):
    if settings.SECRET_KEY != settings.DEVELOPMENT_SECRET:
        return []
    return [
        Error(
            "The secret key is the published development one.",
            hint="Set SECRET_KEY to a random text of at least 50 characters.",
            id="doanquanly.E004",
        )
    ]
