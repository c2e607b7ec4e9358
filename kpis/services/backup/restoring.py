"""Restores a backup: all is checked and laid ready first, then one mark makes it certain, then it is put in place.

Killed before the mark, the installation is as it was. Killed after it, the next reading, start of the server or
`restore` puts the rest in place (`placing.finish_restore`), with a lake that of any
machine. What is replaced is kept beside it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

from kpis.access.audit import AuditLog, get_system_person
from kpis.access.enforcement import is_enforced
from kpis.services.backup import contents
from kpis.services.backup.contents import InstallationPaths, get_installation_paths
from kpis.services.backup.errors import BackupError
from kpis.services.backup.placing import (
    Restored,
    finish_locked,
    get_record_path,
    get_staged_register,
    get_staging_folder,
    open_restored_lake,
    read_restored,
    remove_staging,
    require_shared_folder,
    write_mark,
)
from kpis.services.backup.reading import Manifest, extract_backup
from kpis.services.backup.writing import wait_for_lake, wait_for_lock
from kpis.settings import Settings
from kpis.store import journal
from kpis.store.database import Database
from kpis.store.files import as_store_error, copy_file, fsync_file, fsync_folder, write_atomic
from kpis.store.lake.follower import is_followed
from kpis.store.lake.restored_lake import RestoredLake
from kpis.store.move_marks import require_files_to_publish
from kpis.store.paths import MAX_NUMBER, DatabasePaths
from kpis.store.versions import find_next_number, read_pointer

_UNKNOWN_HISTORY_STEP = 1_000_000
"""Where the database's own files are gone, a server may still show later numbers than any file names."""


def restore_backup(settings: Settings, environ: Mapping[str, str], file: Path, now: datetime) -> Restored:
    """Replace database, journal, register, editions, sources and rights file by those of a backup, of files or a lake.

    All sessions and open invitations end. Rights that are enforced now stay so, whatever the backup says. BackupError
    if it is no sound backup of ours; then, and if a step before the mark fails, nothing has changed.
    """
    if settings.sample:
        raise BackupError("Write sources.toml first, or name one: sample figures are not replaced by real ones.")
    paths = get_installation_paths(settings, environ)
    lake = open_restored_lake(paths)
    if lake is None and is_followed(settings.pointer):
        text = "{path} follows a lake. Set KPIS_DATABASE to the lake's address to restore a backup into it."
        raise BackupError(text, path=settings.pointer)
    with wait_for_lock(paths), nullcontext() if lake is None else wait_for_lake(lake):
        _require_place(paths, lake)
        finish_locked(paths, lake)
        staging = get_staging_folder(paths)
        remove_staging(paths)
        with as_store_error(staging):
            staging.mkdir(mode=0o700, parents=True)
        try:
            manifest = extract_backup(file, staging)
            restored = _choose_number(paths, staging, manifest, now, lake)
            _check_bindings(staging / contents.BINDINGS)
            _lay_register_ready(paths, staging)
            _record(paths, staging, file, restored)
            write_mark(staging, restored)
        except BaseException:
            remove_staging(paths)
            raise
        finish_locked(paths, lake)
    return restored


def _require_place(paths: InstallationPaths, lake: RestoredLake | None) -> None:
    """Raise StoreError unless this place may be published to, with the folder that its machines share."""
    if lake is None:
        require_files_to_publish(paths.database.pointer)
        return
    lake.require_publishing()
    lake.find_local_epoch()
    require_shared_folder(paths)


def _choose_number(
    paths: InstallationPaths, staging: Path, manifest: Manifest, now: datetime, lake: RestoredLake | None
) -> Restored:
    """Open the backup's database and choose a number above every number that was ever seen, and an epoch of a lake."""
    backup = DatabasePaths(staging / contents.POINTER)
    database = Database.open(backup.pointer, accept_older=True)
    if database is None:
        raise BackupError("The backup holds no version of the database. Nothing was changed.")
    version, is_older = database.version, database.has_older_format
    database.close()
    content = read_pointer(backup)
    numbers = [
        version,
        content.version if content else 0,
        *_list_journal_numbers(staging / contents.JOURNAL),
        *_list_journal_numbers(paths.database.journal),
        find_next_number(paths.database) - 1,
        0 if lake is None else lake.find_highest_number(),
    ]
    earlier = read_restored(get_record_path(paths.database))
    number = max([*numbers, earlier.number if earlier else 0]) + 1
    if not (paths.database.pointer.exists() if lake is None else lake.is_history_known()):
        number += _UNKNOWN_HISTORY_STEP
    if number > MAX_NUMBER:
        raise BackupError("The version number {number} is too high.", number=number)
    if lake is None:
        return Restored(number, version, manifest.at, now)
    if is_older:
        text = (
            "The backup is of an earlier release, whose figures a lake cannot take. Restore it into files "
            "(KPIS_DATABASE names a path), read the sheets once, and move that to an empty lake: {command}. Nothing "
            "was changed."
        )
        raise BackupError(text, command="python -m kpis store move --to …")
    _rename_for_lake(staging)
    epochs = dict.fromkeys([*manifest.epochs, *filter(None, [lake.find_local_epoch()])])
    return Restored(number, version, manifest.at, now, uuid.uuid4().hex, tuple(epochs))


def _rename_for_lake(staging: Path) -> None:
    """Let what is beside the pointer have the names that it has beside one; the caller has made no mark yet."""
    target = DatabasePaths(staging / contents.POINTER)
    names = {
        contents.JOURNAL: target.journal, contents.POSITIONS: target.positions, contents.REQUESTS: target.requests,
        contents.REMINDERS: target.reminders, contents.ANSWERS: target.answers,
    }  # fmt: skip
    with as_store_error(staging):
        for name, path in names.items():
            if (staging / name).exists():
                (staging / name).rename(path)
        fsync_folder(target.folder)


def _check_bindings(path: Path) -> None:
    try:
        if path.exists():
            contents.parse_bindings(path.read_bytes())
    except (ValueError, TypeError, RecursionError) as error:
        raise BackupError("The sign-in bindings of the backup cannot be read. Nothing was changed.") from error


def _list_journal_numbers(path: Path) -> list[int]:
    numbers = (record.get("version") for record in journal.read(path))
    return [number for number in numbers if type(number) is int and 0 < number <= MAX_NUMBER]


def _lay_register_ready(paths: InstallationPaths, staging: Path) -> None:
    source, target = staging / contents.REGISTER, get_staged_register(paths)
    if not source.is_dir():
        return
    with as_store_error(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        for path in sorted(source.rglob("*")):
            if path.is_file():
                copy = target / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy_file(path, copy)
                fsync_file(copy)
        for folder in (target, *(path for path in target.rglob("*") if path.is_dir())):
            fsync_folder(folder)


def _record(paths: InstallationPaths, staging: Path, file: Path, restored: Restored) -> None:
    """Add a line to the audit where rights are, or will be, enforced. AuditError: nothing is restored then."""
    if not is_enforced(paths.access) and not (staging / contents.ENFORCED).exists():
        return
    _adopt_audit(paths, staging / contents.AUDIT)
    details = {"file": file.name, "backup_at": f"{restored.backup_at.isoformat()}Z", "number": restored.number}
    AuditLog(paths.database.pointer, paths.access.shared).append("restore", get_system_person(), restored.at, **details)


def _adopt_audit(paths: InstallationPaths, backup: Path) -> None:
    """Take over the backup's audit where there is none; keep it beside the present one unless that continues it."""
    files = sorted(backup.glob("*.jsonl")) if backup.is_dir() else []
    if not files:
        return
    with as_store_error(paths.audit):
        if not any(paths.audit.glob("*.jsonl")):
            target = paths.audit
        elif all(_continues(paths.audit / path.name, path) for path in files):
            return
        else:
            count = sum(1 for _ in paths.audit.glob("of-backup-*"))
            target = paths.audit / f"of-backup-{count + 1}"
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in files:
            write_atomic(target / path.name, path.read_bytes())
            (target / path.name).chmod(0o600)


def _continues(present: Path, earlier: Path) -> bool:
    return present.is_file() and present.read_bytes().startswith(earlier.read_bytes())
