"""Text as it is compared: cleaned, folded to a key, in Vietnamese alphabetical order (design.md §4)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_TEXT_LENGTH = 2_000
"""Characters of one cell that are kept."""

_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
_TONES = _GRAVE + _HOOK + _TILDE + _ACUTE + _DOT  # huyền, hỏi, ngã, sắc, nặng: the order of dictionaries
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_JOINER = "\u034f"  # combining grapheme joiner: invisible, yet neither a control nor a format character

_CACHED_BELOW = (
    0x3000  # below it lie all letters of Vietnamese; a sheet of rare ones must not fill the memory
)

SortKey = tuple[tuple[tuple[int, int, tuple[int, ...], int], ...], str]


class _CharacterTable(dict[int, str]):
    """A `str.translate` table that works out what becomes of a character: nothing, a space, or itself."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        if category in {"Zs", "Zl", "Zp"} or character in "\t\n\v\f\r\x85":
            kept = " "
        elif category in {"Cc", "Cf", "Cs", "Cn"} or character == _JOINER:
            kept = ""
        else:
            kept = character
        if code < _CACHED_BELOW:
            self[code] = kept
        return kept


_CHARACTER_TABLE = _CharacterTable()
# What casefold leaves of Ð (U+00D0, Icelandic) and Ɖ (U+0189, African), both typed for Đ (U+0110).
_D_LOOKALIKES = ("ð", "ɖ")


def _compose_syllable(first: str, tone: str, rest: str) -> str:
    return unicodedata.normalize("NFC", first + tone) + rest


# "hòa" and "hoà" are one syllable spelled by two rules: only oa, oe, uy, only where the syllable
# ends there, and not where u belongs to the consonant (quý).
_TONE_PLACEMENTS = {
    _compose_syllable(first, tone, second): first + unicodedata.normalize("NFC", second + tone)
    for first, second in ("oa", "oe", "uy")
    for tone in _TONES
}
_TONED_VOWELS = {letter: "".join(_compose_syllable(letter, tone, "") for tone in _TONES) for letter in "ou"}
_TONE_PLACEMENT = re.compile(rf"(?<!q)(?:[{_TONED_VOWELS['o']}][ae]|[{_TONED_VOWELS['u']}]y)(?![^\W\d_])")


def clean(text: str) -> str:
    """Text as it enters: NFC, at most 2,000 characters, trimmed; tabs and line breaks are spaces.

    Control, zero-width, direction-override, surrogate and unassigned characters are gone (design.md §7).
    """
    if not text.isprintable() or _JOINER in text:
        text = text.translate(_CHARACTER_TABLE)
    return unicodedata.normalize("NFC", text).strip(" ")[:MAX_TEXT_LENGTH].rstrip(" ")


def _fold(text: str) -> str:
    return fold_cleaned(clean(text))


def fold_cleaned(text: str) -> str:
    """`fold` of a text that is clean already, or of several with a NUL between; nothing is remembered."""
    folded = text.casefold()
    if not folded.isascii():
        for letter in _D_LOOKALIKES:
            folded = folded.replace(letter, "đ")
        folded = unicodedata.normalize("NFC", folded)
        folded = _TONE_PLACEMENT.sub(lambda found: _TONE_PLACEMENTS[found[0]], folded)
    return " ".join(folded.split()) if "  " in folded else folded


_fold_short = lru_cache(maxsize=1 << 16)(_fold)


def fold(text: str) -> str:
    """Key under which two texts are the same: case, NFC/NFD, Ð/Đ, hoà/hòa, Uỷ/Ủy, runs of spaces."""
    # Names come back on every row, long texts do not: keeping those would only fill the memory.
    return _fold_short(text) if len(text) <= 64 else _fold(text)


@lru_cache(maxsize=1 << 14)
def fold_to_alphanumeric(text: str) -> str:
    """Key of a tab, file or column name: letters and digits only, "Số lượng" -> "soluong"."""
    plain = unicodedata.normalize("NFD", fold(text).replace("đ", "d"))
    return "".join(character for character in plain if character.isalnum())


@lru_cache(maxsize=1 << 14)
def to_sort_key(text: str) -> SortKey:
    """Key of dictionary order: syllable by syllable, letters (… d đ e ê …) before tones, numbers by value."""
    folded = fold(text)
    return tuple(_to_syllable_key(part) for part in re.findall(r"\d+|[^\W\d_]+", folded)), folded


def _to_syllable_key(part: str) -> tuple[int, int, tuple[int, ...], int]:
    if part[0].isdecimal():
        return 0, int(part), (), 0
    tone = 0
    letters = []
    for character in unicodedata.normalize("NFD", part):
        if character in _TONES:
            tone = _TONES.index(character) + 1
        else:
            letters.append(character)
    whole = unicodedata.normalize("NFC", "".join(letters))
    return 1, 0, tuple(_rank_letter(letter) for letter in whole), tone


def _rank_letter(letter: str) -> int:
    rank = _ALPHABET.find(letter)
    return rank if rank >= 0 else len(_ALPHABET) + ord(letter)
