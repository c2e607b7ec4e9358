"""What is remembered of each file between syncs: a small file beside the database, never needed.

It saves reading and parsing what has not changed, good files and those that cost too much. Without it, or with a
damaged one, every file is read once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import kpis
from kpis.sheet.model import Source
from kpis.sources.bounds import TooCostlyError
from kpis.sources.file_stamps import FileStamp, compute_digests, read_stamps
from kpis.store.files import write_best_effort

FORMAT_VERSION = 2
TIME_RESOLUTION_NS = 3_000_000_000
"""A file that changed so shortly before may change again at an equal time: FAT counts in two seconds."""

COSTLY_RETRY_NS = 3_600_000_000_000
"""How long an unchanged file that cost too much is not parsed again: the machine may have been busy."""

_READER_FILES = ("sheet/*.py", "sources/*.py", "sources/xlsx/*.py", "language/normalization.py")


@dataclass(frozen=True)
class FileReading:
    """One good read of a source: its plan, kind and location, its files, and what the read had to say.

    `is_settled`: the files were old enough that an equal size and time mean equal content. `stored` says
    what the database held of the source after it; `messages` are those of its result, as JSON. `ignored_tabs`
    are those of the source.
    """

    plan: str
    kind: str
    location: str
    stamps: tuple[FileStamp, ...]
    digests: Mapping[str, str]
    is_settled: bool
    stored: str = ""
    messages: tuple[Mapping[str, object], ...] = ()
    ignored_tabs: tuple[str, ...] = ()


@dataclass(frozen=True)
class CostlyFile:
    """A file that cost too much to parse at `at_ns`, as it was then, and the sentence about it."""

    location: str
    stamps: tuple[FileStamp, ...]
    at_ns: int
    text: str
    values: Mapping[str, Any]


class FileMemory:
    """The reads of the files of one database, by source id. `save` writes them if they changed."""

    def __init__(self, pointer: Path) -> None:
        self._path = pointer.with_name(f"{pointer.stem}-files.json")
        self._readings, self._costly_files = _load(self._path)
        self._has_changes = False

    def find_unchanged(self, source: Source, stored: str | None, now_ns: int) -> FileReading | None:
        """Return the last good read if the files are as they were then and the database holds what it gave.

        `stored` is what the database holds of the source now. Where only a time differs, content decides.
        """
        reading = self._readings.get(source.id)
        if reading is None or stored is None or reading.stored != stored:
            return None
        if (reading.plan, reading.kind, reading.location) != (source.plan, source.kind, source.location):
            return None
        if reading.ignored_tabs != source.ignored_tabs:
            return None
        stamps = read_stamps(source)
        if stamps is None or _list_sizes(stamps) != _list_sizes(reading.stamps):
            return None
        if stamps == reading.stamps and reading.is_settled:
            return reading
        if compute_digests(source) != reading.digests or read_stamps(source) != stamps:
            return None
        self.store(source.id, replace(reading, stamps=stamps, is_settled=are_settled(stamps, now_ns)))
        return self._readings[source.id]

    def store(self, source_id: str, reading: FileReading) -> None:
        """Remember a good read."""
        self._readings[source_id] = reading
        self._costly_files.pop(source_id, None)
        self._has_changes = True

    def find_costly(self, source: Source, now_ns: int) -> TooCostlyError | None:
        """Return why a file is not parsed again yet: it cost too much within COSTLY_RETRY_NS and has not changed."""
        file = self._costly_files.get(source.id)
        if file is None or file.location != source.location or not 0 <= now_ns - file.at_ns < COSTLY_RETRY_NS:
            return None
        return TooCostlyError(file.text, **file.values) if read_stamps(source) == file.stamps else None

    def store_costly(self, source: Source, stamps: tuple[FileStamp, ...], now_ns: int, error: TooCostlyError) -> None:
        """Remember a file that cost too much."""
        self._costly_files[source.id] = CostlyFile(source.location, stamps, now_ns, error.text, dict(error.values))
        self._has_changes = True

    def save(self) -> None:
        """Write the file if anything has changed. Raises OSError."""
        if self._has_changes:
            readings = {name: _to_json(reading) for name, reading in self._readings.items()}
            costly = {name: asdict(file) for name, file in self._costly_files.items()}
            document = {
                "format": FORMAT_VERSION,
                "reader": compute_reader_hash(),
                "sources": readings,
                "costly": costly,
            }
            write_best_effort(self._path, json.dumps(document, ensure_ascii=False))
            self._has_changes = False


def are_settled(stamps: tuple[FileStamp, ...], now_ns: int) -> bool:
    """Return True if every file is old enough that its next change will have another time."""
    return all(now_ns - max(stamp.modified_ns, stamp.changed_ns) > TIME_RESOLUTION_NS for stamp in stamps)


@cache
def compute_reader_hash() -> str:
    """Return the hash of the code that reads files: what another release remembered is not relied on."""
    root = Path(kpis.__file__).parent
    digest = sha256()
    for path in sorted(path for pattern in _READER_FILES for path in root.glob(pattern)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _list_sizes(stamps: tuple[FileStamp, ...]) -> list[tuple[str, int]]:
    return [(stamp.name, stamp.size) for stamp in stamps]


def _load(path: Path) -> tuple[dict[str, FileReading], dict[str, CostlyFile]]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if (document["format"], document["reader"]) != (FORMAT_VERSION, compute_reader_hash()):
            return {}, {}
        readings = {str(name): _from_json(entry) for name, entry in document["sources"].items()}
        return readings, {str(name): _costly_from_json(entry) for name, entry in document["costly"].items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}, {}


def _costly_from_json(entry: Mapping[str, Any]) -> CostlyFile:
    stamps = tuple(FileStamp(**stamp) for stamp in entry["stamps"])
    return CostlyFile(str(entry["location"]), stamps, int(entry["at_ns"]), str(entry["text"]), dict(entry["values"]))


def _to_json(reading: FileReading) -> dict[str, Any]:
    return {
        "plan": reading.plan,
        "kind": reading.kind,
        "location": reading.location,
        "stamps": [astuple(stamp) for stamp in reading.stamps],
        "digests": dict(reading.digests),
        "settled": reading.is_settled,
        "stored": reading.stored,
        "messages": list(reading.messages),
        "ignored_tabs": list(reading.ignored_tabs),
    }


def _from_json(entry: Mapping[str, Any]) -> FileReading:
    return FileReading(
        plan=str(entry["plan"]),
        kind=str(entry["kind"]),
        location=str(entry["location"]),
        stamps=tuple(FileStamp(*stamp) for stamp in entry["stamps"]),
        digests={str(name): str(digest) for name, digest in entry["digests"].items()},
        is_settled=entry["settled"] is True,
        stored=str(entry["stored"]),
        messages=tuple(dict(message) for message in entry["messages"]),
        ignored_tabs=tuple(map(str, entry["ignored_tabs"])),
    )
