"""Reads a backup into a folder of its own: only names of ours, never more bytes than stated, every hash compared."""

from __future__ import annotations

import hashlib
import json
import os
import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from kpis.services.backup import contents
from kpis.services.backup.errors import BackupError
from kpis.services.backup.writing import check_free_space
from kpis.store.files import as_store_error, fsync_folder

_CHUNK_BYTES = 1 << 20
_MAX_MANIFEST = 64 << 20
_MAX_FILES = 200_000
_MAX_EPOCHS = 100_000
_YEARS = range(2000, 9000)
_EPOCH = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Manifest:
    """When a backup was made (naive UTC), and the size and SHA-256 of each file by name.

    `epochs`: those of the lake that it is of, its last one last; none for a backup of files.
    """

    at: datetime
    files: dict[str, tuple[int, str]]
    epochs: tuple[str, ...] = ()


def extract_backup(file: Path, folder: Path) -> Manifest:
    """Write every file of a backup below a folder, durably. BackupError if it is no sound backup of ours."""
    try:
        with ZipFile(file) as archive:
            manifest = _read_manifest(archive)
            if sorted(info.filename for info in archive.infolist()) != sorted([*manifest.files, contents.MANIFEST]):
                raise ValueError("other files than the manifest names")
            check_free_space(folder, sum(size for size, _ in manifest.files.values()))
            with as_store_error(folder):  # a name too long, a file that would be a folder too, a full disk
                for name, (size, digest) in manifest.files.items():
                    _extract(archive, name, folder / name, size, digest)
    except (
        BadZipFile,
        zlib.error,
        ValueError,
        KeyError,
        TypeError,
        EOFError,
        NotImplementedError,
        RecursionError,
    ) as error:
        text = "{file} is not a sound backup: {reason}. Nothing was changed."
        raise BackupError(text, file=file.name, reason=str(error)[:200] or type(error).__name__) from error
    return manifest


def _read_manifest(archive: ZipFile) -> Manifest:
    info = archive.getinfo(contents.MANIFEST)
    if info.file_size > _MAX_MANIFEST:
        raise ValueError("the manifest is too large")
    with archive.open(info) as source:
        document: dict[str, Any] = json.loads(source.read(_MAX_MANIFEST))
    if document["format"] != contents.FORMAT:
        raise ValueError(f"its format is {document['format']}")
    files = {}
    for name, entry in document["files"].items():
        size, digest = entry["size"], entry["sha256"]
        if not contents.is_known_name(name) or type(size) is not int or size < 0 or not isinstance(digest, str):
            raise ValueError(f"“{name}” does not belong to a backup")
        files[name] = (size, digest)
    if len(files) > _MAX_FILES or contents.POINTER not in files:
        raise ValueError("no database")
    at = datetime.fromisoformat(document["at"])
    if at.tzinfo is not None or at.year not in _YEARS:
        raise ValueError(f"it was made at {at}")
    epochs = document.get("epochs", [])
    if not isinstance(epochs, list) or len(epochs) > _MAX_EPOCHS or not all(map(_is_epoch, epochs)):
        raise ValueError("its epochs are not those of a lake")
    return Manifest(at, files, tuple(epochs))


def _is_epoch(value: object) -> bool:
    return isinstance(value, str) and _EPOCH.fullmatch(value) is not None


def _extract(archive: ZipFile, name: str, target: Path, size: int, digest: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    actual, left = hashlib.sha256(), size
    with os.fdopen(handle, "wb") as writer, archive.open(name) as source:
        while chunk := source.read(min(_CHUNK_BYTES, left + 1)):
            left -= len(chunk)
            if left < 0:
                raise ValueError(f"“{name}” is larger than stated")
            actual.update(chunk)
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    if left or actual.hexdigest() != digest:
        raise ValueError(f"“{name}” was changed or cut")
    fsync_folder(target.parent)
