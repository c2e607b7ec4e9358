"""Stages: values of one promise for several years, joined by one group."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from kpis.plan_import.model import ProposedTarget
from kpis.plan_import.proposals.folding import fold_text

_NO_WORDS = re.compile(r"[0-9][0-9.,]*|[^\w\s]")
# Words that tell the stages of one promise apart, or how they compare, and not what is promised.
_STAGE_WORDS = re.compile(
    r"(?<!\w)(?:năm|đến|vào|hết|cuối|giai đoạn|đạt|là|có|được|trên|dưới|ít nhất|tối thiểu|lên|khoảng|phấn đấu|"
    r"bảo đảm|và)(?!\w)"
)
_ALIKE = 0.85
_NEAREST = 50
"""Promises of the same words that are compared: a document that repeats itself must not take the square of its time."""


@dataclass
class _Group:
    """Targets of one promise: positions in the list, and the words that name it."""

    positions: list[int]
    words: frozenset[str]
    first: ProposedTarget
    years: set[int | None]


def join_stages(targets: Sequence[ProposedTarget]) -> list[ProposedTarget]:
    """Return the targets with a common `group` ("1", "2" …) where one promise has values for different years."""
    groups: list[_Group] = []
    by_word: dict[str, list[_Group]] = {}
    for position, target in enumerate(targets):
        if target.by_year is None:
            continue
        words = _list_words(target)
        keys = _list_keys(words)
        near = [group for key in keys for group in by_word.get(key, ())[-_NEAREST:]]
        near.sort(key=lambda group: group.positions[0])
        group = next((group for group in near if _belongs(group, target, words)), None)
        if group is None:
            groups.append(_Group([position], words, target, {target.by_year}))
            for key in keys:
                by_word.setdefault(key, []).append(groups[-1])
        else:
            group.positions.append(position)
            group.years.add(target.by_year)
    joined = list(targets)
    staged = (group for group in groups if len(group.positions) > 1)
    for number, group in enumerate(staged, start=1):
        for position in group.positions:
            joined[position] = replace(targets[position], group=str(number))
    return joined


def _belongs(group: _Group, target: ProposedTarget, words: frozenset[str]) -> bool:
    first = group.first
    if target.by_year in group.years or first.measure != target.measure:
        return False
    if fold_text(first.unit or "") != fold_text(target.unit or ""):
        return False
    return bool(words) and len(words & group.words) >= _ALIKE * len(words | group.words)


def _list_keys(words: frozenset[str]) -> list[str]:
    """Return words of which two promises that are alike share at least one: all but those that may differ."""
    return sorted(words)[: len(words) - ceil(_ALIKE * len(words)) + 1]


def _list_words(target: ProposedTarget) -> frozenset[str]:
    folded = fold_text(target.indicator or target.quote)
    return frozenset(_STAGE_WORDS.sub(" ", _NO_WORDS.sub(" ", folded)).split())
