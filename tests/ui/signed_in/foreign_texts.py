"""The texts of the database that a scope does not have, to be searched for in what a person receives."""

from __future__ import annotations

from pathlib import Path

from kpis.measures.attainment_rows import STATUSES
from kpis.store.database import Database
from kpis.store.scopes.scope import Scope

PLACES = {
    "ha-noi": "Hà Nội", "dong-thap": "Đồng Tháp", "thai-nguyen": "Thái Nguyên", "tuyen-quang": "Tuyên Quang",
    "bac-kan": "Bắc Kạn",
}  # fmt: skip
_LONG_ENOUGH = 14
"""Texts shorter than this are words that everybody's plan may have."""


def list_texts(database: Database, tables: tuple[str, ...]) -> set[str]:
    """Return every text of the tables, as a page would write it."""
    rows = [row for table in tables for row in database.fetch_rows(f"select * from {table}")]  # noqa: S608
    return {value.strip() for row in rows for value in row.values() if isinstance(value, str)}


def list_foreign_texts(pointer: Path, scope: Scope, tables: tuple[str, ...]) -> set[str]:
    """Return the texts of the whole database that a scope does not have; statuses are words of the style sheet."""
    database = Database.open(pointer)
    assert database is not None
    visible = list_texts(database.for_scope(scope), tables)
    visible_text = "\n".join(visible)
    foreign = {
        text
        for text in list_texts(database, tables) - visible - {*map(str, STATUSES)}
        if len(text) >= _LONG_ENOUGH and text not in visible_text
    }
    assert foreign
    return foreign


def find_foreign(text: str, foreign: set[str]) -> list[str]:
    """Return the foreign texts that stand in a text.

    The same pieces of pages come again and again: each piece up to the next tag is searched once.
    """
    pieces = "<".join(dict.fromkeys(text.split("<")))
    return sorted(word for word in foreign if word in (text if "<" in word else pieces))
