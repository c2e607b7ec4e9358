"""Which sheets are answered in a pass, and in which order: what was read is compared, what differs is owed.

A sheet that was just read is compared with what was read, which costs no request. One that was not is looked
at when something other than running totals has changed. What a pass cannot afford waits for the next one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kpis.checks.check import check
from kpis.errors import UsageError
from kpis.feedback.google import memory as kept
from kpis.feedback.google import messages
from kpis.feedback.google.memory import Answered, Owed
from kpis.feedback.google.turns import in_turn
from kpis.feedback.status_text import MEND, Totals, verdict
from kpis.language import clock
from kpis.register.model import Register
from kpis.sheet.model import CheckedRow, Source
from kpis.store import sql
from kpis.store.database import Database
from kpis.sync.cross_source_duplicates import as_recorded
from kpis.sync.reading import Reading
from kpis.sync.result import Message
from kpis.sync.state import SourceState, read_states

if TYPE_CHECKING:
    from kpis.feedback.google.write import Answer, Seen
    from kpis.sources.google.poll import GooglePass

RowTotals = Callable[[Database, str, Iterable[date], date], Totals]
"""The totals of a plan's targets in the periods of some days, as of a day (`measures.row_totals`)."""

_LASTING = frozenset({"read_only", "protected", "scope", "storage", "policy", "api_disabled"})


def wanted(environ: Mapping[str, str]) -> bool:
    """Whether verdicts are written into Google Sheets: unless KPIS_GOOGLE_FEEDBACK is off."""
    said = environ.get("KPIS_GOOGLE_FEEDBACK") or "on"
    if said.strip().lower() not in {"on", "off"}:
        raise UsageError("KPIS_GOOGLE_FEEDBACK is “{text}”. Use on or off.", text=said)
    return said.strip().lower() == "on"


class Sight:
    """What the reads of one pass showed of the column `Phản hồi`, by source."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}

    def taken(self, source: Source, reading: Reading) -> None:
        """A Google Sheet was read well: its rows as they stand, and what stands beside them."""
        # gspread is slow to import, and many have no Google Sheet at all.
        from kpis.feedback.google.write import seen

        self._seen[source.id] = seen(reading.raw, reading.checked.rows).light()

    def of(self, source: str) -> Seen | None:
        """What was seen of a source; None where it was not read in this pass."""
        return self._seen.get(source)


def answer_sheets(
    sources: Iterable[Source],
    sight: Sight,
    pointer: Path,
    register: Register,
    now: datetime,
    google: GooglePass,
    row_totals: RowTotals,
    *,
    by_hand: bool,
) -> dict[str, tuple[Message, ...]]:
    """Write verdicts into Google Sheets (`sources`: those whose last read was good); what to tell of each.

    `google` is the pass that has just read them, `sight` what it saw. A sheet that cannot be written in fails
    nothing. `by_hand`: somebody waits for this sync, so what shut us out is tried again at once.
    """
    database = Database.open(pointer)
    if database is None:
        return {}
    with closing(database):
        answering = _Answering(database, register, now, google, pointer, row_totals)
        known = [source for source in sources if source.id in answering.states]
        for source in known:
            answering.compare(source, sight.of(source.id))
        answering.answer_in_turn(known, by_hand=by_hand)
        return {source.id: tuple(messages.told(answering.memory[source.id])) for source in known}


class _Answering:
    """One pass over the sheets; totals are asked for once a plan, and only where they are needed."""

    def __init__(
        self,
        database: Database,
        register: Register,
        now: datetime,
        google: GooglePass,
        pointer: Path,
        row_totals: RowTotals,
    ) -> None:
        self.states = read_states(database)
        self.memory = kept.load(kept.memory_path(pointer))
        self._path = kept.memory_path(pointer)
        self._database, self._register, self._now, self._google = database, register, now, google
        self._today, self._row_totals = clock.today(now), row_totals
        self._totals: dict[str, Totals] = {}
        self._days: dict[str, list[date]] | None = None

    def compare(self, source: Source, seen: Seen | None) -> None:
        """Say what a source is owed, from what was read of it or from what has changed since."""
        fingerprint = _fingerprint(source, self.states[source.id])
        before = self.memory.get(source.id, Answered())
        if seen is None:
            same = before.fingerprint == fingerprint
            after = before if same else replace(before, fingerprint=fingerprint, owed=before.owed or "look")
        else:
            after = replace(
                before,
                fingerprint=fingerprint,
                arrangement=seen.arrangement,
                without_column=seen.without_column,
                owed=self._differs(source, seen, before),
                # Whoever edits a sheet may have let us in.
                refused=before.refused and self._google.reasons.get(source.id) not in ("changed", "new"),
            )
        after = replace(after, since=before.since or self._now) if after.owed else after.settled()
        self.memory[source.id] = after

    def answer_in_turn(self, sources: Iterable[Source], *, by_hand: bool) -> None:
        """Answer what is owed, as far as the budget goes: rows first, totals and looks after the oldest."""
        from kpis.sources.google.poll import ANSWER

        left = self._google.left()
        self._save()
        by_name = {source.id: source for source in sources}
        for name in in_turn(by_name, self.memory, self._now, by_hand=by_hand):
            source = by_name[name]
            if left is not None and left < ANSWER:
                break
            found = self._answer(source)
            self._remember(source, found)
            self._save()
            left = None if left is None else left - found.looks
            # What meets every sheet alike would meet the next one too.
            kind = getattr(found.problem, "kind", None)
            if kind == "quota" or getattr(found.problem, "everywhere", False):
                break

    def _differs(self, source: Source, seen: Seen, before: Answered) -> Owed | None:
        """What differs between the verdicts of a sheet's rows and what stood beside them when it was read.

        Running totals alone, of rows that are as they were, are written once a night: each write of ours may
        cost another read, and somebody's figures move all day.
        """
        from kpis.sources.google.poll import last_night

        differing = [
            (tab.standing[number], text)
            for tab, changed in seen.differing(lambda row: self._verdict(source, row))
            for number, text in changed.items()
        ]
        if not differing:
            return None
        same = seen.arrangement == before.arrangement
        if not same or not all(only_totals(stood, text) for stood, text in differing):
            return "rows"
        tonight = before.tried_at is not None and before.tried_at >= last_night(self._now)
        return None if tonight and before.owed is None else "totals"

    def _verdict(self, source: Source, row: CheckedRow) -> str:
        return verdict(row, self._register, self._totals_of(source.plan))

    def _answer(self, source: Source) -> Answer:
        from kpis.feedback.google.write import answer

        rows = self._database.rows(sql.load("kpis.feedback.google", "row_hashes"), {"source": source.id})
        elsewhere = as_recorded(self._database, source.id)
        return answer(
            source,
            self._google.client,
            self._now,
            judge=lambda raw: check(raw, source.plan, self._register, self._today, elsewhere=elsewhere),
            recorded={cast(int, row["row_hash"]) for row in rows},
            text=lambda row: self._verdict(source, row),
            known=self._google.tabs(source),
            writing=lambda: self._write_begins(source),
            modified=lambda: self._google.modified(source),
        )

    def _write_begins(self, source: Source) -> None:
        """From now until a look has found all well, the sheet is owed one, whatever becomes of this run."""
        self.memory[source.id] = replace(self.memory[source.id], owed="rows")
        self._save()

    def _remember(self, source: Source, found: Answer) -> None:
        one = replace(self.memory[source.id], tried_at=self._now, without_column=found.without_column)
        if found.problem is not None:
            lasting = getattr(found.problem, "kind", None) in _LASTING
            one = replace(one, refused=lasting, problem=messages.problem(found.problem).to_json())
        elif found.settled:
            one = one.settled()
        else:
            one = replace(one, refused=False, problem=None)
        if found.written:
            # Only where the last look found what the database holds is there nothing more to read.
            known = found.settled and found.problem is None and found.arrangement == one.arrangement
            self._google.wrote(source, found.modified if known else None)
        self.memory[source.id] = one

    def _totals_of(self, plan: str) -> Totals:
        if plan not in self._totals:
            days = self._days_by_plan().get(plan, ())
            self._totals[plan] = self._row_totals(self._database, plan, days, self._today)
        return self._totals[plan]

    def _days_by_plan(self) -> dict[str, list[date]]:
        """A day of each year in which a plan's sheets have entries."""
        if self._days is None:
            self._days = {}
            for row in self._database.rows(sql.load("kpis.feedback.google", "row_targets"), {}):
                if state := self.states.get(cast(str, row["source"])):
                    day = date(cast(int, row["year"]), 1, 1)
                    self._days.setdefault(state.plan, []).append(day)
        return self._days

    def _save(self) -> None:
        kept.save(self._path, self.memory)


def _fingerprint(source: Source, state: SourceState) -> str:
    told = f"{source.location} {state.content_hash} {state.judged_by} {state.falls_due_on}"
    return blake2b(told.encode(), digest_size=16).hexdigest()


_FIGURES = re.compile(r"[\d.,/]+")


def only_totals(stood: str, text: str) -> bool:
    """Whether two verdicts differ in how far a target has come, and in nothing that the row itself says."""
    both = stood and text and not (stood.startswith(MEND) or text.startswith(MEND))
    return bool(both) and _FIGURES.sub("", stood) == _FIGURES.sub("", text)
