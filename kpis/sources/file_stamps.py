"""Which files a source consists of, and by what a change of them is noticed: size, times, content."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from kpis.sheet.model import Source
from kpis.sources.csv_folder import MAX_FILE_BYTES, is_tab


@dataclass(frozen=True)
class FileStamp:
    """One file: its size in bytes, its times in nanoseconds, its number in the file system, and which one that is.

    `changed_ns` also differs where a program set the time of modification back (Windows: time of creation).
    """

    name: str
    size: int
    modified_ns: int
    changed_ns: int
    inode: int
    device: int


def read_stamps(source: Source) -> tuple[FileStamp, ...] | None:
    """Return the stamps of a source's files by name; None if they cannot be seen. One stat per file."""
    try:
        stamps = []
        for path in _list_paths(source):
            stat = path.stat()
            times = stat.st_mtime_ns, stat.st_ctime_ns
            stamps.append(FileStamp(path.name, stat.st_size, *times, stat.st_ino, stat.st_dev))
    except OSError:
        return None
    return tuple(stamps)


def compute_digests(source: Source) -> dict[str, str] | None:
    """Return the SHA-256 of each file of a source; None if one cannot be read or is too large to be."""
    try:
        return {path.name: _compute_digest(path) for path in _list_paths(source)}
    except (OSError, ValueError):
        return None


def _list_paths(source: Source) -> list[Path]:
    path = Path(source.location)
    if source.kind == "folder":
        return sorted(entry for entry in path.iterdir() if is_tab(entry))
    return [path]


def _compute_digest(path: Path) -> str:
    # A pipe or a device may never end.
    if not path.is_file() or path.stat().st_size > MAX_FILE_BYTES:
        raise ValueError(path.name)
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
