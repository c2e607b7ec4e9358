"""The state of each Google Sheet between syncs, in a small file next to the database.

It only saves requests: if the file is lost or damaged, every sheet is read once more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kpis.sheet.model import UnreadTab
from kpis.sources.google.sheet_reader import TabSnapshot
from kpis.store.files import write_best_effort

FORMAT_VERSION = 1


@dataclass(frozen=True)
class FileState:
    """One spreadsheet. `modified_time` is Drive's time before its last successful read, None if not listed.

    `read_at` is the time of that read, `tried_at` of the last attempt, both naive UTC. `notes` (catalogue
    keys) are that read's, valid until the next one. `written_by_us`: we wrote to it since then and do not
    know whether others edited it too. `reader_version` is that of the last successful read.
    `unread_tabs`: the tabs that look like ours, as of the last look at its other tabs, at `looked_at`.
    """

    modified_time: str | None = None
    read_at: datetime | None = None
    tried_at: datetime | None = None
    tabs: tuple[TabSnapshot, ...] = ()
    notes: tuple[str, ...] = ()
    written_by_us: bool = False
    reader_version: int | None = None
    unread_tabs: tuple[UnreadTab, ...] = ()
    looked_at: datetime | None = None


def get_state_path(pointer: Path) -> Path:
    """Return the state file of the database behind `pointer`: kpis.json -> kpis-google.json."""
    return pointer.with_name(f"{pointer.stem}-google.json")


def load_state(path: Path) -> dict[str, FileState]:
    """Return the states by spreadsheet id; empty if the file is missing or damaged."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != FORMAT_VERSION:
            return {}
        return {str(file): _from_json(data) for file, data in document["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def save_state(path: Path, files: Mapping[str, FileState]) -> None:
    """Write the states by spreadsheet id, replacing the file."""
    text = json.dumps({"format": FORMAT_VERSION, "files": {file: _to_json(state) for file, state in files.items()}})
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
        "reader": state.reader_version,
        "unread": [asdict(tab) for tab in state.unread_tabs],
        "looked_at": state.looked_at and state.looked_at.isoformat(),
    }


def _from_json(data: Mapping[str, Any]) -> FileState:
    return FileState(
        data["modified"],
        _parse_datetime(data["read_at"]),
        _parse_datetime(data["tried_at"]),
        tuple(TabSnapshot(**tab) for tab in data["tabs"]),
        tuple(str(note) for note in data.get("notes", ())),
        data.get("ours") is True,
        data.get("reader"),
        tuple(UnreadTab(**tab) for tab in data.get("unread", ())),
        _parse_datetime(data.get("looked_at")),
    )


def _parse_datetime(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
