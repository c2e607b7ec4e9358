"""The limits within which one source is read (design.md §4): every number stands here."""

from __future__ import annotations

from dataclasses import dataclass

from kpis.errors import SourceError

READ_SECONDS = 60.0
"""Seconds in which one file, or one folder of CSV files, must have been read."""
MEMORY_BYTES = 1 << 30
"""Bytes of memory of the process that reads files."""
MAX_CELLS = 2_000_000
"""Filled cells of all tabs that are read."""
MAX_COLUMNS = 500
"""Columns beyond this one are not read: one stray cell far to the right would make every row that wide."""
MAX_MERGED_RANGES = 50_000
"""Merged ranges of all tabs that are read."""
MAX_ROWS = 1_048_576
"""The last row that Excel itself has."""
MAX_RESPONSE_BYTES = 64 << 20
"""Bytes of one response of Google, unpacked: some hundred thousand full rows."""
MAX_JSON_DEPTH = 40
"""Levels of arrays and objects in a response of Google; a spreadsheet has about ten."""


class TooMuchError(Exception):
    """A source holds more than is read; `text` is a catalogue key with {file} and {limit} in it."""

    def __init__(self, text: str, limit: int) -> None:
        self.text, self.limit = text, limit
        super().__init__(text)


class TooCostlyError(SourceError):
    """A file takes more time or memory to parse than is allowed."""


@dataclass
class ContentCounter:
    """Counts what one source holds; TooMuchError at the first count beyond a limit."""

    cells: int = 0
    merged_ranges: int = 0

    def add_cells(self, count: int) -> None:
        """Count filled cells."""
        self.cells += count
        if self.cells > MAX_CELLS:
            raise TooMuchError(
                "{file} holds more than {limit} filled cells in the tabs that are read. Move part of the "
                "rows to a new file that the sources file names too; they count there.",
                MAX_CELLS,
            )

    def add_merged_range(self) -> None:
        """Count one merged range."""
        self.merged_ranges += 1
        if self.merged_ranges > MAX_MERGED_RANGES:
            raise TooMuchError(
                "{file} has more than {limit} merged ranges of cells in the tabs that are read. Select "
                "everything there, unmerge the cells, and save the file.",
                MAX_MERGED_RANGES,
            )
