"""Rows to fix: every current rejection and warning, with its sentence (design.md §4)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Literal, TypedDict, cast

from kpis.checks.finding_messages import format_sentence, format_set_aside_sentence
from kpis.language.messages import Language
from kpis.measures.query import DatabaseReader, QueryRow, fetch_current_rows
from kpis.store import positions

FindingKind = Literal["rejection", "warning"]


class Finding(TypedDict):
    """One code for one row: the columns of design.md §6, then columns that only the pages use.

    `column` is the sheet's own header, else the letter of the cell, else None (the column is missing).
    `recorded_at` is when it was first read (naive UTC).
    """

    source: str
    tab: str
    row: int
    column: str | None
    code: str
    value: str | None
    message: str
    cell: str | None
    plan: str
    agency: str | None
    target: str | None
    outcome: FindingKind
    recorded_at: datetime


FINDING_COLUMNS = ("source", "tab", "row", "column", "code", "value", "message")
"""The stable columns of `rejections` and `warnings` (design.md §6), in order."""


def list_rejections(
    db: DatabaseReader,
    lang: Language,
    plan: str | None = None,
    agency: str | None = None,
    pointer: Path | None = None,
    as_of: date | None = None,
) -> list[Finding]:
    """Return one finding per rejected row and code. With `pointer`, row numbers follow moved rows.

    With `as_of` those of the agencies for which `agency` stands on that day are among them.
    """
    return _list_findings(db, "rejection", lang, plan, agency, pointer, as_of)


def list_warnings(
    db: DatabaseReader,
    lang: Language,
    plan: str | None = None,
    agency: str | None = None,
    pointer: Path | None = None,
    as_of: date | None = None,
) -> list[Finding]:
    """Return one finding per accepted row and warning; see `list_rejections`."""
    return _list_findings(db, "warning", lang, plan, agency, pointer, as_of)


class SetAsideRowRecord(TypedDict):
    """One row that is no data; `reason` is one of `SET_ASIDE_REASONS`, `recorded_at` naive UTC."""

    source: str
    plan: str
    tab: str
    row: int
    reason: str
    value: str | None
    message: str
    recorded_at: datetime


def list_set_aside_rows(
    db: DatabaseReader, lang: Language, plan: str | None = None, pointer: Path | None = None
) -> list[SetAsideRowRecord]:
    """Return the current rows that are no data. With `pointer`, row numbers follow moved rows."""
    rows: Sequence[QueryRow] = fetch_current_rows(db, "kpis.measures", "set_aside_rows", {"plan": plan})
    if pointer is not None:
        rows = positions.apply_moved_positions(pointer, rows)
    records = [
        {
            **row,
            "reason": row["code"],
            "message": format_set_aside_sentence(str(row["code"]), lang, str(row["tab"])),
        }
        for row in rows
    ]
    return [
        cast(SetAsideRowRecord, {name: record[name] for name in SetAsideRowRecord.__annotations__})
        for record in records
    ]


def _list_findings(
    db: DatabaseReader,
    kind: FindingKind,
    lang: Language,
    plan: str | None,
    agency: str | None,
    pointer: Path | None,
    as_of: date | None,
) -> list[Finding]:
    params = {"plan": plan, "agency": agency, "as_of": as_of}
    rows: Sequence[QueryRow] = fetch_current_rows(db, "kpis.measures", "findings", params, table=f"{kind}s")
    if pointer is not None:
        rows = positions.apply_moved_positions(pointer, rows)
    return [_build_finding(row, kind, lang) for row in rows]


def _build_finding(row: Mapping[str, object], kind: FindingKind, lang: Language) -> Finding:
    cell, header, value = (cast("str | None", row[name]) for name in ("cell", "header", "value"))
    detail: dict[str, str | int] = json.loads(str(row["detail"] or "{}"))
    finding = {
        **row,
        "outcome": kind,
        "column": header or (cell and cell.rstrip("0123456789")) or None,
        "message": format_sentence(str(row["code"]), lang, cell, header, value, detail),
    }
    return cast(Finding, {name: finding[name] for name in Finding.__annotations__})
