"""What a backup holds, where it stands in the archive and where on the disk: the same for files and for a lake.

Left out: sessions, open invitations, secrets (client secret, Google key), caches, and the workbooks that sources name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kpis.access.audit import MONTH_FILE
from kpis.access.enforcement import AccessPaths, get_access_paths, is_enforced, open_access_store
from kpis.reminders.contacts import CONTACTS_FILE
from kpis.reminders.sending_log import get_log_path
from kpis.requests.ledger import get_ledger_path
from kpis.services.backup.errors import BackupError
from kpis.settings import Settings, get_register_folder
from kpis.store.lake.address import LakeAddress
from kpis.store.paths import DatabasePaths
from kpis.store.versions import list_candidates

MANIFEST = "manifest.json"
FORMAT = 1
DATABASE, EDITIONS, AUDIT, REGISTER = "database", "editions", "audit", "register"
POINTER, JOURNAL, POSITIONS = f"{DATABASE}/kpis.json", f"{DATABASE}/journal.jsonl", f"{DATABASE}/positions.json"
ANSWERS, ENFORCED = f"{DATABASE}/answers.json", f"{DATABASE}/access-enforced"
REQUESTS, REMINDERS = f"{DATABASE}/requests.jsonl", f"{DATABASE}/reminders.jsonl"
SOURCES_FILE, RIGHTS_FILE, BINDINGS = "sources.toml", "access.toml", "bindings.json"
CONTACTS = CONTACTS_FILE

_SINGLE = {
    POINTER,
    JOURNAL,
    POSITIONS,
    ANSWERS,
    REQUESTS,
    REMINDERS,
    CONTACTS,
    ENFORCED,
    SOURCES_FILE,
    RIGHTS_FILE,
    BINDINGS,
}
_VERSION = re.compile(rf"{DATABASE}/kpis-[1-9][0-9]{{0,14}}\.duckdb")
_AUDIT_MONTH = re.compile(rf"{AUDIT}/{MONTH_FILE.pattern}")
_BAD_PARTS = {"", ".", ".."}
_MAX_NAME = 400
_END_OF_TIME = 1 << 40
"""Seconds since 1970: after every moment that a clock can show."""
UNFINISHED_PREFIX = "."


@dataclass(frozen=True)
class InstallationPaths:
    """The files and folders of an installation that a backup holds."""

    database: DatabasePaths
    sources: Path
    register: Path
    access: AccessPaths

    @property
    def lake(self) -> LakeAddress | None:
        """The lake that the database follows; None without one."""
        return self.access.lake

    @property
    def editions(self) -> Path:
        """The folder of sealed editions."""
        return self.access.files.editions

    @property
    def audit(self) -> Path:
        """The folder of the audit."""
        return self.access.files.audit

    @property
    def answers(self) -> Path:
        """What was written into Google Sheets as feedback."""
        return self.database.answers

    @property
    def requests(self) -> Path:
        """The ledger of requests for explanations."""
        return get_ledger_path(self.database.pointer)

    @property
    def reminders(self) -> Path:
        """What was sent to agencies: without it the messages of this week would be sent a second time."""
        return get_log_path(self.database.pointer)

    @property
    def contacts(self) -> Path:
        """The addresses of agencies."""
        return self.sources.parent / CONTACTS_FILE


def get_installation_paths(settings: Settings, environ: Mapping[str, str]) -> InstallationPaths:
    """Return the paths of the installation with these settings."""
    register = settings.overlay or get_register_folder({**environ, "KPIS_SOURCES": str(settings.sources)})
    return InstallationPaths(DatabasePaths(settings.pointer), settings.sources, register, get_access_paths(settings))


def is_known_name(name: str) -> bool:
    """True if a name may stand in an archive: one of ours, without a way out of its folder."""
    parts = name.split("/")
    if len(name) > _MAX_NAME or "\\" in name or ":" in name or not name.isprintable() or _BAD_PARTS & set(parts):
        return False
    if name in _SINGLE or _VERSION.fullmatch(name) or _AUDIT_MONTH.fullmatch(name):
        return True
    return len(parts) > 1 and parts[0] in {EDITIONS, REGISTER}


def list_files(paths: InstallationPaths) -> Iterator[tuple[str, Path]]:
    """Yield the name in the archive and the path of every file that is there. None of them changes meanwhile."""
    database = paths.database
    versions = ((f"{DATABASE}/kpis-{n}.duckdb", database.get_version_path(n)) for n in list_candidates(database))
    singles = (
        (POINTER, database.pointer),
        (JOURNAL, database.journal),
        (POSITIONS, database.positions),
        (ANSWERS, paths.answers),
        (REQUESTS, paths.requests),
        (REMINDERS, paths.reminders),
        (CONTACTS, paths.contacts),
        (ENFORCED, paths.access.record),
        (SOURCES_FILE, paths.sources),
        (RIGHTS_FILE, paths.access.rights_file),
    )
    audit = sorted(paths.audit.glob("*.jsonl")) if paths.audit.is_dir() else []
    for name, path in (*versions, *singles, *((f"{AUDIT}/{path.name}", path) for path in audit)):
        if path.is_file() and is_known_name(name):
            yield name, path
    for group, folder in ((REGISTER, paths.register), (EDITIONS, paths.editions)):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            parts = path.relative_to(folder).parts
            if path.is_file() and not any(part.startswith(UNFINISHED_PREFIX) for part in parts):
                yield _require_known_name("/".join((group, *parts))), path


def _require_known_name(name: str) -> str:
    if not is_known_name(name):
        text = "A backup cannot hold “{name}”: its name is too long or has letters like “:”. Rename it."
        raise BackupError(text, name=name[:_MAX_NAME])
    return name


def read_bindings(paths: InstallationPaths) -> bytes | None:
    """Return the sign-in bindings as JSON; None where rights are not enforced."""
    if not is_enforced(paths.access):
        return None
    return json.dumps(open_access_store(paths.access).list_bindings(), ensure_ascii=False).encode()


def parse_bindings(data: bytes) -> list[tuple[str, str, str, int]]:
    """Return bindings as `AccessStore.replace_bindings` takes them; ValueError if they are not ours."""
    bindings = []
    for row in json.loads(data):
        email, issuer, subject, moment = row
        if not all(isinstance(text, str) for text in (email, issuer, subject)) or type(moment) is not int:
            raise ValueError(row)
        if not 0 <= moment < _END_OF_TIME or not (email + issuer + subject).isprintable():
            raise ValueError(row)  # what the store cannot hold would fail after the restore was made certain
        bindings.append((email, issuer, subject, moment))
    return bindings
