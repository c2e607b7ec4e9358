"""A process that parses files within limits, seen from the one that started it (kpis.sources.parser_worker).

A plain subprocess, not multiprocessing: that would import the caller's main module again, a web server's too.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import kpis
from kpis.sources.parser_worker import read_message, write_message

_END_SECONDS = 1.0


class WorkerEndedError(Exception):
    """The process ended before it answered: `exit_code`, and whether it was stopped because it took too long."""

    def __init__(self, exit_code: int, is_late: bool) -> None:
        self.exit_code, self.is_late = exit_code, is_late
        super().__init__(f"exit {exit_code}")


class WorkerProcess:
    """One process that answers requests by `module.answer_request`; replaced when it dies or takes over `seconds`."""

    def __init__(self, module: str, seconds: float) -> None:
        self._module, self.seconds = module, seconds
        self._process: subprocess.Popen[bytes] | None = None

    def exchange(self, request: bytes, receive: Callable[[bytes], bool]) -> None:
        """Send a request; `receive` gets each message until it returns True. WorkerEndedError if none comes."""
        process = self._process = self._process or _start(self._module)
        late = threading.Event()
        timer = threading.Timer(self.seconds, _kill_late, (process, late))
        timer.daemon = True
        timer.start()
        try:
            is_complete = _exchange(process, request, receive)
        except BaseException:  # an interrupt: the answer under way belongs to nobody
            self.close()
            raise
        finally:
            timer.cancel()
        if not is_complete or late.is_set():
            raise WorkerEndedError(self.close(), late.is_set())

    def close(self) -> int:
        """End the process, which ends with its standard input or is killed; return its exit code."""
        process, self._process = self._process, None
        if process is None or process.stdin is None or process.stdout is None:
            return 0
        with suppress(OSError):
            process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_END_SECONDS)
        process.kill()
        process.stdout.close()
        return process.wait()


def _start(module: str) -> subprocess.Popen[bytes]:
    folder = str(Path(kpis.__file__).parent.parent)
    paths = os.pathsep.join([folder, *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        [sys.executable, "-m", "kpis.sources.parser_worker", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
        # Ctrl+C in the terminal is for this process, which then ends the other one.
        start_new_session=sys.platform != "win32",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def _exchange(process: subprocess.Popen[bytes], request: bytes, receive: Callable[[bytes], bool]) -> bool:
    """Send a request and pass messages on until one is the answer; False if the process ended before."""
    if process.stdin is None or process.stdout is None:
        raise AssertionError("a worker has both streams")
    try:
        write_message(process.stdin, request)
        while (message := read_message(process.stdout)) is not None:
            if receive(message):
                return True
    except OSError:  # a broken pipe
        pass
    return False


def _kill_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()
