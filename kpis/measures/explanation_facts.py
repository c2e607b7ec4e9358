"""What a version of the database and the ledger hold about explanations, for one question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, cast

from kpis.measures.query import KNOWN_NOW, load_query, run_query
from kpis.measures.question import Question
from kpis.requests.ledger import read_requests
from kpis.requests.model import Standing
from kpis.store.database import Database

SheetState = Literal["written", "deleted", "unsent"]


class ExplanationFacts:
    """What a scope sees of them.

    `requests`: those of the ledger by id; `rows_by_request`: the rows of sheets that answer each; `typed_rows`: rows
    without a request. `entries`: titles and end of targets and tasks by id. `seen_plans`: the plans of the scope.
    """

    def __init__(self, db: Database, question: Question) -> None:
        self._as_of, self._known_at = question.as_of, question.known_at
        known_at = question.known_at or KNOWN_NOW
        params = {**question.to_parameters(), "known_at": known_at}
        successors = run_query(db, load_query("kpis.measures", "agencies_that_answer"), params)
        self._successors = {(str(row["plan"]), str(row["agency"])): str(row["successor"]) for row in successors}
        self.requests = read_requests(db.pointer, db.scope)
        rows = run_query(db, load_query("kpis.measures", "explanation_rows"), params)
        self.rows_by_request: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        self.typed_rows: list[Mapping[str, Any]] = []
        for row in rows:
            if row["request"] in self.requests:
                self.rows_by_request[str(row["request"])].append(row)
            else:
                self.typed_rows.append(row)
        entries = run_query(db, load_query("kpis.measures", "entry_ends"), params)
        self.entries: dict[str, Mapping[str, Any]] = {str(row["entry"]): row for row in entries}
        self.seen_plans = {str(row["plan"]) for row in run_query(db, load_query("kpis.measures", "seen_plans"), params)}
        in_sheets = run_query(db.unscoped, load_query("kpis.measures", "requests_in_sheets"), params)
        tabs = run_query(db.unscoped, load_query("kpis.measures", "tabs_read"), params)
        self._read_at = {str(row["source"]): cast(datetime, row["last_good_at"]) for row in tabs}
        self._stands = {str(row["request"]): bool(row["stands"]) for row in in_sheets}

    def find_answering_agency(self, plan: str, agency: str) -> str:
        """Return who answers for an agency: itself, or its successor."""
        return self._successors.get((plan, agency), agency)

    def has_ended(self, entry: str | None) -> bool:
        """True if a target or task is no longer in force on the day, or never was; False for None."""
        if entry is None:
            return False
        found_entry = self.entries.get(entry)
        if found_entry is None:
            return True
        return found_entry["ended_on"] is not None and found_entry["ended_on"] <= self._as_of

    def find_sheet_state(self, request: str, standing: Standing) -> SheetState:
        """Return whether the question of a request stands in its sheet."""
        stands = self._stands.get(request)
        if stands is None:
            if not standing.is_written:
                return "unsent"
            read_at = self._read_at.get(standing.source or "")
            # Removed before it was ever read with the others.
            is_gone = read_at is not None and standing.written_at is not None and read_at > standing.written_at
            return "deleted" if is_gone and self._known_at is None else "written"
        if stands:
            return "written"
        return "deleted" if standing.is_written else "unsent"
