"""What is remembered of each Google Sheet between syncs: a small file beside the database, never needed.

It only saves requests. Losing it, or a damaged one, costs one read of every sheet.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kpis.sources.google.read import KnownTab
from kpis.store.files import note_down

FORMAT = 1


@dataclass(frozen=True)
class FileState:
    """One spreadsheet. `modified` is Drive's time at its last good read, None when Drive did not list it.

    `read_at` is that read, `tried_at` the last attempt, both naive UTC. `notes` (catalogue keys) are what
    that read had to say; they stand until the next one. `ours`: we wrote in it since, and cannot tell whether
    somebody else did.
    """

    modified: str | None = None
    read_at: datetime | None = None
    tried_at: datetime | None = None
    tabs: tuple[KnownTab, ...] = ()
    notes: tuple[str, ...] = ()
    ours: bool = False


def state_path(pointer: Path) -> Path:
    """Where the memory of the database behind `pointer` lies: kpis.json -> kpis-google.json."""
    return pointer.with_name(f"{pointer.stem}-google.json")


def load_state(path: Path) -> dict[str, FileState]:
    """What is remembered, by spreadsheet id; nothing where the file is missing or cannot be understood."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["format"] != FORMAT:
            return {}
        return {str(file): _from_json(one) for file, one in kept["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def save_state(path: Path, files: Mapping[str, FileState]) -> None:
    """Writes it down, whole."""
    text = json.dumps({"format": FORMAT, "files": {file: _to_json(one) for file, one in files.items()}})
    path.parent.mkdir(parents=True, exist_ok=True)
    note_down(path, text)


def _to_json(state: FileState) -> dict[str, Any]:
    return {
        "modified": state.modified,
        "read_at": state.read_at and state.read_at.isoformat(),
        "tried_at": state.tried_at and state.tried_at.isoformat(),
        "tabs": [asdict(tab) for tab in state.tabs],
        "notes": state.notes,
        "ours": state.ours,
    }


def _from_json(kept: Mapping[str, Any]) -> FileState:
    return FileState(
        kept["modified"],
        _moment(kept["read_at"]),
        _moment(kept["tried_at"]),
        tuple(KnownTab(**tab) for tab in kept["tabs"]),
        tuple(str(note) for note in kept.get("notes", ())),
        kept.get("ours") is True,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
