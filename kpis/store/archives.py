"""Reproducible ZIP archives, Office files included: equal content gives equal bytes at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

_EARLIEST_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP entry can have


def bundle_files(paths: Iterable[Path]) -> bytes:
    """Return a ZIP archive of files by their names, stored uncompressed; equal files give equal bytes."""
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_STORED) as target:
        for path in paths:
            target.writestr(_build_entry(path.name), path.read_bytes())
    return archive.getvalue()


def write_reproducible(save: Callable[[IO[bytes]], object], path: Path) -> None:
    """Write the archive that `save` makes, with the same entries in the same order and one fixed time."""
    original, archive = BytesIO(), BytesIO()
    save(original)
    with ZipFile(original) as source, ZipFile(archive, "w") as target:
        for entry in source.infolist():
            target.writestr(_build_entry(entry.filename), source.read(entry), ZIP_DEFLATED)
    path.write_bytes(archive.getvalue())


def _build_entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _EARLIEST_TIME)
    entry.create_system = 3  # Unix, whatever system writes it
    return entry
