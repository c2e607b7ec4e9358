"""Rows compressed in memory: of an edition of 34 provinces, only one province's are unpacked at a time."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class CompressedRows(Generic[T]):
    """A sequence of rows, unpacked at each iteration."""

    def __init__(self, rows: Iterable[T]) -> None:
        items = list(rows)
        self._count = len(items)
        self._bytes = zlib.compress(pickle.dumps(items), level=1)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        rows: list[T] = pickle.loads(zlib.decompress(self._bytes))  # noqa: S301 - dumped by ourselves, above
        return iter(rows)
