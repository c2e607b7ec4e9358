"""What is remembered of each sheet that is answered in: a small file beside the database, never needed.

Losing it, or a damaged one, costs one look at each sheet.
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
"""What a sheet waits for: verdicts of rows; running totals alone; a look, as something else has changed."""


@dataclass(frozen=True)
class FeedbackRecord:
    """How one source stands. `fingerprint` is of all that its verdicts depend on, running totals apart.

    `arrangement` is that of its rows at the last good read. `owed` since `since`; it was last answered, or
    that was tried, at `tried_at`; `refused` then for a reason that stays until people mend it. `problem` is
    the message that stands meanwhile, as JSON, and `without_column` names the tabs without our column.
    """

    fingerprint: str = ""
    positions_hash: str = ""
    pending: PendingWork | None = "look"
    since: datetime | None = None
    tried_at: datetime | None = None
    refused: bool = False
    problem: Mapping[str, Any] | None = None
    without_column: tuple[str, ...] = ()

    def with_nothing_pending(self) -> FeedbackRecord:
        """The same with every verdict where it belongs."""
        return replace(self, pending=None, since=None, refused=False, problem=None)


def get_records_path(pointer: Path) -> Path:
    """Where the memory of the database behind `pointer` lies: kpis.json -> kpis-answers.json."""
    return pointer.with_name(f"{pointer.stem}-answers.json")


def load_records(path: Path) -> dict[str, FeedbackRecord]:
    """What is remembered, by source; nothing where the file is missing or cannot be understood."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): _from_json(one) for name, one in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return {}


def save_records(path: Path, records: Mapping[str, FeedbackRecord]) -> None:
    """Writes it down; where nothing can be written it is left."""
    text = json.dumps({name: asdict(one) for name, one in records.items()}, default=datetime.isoformat)
    with suppress(OSError):  # forgetting only costs a look at each sheet
        write_best_effort(path, text)


def _from_json(data: dict[str, Any]) -> FeedbackRecord:
    moments = {name: data[name] and datetime.fromisoformat(data[name]) for name in ("since", "tried_at")}
    tabs = tuple(str(tab) for tab in data["without_column"])
    return FeedbackRecord(**{**data, **moments, "without_column": tabs})
