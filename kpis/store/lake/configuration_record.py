"""Release and configuration of who leads a lake, as the others compare them (docs/decisions/lake-configuration.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from packaging.version import InvalidVersion, Version

from kpis.errors import StoreError
from kpis.store.formats import FORMAT
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.leader_lock import SILENCE_SECONDS
from kpis.store.lake.postgres_session import PostgresSession, open_session
from kpis.store.product_version import get_product_version
from kpis.store.replica import ReplicaSight, list_differing

LOOK_SECONDS = 10.0
"""Who leads looks so often."""
FRESH_SECONDS = 3 * LOOK_SECONDS
"""After so long without a look nobody leads, and a machine that differs counts as differing."""

_MAX_NAMED = 5


class DifferingFilesError(StoreError):
    """The configuration that a machine sees is another one than that of who leads."""


@dataclass(frozen=True)
class ConfigurationRecord:
    """What who leads last saw; `is_fresh`: so short a time ago that somebody does lead."""

    release: str
    files: Mapping[str, str] | None
    process: str
    is_fresh: bool


def read_configuration(session: PostgresSession) -> ConfigurationRecord | None:
    """Return the record; None where nobody has led yet."""
    row = session.fetch_row("read_configuration", seconds=FRESH_SECONDS)
    if row is None:
        return None
    release, files, process, is_fresh = row
    return ConfigurationRecord(
        str(release), None if files is None else json.loads(str(files)), str(process), bool(is_fresh)
    )


def fetch_configuration(address: LakeAddress) -> ConfigurationRecord | None:
    """Do the same over a session of its own; None where there are no shared tables yet."""
    with open_session(address, name="kpis", silence_seconds=SILENCE_SECONDS) as session:
        return read_configuration(session) if session.fetch_row("has_shared_tables") == (True,) else None


def require_release(address: LakeAddress) -> None:
    """Raise StoreError if a higher release leads the lake than the one that runs here."""
    sight = ReplicaSight(get_product_version(), None)
    refusal = find_refusal(fetch_configuration(address), sight, address.describe())
    if refusal is not None:
        raise refusal


def claim_configuration(session: PostgresSession, sight: ReplicaSight, *, is_reader: bool = False) -> None:
    """Record what this process sees, over the session of a lock; StoreError if it may not lead with that.

    `is_reader`: this process looks again and again. What another one recorded a short time ago, and who leads for a
    moment sees too, stays as it is.
    """
    if session.fetch_row("has_shared_tables") != (True,):
        return
    with session.transaction():
        session.fetch_rows("lock_configuration")
        record = read_configuration(session)
        refusal = find_refusal(record, sight, session.address.describe())
        if refusal is not None:
            raise refusal
        is_ours = is_reader or (record is not None and record.process == sight.process)
        if record is None or is_ours or not record.is_fresh or record.release != sight.release:
            files = None if sight.files is None else json.dumps(sight.files, ensure_ascii=False)
            values = {"release": sight.release, "format": FORMAT, "files": files, "process": sight.process}
            session.fetch_rows("record_configuration", **values)


def find_refusal(record: ConfigurationRecord | None, sight: ReplicaSight, lake: str) -> StoreError | None:
    """Return why a process may not lead with what it sees; None if it may.

    A lower release never may. With other files only the process that recorded them may, or anybody once nobody looks.
    """
    if record is None:
        return None
    if _is_lower(sight.release, record.release):
        text = (
            "The lake at {lake} is led by release {release} of this product, and this machine has release {own}. "
            "Install {release} on this machine too."
        )
        return StoreError(text, lake=lake, release=record.release, own=sight.release)
    if record.process == sight.process or not record.is_fresh or record.files is None or sight.files is None:
        return None
    names = list_differing(sight.files, record.files)
    if not names:
        return None
    text = (
        "The configuration that this machine sees is not that of the machine that leads the lake. These files differ: "
        "{files}. See that both have the same shared folder."
    )
    named = ", ".join(names[:_MAX_NAMED]) + (" …" if len(names) > _MAX_NAMED else "")
    return DifferingFilesError(text, files=named)


def _is_lower(release: str, other: str) -> bool:
    try:
        return Version(release) < Version(other)
    except InvalidVersion:
        return False
