"""Feedback that reached cells which are no longer in the column `Phản hồi`, and what stood there before.

A write follows its tagged column, so this happens only if, between our look and our write, somebody renames
the header or moves other cells onto the column.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from kpis.errors import KpisError
from kpis.feedback.google.sheet_contents import CellContent, TabContents
from kpis.feedback.status_text import is_feedback
from kpis.language.normalization import fold_to_alphanumeric
from kpis.sheet.cells import format_column_letters
from kpis.sheet.tab_headers import MAX_HEADER_ROWS

RESTORED = (
    "While feedback was written to the tab “{tab}”, the header “Phản hồi” was renamed, or other cells were "
    "moved onto that column. What stood in {count} cells of column {column} was put back. Add the header "
    "“Phản hồi” in an empty column, and compare column {column} with the version history."
)
NOT_RESTORED = (
    "While feedback was written to the tab “{tab}”, other cells were moved onto the column “Phản hồi” and "
    "rows were changed. Feedback was removed from {count} cells of column {column}, but it is not known what "
    "stood in rows {rows}. Restore them from the version history (File → Version history)."
)
_MAX_ROWS_IN_SENTENCE = 20


@dataclass(frozen=True)
class DisplacedTexts:
    """Feedback of one column to remove: what stood there by row number, and rows where that is unknown."""

    tag_id: int
    tab: str
    column: int
    contents: Mapping[int, CellContent]
    unknown_rows: tuple[int, ...] = ()

    def build_error(self) -> KpisError:
        """Return the message about it."""
        letters, count = format_column_letters(self.column), len(self.contents)
        if not self.unknown_rows:
            return KpisError(RESTORED, tab=self.tab, count=count, column=letters)
        rows = ", ".join(map(str, self.unknown_rows[:_MAX_ROWS_IN_SENTENCE]))
        if len(self.unknown_rows) > _MAX_ROWS_IN_SENTENCE:
            rows += ", …"
        return KpisError(NOT_RESTORED, tab=self.tab, count=count, column=letters, rows=rows)


def find_displaced_texts(
    tag_id: int, written: Mapping[int, str], old_tab: TabContents, new_tab: TabContents
) -> DisplacedTexts | None:
    """Return the written texts that stand outside a column `Phản hồi`; None if there are none.

    `written` holds them by row number ("" for a cleared cell), `old_tab` is the tab at the look that led to
    the write, `new_tab` at the look that followed it.
    """
    old_column, column = old_tab.find_tagged_column(tag_id), new_tab.find_tagged_column(tag_id)
    if old_column is None or column is None or new_tab.is_feedback_column(column):
        return None
    source_column = _find_source_column(old_tab, new_tab, column, old_column)
    # Where `Phản hồi` itself was moved away, its old texts went with it.
    is_empty = source_column == old_column and new_tab.has_feedback_column()
    finder = _RowFinder(old_tab, {old_column, source_column}, source_column)
    contents: dict[int, CellContent] = {}
    unknown: list[int] = []
    for row in _list_rows(written, new_tab, column):
        candidates = finder.list_candidates(row, _list_values(new_tab, row, {column}))
        if is_empty:
            contents[row] = None
        elif len(candidates) == 1:
            (contents[row],) = candidates
        else:
            contents[row] = None
            unknown.append(row)
    contents = {row: value for row, value in contents.items() if value != new_tab.get_value(row, column)}
    if not contents and not unknown:
        return None
    return DisplacedTexts(tag_id, new_tab.title, column, contents, tuple(unknown))


def _list_rows(written: Mapping[int, str], new_tab: TabContents, column: int) -> list[int]:
    """Return the rows whose cell holds a written text now, and those that were cleared and are empty."""
    texts = frozenset(written.values()) - {""}
    with_text = {row for row in new_tab.rows if new_tab.get_value(row, column) in texts}
    cleared = {row for row, text in written.items() if not text and not new_tab.get_value(row, column)}
    return sorted(with_text | cleared)


def _find_source_column(old_tab: TabContents, new_tab: TabContents, column: int, old_column: int) -> int:
    """Return the column whose cells stand in the tagged column now: the tagged one itself if it was renamed.

    Cells were moved onto it if its header stood over another column before, and stands nowhere else now.
    """
    for row in range(1, MAX_HEADER_ROWS + 1):
        header = new_tab.get_value(row, column)
        if isinstance(header, str) and header.strip():
            sources = _find_header(old_tab, row, header)
            if sources and _find_header(new_tab, row, header) == [column]:
                return sources[0]
    return old_column


def _find_header(tab: TabContents, row: int, header: str) -> list[int]:
    folded = fold_to_alphanumeric(header)
    return [
        column
        for column, value in enumerate(tab.rows.get(row, ()))
        if isinstance(value, str) and fold_to_alphanumeric(value) == folded
    ]


class _RowFinder:
    """Finds a row of the look before by what its other cells hold, wherever it stands now."""

    def __init__(self, old_tab: TabContents, ignored_columns: Collection[int], source_column: int) -> None:
        self._old_tab, self._source_column = old_tab, source_column
        self._rows_by_values: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for row in old_tab.rows:
            self._rows_by_values[_list_values(old_tab, row, ignored_columns)].append(row)

    def list_candidates(self, row: int, values: tuple[str, ...]) -> set[CellContent]:
        """Return what may have stood in the source column of a row: one value if that is certain."""
        rows = self._rows_by_values.get(values, [])
        if row in rows:
            rows = [row]
        return {self._old_tab.get_value(candidate, self._source_column) for candidate in rows}


def _list_values(tab: TabContents, row: int, ignored_columns: Collection[int]) -> tuple[str, ...]:
    """Return the contents of a row without feedback, in an order that moved columns do not change."""
    return tuple(sorted(_iterate_values(tab.rows.get(row, ()), ignored_columns)))


def _iterate_values(cells: tuple[CellContent, ...], ignored_columns: Collection[int]) -> Iterator[str]:
    for column, value in enumerate(cells):
        is_ours = isinstance(value, str) and is_feedback(value)
        if value not in (None, "") and not is_ours and column not in ignored_columns:
            yield repr(value)
