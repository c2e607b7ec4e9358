"""Where new tabs go among those that are there: in the order of a new sheet, and nobody's tab is moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kpis.sources.google.client import Json
from kpis.templates.plan_sheet import GUIDE, LISTS, PROGRESS, TARGETS, TASKS

ORDER = (GUIDE, PROGRESS, TASKS, TARGETS, LISTS)
"""As `new-sheet` has them."""


def place_new(requests: Iterable[Json], there: Sequence[int], names: Mapping[int, str]) -> None:
    """Give each addSheet of `requests` its index.

    `there` are the ids of the tabs as they stand, `names` which of all tabs, old and new, is which of ours.
    """
    standing = list(there)
    for one in requests:
        if "addSheet" in one:
            properties = one["addSheet"]["properties"]
            at = _position(properties["sheetId"], standing, names)
            properties["index"] = at
            standing.insert(at, properties["sheetId"])


def _position(new: int, standing: Sequence[int], names: Mapping[int, str]) -> int:
    """After the last of ours that comes before it, else before the first that comes after it, else last."""
    rank = ORDER.index(names[new])
    ranks = [ORDER.index(names[tab]) if tab in names else None for tab in standing]
    before = [at for at, other in enumerate(ranks) if other is not None and other < rank]
    after = [at for at, other in enumerate(ranks) if other is not None and other > rank]
    return before[-1] + 1 if before else after[0] if after else len(standing)
