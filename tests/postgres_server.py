"""A PostgreSQL of the tests' own, from Debian's files: a temporary folder, a free port of this machine, passwords."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Literal

import psycopg
import pytest
from psycopg import sql

from tests.paths import ROOT

SUPERUSER = "postgres"
LEADER, FOLLOWER, PAGE = ROLES = ("kpis_leader", "kpis_follower", "kpis_page")
"""Owns the database; reads the catalog; reads and writes only what is granted to it."""

_BINARIES = "/usr/lib/postgresql"
_START_SECONDS = 60
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # a machine that loses power is not tested; a server that is killed loses nothing
    "shared_buffers": "32MB",
    "max_connections": "60",
    "password_encryption": "scram-sha-256",
}
_STOP_SIGNALS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}


def find_binaries() -> Path:
    """Return the folder of the newest PostgreSQL on this machine; the test fails where there is none."""
    folders = sorted(Path(_BINARIES).glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if not folders:
        pytest.fail("PostgreSQL is missing; the tests of the lake need it: sudo apt install postgresql", pytrace=False)
    return folders[-1].parent


def _find_user() -> str | None:
    """Return the user to run as: this one, but never root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


class PostgresServer:
    """One server with the three roles; `start` and `stop` may be called many times."""

    host = "127.0.0.1"

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        """Create and start it; `settings` replace those of the tests."""
        self._settings = {**_SETTINGS, **(settings or {})}
        self._binaries = find_binaries()
        self._user = _find_user()
        self.folder = Path(tempfile.mkdtemp(prefix="kpis-postgres-"))
        self.passwords: Mapping[str, str] = {role: secrets.token_hex(16) for role in (SUPERUSER, *ROLES)}
        self.passfile = self.folder / "pgpass"
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._create()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    @property
    def process_id(self) -> int:
        """The process that all others of the server descend from."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers; it keeps its port."""
        for _ in range(3):
            self.port = self.port or _find_port()
            self._process = self._open("postgres", ["-D", str(self._data), "-p", str(self.port)])
            if self._wait_until_ready():
                return
            self.stop("immediate")
            self.port = 0  # another program took it meanwhile
        pytest.fail(f"PostgreSQL did not start:\n{self._log.read_text(errors='replace')}", pytrace=False)

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop it by its id as `pg_ctl stop -m` would."""
        if self._process is not None:
            self._process.send_signal(_STOP_SIGNALS[mode])
            self._process.wait(timeout=_START_SECONDS)
            self._process = None

    def remove(self) -> None:
        """Stop it and remove its folder."""
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self, dbname: str = "postgres", user: str = SUPERUSER) -> psycopg.Connection[tuple[object, ...]]:
        """Open a connection whose statements are committed one by one."""
        return psycopg.connect(
            host=self.host, port=self.port, dbname=dbname, user=user, password=self.passwords[user],
            autocommit=True, connect_timeout=10,
        )  # fmt: skip

    def create_database(self, dbname: str) -> None:
        """Create an empty database as an administrator does."""
        script = ROOT / "deploy" / "lake.sql"
        options = ("--no-psqlrc", "--quiet", "--tuples-only", f"--set=database={dbname}", f"--file={script}")
        self.run_program("psql", *options, "postgres")

    def copy_database(self, dbname: str, copied: str | None = None) -> str:
        """Copy a database that nobody is connected to, as a dump of it would; return the copy's name."""
        copied = copied or f"{dbname}_copied"
        name, follower, page = map(sql.Identifier, (copied, FOLLOWER, PAGE))
        with closing(self.connect()) as connection:
            connection.execute(
                sql.SQL("create database {} template {} owner {}").format(
                    *map(sql.Identifier, (copied, dbname, LEADER))
                )
            )
            # Rights to a database are no part of it (deploy/lake.sql).
            connection.execute(sql.SQL("revoke all on database {} from public").format(name))
            connection.execute(sql.SQL("grant connect on database {} to {}, {}").format(name, follower, page))
        return copied

    def run_program(self, program: str, *options: str) -> None:
        """Run one of PostgreSQL's own programs as an administrator; the test fails with what it says."""
        result = subprocess.run(
            [
                str(self._binaries / program), f"--host={self.host}", f"--port={self.port}",
                f"--username={SUPERUSER}", "--no-password", *options,
            ],
            env={"PATH": os.environ.get("PATH", ""), "PGPASSWORD": self.passwords[SUPERUSER], "LC_ALL": "C.UTF-8"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if result.returncode != 0:
            pytest.fail(f"{program} failed:\n{result.stderr}", pytrace=False)

    def drop_database(self, dbname: str) -> None:
        """Drop a database together with its sessions."""
        with closing(self.connect()) as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(dbname)))

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _log(self) -> Path:
        return self.folder / "server.log"

    def _create(self) -> None:
        secret = self.folder / "superuser"
        secret.write_text(self.passwords[SUPERUSER])
        secret.chmod(0o600)
        if self._user is not None:
            shutil.chown(self.folder, self._user)
            shutil.chown(secret, self._user)
        options = ["--no-sync", "--auth=scram-sha-256", f"--username={SUPERUSER}", f"--pwfile={secret}"]
        process = self._open("initdb", [f"--pgdata={self._data}", "--encoding=UTF8", "--locale=C", *options])
        if process.wait(timeout=_START_SECONDS) != 0:
            pytest.fail(f"PostgreSQL's initdb failed:\n{self._log.read_text(errors='replace')}", pytrace=False)
        with (self._data / "postgresql.conf").open("a") as file:
            file.writelines(f"{key} = '{value}'\n" for key, value in self._settings.items())
        self.start()
        with closing(self.connect()) as connection:
            for role in ROLES:
                create = sql.SQL("create role {} login password {}")
                connection.execute(create.format(sql.Identifier(role), sql.Literal(self.passwords[role])))
        self.passfile.touch(0o600)
        self.passfile.write_text("".join(f"*:*:*:{role}:{self.passwords[role]}\n" for role in ROLES))

    def _open(self, program: str, options: Sequence[str]) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [str(self._binaries / program), *options],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}, start_new_session=True,
                user=self._user, group=self._find_group(), extra_groups=None if self._user is None else [],
            )  # fmt: skip

    def _find_group(self) -> int | None:
        if self._user is None:
            return None
        import pwd

        return pwd.getpwnam(self._user).pw_gid

    def _wait_until_ready(self) -> bool:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process is not None and self._process.poll() is None:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False


def _find_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
