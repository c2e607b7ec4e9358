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

from kpis.sources.google.sheet_reader import TabSnapshot
from kpis.store.files import write_best_effort

FORMAT_VERSION = 1


@dataclass(frozen=True)
class FileState:
    """One spreadsheet. `modified` is Drive's time at its last good read, None when Drive did not list it.

    `read_at` is that read, `tried_at` the last attempt, both naive UTC. `notes` (catalogue keys) are what
    that read had to say; they stand until the next one. `ours`: we wrote in it since, and cannot tell whether
    somebody else did.
    """

    modified_time: str | None = None
    read_at: datetime | None = None
    tried_at: datetime | None = None
    tabs: tuple[TabSnapshot, ...] = ()
    notes: tuple[str, ...] = ()
    written_by_us: bool = False


def get_state_path(pointer: Path) -> Path:
    """Where the memory of the database behind `pointer` lies: kpis.json -> kpis-google.json."""
    return pointer.with_name(f"{pointer.stem}-google.json")


def load_state(path: Path) -> dict[str, FileState]:
    """What is remembered, by spreadsheet id; nothing where the file is missing or cannot be understood."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["format"] != FORMAT_VERSION:
            return {}
        return {str(file): _from_json(one) for file, one in kept["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def save_state(path: Path, files: Mapping[str, FileState]) -> None:
    """Writes it down, whole."""
    text = json.dumps(
        {"format": FORMAT_VERSION, "files": {file: _to_json(one) for file, one in files.items()}}
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_best_effort(path, text)


def _to_json(state: FileState) -> dict[str, Any]:
    return {
        "modified": state.modified_time,
        "read_at": state.read_at and state.read_at.isoformat(),
        "tried_at": state.tried_at and state.tried_at.isoformat(),
        "tabs": [asdict(tab) for tab in state.tabs],
        "notes": state.notes,
        "ours": state.written_by_us,
    }


def _from_json(data: Mapping[str, Any]) -> FileState:
    return FileState(
        data["modified"],
        _parse_datetime(data["read_at"]),
        _parse_datetime(data["tried_at"]),
        tuple(TabSnapshot(**tab) for tab in data["tabs"]),
        tuple(str(note) for note in data.get("notes", ())),
        data.get("ours") is True,
    )


def _parse_datetime(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
