"""How alike two texts are by their words, whatever their numbers and marks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kpis.language.normalization import fold

_SHARED_WORDS = 0.6
_WORD = re.compile(r"[^\W\d_]+")


def list_words(text: str) -> frozenset[str]:
    """Return the words of a text, folded, without numbers."""
    return frozenset(_WORD.findall(fold(text)))


def measure_likeness(text: str, other: str) -> float:
    """Return how many of their words two texts share, from 0 to 1 (Dice)."""
    words, others = list_words(text), list_words(other)
    return 2 * len(words & others) / (len(words) + len(others)) if words and others else 0.0


def find_nearest_indicator(text: str, names: Iterable[str]) -> str | None:
    """Return the name most of whose words a text has; None if it has too few of any."""
    words = list_words(text)
    shares = ((len(words & list_words(name)) / len(list_words(name) or words or {""}), name) for name in names)
    share, nearest = max(shares, default=(0.0, ""))
    return nearest if share >= _SHARED_WORDS else None
