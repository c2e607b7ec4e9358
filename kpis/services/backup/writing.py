"""Writes a backup while the dashboard runs: aside, with a hash of every file, then renamed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from kpis.services.backup import contents
from kpis.services.backup.contents import InstallationPaths, get_installation_paths
from kpis.services.backup.errors import BackupError
from kpis.settings import Settings
from kpis.store.files import as_store_error, get_temporary_path, replace_file
from kpis.store.lake.follower import is_followed
from kpis.store.lock import try_lock
from kpis.store.versions import find_current_version

_CHUNK_BYTES = 1 << 20
_LOCK_SECONDS = 600.0
_LOCK_PAUSE = 0.5
SPARE_BYTES = 64 << 20
"""Space that must stay free after a backup or restore."""


def write_backup(settings: Settings, environ: Mapping[str, str], target: Path, now: datetime) -> int:
    """Write everything that cannot be read again into `target` (mode 0600) and return how many files it holds.

    Waits for a sync that is running, so that all files belong to one moment. `now` is naive UTC. BackupError if there
    is nothing to back up or no space, StoreError for the disk: an earlier file of the name stays as it was.
    """
    paths = get_installation_paths(settings, environ)
    if settings.lake is not None or is_followed(settings.pointer):
        raise BackupError(
            "{path} follows a lake: a backup of it would lack what the lake holds. Dump the catalog (pg_dump) first, "
            "then copy the folder with the lake's files; nothing was written.",
            path=settings.pointer,
        )
    if settings.sample or find_current_version(settings.pointer) is None:
        raise BackupError(
            "There are no figures of your own to back up yet. Read the sheets first: python -m kpis sync."
        )
    temporary = get_temporary_path(target)
    with wait_for_lock(paths), as_store_error(target):
        files = list(contents.list_files(paths))
        check_free_space(target.absolute().parent, sum(path.stat().st_size for _, path in files))
        try:
            temporary.unlink(missing_ok=True)
            handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                with ZipFile(file, "w", ZIP_STORED, allowZip64=True) as archive:
                    number = _write_entries(archive, paths, files, now)
                file.flush()
                os.fsync(file.fileno())
            replace_file(temporary, target)
        except BaseException:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
    return number


@contextmanager
def wait_for_lock(paths: InstallationPaths, seconds: float = _LOCK_SECONDS) -> Iterator[None]:
    """Hold the sync's lock; BackupError if another process holds it for too long."""
    until = time.monotonic() + seconds
    while True:
        with try_lock(paths.database.lock) as is_acquired:
            if is_acquired:
                yield
                return
        if time.monotonic() > until:
            raise BackupError("The sheets have been being read for over ten minutes. Try again when that has ended.")
        time.sleep(_LOCK_PAUSE)


def check_free_space(folder: Path, size: int) -> None:
    """Raise BackupError if `size` bytes would leave too little space in a folder."""
    free = shutil.disk_usage(folder).free
    if free < size + SPARE_BYTES:
        text = "{folder} has too little free space: {needed} MB are needed, {free} MB are free."
        raise BackupError(text, folder=folder, needed=(size + SPARE_BYTES >> 20) + 1, free=free >> 20)


def _write_entries(archive: ZipFile, paths: InstallationPaths, files: list[tuple[str, Path]], now: datetime) -> int:
    entries: dict[str, dict[str, object]] = {}
    for name, path in files:
        entries[name] = _write_file(archive, name, path)
    bindings = contents.read_bindings(paths)
    if bindings is not None:
        archive.writestr(_build_entry(contents.BINDINGS), bindings)
        entries[contents.BINDINGS] = {"size": len(bindings), "sha256": hashlib.sha256(bindings).hexdigest()}
    manifest = {"format": contents.FORMAT, "at": now.isoformat(timespec="seconds"), "files": entries}
    archive.writestr(_build_entry(contents.MANIFEST), json.dumps(manifest, ensure_ascii=False).encode())
    return len(entries)


def _write_file(archive: ZipFile, name: str, path: Path) -> dict[str, object]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(_build_entry(name), "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return {"size": size, "sha256": digest.hexdigest()}


def _build_entry(name: str) -> ZipInfo:
    entry = ZipInfo(name)
    entry.compress_type = ZIP_STORED if name.endswith((".duckdb", ".xlsx", ".pdf", ".pptx", ".png")) else ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry
