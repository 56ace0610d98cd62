"""Which words are syllables that Vietnamese spelling allows: onsets, rimes and tones put together by rule."""

import unicodedata
from functools import cache

from domain.vietnamese import fold

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_ACUTE, _DOT_BELOW = "\u0301", "\u0323"
_FRONT = "eêiy"
_ONSETS = "b c ch d đ g gh h k kh l m n ng ngh nh p ph r s t th tr v x"
_RIMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oc oi om on ong op ot oong ooc oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh
uôc uôi uôm uôn uông uôt uơ ư ưa ưc ưi ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
uy uya uych uyn uynh uyp uyt uyu uyên uyêt
"""
_WITHOUT_ONSET = "y yêm yên yêng yêt yêu ai"
_WITH_Y = "hy ky ly my ny sy ty vy quy"
_PLACE_NAMES = "đăk lăk kon"
_AFTER_QU = """
a ac ach ai am an ang anh ao at au ay ăc ăm ăn ăng ăp ăt âc ân âng ât âu ây e en eo et ê ên êch ênh êt êu
i in it ich ôc ôi ơ ơi ơn y ych yn ynh yt yên yêt yêu yêc
"""
_AFTER_GI = """
a ac ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây eo ep et en ê êng êt
o oc oi om on ong ot ôc ôi ôm ôn ông ôp ôt ơ ơi ơn u ua uc ui um un up uôc uôi uông ư ưa ưt ưc ương ươc ươi ươn n
êc êm iêng
"""


def is_syllable(word: str) -> bool:
    """Return whether a word, in any case and with its tone mark where printers put it, is a legal syllable."""
    bare, tone = strip_tone(word.lower())
    if bare not in _bare_syllables():
        return False
    return tone in (_ACUTE, _DOT_BELOW) if bare.endswith(("c", "ch", "p", "t")) else True


def looks_syllabic(word: str) -> bool:
    """Return whether a word has the letters of a legal syllable, whatever its diacritics."""
    return fold(word) in _folded_syllables()


def strip_tone(word: str) -> tuple[str, str]:
    """Return a word without its tone mark, and that mark as a combining character (empty where it has none)."""
    decomposed = unicodedata.normalize("NFD", word)
    tones = [c for c in decomposed if c in _TONES]
    bare = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    return (bare, "") if not tones else (bare, tones[0] if len(tones) == 1 else "?")


@cache
def _bare_syllables() -> frozenset[str]:
    rimes = _RIMES.split()
    found = {*rimes, *_WITHOUT_ONSET.split(), *_WITH_Y.split(), *_PLACE_NAMES.split()}
    for onset in _ONSETS.split():
        found |= {onset + rime for rime in rimes if _fits(onset, rime)}
    found |= {"qu" + rime for rime in _AFTER_QU.split()} | {"gi" + rime for rime in _AFTER_GI.split()} | {"gi"}
    return frozenset(found)


@cache
def _folded_syllables() -> frozenset[str]:
    return frozenset(map(fold, _bare_syllables()))


def _fits(onset: str, rime: str) -> bool:
    front = rime[0] in _FRONT
    if onset in ("k", "gh", "ngh"):
        return front
    return not (front and onset in ("c", "ng")) and not (onset == "g" and rime[0] in "eêy")
