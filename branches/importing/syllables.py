"""Is this a Vietnamese syllable? Spelling is regular enough to tell a converted text from a spoilt one."""

import unicodedata
from functools import lru_cache

from branches.vietnamese import TONES

# Longest first, so that "ngh" is not taken for "n".
ONSETS = (
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr",
    "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
)  # fmt: skip
_WRITTEN = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
    "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu "
    "i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu "
    "o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong oong "
    "op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt "
    "u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut uy uya uych uyên uyêt "
    "uyn uynh uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu "
    "y yêm yên yêng yêt yêu ym yn ynh yt"
)
RIMES = frozenset(_WRITTEN.split())


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Whether the word, in any case, is spelt as a Vietnamese syllable: one onset, one rime, at most one tone."""
    tones, letters = 0, []
    for sign in unicodedata.normalize("NFD", word.lower()):
        if sign in TONES:
            tones += 1
        else:
            letters.append(sign)
    bare = unicodedata.normalize("NFC", "".join(letters))
    return tones <= 1 and any(
        bare.startswith(onset) and (bare[len(onset) :] in RIMES or (onset == "gi" and bare == "gi")) for onset in ONSETS
    )
