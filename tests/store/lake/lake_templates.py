"""Lakes that many tests begin with: each is made once for a process of the tests and copied for each test."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kpis.store.lake.address import LakeAddress
from tests.postgres_server import PostgresServer
from tests.store.lake.lake_world import LakeStoreOfTheTest, change, make_lake_world
from tests.sync.conftest import World


@dataclass(frozen=True)
class _Template:
    dbname: str
    folder: Path
    local: Path


class LakeTemplates:
    """Lakes by the number of their publications; `folder` holds the files of those that are copied."""

    def __init__(self, postgres: PostgresServer, folder: Path) -> None:
        self._postgres, self._folder = postgres, folder
        self._templates: dict[int, _Template] = {}

    def make_world(self, dbname: str, address: LakeAddress, folder: Path, local: Path, publications: int) -> World:
        """Return a world of the test with a lake in the empty database and folder, followed into `local`."""
        template = self._templates.get(publications)
        if template is None:
            world = make_lake_world(address, folder, local)
            for step in range(publications):
                change(world, step)
                assert world.sync().published
            self._templates[publications] = self._keep(dbname, folder, local, publications)
            return world
        self._copy(template, dbname, folder, local)
        pointer = local / "kpis.json"
        world = World(pointer, store=LakeStoreOfTheTest(address, pointer))
        for step in range(publications):
            change(world, step)
        return world

    def _keep(self, dbname: str, folder: Path, local: Path, publications: int) -> _Template:
        place = self._folder / str(publications)
        template = _Template(
            self._postgres.copy_database(dbname, f"{dbname}_template"), place / "files", place / "local"
        )
        shutil.copytree(folder, template.folder)
        shutil.copytree(local, template.local)
        return template

    def _copy(self, template: _Template, dbname: str, folder: Path, local: Path) -> None:
        self._postgres.drop_database(dbname)
        self._postgres.copy_database(template.dbname, dbname)
        shutil.copytree(template.folder, folder, dirs_exist_ok=True)
        shutil.copytree(template.local, local)
        with closing(self._postgres.connect(dbname)) as connection:
            connection.execute("update ducklake_metadata set value = %s where key = 'data_path'", [f"{folder}/"])
