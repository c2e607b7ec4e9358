"""An installation on a lake with everything that a backup holds: figures, shared rows, a shared folder, people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kpis.access.enforcement import AccessState, get_access_paths
from kpis.services.backup.restoring import restore_backup
from kpis.services.backup.writing import write_backup
from kpis.settings import Settings, load_settings
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.follower import follow
from kpis.store.lake.lake_place import LakePlace
from kpis.store.lake.lake_store import LakeStore
from kpis.store.lake.shared_folder import join_shared_folder
from kpis.store.lake.shared_log import SharedLog
from kpis.store.paths import DatabasePaths
from kpis.store.positions import Position, Positions
from kpis.store.shared_files import InstallationFiles
from tests.services.backup.conftest import RIGHTS
from tests.store.lake.lake_world import change
from tests.sync.conftest import World

NOW = datetime(2026, 11, 29, 3)
REQUESTS = b'{"event":"asked"}\n'
REMINDERS = b'{"sent":"one"}\n'
MOVED: Positions = {"s": {(5, "date_unreadable"): Position("Tiến độ", 9, None, None, None)}}


@dataclass
class LakeInstallation:
    """One machine of a lake; `local` is its folder, `shared` that of all machines."""

    address: LakeAddress
    local: Path
    shared: Path

    @property
    def environ(self) -> dict[str, str]:
        """The settings as a person gives them."""
        lake = f"ducklake:postgres:{self.address.conninfo}"
        return {"KPIS_DATABASE": lake, "KPIS_LOCAL": str(self.local), "KPIS_SHARED": str(self.shared)}

    @property
    def settings(self) -> Settings:
        """The settings as they are read."""
        return load_settings(self.environ)

    @property
    def pointer(self) -> Path:
        """The pointer of the versions that follow the lake here."""
        return self.local / "kpis.json"

    @property
    def state(self) -> AccessState:
        """Who may come in."""
        return AccessState(get_access_paths(self.settings), self.environ)

    @property
    def config(self) -> Path:
        """The folder of the sources, the rights and the register."""
        return self.shared / "config"

    def join(self) -> None:
        """Make the shared folder that of the lake."""
        self.config.mkdir(parents=True, exist_ok=True)
        join_shared_folder(self.address, InstallationFiles(self.pointer, self.shared))

    def fill(self) -> None:
        """Fill the shared folder and the shared tables."""
        self.join()
        (self.config / "sources.toml").write_text("# one\n", encoding="utf-8")
        (self.config / "access.toml").write_text(RIGHTS, encoding="utf-8")
        for name, text in (
            ("config/register/drafts/x/proposal.json", '{"tên": "dự thảo"}'),
            ("editions/2026-W47-all/r1/edition.json", "{}"),
            ("access-enforced", "x"),
        ):
            (self.shared / name).parent.mkdir(parents=True, exist_ok=True)
            (self.shared / name).write_text(text, encoding="utf-8")
        assert self.state.store.bind("leader@example.vn", "https://accounts.example.vn", "1", NOW)
        self.state.audit.append("sign_in", "leader@example.vn", NOW)
        paths = DatabasePaths(self.pointer)
        SharedLog(self.address, paths, "requests").add(lambda _: REQUESTS)
        SharedLog(self.address, paths, "reminders").add(lambda _: REMINDERS)
        store = LakeStore(self.address, self.pointer)
        with store.try_lock():
            store.write_positions(MOVED)

    def back_up(self, file: Path) -> Path:
        """Write a backup."""
        write_backup(self.settings, self.environ, file, NOW)
        return file

    def restore(self, file: Path, now: datetime = NOW + timedelta(hours=1)) -> int:
        """Restore a backup and return the number of its version."""
        return restore_backup(self.settings, self.environ, file, now).number

    def place(self) -> LakePlace:
        """Return the lake as a place."""
        return LakePlace(self.address, self.pointer, shared=self.shared)


def follow_elsewhere(address: LakeAddress, folder: Path) -> Path:
    """Follow a lake on another machine and return its pointer."""
    folder.mkdir(exist_ok=True)
    follow(address, folder / "kpis.json")
    return folder / "kpis.json"


def publish(world: World, step: int) -> None:
    """Publish one more change."""
    change(world, step)
    assert world.sync().published
