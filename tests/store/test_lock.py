"""One writer: a second one does not get the lock, a killed one leaves no lock behind (design.md §7)."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kpis.errors import StoreError
from kpis.store.lock import try_lock, wait_for_lock

PROGRAM = """
import sys
from pathlib import Path
from kpis.store.lock import try_lock
with try_lock(Path(sys.argv[1])) as is_acquired:
    print(is_acquired, flush=True)
    sys.stdin.read()
"""


def test_a_second_lock_in_one_process_is_not_acquired(tmp_path: Path) -> None:
    with try_lock(tmp_path / "kpis.lock") as first:
        assert first
        with try_lock(tmp_path / "kpis.lock") as second:
            assert not second
    with try_lock(tmp_path / "kpis.lock") as third:
        assert third


def test_the_lock_ends_with_its_process_even_if_it_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "kpis.lock"
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"True\n"
        with try_lock(path) as is_acquired:
            assert not is_acquired
        other.send_signal(signal.SIGKILL)
        other.wait()
    with try_lock(path) as is_acquired:
        assert is_acquired


def test_a_folder_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="could not be used"), try_lock(tmp_path / "file" / "kpis.lock"):
        pass


def test_waiting_ends_once_the_other_one_lets_go(tmp_path: Path) -> None:
    path, order = tmp_path / "kpis.lock", list[str]()
    is_locked = threading.Event()

    def hold_for_a_moment() -> None:
        with wait_for_lock(path, 5) as is_acquired:
            assert is_acquired
            is_locked.set()
            time.sleep(0.2)
            order.append("first")

    holder = threading.Thread(target=hold_for_a_moment)
    holder.start()
    is_locked.wait(5)
    with wait_for_lock(path, 20) as is_acquired:
        order.append("second")
        assert is_acquired
    holder.join()
    assert order == ["first", "second"]


def test_waiting_in_vain_says_so_and_leaves_the_lock_to_the_other(tmp_path: Path) -> None:
    path = tmp_path / "kpis.lock"
    with try_lock(path) as first, wait_for_lock(path, 0.05) as second:
        assert (first, second) == (True, False)
    with wait_for_lock(path, 0) as third:
        assert third
