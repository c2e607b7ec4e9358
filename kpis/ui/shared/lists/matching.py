"""Search as people type: without diacritics, parts of words, in any order ("so cong thuong", "12.tin")."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from kpis.language.normalization import fold

MAX_SUGGESTIONS = 5
_MIN_SCORE = 60.0
"""Of 100: names that are less like what was typed are not offered."""
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1 << 14)
def split_into_words(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded, without diacritics, đ as d; blanks and punctuation cut."""
    decomposed = unicodedata.normalize("NFD", fold(text).replace("đ", "d"))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return tuple(_WORD.findall(plain))


def build_search_text(texts: Iterable[str]) -> str:
    """Return the words of texts for `matches`, each after a blank."""
    words = dict.fromkeys(word for text in texts for word in split_into_words(text))
    return "".join(f" {word}" for word in words)


def matches(search_text: str, parts: Sequence[str]) -> bool:
    """True if each part begins a word."""
    return all(f" {part}" in search_text for part in parts)


def suggest_names(query: str, names: Iterable[str]) -> list[str]:
    """Return the names most like what was typed, the likest first; only for a query that matches nothing."""
    spellings: dict[str, str] = {}
    for name in names:
        spellings.setdefault(" ".join(split_into_words(name)), name)
    typed = " ".join(split_into_words(query))
    likest = process.extract(typed, list(spellings), scorer=fuzz.WRatio, limit=MAX_SUGGESTIONS, score_cutoff=_MIN_SCORE)
    return [spellings[spelling] for spelling, _, _ in likest]
