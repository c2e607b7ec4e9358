"""One record of the feedback state per Google Sheet, in a small JSON file beside the database.

If the file is missing or damaged, the only cost is one extra read of each sheet. An old one is worse: it may say that a
sheet is up to date to which another machine wrote since. So with a lake every machine writes into a shared table too,
and the file is what was brought from there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from kpis.errors import StoreError
from kpis.store.files import write_best_effort
from kpis.store.lake.address import LakeAddress
from kpis.store.paths import DatabasePaths

PendingWork = Literal["rows", "totals", "look"]
"""What a sheet waits for: feedback on its rows ("rows"), new running totals alone ("totals"), or a read to
find out, because something else has changed ("look")."""


@dataclass(frozen=True)
class FeedbackRecord:
    """The feedback state of one source.

    `fingerprint` covers all that its feedback depends on except running totals, `positions_hash` the places
    of its rows at the last good read. `pending` has waited since `since`. `tried_at` is the last attempt to
    write; `refused` means that it failed for a reason that only people can fix. `problem` is the message
    shown until then, as JSON. `without_column` names the tabs that have no feedback column.
    `displacement` is the message on cells that are not ours and were put back, or may be lost, at `displaced_at`.
    """

    fingerprint: str = ""
    positions_hash: str = ""
    pending: PendingWork | None = "look"
    since: datetime | None = None
    tried_at: datetime | None = None
    refused: bool = False
    problem: Mapping[str, Any] | None = None
    without_column: tuple[str, ...] = ()
    displacement: Mapping[str, Any] | None = None
    displaced_at: datetime | None = None

    def with_nothing_pending(self) -> FeedbackRecord:
        """Return a copy with all feedback up to date."""
        return replace(self, pending=None, since=None, refused=False, problem=None)


def get_records_path(pointer: Path) -> Path:
    """Return the path of the records of the database behind `pointer`: kpis.json -> kpis-answers.json."""
    return DatabasePaths(pointer).answers


def load_records(path: Path) -> dict[str, FeedbackRecord]:
    """Return the records by source, {} if the file is missing or invalid."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {str(source_id): _from_json(data) for source_id, data in content.items()}
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return {}


def save_records(path: Path, records: Mapping[str, FeedbackRecord]) -> None:
    """Write the records; an unwritable file is ignored."""
    with suppress(OSError):  # lost records only cost one read of each sheet
        write_best_effort(path, _format_records(records))


class RecordBook:
    """The records of an installation; with a lake its machines share them; for the holder of the sync's lock."""

    def __init__(self, pointer: Path, lake: LakeAddress | None) -> None:
        self._pointer, self._lake = pointer, lake
        self._saved_text: str | None = None

    def load(self) -> dict[str, FeedbackRecord]:
        """Return the records by source."""
        if self._lake is not None:
            # What a lake needs is slow to import, and many installations have none.
            from kpis.store.lake.shared_state import bring_shared_state

            with suppress(StoreError):  # what is here costs a read at worst, and whoever follows the lake says why
                bring_shared_state(self._lake, DatabasePaths(self._pointer))
        return load_records(get_records_path(self._pointer))

    def save(self, records: Mapping[str, FeedbackRecord]) -> None:
        """Write the records, unless they are as written last."""
        text = _format_records(records)
        if text == self._saved_text:
            return
        save_records(get_records_path(self._pointer), records)
        if self._lake is not None:
            from kpis.store.lake.shared_log import replace_shared_lines

            try:
                replace_shared_lines(self._lake, "answers", [text.encode()])
            except StoreError:  # it is tried again with the next sheet
                self._saved_text = None
                return
        self._saved_text = text


def _format_records(records: Mapping[str, FeedbackRecord]) -> str:
    data = {source_id: asdict(record) for source_id, record in records.items()}
    return json.dumps(data, default=datetime.isoformat)


def _from_json(data: dict[str, Any]) -> FeedbackRecord:
    names = ("since", "tried_at", "displaced_at")
    moments = {name: data.get(name) and datetime.fromisoformat(data[name]) for name in names}
    tabs = tuple(str(tab) for tab in data["without_column"])
    return FeedbackRecord(**{**data, **moments, "without_column": tabs})
