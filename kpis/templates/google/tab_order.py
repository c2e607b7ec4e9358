"""The positions of new tabs among existing ones: in the order of a new sheet, without moving any tab."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kpis.sources.google.client import Json
from kpis.templates.plan_sheet import EXPLANATIONS_TAB, GUIDE_TAB, LISTS_TAB, PROGRESS_TAB, TARGETS_TAB, TASKS_TAB

TAB_ORDER = (GUIDE_TAB, PROGRESS_TAB, TASKS_TAB, EXPLANATIONS_TAB, TARGETS_TAB, LISTS_TAB)
"""The order of the command `new-sheet`."""


def place_new_tabs(requests: Iterable[Json], existing_ids: Sequence[int], titles_by_id: Mapping[int, str]) -> None:
    """Set the index of each addSheet among `requests`.

    `existing_ids` are the ids of the tabs in their order; `titles_by_id` gives the title in `TAB_ORDER` of
    each old or new tab that has one.
    """
    ordered_ids = list(existing_ids)
    for request in requests:
        if "addSheet" in request:
            properties = request["addSheet"]["properties"]
            index = _find_position(properties["sheetId"], ordered_ids, titles_by_id)
            properties["index"] = index
            ordered_ids.insert(index, properties["sheetId"])


def _find_position(tab_id: int, tab_ids: Sequence[int], titles_by_id: Mapping[int, str]) -> int:
    """Return the index after the last tab of a lower rank, else before the first of a higher, else last."""
    rank = TAB_ORDER.index(titles_by_id[tab_id])
    ranks = [TAB_ORDER.index(titles_by_id[tab]) if tab in titles_by_id else None for tab in tab_ids]
    lower = [index for index, other in enumerate(ranks) if other is not None and other < rank]
    higher = [index for index, other in enumerate(ranks) if other is not None and other > rank]
    return lower[-1] + 1 if lower else higher[0] if higher else len(tab_ids)
