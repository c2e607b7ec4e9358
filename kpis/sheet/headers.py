"""Compares the text of a header with the names of our columns (design.md §4)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from kpis.language.normalization import fold_to_alphanumeric

Name = TypeVar("Name")
_OPENING, _CLOSING = r"(\[{<（［｛【〔「«‹〈《", r")\]}>）］｝】〕」»›〉》"
_TRAILING_BRACKET = re.compile(rf"\s*[{_OPENING}][^{_OPENING}{_CLOSING}]*[{_CLOSING}]?\W*$")
_MIN_SIMILARITY = 0.75
_MAX_LENGTH = 60
_MIN_PART_LENGTH = 4
"""Letters of a name that may stand within a longer header: "Ngày tháng" is near "Ngày"."""


def list_header_keys(text: str) -> list[str]:
    """Return the keys of a header, the likelier first: as it is, then without a bracket at its end.

    "Ngày (dd/mm/yyyy)" may mean "Ngày".
    """
    keys = [fold_to_alphanumeric(text)]
    shortened = text
    while (shorter := _TRAILING_BRACKET.sub("", shortened)) and shorter != shortened:
        shortened = shorter
        keys.append(fold_to_alphanumeric(shortened))
    return keys


def find_near_header(text: str, names: Mapping[Name, Sequence[str]]) -> Name | None:
    """Return which column a header probably means, None if none is similar or several are equally so."""
    if len(text) > _MAX_LENGTH:
        return None
    key = list_header_keys(text)[-1]
    scores = {
        name: max(_compute_similarity(key, fold_to_alphanumeric(accepted)) for accepted in all_names)
        for name, all_names in names.items()
    }
    best = max(scores.values(), default=0.0)
    nearest = [name for name, score in scores.items() if score == best]
    return nearest[0] if best >= _MIN_SIMILARITY and len(nearest) == 1 else None


def _compute_similarity(key: str, name: str) -> float:
    if len(name) >= _MIN_PART_LENGTH and (key.startswith(name) or key.endswith(name)):
        return 1.0
    return SequenceMatcher(None, key, name, autojunk=False).ratio()
