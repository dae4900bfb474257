"""The highest education finished, guessed from what people write about it."""

import re
from functools import lru_cache

from branches.models import Member
from branches.vietnamese import plain

Level = Member.Level
STILL_STUDYING = re.compile(r"\b(?:dang hoc|dang theo hoc|sinh vien|sv nam|hoc vien|nam thu|nam [1-6])\b")
# Highest first; the first that is found counts.
WRITTEN = (
    (Level.DOCTOR, r"tien s[iy]|ts|phd|ncs tien"),
    (Level.MASTER, r"thac s[iy]|ths|th s|cao hoc|thac si|ck ?(?:1|2|i|ii)|chuyen khoa (?:1|2|i|ii)"),
    (Level.UNIVERSITY, r"dai hoc|dh|cu nhan|cn (?!ky thuat)\w+|ky su|ks|ki su|bac s[iy]|bs|duoc s[iy] dai hoc|"
     r"kien truc su|kts|cnkt|hoc vien hanh chinh|university|dai hoc hoc"),
    (Level.COLLEGE, r"cao dang|cd|cdsp|cd nghe|cao dang nghe"),
    (Level.VOCATIONAL, r"trung cap|tc|tccn|thcn|trung hoc chuyen nghiep|so cap|sc nghe|cong nhan ky thuat|cnkt bac|"
     r"trung cap nghe|tcn|trung cap chuyen nghiep|sc"),
    (Level.HIGH_SCHOOL, r"12 12|10 10|thpt|ptth|pttn|trung hoc pho thong|pho thong trung hoc|cap (?:3|iii)|lop 12|"
     r"tot nghiep 12|bo tuc trung hoc|gdtx"),
    (Level.SECONDARY, r"(?:9|10|11) 12|thcs|ptcs|trung hoc co so|pho thong co so|cap (?:2|ii)|lop (?:9|10|11)"),
)  # fmt: skip
_PATTERNS = tuple((level, re.compile(rf"(?:^| )(?:{words})(?= |$)")) for level, words in WRITTEN)
_LABELS = {plain(level.label): level for level in Level} | {level.value: level for level in Level}
_LABELS |= {"12": Level.HIGH_SCHOOL, "9": Level.SECONDARY}


@lru_cache(maxsize=8192)
def level_of(text: str) -> str:
    """A value of Member.Level, "" when the text does not say. Whoever still studies has finished school."""
    said = plain(text)
    if said in _LABELS:
        return _LABELS[said].value
    said = " ".join(re.sub(r"[^a-z0-9]+", " ", said).split())
    studying = STILL_STUDYING.search(said) is not None
    for level, pattern in _PATTERNS:
        if pattern.search(said) and not (
            studying and level in (Level.DOCTOR, Level.MASTER, Level.UNIVERSITY, Level.COLLEGE, Level.VOCATIONAL)
        ):
            return level.value
    return (
        Level.HIGH_SCHOOL.value if studying and re.search(r"\b(?:dai hoc|dh|cao dang|cd|sinh vien|sv)\b", said) else ""
    )
