"""Text for comparison: cleaned, folded to a key, in Vietnamese alphabetical order (design.md §4)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_TEXT_LENGTH = 2_000
"""The number of characters of one cell that are kept."""

_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
_TONES = _GRAVE + _HOOK + _TILDE + _ACUTE + _DOT  # huyền, hỏi, ngã, sắc, nặng: the order of dictionaries
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_JOINER = "\u034f"  # combining grapheme joiner: invisible, yet neither a control nor a format character

# All letters of Vietnamese are below it; a sheet of rare characters must not fill the memory.
_CACHED_BELOW = 0x3000

SortKey = tuple[tuple[tuple[int, int, tuple[int, ...], int], ...], str]


class _CharacterTable(dict[int, str]):
    """A `str.translate` table that maps each character to itself, a space or nothing, computed on demand."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        if category in {"Zs", "Zl", "Zp"} or character in "\t\n\v\f\r\x85":
            replacement = " "
        elif category in {"Cc", "Cf", "Cs", "Cn"} or character == _JOINER:
            replacement = ""
        else:
            replacement = character
        if code < _CACHED_BELOW:
            self[code] = replacement
        return replacement


_CHARACTER_TABLE = _CharacterTable()
# The casefolded Ð (U+00D0, Icelandic) and Ɖ (U+0189, African), both typed for Đ (U+0110).
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
    """Return a text in NFC, trimmed, cut to MAX_TEXT_LENGTH; tabs and line breaks become spaces.

    Control, zero-width, direction-override, surrogate and unassigned characters are removed (design.md §7).
    """
    if not text.isprintable() or _JOINER in text:
        text = text.translate(_CHARACTER_TABLE)
    return unicodedata.normalize("NFC", text).strip(" ")[:MAX_TEXT_LENGTH].rstrip(" ")


def _fold(text: str) -> str:
    return fold_cleaned(clean(text))


def fold_cleaned(text: str) -> str:
    """Return `fold` of a cleaned text, or of several separated by NUL, without caching."""
    folded = text.casefold()
    if not folded.isascii():
        for letter in _D_LOOKALIKES:
            folded = folded.replace(letter, "đ")
        folded = unicodedata.normalize("NFC", folded)
        folded = _TONE_PLACEMENT.sub(lambda match: _TONE_PLACEMENTS[match[0]], folded)
    return " ".join(folded.split()) if "  " in folded else folded


_fold_short = lru_cache(maxsize=1 << 16)(_fold)


def fold(text: str) -> str:
    """Return a key equal for texts that differ only in case, NFC/NFD, Ð/Đ, hoà/hòa, Uỷ/Ủy, spaces."""
    # Names recur on every row, long texts do not: caching those would only fill the memory.
    return _fold_short(text) if len(text) <= 64 else _fold(text)


@lru_cache(maxsize=1 << 14)
def fold_to_alphanumeric(text: str) -> str:
    """Return the key of a tab, file or column name: only letters and digits, "Số lượng" -> "soluong"."""
    plain = unicodedata.normalize("NFD", fold(text).replace("đ", "d"))
    return "".join(character for character in plain if character.isalnum())


@lru_cache(maxsize=1 << 14)
def to_sort_key(text: str) -> SortKey:
    """Return a dictionary-order key: by syllable, letters (… d đ e ê …) before tones, numbers by value."""
    folded = fold(text)
    return tuple(_to_syllable_key(part) for part in re.findall(r"\d+|[^\W\d_]+", folded)), folded


def to_number_key(number: str) -> tuple[tuple[int, int, str], ...]:
    """Return an order key of a printed number: "1.9" stands before "1.10", "1" before "1a"."""
    parts = re.findall(r"[0-9]+|[^\W\d_]+", fold(number))
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


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
    composed = unicodedata.normalize("NFC", "".join(letters))
    return 1, 0, tuple(_rank_letter(letter) for letter in composed), tone


def _rank_letter(letter: str) -> int:
    rank = _ALPHABET.find(letter)
    return rank if rank >= 0 else len(_ALPHABET) + ord(letter)
