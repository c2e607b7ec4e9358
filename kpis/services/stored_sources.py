"""What the database holds of each source: a file that has not changed is skipped only where that is what it gave."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import astuple, dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path

from kpis.errors import KpisError
from kpis.register.model import Register
from kpis.sheet.model import Source
from kpis.sources.reader_version import READER_VERSION
from kpis.store import positions, sql
from kpis.store.database import Database
from kpis.sync.explanation_history import TAB_KIND, ExplanationState, read_explanation_states
from kpis.sync.reading import describe_basis
from kpis.sync.state import SourceState, read_states


@dataclass(frozen=True)
class StoredSource:
    """One source in the database. `contents` stands for the rows of all its tabs, and where those to fix are."""

    state: SourceState
    explanations: ExplanationState | None
    contents: str

    @property
    def is_of_this_reader(self) -> bool:
        """True if its rows are those that today's reader takes from a sheet."""
        return self.state.reader_version == READER_VERSION

    def is_judged(self, register: Register, today: date) -> bool:
        """True if register, rules and day have judged its rows already: else a sheet is read for where they are."""
        basis = describe_basis(register, self.state.plan, today)
        explained = self.explanations
        if self.state.needs_recheck(basis, today):
            return False
        if explained is None:
            return True
        is_due = explained.falls_due_on is not None and explained.falls_due_on <= today
        return not is_due and explained.judged_by == basis


def read_stored_sources(pointer: Path, sources: Iterable[Source]) -> dict[str, StoredSource]:
    """Return each source whose plan is still the same, by id; none if the database cannot be read."""
    try:
        database = Database.open(pointer)
    except KpisError:  # the sync reports it
        return {}
    if database is None:
        return {}
    with closing(database):
        states, explanations = read_states(database), read_explanation_states(database)
        rows = database.fetch_rows(sql.load("kpis.sync", "explanation_contents"), {"tab_kind": TAB_KIND})
        explained = {str(row["source"]): (row["rows"], row["contents"]) for row in rows}
        moved = positions.read(pointer)
    plans = {source.id: source.plan for source in sources}
    return {
        name: StoredSource(
            state,
            explanations.get(name),
            _hash([state.content_hash, state.tasks_seen, explained.get(name), _list_positions(moved.get(name, {}))]),
        )
        for name, state in states.items()
        if plans.get(name) == state.plan
    }


def _list_positions(moved: Mapping[positions.FindingKey, positions.Position]) -> list[tuple[str, ...]]:
    return sorted((*map(str, key), *map(str, astuple(position))) for key, position in moved.items())


def _hash(content: object) -> str:
    return blake2b(json.dumps(content).encode(), digest_size=16).hexdigest()
