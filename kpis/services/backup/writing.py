"""Writes a backup while the dashboard runs: aside, with a hash of every file, then renamed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from kpis.services.backup import contents
from kpis.services.backup.contents import InstallationPaths, get_installation_paths
from kpis.services.backup.errors import BackupError
from kpis.settings import Settings
from kpis.store.files import as_store_error, get_temporary_path, replace_file
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.follower import is_followed
from kpis.store.lake.lake_place import LakePlace
from kpis.store.lake.saving import save_lake
from kpis.store.lake.shared_folder import fetch_shared_folder
from kpis.store.lock import try_lock
from kpis.store.paths import DatabasePaths
from kpis.store.versions import find_current_version

_CHUNK_BYTES = 1 << 20
_LOCK_SECONDS = 600.0
_LOCK_PAUSE = 0.5
SPARE_BYTES = 64 << 20
"""Space that must stay free after a backup or restore."""


def write_backup(settings: Settings, environ: Mapping[str, str], target: Path, now: datetime) -> int:
    """Write everything that cannot be read again into `target` (mode 0600) and return how many files it holds.

    Waits for a sync that is running, so that all files belong to one moment; a lake is read while others publish.
    `now` is naive UTC. BackupError if there is nothing to back up or no space, StoreError for the disk or the lake: an
    earlier file of the name stays as it was.
    """
    paths = get_installation_paths(settings, environ)
    if settings.sample:
        raise _build_empty_error()
    if paths.lake is not None:
        return _write_from_lake(paths, paths.lake, target, now)
    if find_current_version(settings.pointer) is None:
        raise _build_empty_error()
    if is_followed(settings.pointer):
        raise BackupError(
            "{path} follows a lake: a backup of it would lack what the lake holds. Set KPIS_DATABASE to the lake's "
            "address; nothing was written.",
            path=settings.pointer,
        )
    with wait_for_lock(paths):
        return _write_archive(paths, target, now, [])


def _write_from_lake(paths: InstallationPaths, lake: LakeAddress, target: Path, now: datetime) -> int:
    """Save what the lake holds as files, and pack them with what its machines share in a folder."""
    paths.access.files.check_mark(fetch_shared_folder(lake))
    with _open_work_folder(paths.database) as work_folder:
        saved = DatabasePaths(work_folder / paths.database.pointer.name)
        epochs = save_lake(lake, paths.database.pointer, saved)
        if not epochs:
            raise _build_empty_error()
        return _write_archive(replace(paths, database=saved), target, now, epochs)


@contextmanager
def _open_work_folder(database: DatabasePaths) -> Iterator[Path]:
    """Yield an empty folder beside a pointer and remove it afterwards; what a killed backup left goes first."""
    folder = database.folder / f"{database.stem}-backup.tmp"
    with as_store_error(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
    with try_lock(folder.with_suffix(".lock")) as is_acquired:
        if not is_acquired:
            raise BackupError("Another backup is being written. Run it again when it has ended.")
        shutil.rmtree(folder, ignore_errors=True)
        try:
            with as_store_error(folder):
                folder.mkdir(mode=0o700)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _build_empty_error() -> BackupError:
    return BackupError("There are no figures of your own to back up yet. Read the sheets first: python -m kpis sync.")


def _write_archive(paths: InstallationPaths, target: Path, now: datetime, epochs: list[str]) -> int:
    """Write the archive aside and rename it."""
    temporary = get_temporary_path(target)
    with as_store_error(target):
        files = list(contents.list_files(paths))
        check_free_space(target.absolute().parent, sum(path.stat().st_size for _, path in files))
        try:
            temporary.unlink(missing_ok=True)
            handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                with ZipFile(file, "w", ZIP_STORED, allowZip64=True) as archive:
                    number = _write_entries(archive, paths, files, now, epochs)
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
    with _wait(lambda: try_lock(paths.database.lock), seconds):
        yield


@contextmanager
def wait_for_lake(lake: LakePlace, seconds: float = _LOCK_SECONDS) -> Iterator[None]:
    """Lead a lake; BackupError if another process does for too long."""
    with _wait(lake.try_hold, seconds):
        yield


@contextmanager
def _wait(try_once: Callable[[], AbstractContextManager[bool]], seconds: float) -> Iterator[None]:
    until = time.monotonic() + seconds
    while True:
        with try_once() as is_acquired:
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


def _write_entries(
    archive: ZipFile, paths: InstallationPaths, files: list[tuple[str, Path]], now: datetime, epochs: list[str]
) -> int:
    entries: dict[str, dict[str, object]] = {}
    for name, path in files:
        entries[name] = _write_file(archive, name, path)
    bindings = contents.read_bindings(paths)
    if bindings is not None:
        archive.writestr(_build_entry(contents.BINDINGS), bindings)
        entries[contents.BINDINGS] = {"size": len(bindings), "sha256": hashlib.sha256(bindings).hexdigest()}
    manifest = {
        "format": contents.FORMAT, "at": now.isoformat(timespec="seconds"), "epochs": epochs, "files": entries,
    }  # fmt: skip
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
