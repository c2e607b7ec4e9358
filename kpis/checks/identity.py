"""What a row is known by: its content, not its place (design.md §4 History, duplicate_row).

The key of a row is what its cells were read as (day, agency, target, numbers), or their folded text where
they could not be read, in a fixed order of fields: the same in any order of rows, columns and tabs.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from kpis.language.normalization import fold_clean
from kpis.sheet.model import Cell

_BETWEEN = "\0"  # a control character: no cleaned text holds it


def unread(text: str) -> str:
    """The part of a key for a cell that could not be read: never equal to one that could."""
    return f"?{fold_clean(text)}" if text else ""


def folded(cells: Sequence[Cell]) -> str:
    """The part of a key for cells of plain text, folded in one go since most of them come only once."""
    return fold_clean(_BETWEEN.join([cell.text for cell in cells]))


class Identities:
    """Counts equal rows of one tab as they come."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._seen: dict[bytes, tuple[int, int]] = {}

    def next(self, parts: Sequence[str], number: int) -> Identity:
        """The identity of the row `number`, whose key has these parts."""
        digest = blake2b(_BETWEEN.join((self._kind, *parts)).encode(), digest_size=16).digest()
        count, first = self._seen.get(digest, (0, number))
        self._seen[digest] = (count + 1, first)
        return Identity(digest, count, first)


class Identity(NamedTuple):
    """One row among its equals: `earlier` of them came before it, the first in the row `first`."""

    digest: bytes
    earlier: int
    first: int

    def accepted(self) -> int:
        """The 64-bit hash of an accepted row; there is one at most among equals."""
        return int.from_bytes(self.digest[:8], "big")

    def rejected(self) -> int:
        """The 64-bit hash of a rejected row: its content and its count among equals."""
        counted = self.digest + self.earlier.to_bytes(4, "big")
        return int.from_bytes(blake2b(counted, digest_size=8).digest(), "big")
