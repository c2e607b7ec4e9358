"""The identity of a row: its content, not its position (design.md §4 History, duplicate_row).

A row's key joins the values read from its cells (day, agency, target, numbers), or the folded text of cells
that could not be read, in a fixed order of fields. The order of rows, columns and tabs does not change it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple

from kpis.checks.evidence import build_evidence_key
from kpis.language.normalization import fold_cleaned

_SEPARATOR = "\0"  # a control character, which cleaned text never contains


def make_unread_key(text: str) -> str:
    """Return the key part of a cell that could not be read; it never equals that of one that could."""
    return f"?{fold_cleaned(text)}" if text else ""


def make_text_key(texts: Iterable[str]) -> str:
    """Return the key part of the texts of plain cells, folded together because most occur only once."""
    return fold_cleaned(_SEPARATOR.join(texts))


def to_comparable_evidence(text: str) -> str:
    """Return the text of evidence that is compared: files by id, document numbers folded."""
    return build_evidence_key(text) if "/" in text else text


class RowIdentities:
    """Counts equal rows of all tabs of one kind, in the order of the sheet."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._counts: dict[bytes, tuple[int, int, str]] = {}

    def identify(self, parts: Sequence[str], number: int, tab: str = "") -> RowIdentity:
        """Return the identity of row `number` of a tab, whose key has these parts."""
        digest = blake2b(_SEPARATOR.join((self._kind, *parts)).encode(), digest_size=16).digest()
        count, first, first_tab = self._counts.get(digest, (0, number, tab))
        self._counts[digest] = (count + 1, first, first_tab)
        return RowIdentity(digest, count, first, first_tab)


class RowIdentity(NamedTuple):
    """A row's content hash; `earlier_count` equal rows precede it, first `first_row` of `first_tab`."""

    digest: bytes
    earlier_count: int
    first_row: int
    first_tab: str = ""

    def hash_accepted(self) -> int:
        """Return the 64-bit hash of an accepted row; at most one of equal rows is accepted."""
        return int.from_bytes(self.digest[:8], "big")

    def hash_rejected(self) -> int:
        """Return the 64-bit hash of a rejected row, of its content and `earlier_count`."""
        content = self.digest + self.earlier_count.to_bytes(4, "big")
        return int.from_bytes(blake2b(content, digest_size=8).digest(), "big")
