"""One writer: the second is told so, and a killed one leaves nothing behind (design.md §7)."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kpis.errors import StoreError
from kpis.store.lock import try_lock

PROGRAM = """
import sys
from pathlib import Path
from kpis.store.lock import held
with held(Path(sys.argv[1])) as ours:
    print(ours, flush=True)
    sys.stdin.read()
"""


def test_the_second_in_one_process_does_not_get_it(tmp_path: Path) -> None:
    with try_lock(tmp_path / "kpis.lock") as first:
        assert first
        with try_lock(tmp_path / "kpis.lock") as second:
            assert not second
    with try_lock(tmp_path / "kpis.lock") as again:
        assert again


def test_it_ends_with_its_process_however_that_ends(tmp_path: Path) -> None:
    path = tmp_path / "kpis.lock"
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"True\n"
        with try_lock(path) as ours:
            assert not ours
        other.send_signal(signal.SIGKILL)
        other.wait()
    with try_lock(path) as ours:
        assert ours


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="could not be used"), try_lock(tmp_path / "file" / "kpis.lock"):
        pass
