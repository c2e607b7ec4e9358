"""One record of the feedback state per Google Sheet, in a small JSON file beside the database.

If the file is missing or damaged, the only cost is one extra read of each sheet.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from kpis.store.files import write_best_effort

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
    return pointer.with_name(f"{pointer.stem}-answers.json")


def load_records(path: Path) -> dict[str, FeedbackRecord]:
    """Return the records by source, {} if the file is missing or invalid."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {str(source_id): _from_json(data) for source_id, data in content.items()}
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return {}


def save_records(path: Path, records: Mapping[str, FeedbackRecord]) -> None:
    """Write the records; an unwritable file is ignored."""
    data = {source_id: asdict(record) for source_id, record in records.items()}
    text = json.dumps(data, default=datetime.isoformat)
    with suppress(OSError):  # lost records only cost one read of each sheet
        write_best_effort(path, text)


def _from_json(data: dict[str, Any]) -> FeedbackRecord:
    names = ("since", "tried_at", "displaced_at")
    moments = {name: data.get(name) and datetime.fromisoformat(data[name]) for name in names}
    tabs = tuple(str(tab) for tab in data["without_column"])
    return FeedbackRecord(**{**data, **moments, "without_column": tabs})
