"""A sync in a process of its own that dies, or finds the disk full, at a chosen point."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType

from kpis.errors import StoreError
from tests.sync.conftest import World

Job = Callable[[World, Connection], None]

# What leaves a trace outside the process.
_LASTING_CALLS = {
    "fsync", "rename", "replace", "unlink", "write", "flush", "open", "close", "connect", "execute",
    "copy_file_range", "ioctl", "flock", "rmtree", "mkdir",
}  # fmt: skip


def count_points(world: World, pipe: Connection) -> None:
    """Runs one sync and sends how many points there are to die at."""
    seen = _PointCounter(None)
    sys.setprofile(seen)
    world.sync()
    sys.setprofile(None)
    pipe.send(seen.count)


class KillAt:
    """Runs one sync and kills itself before or after the step `point`."""

    def __init__(self, point: int) -> None:
        self.point = point

    def __call__(self, world: World, pipe: Connection) -> None:
        sys.setprofile(_PointCounter(self.point))
        world.sync()


def sync_and_report(world: World, pipe: Connection) -> None:
    """Runs one sync; sends a word at the start and the version at the end."""
    pipe.send("started")
    pipe.send(world.sync().version)


class LimitFileSize:
    """Runs one sync with no file longer than so many bytes, as on a full disk; sends the error's sentence."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes

    def __call__(self, world: World, pipe: Connection) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.max_bytes, resource.RLIM_INFINITY))
        try:
            world.sync()
        except StoreError as error:
            pipe.send(str(error))
        else:
            pipe.send(None)


class _PointCounter:
    """A profile function that counts the calls of the store into the system, and dies at one of them."""

    def __init__(self, kill_at: int | None) -> None:
        self.count = 0
        self._kill_at = kill_at

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        if event not in {"c_call", "c_return"} or getattr(argument, "__name__", "") not in _LASTING_CALLS:
            return
        if not _is_within_store(frame):
            return
        if self.count == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.count += 1


def _is_within_store(frame: FrameType | None) -> bool:
    for _ in range(4):  # pathlib stands between the store and the system
        if frame is None:
            return False
        if Path(frame.f_code.co_filename).parent.name == "store":
            return True
        frame = frame.f_back
    return False


_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    ["tests.sync.sync_process", "kpis.measures.publish", "kpis.sources.read_source"]
)


class SyncProcess:
    """One job in a process of its own."""

    def __init__(self, world: World, job: Job) -> None:
        self.pipe, theirs = _context.Pipe(duplex=False)
        self._process = _context.Process(target=job, args=(world, theirs))
        self._process.start()
        theirs.close()

    def kill(self) -> None:
        """Kills it at once, as the power does."""
        self._process.kill()

    def wait(self) -> int:
        """Waits for its end; its exit code, -9 when it was killed."""
        self._process.join(60)
        code = self._process.exitcode
        assert code is not None
        self._process.close()
        return code

    def receive(self) -> object:
        """What it sends next."""
        return self.pipe.recv()
