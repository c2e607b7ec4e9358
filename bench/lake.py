"""Lakes of the bench: a PostgreSQL of its own (Debian's, never as root), and databases that are moved into it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from kpis.language import clock
from kpis.services.moving.move import move_database
from kpis.store.lake.address import LakeAddress, parse_address
from kpis.store.lake.lake_place import LakePlace
from kpis.store.moving import FilePlace
from tests.postgres_server import LEADER, PostgresServer

_PASSFILE = "PGPASSFILE"


@contextmanager
def serve_postgres() -> Iterator[PostgresServer]:
    """Run a server that writes its log through to the disk; its passwords are in PGPASSFILE meanwhile."""
    try:
        server = PostgresServer({"fsync": "on"})
    except pytest.fail.Exception as failure:
        raise RuntimeError(str(failure)) from None
    previous = os.environ.get(_PASSFILE)
    os.environ[_PASSFILE] = str(server.passfile)
    try:
        yield server
    finally:
        if previous is None:
            del os.environ[_PASSFILE]
        else:
            os.environ[_PASSFILE] = previous
        server.remove()


@dataclass(frozen=True)
class LakeCopy:
    """A lake with its files in `data`, followed into the files next to `pointer`."""

    address: LakeAddress
    pointer: Path
    data: Path

    @classmethod
    def create(cls, server: PostgresServer, folder: Path) -> LakeCopy:
        """Return where a lake may be made, below a folder; it is not there yet."""
        name = f"lake_{uuid.uuid4().hex}"
        server.create_database(name)
        address = parse_address(f"ducklake:postgres:host={server.host} port={server.port} dbname={name} user={LEADER}")
        if address is None:
            raise RuntimeError(name)
        data = folder / "data"
        data.mkdir(parents=True)
        return cls(address, folder / "local" / "kpis.json", data)

    @classmethod
    def fill(cls, server: PostgresServer, folder: Path, source: Path) -> LakeCopy:
        """Return a lake into which a database was moved; what is next to `source` publishes nothing more."""
        lake = cls.create(server, folder)
        move_database(FilePlace(source), lake.get_place(), clock.get_utc_now())
        return lake

    def get_place(self) -> LakePlace:
        """Return it as a place to move from or to."""
        return LakePlace(self.address, self.pointer, str(self.data))


def find_file_system(folder: Path) -> str:
    """Return the kind of the file system that a folder is on, like "ext4"; "?" where the system does not tell."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return "?"
    kinds = {Path(fields[1]): fields[2] for line in mounts.read_text().splitlines() if (fields := line.split())}
    absolute = folder.resolve()
    return next((kinds[parent] for parent in (absolute, *absolute.parents) if parent in kinds), "?")
