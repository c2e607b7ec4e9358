"""Whether two rows tell of the same event: alike contents, strong evidence, and their thresholds.

Source: design.md §5, No green on a doubt. The library's version is part of the rules' hash, since another
version may score otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from kpis.checks.evidence import is_strong_link, list_links, normalize_link
from kpis.checks.place_names import list_place_positions
from kpis.language.normalization import fold

MIN_SCORE = 90
"""The least `token_sort_ratio` (0 to 100) of alike contents."""
MIN_SYLLABLES = 6
"""The fewest syllables of a content that can be alike to another."""
MIN_EQUAL_WORDS = 4
"""The fewest words of contents that count as equal: "tin bài" says nothing."""
MAX_EVENT_DAYS = 2
"""The most consecutive days of one event that several agencies report."""
MAX_EVENT_AGENCIES = 3
"""Alike contents of more agencies are a campaign, no doubt."""
MIN_RUNNING_TOTAL = 5
"""The least last quantity of a series that may be a running total."""
MAX_SHARED_EVENT_DAYS = 31
"""The most days between two rows of one event named in `Sự kiện chung`."""

_WORD = re.compile(r"\d+|[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?:;\n]\s*$")
_SESSION_WORDS = frozenset({"sang", "chieu", "dot", "lop", "khoa"})
_NUMBERED_WORDS = frozenset(
    {
        "dot", "lop", "khoa", "ky", "lan", "so", "thang", "quy", "tuan", "thu", "buoi", "ca",
        "phien", "tap", "phan", "vong", "ngay", "cap", "nhom", "to", "cum", "khu",
    }
)  # fmt: skip
_ORDINALS = frozenset(
    {
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "mot", "nhat",
        "hai", "ba", "tu", "bon", "nam", "sau", "bay", "tam", "chin", "muoi", "cn", "toi", "trua",
    }
)  # fmt: skip
_MAX_WORD = 16
"""The most letters of a word that is read once."""
_RUNNING_TOTAL_WORDS = ("luy", "cong", "tong")
_RUNNING_TOTAL = re.compile(r"\b(?:luy ke|luy ki|cong don|tong so den)\b")


@dataclass(frozen=True)
class _Content:
    """A content: its words without diacritics and as typed.

    `marks`: what sets two similar events apart, each with its number: numbers, session words, "lớp hai", "lớp A".
    """

    text: str
    plain: tuple[str, ...]
    typed: tuple[str, ...]
    syllables: int
    marks: frozenset[tuple[tuple[str, str], int]]

    @property
    def has_diacritics(self) -> bool:
        return self.plain != self.typed

    @cached_property
    def place_positions(self) -> frozenset[int]:
        """Which of the words are in the name of a place: asked of the few contents that are nearly the same."""
        matches = list(_WORD.finditer(self.text))
        starts = frozenset(
            index
            for index, match in enumerate(matches)
            if index == 0 or _SENTENCE_END.search(self.text[: match.start()])
        )
        return list_place_positions([match[0] for match in matches], self.plain, starts)


def are_alike(content_a: str | None, content_b: str | None) -> bool:
    """True if two contents probably tell of the same event.

    Both have at least MIN_SYLLABLES syllables and score at least MIN_SCORE without diacritics and
    punctuation; never if numbers, session words (sáng, chiều, đợt, lớp, khóa) or names of places differ.
    """
    a, b = _read_content(content_a or ""), _read_content(content_b or "")
    if min(a.syllables, b.syllables) < MIN_SYLLABLES or a.marks != b.marks:
        return False
    if fuzz.token_sort_ratio(" ".join(a.plain), " ".join(b.plain)) < MIN_SCORE:
        return False
    return not _have_different_places(a, b)


def are_equal(content_a: str | None, content_b: str | None) -> bool:
    """True if two contents are equal without diacritics and punctuation and have MIN_EQUAL_WORDS words."""
    a, b = _read_content(content_a or ""), _read_content(content_b or "")
    if len(a.plain) < MIN_EQUAL_WORDS or a.plain != b.plain:
        return False
    return not _have_different_places(a, b)


def find_content_key(content: str | None) -> Hashable | None:
    """Return what alike or equal contents have in common; None for one that is too short to be either."""
    read = _read_content(content or "")
    if read.syllables < MIN_SYLLABLES and len(read.plain) < MIN_EQUAL_WORDS:
        return None
    return read.marks


def build_strong_evidence(evidence: str | None) -> str | None:
    """Return the first file or page that a row's evidence names, in a form to compare; None without one."""
    return next(iter(list_strong_evidence(evidence)), None)


@lru_cache(maxsize=1 << 14)
def list_strong_evidence(evidence: str | None) -> tuple[str, ...]:
    """Return every file of Drive and every page that a row's evidence names, in a form to compare.

    Document numbers, folders, home pages and channels are no strong evidence.
    """
    strong = (normalize_link(link) for link in list_links(evidence or "") if is_strong_link(link))
    return tuple(dict.fromkeys(strong))


def names_running_total(content: str | None) -> bool:
    """True if a content says that its quantity is a running total: lũy kế, cộng dồn, tổng số đến."""
    if not content:
        return False
    plain = _remove_diacritics(fold(content))
    if not any(word in plain for word in _RUNNING_TOTAL_WORDS):  # most contents, without splitting them into words
        return False
    return _RUNNING_TOTAL.search(" ".join(_read_content(content).plain)) is not None


@lru_cache(maxsize=1 << 14)
def _read_content(text: str) -> _Content:
    composed = unicodedata.normalize("NFC", text)
    words = [_read_word(word) if len(word) <= _MAX_WORD else _fold_word(word) for word in _WORD.findall(composed)]
    typed, plain = tuple(word for word, _ in words), tuple(word for _, word in words)
    syllables = sum(not word.isdigit() for word in plain)
    return _Content(composed, plain, typed, syllables, frozenset(_count_marks(plain).items()))


def _fold_word(word: str) -> tuple[str, str]:
    """Return a word folded, with its diacritics and without."""
    typed = str(int(word)) if word.isdecimal() else fold(word)
    return typed, _remove_diacritics(typed)


# Words recur in every text; a longer one than any syllable must not fill the memory.
_read_word = lru_cache(maxsize=1 << 14)(_fold_word)


def _remove_diacritics(word: str) -> str:
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(character for character in plain if not unicodedata.combining(character))


def _count_marks(words: Sequence[str]) -> Counter[tuple[str, str]]:
    marks = Counter((word, "") for word in words if word.isdigit() or word in _SESSION_WORDS)
    for word, following in pairwise(words):
        if word in _NUMBERED_WORDS and (following in _ORDINALS or len(following) == 1):
            marks[word, following] += 1
    return marks


def _have_different_places(a: _Content, b: _Content) -> bool:
    """True if each content names a place with a word that the other content lacks."""
    with_diacritics = a.has_diacritics and b.has_diacritics
    words_a, words_b = (a.typed, b.typed) if with_diacritics else (a.plain, b.plain)
    return _has_own_place(words_a, words_b, a.place_positions) and _has_own_place(words_b, words_a, b.place_positions)


def _has_own_place(words: tuple[str, ...], others: tuple[str, ...], positions: frozenset[int]) -> bool:
    different = Counter(words) - Counter(others)
    return any(words[position] in different for position in positions)
