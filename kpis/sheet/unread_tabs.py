"""Names tabs and files that look like ours and are not read: their rows do not count (design.md §4)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from kpis.language.normalization import fold_to_alphanumeric
from kpis.sheet.model import RawRow, UnreadTab, UnreadTabReason
from kpis.sheet.tab_headers import MAX_HEADER_ROWS, TAB_KINDS, TAB_NAMES, contains_header

_COPY_WORDS = re.compile(
    r"bansaocua|bansao|copyof|copy|saochep|ketqua|moi|cu|new|old|ban|nhap|table|quy|thang|nam|t|q|[0-9]+"
)
_OUR_NAMES = {kind: fold_to_alphanumeric(name) for kind, name in TAB_NAMES.items()}


def find_unread_tab(
    name: str, first_rows: Sequence[RawRow], filled_rows: int, *, is_upper_bound: bool = False
) -> UnreadTab | None:
    """Return a tab other than ours if it has our header or nearly our name, with its rows; else None.

    `first_rows`: its rows up to the last that may be the header; `filled_rows`: how many rows it has.
    """
    header = find_header_number(first_rows)
    if header is None and not (resembles_our_name(name) and filled_rows):
        return None
    above = header if is_upper_bound else sum(row.number <= (header or 0) for row in first_rows)
    reason: UnreadTabReason = "name" if header is None else "header"
    return UnreadTab(name, max(0, filled_rows - (above or 0)), reason, is_upper_bound)


def find_header_number(rows: Iterable[RawRow]) -> int | None:
    """Return the number of the first row with the required headers of one of our tabs, else None."""
    for row in rows:
        if row.number <= MAX_HEADER_ROWS and any(contains_header(kind, row.cells) for kind in TAB_KINDS):
            return row.number
    return None


def resembles_our_name(name: str) -> bool:
    """True if a name is nearly one of ours: that of a copy or a month, or one letter different."""
    folded = fold_to_alphanumeric(name)
    return any(
        _is_one_edit_away(folded, ours) or (ours in folded and not _COPY_WORDS.sub("", folded.replace(ours, "", 1)))
        for ours in _OUR_NAMES.values()
    )


def is_ignored(name: str, ignored_names: Collection[str]) -> bool:
    """True if the sources file says that a tab or file is not to be named."""
    folded = fold_to_alphanumeric(name)
    return any(fold_to_alphanumeric(ignored) == folded for ignored in ignored_names)


def _is_one_edit_away(first: str, second: str) -> bool:
    """True if one letter inserted, deleted or replaced makes the two equal."""
    shorter, longer = sorted((first, second), key=len)
    if len(longer) - len(shorter) > 1 or first == second:
        return first == second
    start = next((i for i, letter in enumerate(shorter) if letter != longer[i]), len(shorter))
    rest = longer[start + 1 :]
    return rest in (shorter[start:], shorter[start + 1 :])
