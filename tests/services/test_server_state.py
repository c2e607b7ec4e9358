"""What a running server says of itself: whole in its file, kept from a second server, gone with its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kpis.errors import UsageError
from kpis.services import server_state
from kpis.services.server_state import ServerState, get_server_state, publish_server_state, read_server_state
from kpis.services.watcher_status import WatcherStatus

NOW = datetime.fromisoformat("2026-11-29T08:00:00")
STATE = ServerState(1, "0.1.0", NOW - timedelta(hours=1), NOW, WatcherStatus(), 30, None, 0)


@pytest.fixture
def pointer(tmp_path: Path) -> Path:
    return tmp_path / "kpis.json"


@pytest.mark.parametrize(
    "status",
    [
        WatcherStatus(),
        WatcherStatus("running", timedelta(minutes=5), NOW),
        WatcherStatus("refused", error=UsageError("KPIS_WATCH: {x}", x="lỗi")),
    ],
)
def test_what_was_written_is_read(pointer: Path, status: WatcherStatus) -> None:
    state = replace(STATE, watcher=status, file_limit=1_024)
    publish_server_state(pointer, state)
    assert get_server_state() == state
    loaded = read_server_state(pointer)
    assert loaded is not None and replace(loaded, watcher=status) == state
    assert replace(loaded.watcher, error=None) == replace(status, error=None)
    assert str(loaded.watcher.error) == str(status.error)
    publish_server_state(pointer, None)
    assert get_server_state() is None and read_server_state(pointer) is None


def test_a_second_server_leaves_the_file_of_the_first_one_alone(pointer: Path) -> None:
    publish_server_state(pointer, STATE)
    other = replace(STATE, process=2, written_at=NOW + timedelta(seconds=80))
    publish_server_state(pointer, other)
    publish_server_state(pointer, None)
    assert read_server_state(pointer) == STATE
    later = replace(other, written_at=NOW + server_state.SILENT_AFTER)
    publish_server_state(pointer, later)
    assert read_server_state(pointer) == later, "the first one is silent"
    publish_server_state(pointer, None)


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    publish_server_state(tmp_path / "var" / "kpis.json", STATE)
    assert list(tmp_path.iterdir()) == []
    publish_server_state(tmp_path / "var" / "kpis.json", None)
