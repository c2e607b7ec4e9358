"""A copy of the sessions and bindings as of one moment, taken while they are used."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from kpis.store.files import as_store_error, build_unusable_error, fsync_file, get_temporary_path, replace_file


def copy_sessions(source: Path, target: Path) -> None:
    """Copy the file of sessions to `target` (mode 0600) in place of what is there. StoreError for the disk."""
    temporary = get_temporary_path(target)
    with as_store_error(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        os.close(os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            with closing(sqlite3.connect(source)) as reader, closing(sqlite3.connect(temporary)) as writer:
                reader.backup(writer)
                writer.execute("pragma journal_mode = delete")
            fsync_file(temporary)
            _remove_logs(target)
            replace_file(temporary, target)
        except sqlite3.Error as error:
            raise build_unusable_error(source, str(error)) from error
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _remove_logs(path: Path) -> None:
    """Remove what an earlier file of this name left: SQLite would read it as part of the new one."""
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
