"""The columns of a list from their titles."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kpis.ui.shared.lists.model import ListColumn
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import ColumnHeader


def build_columns(view: PageView, titles: Mapping[str, str], numbers: Collection[str] = ()) -> tuple[ListColumn, ...]:
    """Return the columns of a list, in the order of `titles` (key of a column -> its title as a catalogue key).

    `numbers`: the keys of columns that hold numbers.
    """
    return tuple(
        ListColumn(key, ColumnHeader(view.t(title), "number" if key in numbers else "text"))
        for key, title in titles.items()
    )
