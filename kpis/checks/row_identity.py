"""What a row is known by: its content, not its place (design.md §4 History, duplicate_row).

The key of a row is what its cells were read as (day, agency, target, numbers), or their folded text where
they could not be read, in a fixed order of fields: the same in any order of rows, columns and tabs.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from kpis.language.normalization import fold_cleaned
from kpis.sheet.model import Cell

_SEPARATOR = "\0"  # a control character: no cleaned text holds it


def make_unread_key(text: str) -> str:
    """The part of a key for a cell that could not be read: never equal to one that could."""
    return f"?{fold_cleaned(text)}" if text else ""


def make_text_key(cells: Sequence[Cell]) -> str:
    """The part of a key for cells of plain text, folded in one go since most of them come only once."""
    return fold_cleaned(_SEPARATOR.join([cell.text for cell in cells]))


class RowIdentities:
    """Counts equal rows of one tab as they come."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._counts: dict[bytes, tuple[int, int]] = {}

    def identify(self, parts: Sequence[str], number: int) -> RowIdentity:
        """The identity of the row `number`, whose key has these parts."""
        digest = blake2b(_SEPARATOR.join((self._kind, *parts)).encode(), digest_size=16).digest()
        count, first = self._counts.get(digest, (0, number))
        self._counts[digest] = (count + 1, first)
        return RowIdentity(digest, count, first)


class RowIdentity(NamedTuple):
    """One row among its equals: `earlier` of them came before it, the first in the row `first`."""

    digest: bytes
    earlier_count: int
    first_row: int

    def hash_accepted(self) -> int:
        """The 64-bit hash of an accepted row; there is one at most among equals."""
        return int.from_bytes(self.digest[:8], "big")

    def hash_rejected(self) -> int:
        """The 64-bit hash of a rejected row: its content and its count among equals."""
        counted = self.digest + self.earlier_count.to_bytes(4, "big")
        return int.from_bytes(blake2b(counted, digest_size=8).digest(), "big")
