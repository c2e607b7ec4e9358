"""What lies beside a pointer and goes along when its database is moved.

Caches stay behind (the next sync reads every sheet once), and so do locks, logs and what tells of a running server.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kpis.store.files import as_store_error, copy_file, fsync_file, get_temporary_path, replace_file
from kpis.store.paths import DatabasePaths
from kpis.store.shared_files import InstallationFiles

FILES = (
    r"journal\.jsonl", r"positions\.json", r"requests\.jsonl", r"reminders\.jsonl", r"answers\.json",
    r"google-\w+\.json", r"restored\.json",
)  # fmt: skip
"""Files that go along, by what follows the stem of the pointer and a hyphen."""

SHARED = ("editions", "access-enforced")
"""What goes along with the audit too, to or from the folder that the machines of a lake share."""

LEFT = (
    "google.json", "files.json", "server.json", "errors.log", "restoring", "move.json", "shared.json", "orders.json",
    "lake.json", "access.sqlite", "lake.tmp", "backup.tmp", "shared-folder", "replica",
)  # fmt: skip
"""What stays: caches, the state of a running server, logs, what is under way; sessions are copied as rows."""

_UNFINISHED = "."


def copy_companions(source: InstallationFiles, target: InstallationFiles) -> int:
    """Copy what lies beside a pointer to another one's side, durably; return how many files were new or differed.

    StoreError for the disk, or where a shared folder is gone; what was copied may be copied again.
    """
    source.require()
    target.require()
    count = 0
    for path, copy in _list_copies(source, target):
        with as_store_error(copy):
            if not _is_same(path, copy):
                _copy(path, copy)
                count += 1
    return count


def _list_copies(first: InstallationFiles, second: InstallationFiles) -> Iterator[tuple[Path, Path]]:
    source, target = DatabasePaths(first.pointer), DatabasePaths(second.pointer)
    pattern = re.compile(rf"{re.escape(source.stem)}-(?P<rest>{'|'.join(FILES)})")
    with as_store_error(source.folder):
        names = sorted(path.name for path in source.folder.iterdir())
    for name in names:
        if match := pattern.fullmatch(name):
            yield source.folder / name, target.folder / f"{target.stem}-{match['rest']}"
    for name in first.list_writing():
        yield first.get_writing(name), second.get_writing(name)
    if first.enforced.exists():
        yield first.enforced, second.enforced
    for folder, copy in ((first.editions, second.editions), (first.audit, second.audit)):
        yield from _list_files(folder, copy)


def _list_files(folder: Path, copy: Path) -> Iterator[tuple[Path, Path]]:
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(_UNFINISHED) for part in parts):
            yield path, copy.joinpath(*parts)


def _is_same(path: Path, copy: Path) -> bool:
    """True if a file was copied and has not changed since: a copy has the time of its original."""
    with suppress(FileNotFoundError):
        first, second = path.stat(), copy.stat()
        return (first.st_size, first.st_mtime_ns) == (second.st_size, second.st_mtime_ns)
    return False


def _copy(path: Path, copy: Path) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    temporary, state = get_temporary_path(copy), path.stat()
    try:
        copy_file(path, temporary)
        temporary.chmod(state.st_mode & 0o777)
        os.utime(temporary, ns=(state.st_atime_ns, state.st_mtime_ns))
        fsync_file(temporary)
        replace_file(temporary, copy)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
