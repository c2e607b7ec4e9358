"""Where new tabs go among those that are there: in the order of a new sheet, and nobody's tab is moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kpis.sources.google.client import Json
from kpis.templates.plan_sheet import GUIDE_TAB, LISTS_TAB, PROGRESS_TAB, TARGETS_TAB, TASKS_TAB

TAB_ORDER = (GUIDE_TAB, PROGRESS_TAB, TASKS_TAB, TARGETS_TAB, LISTS_TAB)
"""As `new-sheet` has them."""


def place_new_tabs(
    requests: Iterable[Json], existing_ids: Sequence[int], titles_by_id: Mapping[int, str]
) -> None:
    """Give each addSheet of `requests` its index.

    `there` are the ids of the tabs as they stand, `names` which of all tabs, old and new, is which of ours.
    """
    standing = list(existing_ids)
    for one in requests:
        if "addSheet" in one:
            properties = one["addSheet"]["properties"]
            at = _find_position(properties["sheetId"], standing, titles_by_id)
            properties["index"] = at
            standing.insert(at, properties["sheetId"])


def _find_position(tab_id: int, tab_ids: Sequence[int], titles_by_id: Mapping[int, str]) -> int:
    """After the last of ours that comes before it, else before the first that comes after it, else last."""
    rank = TAB_ORDER.index(titles_by_id[tab_id])
    ranks = [TAB_ORDER.index(titles_by_id[tab]) if tab in titles_by_id else None for tab in tab_ids]
    before = [at for at, other in enumerate(ranks) if other is not None and other < rank]
    after = [at for at, other in enumerate(ranks) if other is not None and other > rank]
    return before[-1] + 1 if before else after[0] if after else len(tab_ids)
