"""What one of several machines has that the others must have too: its release and the files of the configuration."""

from __future__ import annotations

import hashlib
import os
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kpis.errors import StoreError
from kpis.settings import Settings
from kpis.store.files import as_store_error
from kpis.store.product_version import get_product_version

_SETTLED_SECONDS = 120.0
"""A file that was changed since is read again: another change may have left size and time as they are."""
_DRAFTS = "drafts"

_Signature = tuple[int, int, int]
_hashes: dict[Path, tuple[_Signature, str]] = {}


def name_process() -> str:
    """Return machine and process."""
    return f"{socket.gethostname()} {os.getpid()}"


@dataclass(frozen=True)
class ReplicaSight:
    """What a process sees on its machine: the release, and the SHA-256 of each file of the configuration by name.

    `files` is None where the machines share no folder: then each has its own.
    """

    release: str
    files: Mapping[str, str] | None
    process: str = field(default_factory=name_process)


def look_at_replica(settings: Settings) -> ReplicaSight:
    """Return what this process sees now. StoreError if the sources file or another one cannot be read."""
    if settings.shared is None:
        return ReplicaSight(get_product_version(), None)
    if not settings.sources.is_file():
        raise StoreError("{path} is not there, so what this machine would read is not known.", path=settings.sources)
    return ReplicaSight(get_product_version(), dict(sorted(_hash_files(settings))))


def list_differing(ours: Mapping[str, str], theirs: Mapping[str, str]) -> list[str]:
    """Return the names of the files that differ or that one side lacks."""
    return sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))


def _hash_files(settings: Settings) -> Iterator[tuple[str, str]]:
    folder = settings.sources.parent
    with as_store_error(folder):
        for path in folder.glob("*.toml"):
            yield path.name, _hash_file(path)
        if settings.sources.suffix != ".toml":
            yield settings.sources.name, _hash_file(settings.sources)
        if settings.overlay is not None:
            for path in settings.overlay.rglob("*.toml"):
                parts = path.relative_to(settings.overlay).parts
                if parts[0] != _DRAFTS and not any(part.startswith(".") for part in parts):  # what is being written
                    yield "/".join(("register", *parts)), _hash_file(path)


def _hash_file(path: Path) -> str:
    status = path.stat()
    signature = status.st_mtime_ns, status.st_size, status.st_ino
    earlier = _hashes.get(path)
    if earlier is not None and earlier[0] == signature and time.time() - status.st_mtime > _SETTLED_SECONDS:
        return earlier[1]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    _hashes[path] = signature, digest
    return digest
