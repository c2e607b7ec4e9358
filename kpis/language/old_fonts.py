"""Recognises texts typed for the old Vietnamese fonts TCVN3 (.VnTime) and VNI (VNI-Times) by their letters.

Such a text looks right on screen with its font, and is other letters to every program: “Ngµy” and “Ngaøy”
for “Ngày”. A text is one of them if, read by the font's table, its words are Vietnamese syllables, while as
it stands it has letters that Vietnamese lacks.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import product
from typing import Final, Literal

OldFont = Literal["TCVN3", "VNI"]

_TCVN3: Final = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô­õøö÷ùúýûüþ¡¢£¤¥¦§",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵăâêôơưđ",
        strict=True,
    )
)
_VNI_TONES: Final = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_ROOF: Final = {"â": "", "à": "\u0300", "á": "\u0301", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_BREVE: Final = {"ê": "", "è": "\u0300", "é": "\u0301", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_SINGLE: Final = {
    "ì": "ì",
    "í": "í",
    "æ": "ỉ",
    "ó": "ĩ",
    "ò": "ị",
    "ô": "ơ",
    "ö": "ư",
    "î": "ỵ",
    "ñ": "đ",
}


def _build_vni_table() -> dict[str, str]:
    table = dict(_VNI_SINGLE)
    for letter, (sign, tone) in product("aeouyôö", _VNI_TONES.items()):
        table[letter + sign] = _VNI_SINGLE.get(letter, letter) + tone
    for letter, (sign, tone) in product("aeo", _VNI_ROOF.items()):
        table[letter + sign] = letter + "\u0302" + tone
    for sign, tone in _VNI_BREVE.items():
        table["a" + sign] = "a\u0306" + tone
    return {typed: unicodedata.normalize("NFC", meant) for typed, meant in table.items()}


_VNI: Final = _build_vni_table()
_VNI_PATTERN: Final = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_VNI_IN_ANY_CASE: Final = re.compile(_VNI_PATTERN.pattern, re.IGNORECASE)
# Signs such as ¬ and © are letters in the old fonts.
_WORD_PATTERN: Final = re.compile(r"[^\s0-9.,;:!?()\[\]{}/\\\"'“”‘’_+*=<>|@#$%&~-]+")
_SYLLABLE: Final = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx])?"
    r"(?:uyê|uya|iêu|yêu|ươi|ươu|uôi|oai|oay|oeo|uây|uyu|iê|yê|ươ|uô|uâ|uê|uơ|uy|oa|oă|oe|oo|ai|ao|au|ay|âu|ây"
    r"|eo|êu|ia|iu|oi|ôi|ơi|ua|ui|ưa|ưi|ưu|[aăâeêioôơuưy])(?:ng|nh|ch|[cmnpt])?"
)
_TONES: Final = {ord(tone): None for tone in "\u0300\u0301\u0309\u0303\u0323"}


@lru_cache(maxsize=1 << 12)
def find_old_font(text: str) -> OldFont | None:
    """Return the old font that a text was typed for; None for Unicode and for other texts."""
    if text.isascii():
        return None
    text = unicodedata.normalize("NFC", text)
    if _is_readable(text):
        return None
    if _is_readable(convert_from_old_font(text, "TCVN3")):
        return "TCVN3"
    return "VNI" if _is_readable(convert_from_old_font(text, "VNI")) else None


def convert_from_old_font(text: str, font: OldFont, *, keeps_capitals: bool = False) -> str:
    """Return a text typed for a font in Unicode; capitals of VNI become small letters unless they are kept."""
    if font == "TCVN3":
        return "".join(_TCVN3.get(letter, letter) for letter in text)
    if not keeps_capitals:
        return _VNI_PATTERN.sub(lambda match: _VNI[match[0]], text.lower())
    return _VNI_IN_ANY_CASE.sub(_convert_vni_letter, text)


def _convert_vni_letter(match: re.Match[str]) -> str:
    meant = _VNI[match[0].lower()]
    return meant.upper() if match[0][0].isupper() else meant


def _is_readable(text: str) -> bool:
    """True if every word with a letter beyond ASCII is a Vietnamese syllable; single signs say nothing."""
    words = [word.lower() for word in _WORD_PATTERN.findall(text) if len(word) > 1]
    return all(_is_syllable(word) for word in words if not word.isascii())


def _is_syllable(word: str) -> bool:
    letters = unicodedata.normalize("NFD", word.replace("ð", "đ"))
    plain = unicodedata.normalize("NFC", letters.translate(_TONES))
    has_one_tone = sum(ord(letter) in _TONES for letter in letters) <= 1
    return has_one_tone and _SYLLABLE.fullmatch(plain) is not None
