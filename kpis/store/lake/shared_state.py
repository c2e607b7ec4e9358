"""Journal, positions, orders and shared lines of a lake, brought to the files that pages read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from kpis.errors import StoreError
from kpis.store import journal, orders, positions
from kpis.store.files import as_store_error, write_atomic
from kpis.store.journal import ChangeRecord
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.leader_lock import SILENCE_SECONDS
from kpis.store.lake.order_rows import list_orders
from kpis.store.lake.postgres_session import PostgresSession, open_session
from kpis.store.lake.shared_lines import read_lines, write_file_lines
from kpis.store.lock import wait_for_lock
from kpis.store.paths import DatabasePaths
from kpis.store.positions import FindingKey, Position, Positions

JOURNAL, POSITIONS, ORDERS = "journal", "positions", "orders"
EARLIER_DAY_MESSAGE = "The journal of the lake at {lake} is that of an earlier day. What {path} shows is kept."
_LOCK_SECONDS = 20.0
_LOCK_PAUSE = 0.05
_STEP_AFTER_RESTORE = 1_000_000
"""More changes than there can be between a dump of the catalog and its restore."""


def append_journal(session: PostgresSession, record: Mapping[str, object]) -> None:
    """Add a record to the journal, which is shortened as the file is."""
    with session.transaction():
        raise_counter(session, JOURNAL)
        session.fetch_rows("add_journal_line", line=journal.to_line(record).decode())
        ((size,),) = session.fetch_rows("journal_size")
        if int(str(size)) > journal.MAX_BYTES:
            _replace_journal(session, journal.shorten(_read_journal(session)))


def note_in_journal(address: LakeAddress, paths: DatabasePaths, record: Mapping[str, object]) -> None:
    """Add a record that is no sync, without the leader's lock, and bring the journal to the files of this machine."""
    with open_session(address, name="kpis", silence_seconds=SILENCE_SECONDS) as session:
        append_journal(session, record)
        bring_over(session, paths)


def rewrite_journal(session: PostgresSession, change: ChangeRecord) -> None:
    """Replace every record of the journal by what `change` returns."""
    with session.transaction():
        raise_counter(session, JOURNAL)
        lines = _read_journal(session)
        changed = journal.change_lines(lines, change)
        if changed != lines:
            _replace_journal(session, changed)


def replace_journal(session: PostgresSession, lines: Sequence[bytes]) -> None:
    """Replace the journal by the complete lines of another one."""
    with session.transaction():
        raise_counter(session, JOURNAL)
        _replace_journal(session, lines)


def read_positions(session: PostgresSession) -> dict[str, dict[FindingKey, Position]]:
    """Return the positions that differ from those of the lake's version, by source."""
    rows = session.fetch_rows("read_positions")
    return {str(source): positions.parse_source(str(moved)) for source, moved in rows}


def write_positions(session: PostgresSession, moved: Positions) -> None:
    """Replace the positions of every source."""
    rows = [{"source": source, "moved": positions.format_source(places)} for source, places in moved.items() if places]
    with session.transaction():
        raise_counter(session, POSITIONS)
        session.fetch_rows("remove_positions")
        session.execute_many("add_position", rows)


def skip_counters(session: PostgresSession, paths: DatabasePaths) -> None:
    """Set the counters above any that a machine can have seen, after the lake was restored from an earlier day."""
    seen = _read_last_counters(paths)
    with session.transaction():
        for kind in _BRINGERS:
            session.fetch_rows("skip_counter", kind=kind, above=seen.get(kind, 0), step=_STEP_AFTER_RESTORE)


def bring_shared_state(address: LakeAddress, paths: DatabasePaths) -> bool:
    """Bring what the machines of a lake share to the files next to a pointer; return whether any has changed.

    Only what has another counter than last time is read. StoreError without an answer, or if the lake was restored
    from an earlier day: the files stay as they are.
    """
    with open_session(address, name="kpis follower", silence_seconds=SILENCE_SECONDS) as session:
        return bring_over(session, paths)


def bring_over(session: PostgresSession, paths: DatabasePaths) -> bool:
    """Do the same over a session that is open."""
    with wait_for_lock(paths.shared_state.with_suffix(".lock"), _LOCK_SECONDS, _LOCK_PAUSE) as is_acquired:
        if not is_acquired:
            raise StoreError("Another process is following the lake into {path}.", path=paths.pointer)
        # Read first: what is written after that is brought over once more, never missed.
        rows = session.fetch_rows("read_counters")
        counters = {str(kind): int(str(counter)) for kind, counter in rows if kind in _BRINGERS}
        last_counters = _read_last_counters(paths)
        _check_order(counters, last_counters, session.address, paths)
        changed = [kind for kind in _BRINGERS if _has_to_bring(kind, counters, last_counters)]
        for kind in changed:
            _BRINGERS[kind](session, paths)
        if changed:
            write_atomic(paths.shared_state, json.dumps(counters).encode())
        return bool(changed)


def _bring_journal(session: PostgresSession, paths: DatabasePaths) -> None:
    journal.write_lines(paths.journal, _read_journal(session))


def _bring_positions(session: PostgresSession, paths: DatabasePaths) -> None:
    positions.write(paths.pointer, read_positions(session))


def _bring_requests(session: PostgresSession, paths: DatabasePaths) -> None:
    write_file_lines(paths.requests, read_lines(session, "requests"))


def _bring_reminders(session: PostgresSession, paths: DatabasePaths) -> None:
    write_file_lines(paths.reminders, read_lines(session, "reminders"))


def _bring_answers(session: PostgresSession, paths: DatabasePaths) -> None:
    write_file_lines(paths.answers, read_lines(session, "answers"))


def _bring_orders(session: PostgresSession, paths: DatabasePaths) -> None:
    orders.write_orders(paths.pointer, list_orders(session))


_BRINGERS: Mapping[str, Callable[[PostgresSession, DatabasePaths], None]] = {
    JOURNAL: _bring_journal,
    POSITIONS: _bring_positions,
    "requests": _bring_requests,
    "reminders": _bring_reminders,
    "answers": _bring_answers,
    ORDERS: _bring_orders,
}


def _has_to_bring(kind: str, counters: Mapping[str, int], last_counters: Mapping[str, int]) -> bool:
    return kind in counters and counters[kind] != last_counters.get(kind)


def _check_order(
    counters: Mapping[str, int], last_counters: Mapping[str, int], address: LakeAddress, paths: DatabasePaths
) -> None:
    """Raise StoreError where the lake has forgotten changes that were here: its catalog is that of an earlier day."""
    if any(counters.get(kind, 0) < last_counters.get(kind, 0) for kind in _BRINGERS):
        raise StoreError(EARLIER_DAY_MESSAGE, lake=address.describe(), path=paths.pointer)


def _read_last_counters(paths: DatabasePaths) -> dict[str, int]:
    """Return the counters of what is here; none for a file that is missing, as after the files themselves were lost."""
    with as_store_error(paths.shared_state):
        try:
            content = json.loads(paths.shared_state.read_bytes())
            return {str(kind): int(counter) for kind, counter in content.items()}
        except (FileNotFoundError, ValueError, TypeError, AttributeError):
            return {}


def raise_counter(session: PostgresSession, kind: str) -> None:
    """Let replicas see that a kind has changed, at the end of the transaction; other writers of it wait until then."""
    session.fetch_rows("raise_counter", kind=kind)


def _read_journal(session: PostgresSession) -> list[bytes]:
    return [str(line).encode() for (line,) in session.fetch_rows("journal_lines")]


def _replace_journal(session: PostgresSession, lines: Sequence[bytes]) -> None:
    session.fetch_rows("remove_journal")
    session.execute_many("add_journal_line", [{"line": line.decode()} for line in lines])
