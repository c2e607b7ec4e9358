"""The tables of a page as data: while a page is drawn for a download, each named table leaves its rows here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from kpis.pack.xlsx.tab import CellValue

TableKey = tuple[str, str, str]
"""Name, and the target and the source that the table is about ("" if it is about none)."""


@dataclass(frozen=True)
class CollectedTable:
    """A table as a workbook holds it."""

    title: str
    titles: tuple[str, ...]
    rows: Sequence[Sequence[CellValue]]


_collected: ContextVar[dict[TableKey, CollectedTable] | None] = ContextVar("kpis_collected_tables", default=None)


@contextmanager
def collect_tables() -> Iterator[Mapping[TableKey, CollectedTable]]:
    """Collect the named tables that are drawn in the block."""
    tables: dict[TableKey, CollectedTable] = {}
    token = _collected.set(tables)
    try:
        yield tables
    finally:
        _collected.reset(token)


def is_collecting() -> bool:
    """True while a page is drawn for a download: its tables have every row, and no kept page will do."""
    return _collected.get() is not None


def add_table(key: TableKey, build: Callable[[], CollectedTable]) -> None:
    """Keep a table, if tables are collected; `build` is not called else."""
    tables = _collected.get()
    if tables is not None:
        tables[key] = build()
