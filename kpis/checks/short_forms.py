"""Suggests the agency or code of a plan that a short form means; only shown in a sentence (design.md §4).

A wrong suggestion, if followed, credits a row to another agency: so a short form must match the whole name of
exactly one agency of the plan, apart from the name of the plan's own place at its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kpis.checks.name_suggestions import split_words
from kpis.language.normalization import fold_to_alphanumeric

_MAX_LENGTH, _MAX_WORDS = 120, 16
_OPTIONAL_WORDS = frozenset({"va"})
"""Left out of abbreviations: "KH&CN" is "Khoa học và Công nghệ"."""
_ABBREVIATED_LEVELS = {"t": "tinh"}
_LEVEL_WORDS = frozenset({"tp", "tinh", "t", "phuong", "xa"})
_JOINED = re.compile(r"(?<=\w)\s*[&+]\s*(?=\w)")


class ShortForms:
    """The agencies of one plan by abbreviation: "Sở CT TP Cần Thơ" is "Sở Công Thương" in Cần Thơ."""

    def __init__(self, names: Iterable[tuple[str, str]], places: Iterable[str], communes: Iterable[str] = ()) -> None:
        """Index `names`, pairs of (name or alias, label); `places` are the names of the plan's own place.

        The labels in `communes` have no initials: "UBND ĐT" is a province as well as many a commune.
        """
        self._communes = frozenset(communes)
        self._places = [split_words(place) for place in places]
        self._names = [(variant, label) for name, label in names for variant in self._list_variants(split_words(name))]

    def suggest(self, text: str) -> str | None:
        """Return the label of the only agency whose whole name a short form stands for, else None."""
        typed = split_words(_JOINED.sub("", text[:_MAX_LENGTH]))[:_MAX_WORDS]
        labels = {
            label
            for variant in self._list_variants(typed)
            for name, label in self._names
            if len(variant) > 1 and variant[0][:1] == name[0][:1]
            if variant == name or (label not in self._communes and _stands_for(variant, name))
        }
        return labels.pop() if len(labels) == 1 else None

    def _list_variants(self, words: tuple[str, ...]) -> set[tuple[str, ...]]:
        """Return a name as it is, without the plan's place at its end, and without "tỉnh" or "TP" then."""
        variants = {words} if words else set()
        for place in self._places:
            if place and words[-len(place) :] == place and len(words) > len(place):
                variants.add(words[: -len(place)])
                if words[-len(place) - 1] in _LEVEL_WORDS and len(words) > len(place) + 1:
                    variants.add(words[: -len(place) - 1])
        return variants


class CodeSuggester:
    """The codes of one plan, however their zeros and separators are typed: "can-tho.2" is "can-tho.02"."""

    def __init__(self, plan: str, codes: Iterable[str]) -> None:
        self._plan = plan
        self._codes: dict[tuple[str, ...], set[str]] = {}
        for code in codes:
            self._codes.setdefault(_split_code(code), set()).add(code)

    def suggest(self, text: str, *, may_lack_plan: bool = False) -> str | None:
        """Return the only code that a text may mean, also without the plan's id if `may_lack_plan`."""
        texts = (text, f"{self._plan}.{text}") if may_lack_plan else (text,)
        codes = {code for typed in texts for code in self._codes.get(_split_code(typed[:_MAX_LENGTH]), ())}
        return codes.pop() if len(codes) == 1 else None


def _split_code(text: str) -> tuple[str, ...]:
    """Return the letters and numbers of a code without separators and leading zeros."""
    parts = re.findall(r"[0-9]+|[^0-9\W]+", re.sub(r"[\s_.-]+", " ", text))
    joined: list[str] = []
    for part in parts:
        key = fold_to_alphanumeric(part).lstrip("0") or "0"
        if joined and not key[:1].isdigit() and not joined[-1][:1].isdigit():
            joined[-1] += key
        else:
            joined.append(key)
    return tuple(joined)


def _stands_for(typed: Sequence[str], name: Sequence[str]) -> bool:
    """True if each typed word is a word of the name or the first letters of several of its words."""
    if not typed or not name:
        return not typed and not name
    first = typed[0]
    if (first == name[0] or _ABBREVIATED_LEVELS.get(first) == name[0]) and _stands_for(typed[1:], name[1:]):
        return True
    if name[0] in _OPTIONAL_WORDS and _stands_for(typed, name[1:]):
        return True
    return any(_stands_for(typed[1:], name[end:]) for end in _find_initials(first, name))


def _find_initials(typed: str, name: Sequence[str]) -> Iterable[int]:
    """Yield how many words of the name a typed word may stand for by their first letters, at least two."""
    for end in range(2, len(name) + 1):
        words = name[:end]
        full = "".join(word[0] for word in words)
        short = "".join(word[0] for word in words if word not in _OPTIONAL_WORDS)
        if typed in (full, short) and len(typed) > 1:
            yield end
