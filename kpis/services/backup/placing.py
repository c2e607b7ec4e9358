"""Puts in place what a restore has laid ready: every step may be repeated, so that a killed one can be finished."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from kpis.access.enforcement import is_enforced, open_access_store
from kpis.requests.ledger import hold_ledger
from kpis.services.backup import contents
from kpis.services.backup.contents import InstallationPaths, get_installation_paths
from kpis.settings import Settings
from kpis.store.files import as_store_error, fsync_file, fsync_folder, replace_file, write_atomic
from kpis.store.lake.restored_lake import RestoredLake
from kpis.store.lake.shared_folder import fetch_shared_folder
from kpis.store.lock import try_lock
from kpis.store.paths import DatabasePaths
from kpis.store.versions import drop_stale_wal
from kpis.sync.status import find_last_pass_end

_READY = "ready.json"


@dataclass(frozen=True)
class Restored:
    """What was restored: the version's new number, when the backup was made and when it was restored (naive UTC).

    `epoch`: the one of a lake that begins with it; `epochs`: those whose machines go over to it.
    """

    number: int
    version: int
    backup_at: datetime
    at: datetime
    epoch: str = ""
    epochs: tuple[str, ...] = ()


def finish_restore(settings: Settings, environ: Mapping[str, str]) -> bool:
    """Put in place what a killed restore had laid ready; return whether there was any. Waits for no lock.

    With a lake any machine does that which shares the folder of the one that was killed.
    """
    paths = get_installation_paths(settings, environ)
    if not get_staging_folder(paths).is_dir():
        return False
    lake = open_restored_lake(paths)
    with (
        try_lock(paths.database.lock) as is_acquired,
        nullcontext(True) if lake is None or not is_acquired else lake.try_hold() as is_held,
    ):
        if not is_acquired or not is_held:
            return False
        require_shared_folder(paths)
        is_finished = finish_locked(paths, lake)
        remove_staging(paths)  # of one that was killed before its mark
        return is_finished


def require_shared_folder(paths: InstallationPaths) -> None:
    """Raise StoreError unless the folder that machines share is that of this lake, and takes files."""
    if paths.lake is not None:
        paths.access.files.check(fetch_shared_folder(paths.lake))


def open_restored_lake(paths: InstallationPaths) -> RestoredLake | None:
    """Return the lake that is restored into, its lock not held; None without one."""
    if paths.lake is None:
        return None
    return RestoredLake(paths.lake, paths.database.pointer, shared=paths.access.shared)


def find_restored(pointer: Path) -> Restored | None:
    """Return what was restored if no reading has ended since; else None."""
    restored = read_restored(get_record_path(DatabasePaths(pointer)))
    if restored is None:
        return None
    last = find_last_pass_end(pointer)
    return restored if last is None or last < restored.at else None


def get_staging_folder(paths: InstallationPaths) -> Path:
    """Return the folder where a restore is laid ready."""
    if paths.access.shared is not None:
        return paths.access.shared / "restoring"
    return paths.database.folder / f"{paths.database.stem}-restoring"


def get_record_path(database: DatabasePaths) -> Path:
    """Return the file that says what was restored last."""
    return database.restored


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
        epoch, epochs = str(record.get("epoch", "")), tuple(map(str, record.get("epochs", ())))
        return Restored(int(record["number"]), int(record["version"]), moments[0], moments[1], epoch, epochs)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def finish_locked(paths: InstallationPaths, lake: RestoredLake | None) -> bool:
    """Put in place what is laid ready; the caller holds the lock. What is published comes last but for the tidying."""
    staging = get_staging_folder(paths)
    restored = read_restored(staging / _READY)
    if restored is None:
        return False
    steps: tuple[Callable[[InstallationPaths, Path, Restored], None], ...] = (
        _replace_access, _replace_sources, _replace_register, _replace_editions,
    )  # fmt: skip
    if lake is None:
        steps = (*steps, _replace_requests, _replace_journal, _publish)
    for step in steps:
        step(paths, staging, restored)
    if lake is not None:
        _publish_in_lake(paths, staging, restored, lake)
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


def _replace_file(source: Path, target: Path, restored: Restored) -> None:
    """Replace a file if the backup has it, with its permissions; the earlier one is kept beside it."""
    with as_store_error(target):
        if not source.exists() or (target.exists() and target.read_bytes() == source.read_bytes()):
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        _keep_file(target, restored)
        write_atomic(target, source.read_bytes(), target.stat().st_mode & 0o777 if target.exists() else 0o600)


def _keep_file(target: Path, restored: Restored) -> None:
    """Keep a file beside itself, with its permissions, unless that was done."""
    earlier = _get_kept_path(target, restored)
    if target.exists() and not earlier.exists():
        write_atomic(earlier, target.read_bytes(), target.stat().st_mode & 0o777)


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
    if not paths.reminders.exists():  # the present one says what went out since
        _replace_file(staging / contents.REMINDERS, paths.reminders, restored)
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
        for cache in database.caches:
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


def _publish_in_lake(paths: InstallationPaths, staging: Path, restored: Restored, lake: RestoredLake) -> None:
    """Put what the machines share into the lake's tables, then publish; every machine takes both from there."""
    for path in (paths.database.journal, paths.requests):
        with as_store_error(path):
            _keep_file(path, restored)
    source = DatabasePaths(staging / contents.POINTER)
    lake.begin(restored.number, restored.epoch, restored.epochs)
    lake.restore_shared_state(source)
    lake.restore_version(source, _to_json(replace(restored, epochs=())).decode())


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
