"""Answering in Google Sheets after a sync: each row's verdict, of what was published (design.md §4).

Imports what is below it, down to `measures`, which knows the totals. What was answered is remembered beside
the database by a fingerprint of all that verdicts depend on, so that a sheet is looked at again only when its
rows, the plan's totals or the rules changed. Losing that memory costs one look at each sheet.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kpis.errors import UsageError
from kpis.language import clock
from kpis.measures.row_totals import row_totals
from kpis.register.model import Register
from kpis.sheets.check import check
from kpis.sheets.feedback_text import Totals, verdict
from kpis.sheets.model import Source
from kpis.store import sql
from kpis.store.database import Database
from kpis.sync.result import Message, SourceResult
from kpis.sync.state import SourceState, read_states

if TYPE_CHECKING:
    from kpis.sheets.google.feedback import Answer
    from kpis.sheets.google.poll import GooglePass

NO_COLUMN = (
    "The tab “{tab}” has no column “Phản hồi”, so no verdicts are written in it. Add the header, or run "
    "prepare-sheet."
)
_LASTING = frozenset({"read_only", "protected", "scope"})


def wanted(environ: Mapping[str, str]) -> bool:
    """Whether verdicts are written into Google Sheets: unless KPIS_GOOGLE_FEEDBACK is off."""
    said = environ.get("KPIS_GOOGLE_FEEDBACK") or "on"
    if said.strip().lower() not in {"on", "off"}:
        raise UsageError("KPIS_GOOGLE_FEEDBACK is “{text}”. Use on or off.", text=said)
    return said.strip().lower() == "on"


@dataclass(frozen=True)
class Answered:
    """What is remembered of one source; not `whole` where something kept us from writing all of it."""

    fingerprint: str
    whole: bool


def answer_sheets(
    sources: Iterable[Source],
    results: Iterable[SourceResult],
    pointer: Path,
    register: Register,
    now: datetime,
    google: GooglePass,
) -> dict[str, tuple[Message, ...]]:
    """Write verdicts into the Google Sheets whose last read was good; by source what is to be told about it.

    `google` is the pass that has just read them. A sheet that cannot be written in fails nothing.
    """
    good = {result.id for result in results if result.outcome in {"changed", "unchanged"}}
    database = Database.open(pointer)
    if database is None:
        return {}
    path = pointer.with_name(f"{pointer.stem}-answers.json")
    memory = _load(path)
    told: dict[str, tuple[Message, ...]] = {}
    try:
        answering = _Answering(database, register, now, google)
        for source in sources:
            if source.kind == "google" and source.id in good and source.id in answering.states:
                told[source.id] = answering.answer(source, memory)
                _save(path, memory)
    finally:
        database.close()
    return {name: messages for name, messages in told.items() if messages}


class _Answering:
    """One pass over the sheets; totals are asked for once a plan."""

    def __init__(self, database: Database, register: Register, now: datetime, google: GooglePass) -> None:
        self.states = read_states(database)
        self._database, self._register, self._now, self._google = database, register, now, google
        self._today = clock.today(now)
        self._totals: dict[str, Totals] = {}
        self._figures: dict[str, list[tuple[str, date]]] = {}
        for row in database.rows(sql.load("kpis.measures", "row_targets"), {}):
            figure = (cast(str, row["target"]), date(cast(int, row["year"]), 1, 1))
            self._figures.setdefault(cast(str, row["source"]), []).append(figure)

    def answer(self, source: Source, memory: dict[str, Answered]) -> tuple[Message, ...]:
        """Answer one sheet unless nothing can differ from what was answered last."""
        # gspread is slow to import, and many have no Google Sheet at all.
        from kpis.sheets.google.feedback import answer

        fingerprint = self._fingerprint(source, self.states[source.id])
        before = memory.get(source.id)
        if before is not None and before.fingerprint == fingerprint and not self._again(source, before):
            return ()
        rows = self._database.rows(sql.load("kpis.measures", "row_hashes"), {"source": source.id})
        totals = self._totals_of(source.plan)
        found = answer(
            source,
            self._google.client,
            self._now,
            judge=lambda raw: check(raw, source.plan, self._register, self._today),
            recorded={cast(int, row["row_hash"]) for row in rows},
            text=lambda row: verdict(row, self._register, totals),
            known=self._google.tabs(source),
        )
        whole = not found.without_column and found.problem is None
        if whole or found.problem is None or getattr(found.problem, "kind", None) in _LASTING:
            memory[source.id] = Answered(fingerprint, whole)
        return tuple(_told(found))

    def _again(self, source: Source, before: Answered) -> bool:
        """Whether a sheet whose verdicts are the same needs a look: at night, or edited after a refusal."""
        reason = self._google.reasons.get(source.id)
        return reason == "nightly" or (reason is not None and not before.whole)

    def _fingerprint(self, source: Source, state: SourceState) -> str:
        totals = self._totals_of(source.plan)
        figures = [
            (target, str(day), totals(target, day)) for target, day in self._figures.get(source.id, ())
        ]
        told = f"{source.location} {state.content_hash} {state.judged_by} {figures}"
        return blake2b(told.encode(), digest_size=16).hexdigest()

    def _totals_of(self, plan: str) -> Totals:
        if plan not in self._totals:
            days = [
                day
                for name, figures in self._figures.items()
                if name in self.states and self.states[name].plan == plan
                for _, day in figures
            ]
            self._totals[plan] = row_totals(self._database, plan, days, self._today)
        return self._totals[plan]


def _told(found: Answer) -> Iterable[Message]:
    for tab in found.without_column:
        yield Message(NO_COLUMN, {"tab": tab})
    if found.problem is not None:
        yield Message.of(found.problem)


def _load(path: Path) -> dict[str, Answered]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): Answered(**one) for name, one in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _save(path: Path, memory: Mapping[str, Answered]) -> None:
    """Write it whole: a reader, or a crash in between, sees the old file or the new one."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    text = json.dumps({name: asdict(one) for name, one in memory.items()})
    with suppress(OSError):  # forgetting only costs a look at each sheet
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
