"""The known name that a mistyped one is closest to, as a suggestion in a sentence: it decides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from kpis.language.normal import loose

_ALIKE = 0.7
_LONGEST, _SHORTEST = 120, 4


class Nearest:
    """Names by what they are shown as; likeness is the share of letter pairs in common, without diacritics.

    The pairs are indexed, since a sheet with its columns mixed up asks for another name on every row.
    """

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """`names` are (name, what to show), in the order in which equally close ones are preferred."""
        self._keys: list[str] = []
        self._shown: list[str] = []
        self._sizes: list[int] = []
        self._holders: dict[str, list[int]] = {}
        for name, shown in names:
            key = loose(name)
            pairs = _pairs(key)
            for pair in pairs:
                self._holders.setdefault(pair, []).append(len(self._shown))
            self._keys.append(key)
            self._shown.append(shown)
            self._sizes.append(len(pairs))

    def find(self, text: str) -> str | None:
        """What the only name that holds the text is shown as, else the likest; None where none is like it."""
        key = loose(text[:_LONGEST])
        holders = {shown for name, shown in zip(self._keys, self._shown, strict=True) if key in name}
        if len(key) >= _SHORTEST and len(holders) == 1:
            return holders.pop()
        pairs = _pairs(key)
        shared: Counter[int] = Counter()
        for pair in pairs:
            shared.update(self._holders.get(pair, ()))
        best, likeness = None, _ALIKE
        for at in sorted(shared):
            share = 2 * shared[at] / (len(pairs) + self._sizes[at])
            if share > likeness or (best is None and share == likeness):
                best, likeness = at, share
        return None if best is None else self._shown[best]


def _pairs(key: str) -> set[str]:
    padded = f" {key} "
    return {padded[at : at + 2] for at in range(len(padded) - 1)}
