"""What the machines of a lake share as lines in PostgreSQL: requests, reminders, what is known of the feedback."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

from kpis.store.files import as_store_error, write_atomic
from kpis.store.lake.postgres_session import PostgresSession

LineKind = Literal["requests", "reminders", "answers", "move"]
"""`move`: at most one line, the mark that says whether anything may be added."""


def read_lines(session: PostgresSession, kind: LineKind) -> list[bytes]:
    """Return the lines of a kind, oldest first."""
    return [str(line).encode() for (line,) in session.fetch_rows("read_lines", kind=kind)]


def add_lines(session: PostgresSession, kind: LineKind, lines: Iterable[bytes]) -> None:
    """Add lines in the caller's transaction; other machines that add to the same kind wait for its end."""
    session.fetch_rows("raise_counter", kind=kind)
    session.execute_many("add_line", [{"kind": kind, "line": _to_text(line)} for line in lines])


def replace_lines(session: PostgresSession, kind: LineKind, lines: Iterable[bytes]) -> None:
    """Replace the lines of a kind."""
    with session.transaction():
        session.fetch_rows("raise_counter", kind=kind)
        session.fetch_rows("remove_lines", kind=kind)
        add_lines(session, kind, lines)


def replace_unless(
    session: PostgresSession, kind: LineKind, lines: Sequence[bytes], is_kept: Callable[[Sequence[bytes]], bool]
) -> None:
    """Replace the lines of a kind unless those that are there are to be kept; nobody adds any meanwhile."""
    with session.transaction():
        add_lines(session, kind, [])  # waits for whoever adds, and keeps others waiting
        if not is_kept(read_lines(session, kind)):
            session.fetch_rows("remove_lines", kind=kind)
            add_lines(session, kind, lines)


def split_lines(content: bytes) -> list[bytes]:
    """Return the lines of a file that say something."""
    return [line for line in content.split(b"\n") if line.strip()]


def read_file_lines(path: Path) -> list[bytes]:
    """Return the lines of a file; none where it is missing."""
    with as_store_error(path):
        return split_lines(path.read_bytes()) if path.exists() else []


def write_file_lines(path: Path, lines: Iterable[bytes]) -> None:
    """Replace a file of lines that nobody but this user may read."""
    write_atomic(path, b"".join(line + b"\n" for line in lines), mode=0o600)


def _to_text(line: bytes) -> str:
    """Return a line as PostgreSQL takes it; what is no text in a damaged one is replaced."""
    return line.decode("utf-8", "replace").replace("\x00", "\ufffd")
