"""Puts in place what a restore has laid ready: every step may be repeated, so that a killed one can be finished."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from kpis.access.enforcement import is_enforced, open_access_store
from kpis.requests.ledger import hold_ledger
from kpis.services.backup import contents
from kpis.services.backup.contents import InstallationPaths, get_installation_paths
from kpis.settings import Settings
from kpis.store.files import as_store_error, fsync_file, fsync_folder, replace_file, write_atomic
from kpis.store.lock import try_lock
from kpis.store.paths import DatabasePaths
from kpis.store.versions import drop_stale_wal
from kpis.sync.status import find_last_pass_end

_READY = "ready.json"


@dataclass(frozen=True)
class Restored:
    """What was restored: the version's new number, when the backup was made and when it was restored (naive UTC)."""

    number: int
    version: int
    backup_at: datetime
    at: datetime


def finish_restore(settings: Settings, environ: Mapping[str, str]) -> bool:
    """Put in place what a killed restore had laid ready; return whether there was any. Waits for no lock."""
    paths = get_installation_paths(settings, environ)
    if not get_staging_folder(paths).is_dir():
        return False
    with try_lock(paths.database.lock) as is_acquired:
        if not is_acquired:
            return False
        is_finished = finish_locked(paths)
        remove_staging(paths)  # of one that was killed before its mark
        return is_finished


def find_restored(pointer: Path) -> Restored | None:
    """Return what was restored if no reading has ended since; else None."""
    restored = read_restored(get_record_path(DatabasePaths(pointer)))
    if restored is None:
        return None
    last = find_last_pass_end(pointer)
    return restored if last is None or last < restored.at else None


def get_staging_folder(paths: InstallationPaths) -> Path:
    """Return the folder where a restore is laid ready."""
    return paths.database.folder / f"{paths.database.stem}-restoring"


def get_record_path(database: DatabasePaths) -> Path:
    """Return the file that says what was restored last."""
    return database.folder / f"{database.stem}-restored.json"


def get_staged_register(paths: InstallationPaths) -> Path:
    """Return the folder where the register of a restore is laid ready."""
    # Beside the register: only within one file system can a folder be renamed.
    return paths.register.with_name(f".{paths.register.name}-restoring")


def write_mark(staging: Path, restored: Restored) -> None:
    """Make a restore certain: from here on it is finished, whatever happens."""
    write_atomic(staging / _READY, _to_json(restored))


def _to_json(restored: Restored) -> bytes:
    return json.dumps(asdict(restored), default=datetime.isoformat).encode()


def read_restored(path: Path) -> Restored | None:
    """Return what a mark or record says; None if there is none."""
    try:
        record = json.loads(path.read_bytes())
        moments = [datetime.fromisoformat(record[name]) for name in ("backup_at", "at")]
        return Restored(int(record["number"]), int(record["version"]), moments[0], moments[1])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def finish_locked(paths: InstallationPaths) -> bool:
    """Put in place what is laid ready; the caller holds the lock. The pointer comes last but for the tidying."""
    staging = get_staging_folder(paths)
    restored = read_restored(staging / _READY)
    if restored is None:
        return False
    steps: tuple[Callable[[InstallationPaths, Path, Restored], None], ...] = (
        _replace_access, _replace_sources, _replace_register, _replace_editions, _replace_requests, _replace_journal,
        _publish,
    )  # fmt: skip
    for step in steps:
        step(paths, staging, restored)
    remove_staging(paths)
    return True


def _replace_access(paths: InstallationPaths, staging: Path, restored: Restored) -> None:
    """End whatever lets anybody in; restore enforcement, rights and bindings where the backup enforced rights."""
    store = open_access_store(paths.access)
    if is_enforced(paths.access) or (staging / contents.ENFORCED).exists():
        store.end_everything_open()
    if not (staging / contents.ENFORCED).exists():
        return
    with as_store_error(paths.access.record):
        write_atomic(paths.access.record, (staging / contents.ENFORCED).read_bytes())
    bindings = staging / contents.BINDINGS
    if bindings.exists():
        store.replace_bindings(contents.parse_bindings(bindings.read_bytes()))
    _replace_file(staging / contents.RIGHTS_FILE, paths.access.rights_file, restored)


def _replace_sources(paths: InstallationPaths, staging: Path, restored: Restored) -> None:
    _replace_file(staging / contents.SOURCES_FILE, paths.sources, restored)
    _replace_file(staging / contents.CONTACTS, paths.contacts, restored)
    if not paths.reminders.exists():  # the present one says what went out since
        _replace_file(staging / contents.REMINDERS, paths.reminders, restored)


def _replace_file(source: Path, target: Path, restored: Restored) -> None:
    """Replace a file if the backup has it, with its permissions; the earlier one is kept beside it."""
    with as_store_error(target):
        if not source.exists() or (target.exists() and target.read_bytes() == source.read_bytes()):
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
        earlier = _get_kept_path(target, restored)
        if target.exists() and not earlier.exists():
            write_atomic(earlier, target.read_bytes())
            earlier.chmod(mode)
        write_atomic(target, source.read_bytes())
        target.chmod(mode)


def _replace_register(paths: InstallationPaths, _staging: Path, restored: Restored) -> None:
    _replace_folder(get_staged_register(paths), paths.register, restored)


def _replace_editions(paths: InstallationPaths, staging: Path, restored: Restored) -> None:
    _replace_folder(staging / contents.EDITIONS, paths.editions, restored)


def _replace_folder(source: Path, target: Path, restored: Restored) -> None:
    """Replace a folder by one of the same file system; the earlier one is kept beside it."""
    with as_store_error(target):
        if not source.is_dir():
            return
        earlier = _get_kept_path(target, restored)
        while target.exists() and earlier.exists():  # made again after a kill
            earlier = earlier.with_name(f"{earlier.name}-2")
        if target.exists():
            target.rename(earlier)
        source.rename(target)
        fsync_folder(target.parent)


def _replace_requests(paths: InstallationPaths, staging: Path, restored: Restored) -> None:
    """Replace the ledger of requests, unless that of now only goes on: its questions stand in sheets."""
    source, target = staging / contents.REQUESTS, paths.requests
    with as_store_error(target), hold_ledger(paths.database.pointer):
        if source.exists() and not (target.exists() and target.read_bytes().startswith(source.read_bytes())):
            _replace_file(source, target, restored)


def _replace_journal(paths: InstallationPaths, staging: Path, restored: Restored) -> None:
    """Replace journal and positions; forget what says that sheets are unchanged since another version."""
    database = paths.database
    with as_store_error(database.journal):
        for source, target in (
            (staging / contents.JOURNAL, database.journal),
            (staging / contents.POSITIONS, database.positions),
        ):
            if source.exists():
                _replace_file(source, target, restored)
            else:
                target.unlink(missing_ok=True)
        if not paths.answers.exists():  # the present one says what stands in the sheets
            _replace_file(staging / contents.ANSWERS, paths.answers, restored)
        for cache in paths.caches:
            cache.unlink(missing_ok=True)
    write_atomic(get_record_path(database), _to_json(restored))


def _publish(paths: InstallationPaths, staging: Path, restored: Restored) -> None:
    """Give the backup's version its new number and point to it."""
    source = DatabasePaths(staging / contents.POINTER).get_version_path(restored.version)
    target = paths.database.get_version_path(restored.number)
    with as_store_error(target):
        if source.exists():
            fsync_file(source)
            drop_stale_wal(target)
            replace_file(source, target)
        size = target.stat().st_size
    content = {"version": restored.number, "file": target.name, "size": size}
    write_atomic(paths.database.pointer, json.dumps(content).encode() + b"\n")


def _get_kept_path(path: Path, restored: Restored) -> Path:
    return path.with_name(f"{path.name}.before-{restored.number}")


def remove_staging(paths: InstallationPaths) -> None:
    """Remove what is laid ready, the mark first: without it the rest is a leftover."""
    staging = get_staging_folder(paths)
    with as_store_error(staging):
        if staging.is_dir():
            (staging / _READY).unlink(missing_ok=True)
            fsync_folder(staging)
    for folder in (staging, get_staged_register(paths)):
        shutil.rmtree(folder, ignore_errors=True)
