"""The known name that a mistyped one is closest to, as a suggestion in a sentence: it decides nothing.

A suggestion that is followed gives a row to somebody, so that names are alike word by word: "Hội Nông dân"
has most of the letters of "Hội đồng nhân dân", and is another body.
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
"""A word in the names of so many bodies says whose they are ("tỉnh Tuyên Quang"), not which."""
_WORD = re.compile(r"[^\W_]+")
_CITY = fold("thành phố")
_PROVINCE_WORDS, _COMMUNE_WORDS = frozenset({"tinh", "tp"}), frozenset({"xa", "phuong"})
_LEVEL_WORDS = _PROVINCE_WORDS | _COMMUNE_WORDS | {"va"}
"""Words, without diacritics, that may differ, but not the one level for the other; "thành phố" is "tp"."""
_VOWELS = frozenset("aeiouy")


@dataclass(frozen=True)
class _IndexedName:
    key: str
    label: str
    words: tuple[str, ...]
    core_words: Counter[str]


class NameSuggester:
    """Names by what they are shown as; likeness is the share of words in common, without diacritics.

    The words are indexed, since a sheet with its columns mixed up asks for another name on every row.
    """

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """`names` are (name, what to show); a name that is as close as another's is not suggested."""
        self._names = [
            _IndexedName(fold_to_alphanumeric(name), shown, words, _count_core_words(words))
            for name, shown in names
            for words in [_split_words(name)]
        ]
        self._names_by_word: dict[str, list[int]] = {}
        self._words_by_shortened: dict[str, set[str]] = {}
        bodies: dict[str, set[str]] = {}
        for at, name in enumerate(self._names):
            for word in name.core_words:
                self._names_by_word.setdefault(word, []).append(at)
                bodies.setdefault(word, set()).add(name.label)
                for short in _drop_letters(word):
                    self._words_by_shortened.setdefault(short, set()).add(word)
        self._common_words = {word for word, shown in bodies.items() if len(shown) >= _COMMON_WORD_COUNT}

    def suggest(self, text: str) -> str | None:
        """What the only name that holds the words is shown as, else the likest; None where none is like it.

        Nothing is left over on both sides, but for a typing mistake in a word; of an abbreviation no letter.
        """
        key, words = fold_to_alphanumeric(text[:_MAX_LENGTH]), _split_words(text[:_MAX_LENGTH])
        if only := self._find_only_name(key, words):
            return only
        core = _count_core_words(words)
        meant = {word: self._find_meant_words(word) for word in core}
        shared: Counter[int] = Counter()
        for likes in meant.values():
            shared.update({at for like in likes for at in self._names_by_word[like]})
        found: dict[str, tuple[float, float]] = {}
        for at, number in shared.items():
            name = self._names[at]
            if 2 * number < _MIN_SIMILARITY * (len(core) + len(name.core_words)):
                continue
            if self._is_similar(words, core, meant, name):
                close = (
                    _compute_similarity(core, name.core_words, number),
                    _compute_similarity(Counter(words), Counter(name.words)),
                )
                found[name.label] = max(close, found.get(name.label, close))
        best = max(found.values(), default=None)
        likest = [shown for shown, close in found.items() if close == best]
        return likest[0] if len(likest) == 1 else None

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
        """The known words that a word is, or is with one typing mistake."""
        if word in self._names_by_word:
            return {word}
        near = {one for short in _drop_letters(word) for one in self._words_by_shortened.get(short, ())}
        return {one for one in near if _is_typo(word, one)}

    def _is_similar(
        self,
        words: tuple[str, ...],
        core_words: Counter[str],
        meant_words: dict[str, set[str]],
        name: _IndexedName,
    ) -> bool:
        if not _has_same_level(words, (*name.words, *_split_words(name.label))):
            return False
        unknown = [word for word in words if meant_words.get(word, {word}) != {word}]
        if len(unknown) > max(1, len(core_words) // 3):
            return False
        mended = _correct_words(unknown, meant_words, name.core_words - core_words)
        if mended is None:
            return False
        rest = iter(mended)
        read = tuple(next(rest) if word in unknown else word for word in words)
        missing, left = name.core_words - _count_core_words(read), _count_core_words(read) - name.core_words
        if missing:
            return not left and not unknown
        told = [word for word in read if word not in _LEVEL_WORDS]
        whose = Counter(told[len(told) - left.total() :])
        return left == whose and self._common_words.issuperset(left)


def _split_words(text: str) -> tuple[str, ...]:
    """The words without diacritics; "Ủy ban nhân dân" is "ubnd", "thành phố" is "tp"."""
    return tuple(
        fold_to_alphanumeric(word) for word in _WORD.findall(to_agency_key(text).replace(_CITY, "tp"))
    )


def _has_same_level(typed_words: Iterable[str], name_words: Iterable[str]) -> bool:
    """The police of a ward are not those of its province."""
    if not _COMMUNE_WORDS.isdisjoint(typed_words):
        return not _COMMUNE_WORDS.isdisjoint(name_words)
    return _PROVINCE_WORDS.isdisjoint(typed_words) or _COMMUNE_WORDS.isdisjoint(name_words)


def _count_core_words(words: Iterable[str]) -> Counter[str]:
    return Counter(word for word in words if word not in _LEVEL_WORDS)


def _correct_words(
    unknown: list[str], meant_words: dict[str, set[str]], missing: Counter[str]
) -> list[str] | None:
    """The words that the unknown ones are, each another one that the name has and the text lacks.

    None where one of them has none.
    """
    if not unknown:
        return []
    for one in sorted(meant_words[unknown[0]]):
        if missing[one]:
            rest = _correct_words(unknown[1:], meant_words, missing - Counter([one]))
            if rest is not None:
                return [one, *rest]
    return None


def _compute_similarity(
    typed_words: Counter[str], name_words: Counter[str], shared_count: int | None = None
) -> float:
    whole = typed_words.total() + name_words.total()
    return (
        2 * ((typed_words & name_words).total() if shared_count is None else shared_count) / whole
        if whole
        else 0.0
    )


def _contains_phrase(words: tuple[str, ...], name_words: tuple[str, ...]) -> bool:
    starts = range(len(name_words) - len(words) + 1)
    return bool(words) and any(name_words[at : at + len(words)] == words for at in starts)


def _drop_letters(word: str) -> set[str]:
    """The word, and the word without each of its letters: words one mistake apart have one in common."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _is_typo(typed: str, word: str) -> bool:
    """One letter too many, too few or wrong, or two changed round; never the first, and no abbreviation's."""
    if max(len(typed), len(word)) < _MIN_LENGTH or typed[:1] != word[:1]:
        return False
    if not _VOWELS & set(typed) or not _VOWELS & set(word):
        return False
    if len(typed) != len(word):
        longer, shorter = sorted((typed, word), key=len, reverse=True)
        return shorter in _drop_letters(longer)
    differ = [at for at, (one, other) in enumerate(zip(typed, word, strict=True)) if one != other]
    if len(differ) == 2:
        first, second = differ
        return second == first + 1 and typed[first] == word[second] and typed[second] == word[first]
    return len(differ) == 1
