"""Whether an installation enforces rights: decided once, recorded beside the database, ended by `access off` alone."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kpis.access.audit import SYSTEM_PREFIX, AuditLog
from kpis.access.errors import NotAllowedError, RightsFileError
from kpis.access.rights import Action, Rights
from kpis.access.rights_file import RIGHTS_FILE, load_rights
from kpis.access.store import AccessStore
from kpis.errors import StoreError
from kpis.settings import Settings
from kpis.store.files import as_store_error, write_atomic
from kpis.store.lake.address import LakeAddress
from kpis.store.opening import find_lake
from kpis.store.paths import DatabasePaths
from kpis.store.shared_files import InstallationFiles

OPEN_MODE = "Without a rights file (access.toml) the dashboard answers this machine alone, and nobody signs in."
"""How a server without a rights file is protected: on the page of the sources and in its log."""


@dataclass(frozen=True)
class AccessPaths:
    """The files of access: the rights file beside the sources file, the others beside the database."""

    rights_file: Path
    pointer: Path
    lake: LakeAddress | None = None
    """The lake whose shared tables hold the sessions; None: a file beside the database does."""
    shared: Path | None = None
    """The folder that the machines of the lake share; None without one."""

    @property
    def files(self) -> InstallationFiles:
        """What lies beside the database, or in the shared folder."""
        return InstallationFiles(self.pointer, self.shared)

    @property
    def record(self) -> Path:
        """The file whose presence says that rights are enforced."""
        return self.files.enforced

    @property
    def store(self) -> Path:
        """The SQLite file of sessions, which a lake has none of; beside it lie sign-outs that wait for their tables."""
        paths = DatabasePaths(self.pointer)
        return paths.folder / f"{paths.stem}-access.sqlite"


def get_access_paths(settings: Settings) -> AccessPaths:
    """Return the files of the installation with these settings."""
    return AccessPaths(settings.sources.parent / RIGHTS_FILE, settings.pointer, find_lake(settings), settings.shared)


def open_access_store(paths: AccessPaths) -> AccessStore:
    """Return where sessions, invitations and bindings are; nothing is connected to."""
    if paths.lake is None:
        return AccessStore(paths.store)
    # What a lake needs is slow to import, and many installations have none.
    from kpis.store.lake.shared_statements import SharedStatements

    return AccessStore(paths.store, SharedStatements(paths.lake))


def is_enforced(paths: AccessPaths) -> bool:
    """True if rights are enforced: a rights file was there once, and `access off` has not been called since.

    The first call that sees a rights file records it. Where the shared folder is gone nobody can know: then they are.
    """
    if paths.shared is not None:
        try:
            paths.files.require()
        except StoreError:
            return True
    with as_store_error(paths.record):
        if paths.record.exists():
            return True
        if not paths.rights_file.exists() and not paths.rights_file.is_symlink():
            return False
        paths.record.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(paths.record, b"The rights of access.toml are enforced; `python -m kpis access off` ends that.\n")
    return True


def end_enforcement(paths: AccessPaths) -> None:
    """Return an installation to open mode: for this machine alone, without sign-in."""
    with as_store_error(paths.record):
        paths.record.unlink(missing_ok=True)


def require_standing_right(
    settings: Settings, environ: Mapping[str, str], person: str, action: Action, plan: str | None
) -> None:
    """Raise NotAllowedError where somebody who asked earlier may not do it now; RightsFileError where nobody may.

    `person` as the audit names them: a user of the system, who runs commands, needs no right of the file.
    """
    paths = get_access_paths(settings)
    if person.startswith(SYSTEM_PREFIX) or not is_enforced(paths):
        return
    standing = AccessState(paths, environ).get_rights().find_person(person)
    if standing is None or not standing.may(action, plan):
        raise NotAllowedError("The rights of {person} do not allow this any more.", person=person)


class AccessState:
    """The rights of a running installation, read again when the file changes; nothing old is kept."""

    def __init__(self, paths: AccessPaths, environ: Mapping[str, str]) -> None:
        self.paths = paths
        self.store = open_access_store(paths)
        self.audit = AuditLog(paths.pointer, paths.shared)
        self._environ = environ
        self._lock = threading.Lock()
        self._stamp: tuple[int, ...] | None = None
        self._rights: Rights | RightsFileError | None = None

    def get_rights(self) -> Rights:
        """Return the rights as the file has them now. RightsFileError if it is missing or not valid."""
        with self._lock:
            stamp = self._read_stamp()
            if stamp is None or stamp != self._stamp or self._rights is None:
                self._rights, self._stamp = self._load(), stamp
            rights = self._rights
        if isinstance(rights, RightsFileError):
            raise rights
        return rights

    def _read_stamp(self) -> tuple[int, ...] | None:
        try:
            status = self.paths.rights_file.stat()
        except OSError:
            return None
        # A file may be put back with the time and size of another one (`cp -p`); st_ctime_ns changes even so.
        return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino

    def _load(self) -> Rights | RightsFileError:
        try:
            return load_rights(self.paths.rights_file, self._environ)
        except RightsFileError as error:
            return error
