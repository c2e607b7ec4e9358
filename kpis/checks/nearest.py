"""The known name that a mistyped one is closest to, as a suggestion in a sentence: it decides nothing.

A suggestion that is followed gives a row to somebody, so that names are alike word by word: "Hội Nông dân"
has most of the letters of "Hội đồng nhân dân", and is another body.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kpis.language.normalization import fold, loose
from kpis.register.names import agency_key

_ALIKE = 0.7
_LONGEST, _SHORTEST = 120, 4
_COMMON = 8
"""A word in the names of so many bodies says whose they are ("tỉnh Tuyên Quang"), not which."""
_WORD = re.compile(r"[^\W_]+")
_CITY = fold("thành phố")
_PROVINCE, _COMMUNE = frozenset({"tinh", "tp"}), frozenset({"xa", "phuong"})
_LEVELS = _PROVINCE | _COMMUNE | {"va"}
"""Words, without diacritics, that may differ, but not the one level for the other; "thành phố" is "tp"."""
_VOWELS = frozenset("aeiouy")


@dataclass(frozen=True)
class _Name:
    key: str
    shown: str
    words: tuple[str, ...]
    core: Counter[str]


class Nearest:
    """Names by what they are shown as; likeness is the share of words in common, without diacritics.

    The words are indexed, since a sheet with its columns mixed up asks for another name on every row.
    """

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """`names` are (name, what to show); a name that is as close as another's is not suggested."""
        self._names = [
            _Name(loose(name), shown, words, _core(words))
            for name, shown in names
            for words in [_words(name)]
        ]
        self._holders: dict[str, list[int]] = {}
        self._shortened: dict[str, set[str]] = {}
        bodies: dict[str, set[str]] = {}
        for at, name in enumerate(self._names):
            for word in name.core:
                self._holders.setdefault(word, []).append(at)
                bodies.setdefault(word, set()).add(name.shown)
                for short in _shortened(word):
                    self._shortened.setdefault(short, set()).add(word)
        self._common = {word for word, shown in bodies.items() if len(shown) >= _COMMON}

    def find(self, text: str) -> str | None:
        """What the only name that holds the words is shown as, else the likest; None where none is like it.

        Nothing is left over on both sides, but for a typing mistake in a word; of an abbreviation no letter.
        """
        key, words = loose(text[:_LONGEST]), _words(text[:_LONGEST])
        if only := self._only_holder(key, words):
            return only
        core = _core(words)
        meant = {word: self._meant(word) for word in core}
        shared: Counter[int] = Counter()
        for likes in meant.values():
            shared.update({at for like in likes for at in self._holders[like]})
        found: dict[str, tuple[float, float]] = {}
        for at, number in shared.items():
            name = self._names[at]
            if 2 * number < _ALIKE * (len(core) + len(name.core)):
                continue
            if self._is_like(words, core, meant, name):
                close = _share(core, name.core, number), _share(Counter(words), Counter(name.words))
                found[name.shown] = max(close, found.get(name.shown, close))
        best = max(found.values(), default=None)
        likest = [shown for shown, close in found.items() if close == best]
        return likest[0] if len(likest) == 1 else None

    def _only_holder(self, key: str, words: tuple[str, ...]) -> str | None:
        same = {name.shown for name in self._names if name.key == key}
        if len(same) == 1:
            return same.pop()
        if len(key) < _SHORTEST or self._common.union(_LEVELS).issuperset(words):
            return None
        rarest = min((self._holders.get(word, []) for word in _core(words)), key=len)
        holders = {self._names[at].shown for at in rarest if _within(words, self._names[at].words)}
        return holders.pop() if len(holders) == 1 else None

    def _meant(self, word: str) -> set[str]:
        """The known words that a word is, or is with one typing mistake."""
        if word in self._holders:
            return {word}
        near = {one for short in _shortened(word) for one in self._shortened.get(short, ())}
        return {one for one in near if _mistyped(word, one)}

    def _is_like(
        self, words: tuple[str, ...], core: Counter[str], meant: dict[str, set[str]], name: _Name
    ) -> bool:
        if not _same_level(words, (*name.words, *_words(name.shown))):
            return False
        unknown = [word for word in words if meant.get(word, {word}) != {word}]
        if len(unknown) > max(1, len(core) // 3):
            return False
        mended = _mended(unknown, meant, name.core - core)
        if mended is None:
            return False
        rest = iter(mended)
        read = tuple(next(rest) if word in unknown else word for word in words)
        missing, left = name.core - _core(read), _core(read) - name.core
        if missing:
            return not left and not unknown
        told = [word for word in read if word not in _LEVELS]
        whose = Counter(told[len(told) - left.total() :])
        return left == whose and self._common.issuperset(left)


def _words(text: str) -> tuple[str, ...]:
    """The words without diacritics; "Ủy ban nhân dân" is "ubnd", "thành phố" is "tp"."""
    return tuple(loose(word) for word in _WORD.findall(agency_key(text).replace(_CITY, "tp")))


def _same_level(typed: Iterable[str], known: Iterable[str]) -> bool:
    """The police of a ward are not those of its province."""
    if not _COMMUNE.isdisjoint(typed):
        return not _COMMUNE.isdisjoint(known)
    return _PROVINCE.isdisjoint(typed) or _COMMUNE.isdisjoint(known)


def _core(words: Iterable[str]) -> Counter[str]:
    return Counter(word for word in words if word not in _LEVELS)


def _mended(unknown: list[str], meant: dict[str, set[str]], missing: Counter[str]) -> list[str] | None:
    """The words that the unknown ones are, each another one that the name has and the text lacks.

    None where one of them has none.
    """
    if not unknown:
        return []
    for one in sorted(meant[unknown[0]]):
        if missing[one]:
            rest = _mended(unknown[1:], meant, missing - Counter([one]))
            if rest is not None:
                return [one, *rest]
    return None


def _share(typed: Counter[str], known: Counter[str], both: int | None = None) -> float:
    whole = typed.total() + known.total()
    return 2 * ((typed & known).total() if both is None else both) / whole if whole else 0.0


def _within(words: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    starts = range(len(whole) - len(words) + 1)
    return bool(words) and any(whole[at : at + len(words)] == words for at in starts)


def _shortened(word: str) -> set[str]:
    """The word, and the word without each of its letters: words one mistake apart have one in common."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _mistyped(typed: str, word: str) -> bool:
    """One letter too many, too few or wrong, or two changed round; never the first, and no abbreviation's."""
    if max(len(typed), len(word)) < _SHORTEST or typed[:1] != word[:1]:
        return False
    if not _VOWELS & set(typed) or not _VOWELS & set(word):
        return False
    if len(typed) != len(word):
        longer, shorter = sorted((typed, word), key=len, reverse=True)
        return shorter in _shortened(longer)
    differ = [at for at, (one, other) in enumerate(zip(typed, word, strict=True)) if one != other]
    if len(differ) == 2:
        first, second = differ
        return second == first + 1 and typed[first] == word[second] and typed[second] == word[first]
    return len(differ) == 1
