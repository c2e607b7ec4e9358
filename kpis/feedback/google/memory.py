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

from kpis.store.files import note_down

Owed = Literal["rows", "totals", "look"]
"""What a sheet waits for: verdicts of rows; running totals alone; a look, as something else has changed."""


@dataclass(frozen=True)
class Answered:
    """How one source stands. `fingerprint` is of all that its verdicts depend on, running totals apart.

    `arrangement` is that of its rows at the last good read. `owed` since `since`; it was last answered, or
    that was tried, at `tried_at`; `refused` then for a reason that stays until people mend it. `problem` is
    the message that stands meanwhile, as JSON, and `without_column` names the tabs without our column.
    """

    fingerprint: str = ""
    arrangement: str = ""
    owed: Owed | None = "look"
    since: datetime | None = None
    tried_at: datetime | None = None
    refused: bool = False
    problem: Mapping[str, Any] | None = None
    without_column: tuple[str, ...] = ()

    def settled(self) -> Answered:
        """The same with every verdict where it belongs."""
        return replace(self, owed=None, since=None, refused=False, problem=None)


def memory_path(pointer: Path) -> Path:
    """Where the memory of the database behind `pointer` lies: kpis.json -> kpis-answers.json."""
    return pointer.with_name(f"{pointer.stem}-answers.json")


def load(path: Path) -> dict[str, Answered]:
    """What is remembered, by source; nothing where the file is missing or cannot be understood."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): _from_json(one) for name, one in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return {}


def save(path: Path, memory: Mapping[str, Answered]) -> None:
    """Writes it down; where nothing can be written it is left."""
    text = json.dumps({name: asdict(one) for name, one in memory.items()}, default=datetime.isoformat)
    with suppress(OSError):  # forgetting only costs a look at each sheet
        note_down(path, text)


def _from_json(kept: dict[str, Any]) -> Answered:
    moments = {name: kept[name] and datetime.fromisoformat(kept[name]) for name in ("since", "tried_at")}
    tabs = tuple(str(tab) for tab in kept["without_column"])
    return Answered(**{**kept, **moments, "without_column": tabs})
