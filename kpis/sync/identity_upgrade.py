"""Row hashes of format 1, replaced by those of today (design.md §4 History).

Those of format 1 covered `Người nhập`, and links and document numbers as they were typed. A hash is replaced
only where the stored content gives exactly the old one; every time of a row stays. Rows that then share an
identity and are current together stay apart: the later one is retired by this sync.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pyarrow

from kpis.checks.plan_vocabulary import PlanVocabulary
from kpis.checks.progress_checker import ProgressChecker
from kpis.checks.row_identity import RowIdentities, RowIdentity, make_text_key, to_comparable_evidence
from kpis.register.model import Register
from kpis.sheet.cells import make_text_cell
from kpis.sheet.layout import find_layouts
from kpis.sheet.model import Field
from kpis.sheet.tab_headers import HEADERS, TAB_NAMES, find_tab_kind
from kpis.store import sql
from kpis.store.staged_version import StagedVersion
from kpis.sync.failures import OWN_FAULTS
from kpis.sync.raw_rows import rebuild_sheet
from kpis.sync.state import SourceState

NewHashes = Mapping[str, Mapping[int, int]]
"""By source, the new row hash by the former one."""

_log = logging.getLogger("kpis.sync")

_FORMATS = frozenset({"1"})
_ROW_TABLES, _FINDING_TABLES = ("entries",), ("warnings", "rejections")
_TEXT_FIELDS: tuple[Field, ...] = ("content", "evidence", "entered_by")


def is_identity_outdated(version_format: str | None) -> bool:
    """True if a version of this format identifies rows by who typed them and how evidence is spelled."""
    return version_format in _FORMATS


def rekey_rows(
    staging: StagedVersion, states: Mapping[str, SourceState], register: Register, at: datetime
) -> NewHashes:
    """Give every row of the history its new hash; retire at `at` the later of two equal current rows.

    Task reports never had a typist, so theirs stay. A row that provokes a fault keeps its hash: if its source is
    read with it, it is recorded again.
    """
    hashes: dict[str, dict[int, int]] = {name: {} for name in states}
    for state in states.values():
        with _log_faults(state.source):
            hashes[state.source] |= _map_raw_rows(staging, state, register, at)
    for row in staging.fetch_rows(sql.load("kpis.sync", "entries_to_rekey")):
        with _log_faults(str(row["source"])):
            former, new = _identify_entry(row)
            if former == row["row_hash"]:
                hashes.setdefault(str(row["source"]), {})[former] = new
    with staging.bind_table("rekeyed", _build_table(hashes)):
        for table in (*_ROW_TABLES, *_FINDING_TABLES):
            staging.execute(sql.load("kpis.sync", "rekey_rows", table=table))
    for table in _ROW_TABLES:
        staging.execute(sql.load("kpis.sync", "retire_repeated_rows", table=table), {"at": at})
    for table in _FINDING_TABLES:
        staging.execute(sql.load("kpis.sync", "retire_repeated_findings", table=table), {"at": at})
    return hashes


def recount_rows(staging: StagedVersion, states: Mapping[str, SourceState]) -> dict[str, SourceState]:
    """Return the states with the counts of the rows that are current now."""
    counts = {str(row["source"]): row for row in staging.fetch_rows(sql.load("kpis.sync", "current_counts"))}
    recounted = {}
    for name, state in states.items():
        row: Mapping[str, Any] = counts.get(name, {})
        accepted = row.get("accepted", 0)
        lost = state.accepted - accepted
        recounted[name] = replace(
            state, accepted=accepted, read=state.read - lost, warned=min(row.get("warned", 0), state.warned)
        )
    return recounted


@contextmanager
def _log_faults(source: str) -> Iterator[None]:
    """Log what the stored rows of one source provoke, so that it stops no other."""
    try:
        yield
    except OWN_FAULTS:
        raise
    except Exception as error:  # noqa: BLE001 - whatever one source provokes stops no other
        _log.warning("fault in the stored rows of %s", source, exc_info=error)


def _map_raw_rows(staging: StagedVersion, state: SourceState, register: Register, at: datetime) -> dict[int, int]:
    """Return the hashes of every row that a source ever held, as today's register reads its cells."""
    if state.plan not in register.plans:
        return {}
    rows = staging.fetch_rows(sql.load("kpis.sync", "raw_rows_to_rekey"), {"source": state.source})
    hashes: dict[int, int] = {}
    for former, new in _identify_raw_rows(rows, state, PlanVocabulary(register, state.plan, at.date())):
        hashes[former.hash_accepted()] = new.hash_accepted()
        hashes[former.hash_rejected()] = new.hash_rejected()
    return hashes


def _identify_raw_rows(
    rows: Iterable[Mapping[str, object]], state: SourceState, vocabulary: PlanVocabulary
) -> Iterator[tuple[RowIdentity, RowIdentity]]:
    fields = list(HEADERS["progress"])
    text_columns = [fields.index(name) for name in _TEXT_FIELDS]
    columns = {name: [index, HEADERS["progress"][name][0]] for index, name in enumerate(fields)}
    numbered = [
        {**row, "tab": TAB_NAMES["progress"], "row": number}
        for number, row in enumerate(rows, start=2)
        if find_tab_kind(str(row["tab"])) == "progress"
    ]
    layout = [{"tab": TAB_NAMES["progress"], "header_row": 1, "date1904": _has_date1904(state), "columns": columns}]
    sheet = rebuild_sheet(json.dumps(layout), numbered, state.last_good_at)
    (progress,) = find_layouts(sheet)
    checker, formers = ProgressChecker(progress, vocabulary), RowIdentities("progress")
    for raw_row in progress.iterate_rows():
        key = checker.read_key(raw_row)
        if key is not None:
            text_key = make_text_key(raw_row.cells[index].text for index in text_columns)
            former = formers.identify((*key[:-1], text_key), raw_row.number)
            new = RowIdentities("progress").identify(key, raw_row.number)
            yield former, new._replace(earlier_count=former.earlier_count)


def _has_date1904(state: SourceState) -> bool:
    tabs = json.loads(state.layout)
    return any(tab["date1904"] for tab in tabs if find_tab_kind(tab["tab"]) == "progress")


def _identify_entry(row: Mapping[str, Any]) -> tuple[int, int]:
    """Return the former and the new hash of an entry whose `Tổng số` was empty or is its denominator."""
    texts = [make_text_cell(row[name]).text if row[name] else "" for name in _TEXT_FIELDS]
    total = "" if row["denominator"] is None else str(row["denominator"])
    parts = (row["occurred_on"].isoformat(), row["agency"], row["target"], str(row["quantity"]), total)
    former, new = (
        RowIdentities("progress").identify((*parts, text_key), 0).hash_accepted()
        for text_key in (
            make_text_key(texts),
            make_text_key((texts[0], to_comparable_evidence(texts[1]), "")),
        )
    )
    return former, new


def _build_table(hashes: NewHashes) -> pyarrow.Table:
    rows = [
        (source, former, new) for source, pairs in hashes.items() for former, new in pairs.items()
        if former != new
    ]  # fmt: skip
    return pyarrow.table(
        {
            "source": pyarrow.array([row[0] for row in rows], pyarrow.string()),
            "old_hash": pyarrow.array([row[1] for row in rows], pyarrow.uint64()),
            "new_hash": pyarrow.array([row[2] for row in rows], pyarrow.uint64()),
        }
    )
