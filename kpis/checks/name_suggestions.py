"""Suggests the name that a mistyped one probably means; only shown in a sentence, never used to accept a row.

A wrong suggestion, if followed, credits a row to another agency. So names are compared word by word: "Hội
Nông dân" shares most letters with "Hội đồng nhân dân" but is another body.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kpis.language.normalization import fold, fold_to_alphanumeric
from kpis.register.names import to_agency_key

_MIN_SIMILARITY = 0.7
_MAX_LENGTH, _MIN_LENGTH = 120, 4
_COMMON_WORD_COUNT = 8
"""A word in the names of so many bodies tells where they belong ("tỉnh Tuyên Quang"), not which it is."""
_WORD = re.compile(r"[^\W_]+")
_CITY = fold("thành phố")
_PROVINCE_WORDS, _COMMUNE_WORDS = frozenset({"tinh", "tp"}), frozenset({"xa", "phuong"})
_LEVEL_WORDS = _PROVINCE_WORDS | _COMMUNE_WORDS | {"va"}
"""Words without diacritics that may differ, unless they name another level; "thành phố" is "tp"."""
_COMMUNE_LETTERS = {"p": "phuong", "x": "xa"}
"""As in "UBND P. Cái Khế"."""
_VOWELS = frozenset("aeiouy")


@dataclass(frozen=True)
class _IndexedName:
    key: str
    label: str
    words: tuple[str, ...]
    core_words: Counter[str]


class NameSuggester:
    """Names and the labels to suggest; similarity is the share of common words, without diacritics.

    The words are indexed, because a sheet with mixed-up columns asks for a different name in every row.
    """

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """Index `names`, pairs of (name, label). If two labels are equally similar, neither is suggested."""
        self._names = [
            _IndexedName(fold_to_alphanumeric(name), label, words, _count_core_words(words))
            for name, label in names
            for words in [split_words(name)]
        ]
        self._names_by_word: dict[str, list[int]] = {}
        self._words_by_shortened: dict[str, set[str]] = {}
        labels_by_word: dict[str, set[str]] = {}
        for at, name in enumerate(self._names):
            for word in name.core_words:
                self._names_by_word.setdefault(word, []).append(at)
                labels_by_word.setdefault(word, set()).add(name.label)
                for short in _drop_letters(word):
                    self._words_by_shortened.setdefault(short, set()).add(word)
        self._common_words = {word for word, labels in labels_by_word.items() if len(labels) >= _COMMON_WORD_COUNT}

    def suggest(self, text: str) -> str | None:
        """Return the label of the only name that contains the words of `text`, else of the most similar name.

        None if no name is similar or several are equally so. A similar name may lack words of `text` or have
        additional ones, not both; single words may contain a typing mistake, abbreviations may not.
        """
        key, words = fold_to_alphanumeric(text[:_MAX_LENGTH]), split_words(text[:_MAX_LENGTH])
        if only := self._find_only_name(key, words):
            return only
        core = _count_core_words(words)
        meant = {word: self._find_meant_words(word) for word in core}
        shared: Counter[int] = Counter()
        for meant_words in meant.values():
            shared.update({at for word in meant_words for at in self._names_by_word[word]})
        scores: dict[str, tuple[float, float]] = {}
        for at, number in shared.items():
            name = self._names[at]
            if 2 * number < _MIN_SIMILARITY * (len(core) + len(name.core_words)):
                continue
            if self._is_similar(words, core, meant, name):
                score = (
                    _compute_similarity(core, name.core_words, number),
                    _compute_similarity(Counter(words), Counter(name.words)),
                )
                scores[name.label] = max(score, scores.get(name.label, score))
        best = max(scores.values(), default=None)
        labels = [label for label, score in scores.items() if score == best]
        return labels[0] if len(labels) == 1 else None

    def _find_only_name(self, key: str, words: tuple[str, ...]) -> str | None:
        same = {name.label for name in self._names if name.key == key}
        if len(same) == 1:
            return same.pop()
        if len(key) < _MIN_LENGTH or self._common_words.union(_LEVEL_WORDS).issuperset(words):
            return None
        rarest = min((self._names_by_word.get(word, []) for word in _count_core_words(words)), key=len)
        holders = {self._names[at].label for at in rarest if _contains_phrase(words, self._names[at].words)}
        return holders.pop() if len(holders) == 1 else None

    def _find_meant_words(self, word: str) -> set[str]:
        """Return the word itself if a name has it, else the words of names that it is a typing mistake of."""
        if word in self._names_by_word:
            return {word}
        near = {other for short in _drop_letters(word) for other in self._words_by_shortened.get(short, ())}
        return {other for other in near if _is_typo(word, other)}

    def _is_similar(
        self,
        words: tuple[str, ...],
        core_words: Counter[str],
        meant_words: dict[str, set[str]],
        name: _IndexedName,
    ) -> bool:
        if not _has_same_level(words, (*name.words, *split_words(name.label))):
            return False
        unknown = [word for word in words if meant_words.get(word, {word}) != {word}]
        if len(unknown) > max(1, len(core_words) // 3):
            return False
        corrections = _correct_words(unknown, meant_words, name.core_words - core_words)
        if corrections is None:
            return False
        remaining = iter(corrections)
        corrected = [next(remaining) if word in unknown else word for word in words]
        typed = [word for word in corrected if word not in _LEVEL_WORDS]
        missing, extra = name.core_words - Counter(typed), Counter(typed) - name.core_words
        if missing:
            return not extra and not unknown
        # Extra words are allowed only at the end and only if many names have them: "… tỉnh Tuyên Quang".
        last_words = Counter(typed[len(typed) - extra.total() :])
        return extra == last_words and self._common_words.issuperset(extra)


def split_words(text: str) -> tuple[str, ...]:
    """Return the words without diacritics: "ubnd" for Ủy ban nhân dân, "tp" for thành phố, "phuong" for P."""
    words = (fold_to_alphanumeric(word) for word in _WORD.findall(to_agency_key(text).replace(_CITY, "tp")))
    return tuple(_COMMUNE_LETTERS.get(word, word) for word in words)


def _has_same_level(typed_words: Iterable[str], name_words: Iterable[str]) -> bool:
    """True unless one name is of a commune and the other of a province: their police are two bodies."""
    if not _COMMUNE_WORDS.isdisjoint(typed_words):
        return not _COMMUNE_WORDS.isdisjoint(name_words)
    return _PROVINCE_WORDS.isdisjoint(typed_words) or _COMMUNE_WORDS.isdisjoint(name_words)


def _count_core_words(words: Iterable[str]) -> Counter[str]:
    return Counter(word for word in words if word not in _LEVEL_WORDS)


def _correct_words(unknown: list[str], meant_words: dict[str, set[str]], missing: Counter[str]) -> list[str] | None:
    """Return a correction for each unknown word, using each missing word of the name at most once.

    None if an unknown word has no correction.
    """
    if not unknown:
        return []
    for word in sorted(meant_words[unknown[0]]):
        if missing[word]:
            rest = _correct_words(unknown[1:], meant_words, missing - Counter([word]))
            if rest is not None:
                return [word, *rest]
    return None


def _compute_similarity(typed_words: Counter[str], name_words: Counter[str], shared_count: int | None = None) -> float:
    total = typed_words.total() + name_words.total()
    shared = (typed_words & name_words).total() if shared_count is None else shared_count
    return 2 * shared / total if total else 0.0


def _contains_phrase(words: tuple[str, ...], name_words: tuple[str, ...]) -> bool:
    starts = range(len(name_words) - len(words) + 1)
    return bool(words) and any(name_words[at : at + len(words)] == words for at in starts)


def _drop_letters(word: str) -> set[str]:
    """Return the word and all forms with one letter dropped; words one mistake apart share one of them."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _is_typo(typed: str, word: str) -> bool:
    """True if one letter is added, missing or wrong, or two neighbours are swapped.

    False if the first letter differs, and for short words and abbreviations (words without a vowel).
    """
    if max(len(typed), len(word)) < _MIN_LENGTH or typed[:1] != word[:1]:
        return False
    if not _VOWELS & set(typed) or not _VOWELS & set(word):
        return False
    if len(typed) != len(word):
        longer, shorter = sorted((typed, word), key=len, reverse=True)
        return shorter in _drop_letters(longer)
    differ = [at for at, (a, b) in enumerate(zip(typed, word, strict=True)) if a != b]
    if len(differ) == 2:
        first, second = differ
        return second == first + 1 and typed[first] == word[second] and typed[second] == word[first]
    return len(differ) == 1
