"""The process that parses files, one after the other, within limits (kpis.sources.file_parser starts it).

Its argument names the module whose `answer_request` it calls. Requests come on standard input, answers go to
standard output, each as eight bytes of length and a pickle. A module may send messages before its answer.
It ends with its standard input, even in the middle of a file, so it never outlives the one that started it.
"""

from __future__ import annotations

import importlib
import os
import pickle
import queue
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import IO, Any

from kpis.sources.bounds import MEMORY_BYTES
from kpis.sources.packed_sheet import load_plain

MEMORY_EXIT_CODE = 77
"""Exit code of a worker that needed more memory than it may."""
_LENGTH_BYTES = 8
_MEMORY_CHECK_SECONDS = 0.1


def write_message(stream: IO[bytes], content: bytes) -> None:
    """Write one message and send it off."""
    stream.write(len(content).to_bytes(_LENGTH_BYTES, "big"))
    stream.write(content)
    stream.flush()


def read_message(stream: IO[bytes]) -> bytes | None:
    """Return the next message; None if the other side has ended, perhaps within one."""
    head = stream.read(_LENGTH_BYTES)
    if len(head) < _LENGTH_BYTES:
        return None
    content = stream.read(length := int.from_bytes(head, "big"))
    return content if len(content) == length else None


def main() -> None:
    """Answer requests until standard input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever a library prints is no answer.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    # openpyxl imports numpy where it can, which doubles the start-up time and takes 120 MB of addresses.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    answer_request = importlib.import_module(sys.argv[1]).answer_request

    _limit_memory(MEMORY_BYTES)
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive_requests, args=(sys.stdin.buffer, requests), daemon=True).start()
    while True:
        write_message(answers, _answer(answer_request, requests.get(), partial(write_message, answers)))


def _receive_requests(stream: IO[bytes], requests: queue.SimpleQueue[bytes]) -> None:
    while (request := read_message(stream)) is not None:
        requests.put(request)
    os._exit(0)


def _answer(
    answer_request: Callable[[Any, Callable[[bytes], None]], bytes], request: bytes, send: Callable[[bytes], None]
) -> bytes:
    try:
        return answer_request(load_plain(request), send)
    except MemoryError:
        os._exit(MEMORY_EXIT_CODE)  # what is left of the memory is not to be relied on
    except Exception as error:  # noqa: BLE001 - whatever a file provokes is that file's failure
        return pickle.dumps(("fault", type(error).__name__))


def _limit_memory(limit: int) -> None:
    """Let the system refuse more memory; where it cannot, look at what is used and end beyond the limit."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    else:
        threading.Thread(target=_watch_memory, args=(limit,), daemon=True).start()


def _watch_memory(limit: int) -> None:
    while measure_memory() <= limit:
        time.sleep(_MEMORY_CHECK_SECONDS)
    os._exit(MEMORY_EXIT_CODE)


def measure_memory() -> int:
    """Return the bytes of memory that this process uses, or has used at most."""
    if sys.platform == "win32":
        return _measure_windows_memory()
    else:  # noqa: RET505 - mypy looks at one platform, and calls what follows unreachable
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def _measure_windows_memory() -> int:
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = [
            ("size", wintypes.DWORD),
            ("page_faults", wintypes.DWORD),
            *((name, ctypes.c_size_t) for name in ("peak_set", "working_set", "a", "b", "c", "d", "e", "f")),
        ]

    windows: Any = ctypes
    counters = Counters()
    counters.size = ctypes.sizeof(counters)
    kernel = windows.windll.kernel32
    kernel.GetCurrentProcess.restype = wintypes.HANDLE
    get_info = kernel.K32GetProcessMemoryInfo
    get_info.argtypes = [wintypes.HANDLE, ctypes.POINTER(Counters), wintypes.DWORD]
    get_info(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.size)
    return int(counters.working_set)


if __name__ == "__main__":
    main()
