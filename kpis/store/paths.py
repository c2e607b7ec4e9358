"""Where everything lies: the pointer names the folder and the stem, all other files stand beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DAMAGED_SUFFIX = ".damaged"


@dataclass(frozen=True)
class DatabasePaths:
    """The files of one database. `pointer` is `var/kpis.json`; its stem `kpis` begins every other name."""

    pointer: Path

    @property
    def folder(self) -> Path:
        """The folder that holds them all."""
        return self.pointer.parent

    @property
    def stem(self) -> str:
        """What every name begins with."""
        return self.pointer.stem

    @property
    def journal(self) -> Path:
        """One line per sync, outside the versions: an attempt that changes nothing makes no version."""
        return self.folder / f"{self.stem}-journal.jsonl"

    @property
    def positions(self) -> Path:
        """Where the rows to mend stand now, outside the versions: moving a row makes no version."""
        return self.folder / f"{self.stem}-positions.json"

    @property
    def lock(self) -> Path:
        """The file whose lock the one writer holds; never removed, or two could hold "it"."""
        return self.folder / f"{self.stem}.lock"

    @property
    def staging(self) -> Path:
        """The version in the making. One name is enough: only the holder of the lock makes one."""
        return self.folder / f"{self.stem}-staging.duckdb"

    def get_version_path(self, number: int) -> Path:
        """The file of one version."""
        return self.folder / f"{self.stem}-{number}.duckdb"

    def list_versions(self) -> list[int]:
        """Numbers of the versions that are here, newest first."""
        return self._list_numbers("")

    def list_quarantined(self) -> list[int]:
        """Numbers of the versions that were set aside, newest first."""
        return self._list_numbers(DAMAGED_SUFFIX)

    def _list_numbers(self, suffix: str) -> list[int]:
        name = re.compile(rf"{re.escape(self.stem)}-(\d+)\.duckdb{re.escape(suffix)}")
        if not self.folder.is_dir():
            return []
        found = (name.fullmatch(path.name) for path in self.folder.iterdir())
        return sorted((int(match[1]) for match in found if match), reverse=True)
