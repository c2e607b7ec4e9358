"""Office files are ZIP archives: packed so that equal parts give equal bytes at any time."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP entry can name


def write_fixed(made: bytes, path: Path) -> None:
    """Write an archive with its entries in their order, each of one fixed time."""
    packed = BytesIO()
    with ZipFile(BytesIO(made)) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            fixed = ZipInfo(entry.filename, _EARLIEST)
            fixed.compress_type = ZIP_DEFLATED
            fixed.create_system = 3
            target.writestr(fixed, source.read(entry))
    path.write_bytes(packed.getvalue())
