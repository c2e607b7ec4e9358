"""ZIP archives, those of Office files too: packed so that equal parts give equal bytes at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

_EARLIEST_TIME = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP entry can name


def bundle_files(paths: Iterable[Path]) -> bytes:
    """An archive of files by their names, equal for equal files; they are packed already."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as target:
        for path in paths:
            target.writestr(_build_entry(path.name), path.read_bytes())
    return packed.getvalue()


def write_reproducible(save: Callable[[IO[bytes]], object], path: Path) -> None:
    """Write the archive that `save` makes with its entries in their order, each of one fixed time."""
    made, packed = BytesIO(), BytesIO()
    save(made)
    with ZipFile(made) as source, ZipFile(packed, "w") as target:
        for entry in source.infolist():
            target.writestr(_build_entry(entry.filename), source.read(entry), ZIP_DEFLATED)
    path.write_bytes(packed.getvalue())


def _build_entry(name: str) -> ZipInfo:
    fixed = ZipInfo(name, _EARLIEST_TIME)
    fixed.create_system = 3
    return fixed
