"""Where editions, the audit and the record of enforced rights lie: beside the pointer, or in `KPIS_SHARED`.

The machines of a lake share that folder. It has a mark with an id, which the lake knows too: a folder without the mark
is not mounted, one with another mark belongs to another lake, and in neither is anything read as ours or written.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kpis.errors import StoreError
from kpis.settings import Settings
from kpis.store.files import (
    as_store_error,
    build_full_disk_error,
    convert_os_error,
    fsync_folder,
    get_temporary_path,
    write_atomic,
)
from kpis.store.paths import DatabasePaths

MARK = "kpis-shared"
AUDIT = "audit"
MIN_FREE_BYTES = 500 * 2**20
"""With less space in the shared folder an edition may not fit."""

UNNAMED_MESSAGE = (
    "The machines of this lake share a folder, and KPIS_SHARED names none on this machine. Set it as on the others; "
    "nothing was written."
)
_GONE = (
    "The shared folder {path} is not there, or not mounted. Mount it, or correct KPIS_SHARED; nothing was written "
    "elsewhere."
)
_OTHER = (
    "{path} is the shared folder of another lake. Correct KPIS_SHARED or KPIS_DATABASE, or mount the right folder; "
    "nothing was written."
)
_ID = re.compile(r"[0-9a-f]{32}")
_REPLICA = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class InstallationFiles:
    """The files beside a pointer, some of them in the folder `shared` where there is one."""

    pointer: Path
    shared: Path | None = None

    @property
    def editions(self) -> Path:
        """The folder of sealed editions."""
        return self._get_beside("editions") if self.shared is None else self.shared / "editions"

    @property
    def audit(self) -> Path:
        """The folder of the audit."""
        return DatabasePaths(self.pointer).folder / AUDIT if self.shared is None else self.shared / AUDIT

    @property
    def enforced(self) -> Path:
        """The file whose presence says that rights are enforced."""
        return self._get_beside("access-enforced") if self.shared is None else self.shared / "access-enforced"

    def get_writing(self, name: str) -> Path:
        """Return the file of what a sheet held before a write into it, absent once the sheet was looked at after."""
        return self._get_beside(f"writing-{name}.json") if self.shared is None else self.shared / f"writing-{name}.json"

    def list_writing(self) -> list[str]:
        """Return the names of these files that are there."""
        folder = self.get_writing("").parent
        pattern = re.compile(re.escape(self.get_writing("@").name).replace("@", "([0-9a-f]+)"))
        names = [pattern.fullmatch(path.name) for path in folder.iterdir()] if folder.is_dir() else []
        return sorted(match[1] for match in names if match)

    @property
    def audit_lock(self) -> Path:
        """The lock of this machine's file of the audit: a lock in a folder of several machines is not to be trusted."""
        return self.audit / "audit.lock" if self.shared is None else self._get_beside("audit.lock")

    def find_replica(self) -> str:
        """Return the name of this machine's own files in the shared folder, made once; "" without one."""
        if self.shared is None:
            return ""
        path = self._get_beside("replica")
        with as_store_error(path):
            with suppress(FileNotFoundError):
                if _REPLICA.fullmatch(text := path.read_text(encoding="utf-8").strip()):
                    return text
            host = re.sub(r"[^a-z0-9]+", "-", socket.gethostname().lower())[:40].strip("-") or "host"
            path.parent.mkdir(parents=True, exist_ok=True)
            name = f"{host}-{uuid.uuid4().hex[:6]}"
            write_atomic(path, name.encode())
        return name

    def require(self) -> None:
        """Raise StoreError unless what is shared can be read here; the lake is not asked."""
        expected = _read_id(self._get_beside("shared-folder"))
        if self.shared is None:
            if expected is not None:
                raise StoreError(UNNAMED_MESSAGE)
            return
        mark = _read_id(self.shared / MARK)
        if mark is None:
            raise StoreError(_GONE, path=self.shared)
        if expected not in (None, mark):
            raise StoreError(_OTHER, path=self.shared)

    def require_writable(self) -> None:
        """Raise StoreError unless the shared folder is there, has room, and takes a file."""
        self.require()
        if self.shared is None:
            return
        probe = get_temporary_path(self._get_shared_probe(self.shared))
        try:
            if shutil.disk_usage(self.shared).free < MIN_FREE_BYTES:
                raise build_full_disk_error(self.shared)
            _probe(probe, b"0")
            probe.unlink()
        except OSError as error:
            raise convert_os_error(error, self.shared) from error

    def join(self, recorded: str | None) -> str | None:
        """Make the shared folder that of the lake which knows it as `recorded` (None: as nothing yet); return its id.

        None without a folder. StoreError if there is none where one is meant, or it is another lake's.
        """
        if self.shared is None:
            if recorded is not None:
                self._remember(recorded)
                raise StoreError(UNNAMED_MESSAGE)
            return None
        if recorded is None:
            recorded = _read_id(self.shared / MARK) or _make_mark(self.shared)
        self.check(recorded)
        return recorded

    def check(self, recorded: str | None) -> None:
        """Raise StoreError unless the shared folder is the one that the lake knows as `recorded`, and takes files.

        This machine remembers it. `recorded` None: the lake knows of none, or did not answer.
        """
        self.check_mark(recorded)
        self.require_writable()

    def check_mark(self, recorded: str | None) -> None:
        """Do the same for who only reads what is shared."""
        if recorded is not None:
            self._remember(recorded)
        self.require()

    def _remember(self, recorded: str) -> None:
        path = self._get_beside("shared-folder")
        if _read_id(path) != recorded:
            with as_store_error(path):
                path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, recorded.encode())

    def _get_beside(self, name: str) -> Path:
        paths = DatabasePaths(self.pointer)
        return paths.folder / f"{paths.stem}-{name}"

    def _get_shared_probe(self, shared: Path) -> Path:
        return shared / f".{self.find_replica()}-probe"


def find_files(settings: Settings) -> InstallationFiles:
    """Return where the files of the installation with these settings lie."""
    return InstallationFiles(settings.pointer, settings.shared)


def _probe(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _read_id(path: Path) -> str | None:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    return text if _ID.fullmatch(text) else None


def _make_mark(folder: Path) -> str:
    """Give a folder its id, unless another machine does at this moment; return the id that it has."""
    if not folder.is_dir():
        raise StoreError(_GONE, path=folder)
    path = folder / MARK
    temporary = folder / f".{MARK}-{uuid.uuid4().hex}"
    with as_store_error(folder):
        temporary.write_text(uuid.uuid4().hex, encoding="utf-8")
        try:
            with suppress(FileExistsError):
                os.link(temporary, path)  # whole or not at all, on a network file system too
        finally:
            temporary.unlink()
        fsync_folder(folder)
    if (mark := _read_id(path)) is None:
        raise StoreError(_GONE, path=folder)
    return mark
