"""A sync in a separate process that is killed, or finds the disk full, at a chosen point."""

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

# Calls with an effect outside the process.
_LASTING_CALLS = {
    "fsync", "rename", "replace", "unlink", "write", "flush", "open", "close", "connect", "execute",
    "copy_file_range", "ioctl", "flock", "rmtree", "mkdir",
}  # fmt: skip


def count_points(world: World, pipe: Connection) -> None:
    """Run one sync and send the number of points at which it can be killed."""
    counter = _PointCounter(None)
    sys.setprofile(counter)
    world.sync()
    sys.setprofile(None)
    pipe.send(counter.count)


class KillAt:
    """Runs one sync and kills its process at the call `point`."""

    def __init__(self, point: int) -> None:
        self.point = point

    def __call__(self, world: World, pipe: Connection) -> None:
        sys.setprofile(_PointCounter(self.point))
        world.sync()


def sync_and_report(world: World, pipe: Connection) -> None:
    """Run one sync; send "started", then the version at the end."""
    pipe.send("started")
    pipe.send(world.sync().version)


class LimitFileSize:
    """Runs one sync with a limit on file size, like a full disk; sends the error's sentence or None."""

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
    """A profile function that counts the system calls of the store and kills the process at one of them."""

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
    for _ in range(4):  # pathlib is between the store and the system
        if frame is None:
            return False
        if Path(frame.f_code.co_filename).parent.name == "store":
            return True
        frame = frame.f_back
    return False


_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.sync.sync_process", "kpis.measures.publish", "kpis.sources.read_source"])


class SyncProcess:
    """One job in a separate process."""

    def __init__(self, world: World, job: Job) -> None:
        self.pipe, sender = _context.Pipe(duplex=False)
        self._process = _context.Process(target=job, args=(world, sender))
        self._process.start()
        sender.close()

    def kill(self) -> None:
        """Kill it at once, like a power cut."""
        self._process.kill()

    def wait(self) -> int:
        """Wait for its end and return its exit code, -9 if it was killed."""
        self._process.join(60)
        code = self._process.exitcode
        assert code is not None
        self._process.close()
        return code

    def receive(self) -> object:
        """Return what it sends next."""
        return self.pipe.recv()
