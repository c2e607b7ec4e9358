"""The ledger of requests for explanations: `<stem>-requests.jsonl` beside the database; lines are added, never removed.

It has a lock of its own: a question is asked while a sync runs. With a lake the lines are in PostgreSQL, and the file
is what was brought to this machine. Nobody reads the file but `read_requests`, which takes
the scope of the viewer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from kpis.errors import StoreError
from kpis.requests.lines import LedgerContent, format_line, parse_ledger
from kpis.requests.model import LedgerRequest, RequestEvent
from kpis.store.files import append_lines, as_store_error
from kpis.store.lake.address import LakeAddress
from kpis.store.lock import wait_for_lock
from kpis.store.move_marks import require_files_to_publish
from kpis.store.paths import DatabasePaths
from kpis.store.scopes.scope import Scope

_LOCK_SECONDS = 10.0
_SMALLEST_STEP = timedelta(microseconds=1)

BuildEvents = Callable[[LedgerContent, datetime], Sequence[RequestEvent]]
"""Given what the ledger holds and the moment of the new lines, return them; none to change nothing."""


def get_ledger_path(pointer: Path) -> Path:
    """Return the ledger of a database."""
    return DatabasePaths(pointer).requests


def read_requests(pointer: Path, scope: Scope | None) -> Mapping[str, LedgerRequest]:
    """Return the requests that a scope sees, by id, in the order of asking; an officer's are those of own agencies.

    `scope` None is everything: for what runs on the server, and for viewers of every plan.
    """
    requests = load_ledger(pointer).requests
    if scope is None:
        return requests
    return {name: request for name, request in requests.items() if _is_visible(request, scope)}


def _is_visible(request: LedgerRequest, scope: Scope) -> bool:
    return request.plan in scope.plans and (scope.agencies is None or (request.plan, request.agency) in scope.agencies)


def load_ledger(pointer: Path) -> LedgerContent:
    """Return the whole ledger, for what adds to it and for `doctor`; pages use `read_requests`."""
    path = get_ledger_path(pointer)
    with as_store_error(path):
        try:
            stat = path.stat()
        except FileNotFoundError:
            return parse_ledger(b"")
        return _load_cached(path, stat.st_mtime_ns, stat.st_size, stat.st_ino)


@lru_cache(maxsize=4)
def _load_cached(path: Path, _modified: int, _size: int, _inode: int) -> LedgerContent:
    return parse_ledger(path.read_bytes())


def append_events(
    pointer: Path, now: datetime, build: BuildEvents, lake: LakeAddress | None = None
) -> Sequence[RequestEvent]:
    """Add the events that `build` returns, and wait until they are on the disk. StoreError if that is not possible.

    Whoever holds the lock alone reads what is there and decides. The moment of the lines never runs backwards.
    """
    events: list[RequestEvent] = []

    def build_lines(lines: bytes) -> bytes:
        content = parse_ledger(lines)
        at = now if content.last_at is None or now > content.last_at else content.last_at + _SMALLEST_STEP
        events.extend(build(content, at))
        return b"".join(map(format_line, events))

    if lake is None:
        _append_to_file(pointer, build_lines)
    else:
        # What a lake needs is slow to import, and many installations have none.
        from kpis.store.lake.shared_log import SharedLog

        SharedLog(lake, DatabasePaths(pointer), "requests").add(build_lines)
    return events


def _append_to_file(pointer: Path, build_lines: Callable[[bytes], bytes]) -> None:
    path = get_ledger_path(pointer)
    with hold_ledger(pointer):
        with as_store_error(path):
            content = path.read_bytes() if path.exists() else b""
        lines = build_lines(content)
        if lines:
            with as_store_error(path):
                append_lines(path, lines, 0o600)


@contextmanager
def hold_ledger(pointer: Path) -> Iterator[None]:
    """Hold the lock of the ledger. StoreError if another process holds it for too long, or it was moved."""
    paths = DatabasePaths(pointer)
    with wait_for_lock(paths.folder / f"{paths.stem}-requests.lock", _LOCK_SECONDS) as is_acquired:
        if not is_acquired:
            raise StoreError("Somebody else is asking for explanations at this moment. Try once more.")
        require_files_to_publish(pointer)
        yield
