"""Finds the words of a text that belong to the name of a place: two wards' events are two events.

A word belongs to a name if it follows a word such as "phường" or "chợ", if it is written with a capital in
the middle of a sentence, or if it is part of the name of a commune or province in the official list.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

from kpis.language.normalization import fold_to_alphanumeric
from kpis.register.communes import read_place_names

_KIND_WORDS = frozenset(
    {
        "xa", "phuong", "huyen", "quan", "tinh", "ap", "thon", "ban", "buon", "lang", "cho", "ho",
        "duong", "pho", "khu", "cum", "truong", "nha", "san", "cong", "chua", "dinh", "den",
        "vien", "tram", "thpt", "thcs", "dao", "ben", "cang", "vuon", "rap",
    }
)  # fmt: skip
_KIND_PHRASES = (
    ("thi", "tran"), ("thi", "xa"), ("thanh", "pho"), ("dac", "khu"), ("to", "dan", "pho"), ("sieu", "thi"),
    ("cong", "vien"), ("quang", "truong"), ("trung", "tam"), ("nha", "van", "hoa"), ("khu", "pho"),
)  # fmt: skip
_NAME_WORDS_AFTER_KIND = 2
_MAX_NAME_WORDS = 4
_MAX_CAPITAL_SHARE = 0.6
"""With more capitals than that, a text is in title case or all capitals, which show no names."""


def list_place_positions(
    words: Sequence[str], plain_words: Sequence[str], sentence_starts: frozenset[int]
) -> frozenset[int]:
    """Return the positions of words in names of places; `plain_words` are folded without diacritics."""
    return frozenset(
        (
            *_list_after_kind(plain_words),
            *_list_capitals(words, sentence_starts),
            *_list_known_names(plain_words),
        )
    )


def _list_after_kind(words: Sequence[str]) -> set[int]:
    positions: set[int] = set()
    for index, word in enumerate(words):
        end = index + 1 if word in _KIND_WORDS else 0
        for phrase in _KIND_PHRASES:
            if tuple(words[index : index + len(phrase)]) == phrase:
                end = index + len(phrase)
        if end:
            positions.update(range(end, min(end + _NAME_WORDS_AFTER_KIND, len(words))))
    return positions


def _list_capitals(words: Sequence[str], sentence_starts: frozenset[int]) -> set[int]:
    capitals = {index for index, word in enumerate(words) if word[0].isupper() and index not in sentence_starts}
    letters = sum(not word.isdigit() for word in words)
    return set() if len(capitals) > _MAX_CAPITAL_SHARE * letters else capitals


def _list_known_names(words: Sequence[str]) -> set[int]:
    names = _index_names()
    positions: set[int] = set()
    for start in range(len(words)):
        for length in range(2, _MAX_NAME_WORDS + 1):
            if " ".join(words[start : start + length]) in names and start + length <= len(words):
                positions.update(range(start, start + length))
    return positions


@cache
def _index_names() -> frozenset[str]:
    return frozenset(
        " ".join(fold_to_alphanumeric(word) for word in unicodedata.normalize("NFC", name).split())
        for name in read_place_names()
    )
