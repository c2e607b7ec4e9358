"""Where files are: the pointer gives the folder and the stem, all other files are next to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from kpis.store.files import as_store_error

DAMAGED_SUFFIX = ".damaged"

MAX_NUMBER = 10**15 - 1
"""The highest number of a version; a file or pointer with a longer one is not ours."""


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
        """The beginning of every file name."""
        return self.pointer.stem

    @property
    def journal(self) -> Path:
        """One line per sync, outside the versions: an attempt that changes nothing makes no version."""
        return self.folder / f"{self.stem}-journal.jsonl"

    @property
    def positions(self) -> Path:
        """Current positions of rows to fix, outside the versions: moving a row makes no version."""
        return self.folder / f"{self.stem}-positions.json"

    @property
    def requests(self) -> Path:
        """The ledger of requests for explanations: one line per event."""
        return self.folder / f"{self.stem}-requests.jsonl"

    @property
    def reminders(self) -> Path:
        """What was sent to agencies: one line before and one after each message."""
        return self.folder / f"{self.stem}-reminders.jsonl"

    @property
    def answers(self) -> Path:
        """What is known of the feedback in each Google Sheet."""
        return self.folder / f"{self.stem}-answers.json"

    @property
    def shared_state(self) -> Path:
        """The counters of what was last brought from a lake's shared tables; absent where there is no lake."""
        return self.folder / f"{self.stem}-shared.json"

    @property
    def orders(self) -> Path:
        """What pages have asked the leader of a lake for, as brought over; absent where there is no lake."""
        return self.folder / f"{self.stem}-orders.json"

    @property
    def caches(self) -> tuple[Path, Path]:
        """What says that sheets are unchanged since this database's version: of no use for another one."""
        return self.folder / f"{self.stem}-files.json", self.folder / f"{self.stem}-google.json"

    @property
    def restored(self) -> Path:
        """What says which backup was restored last."""
        return self.folder / f"{self.stem}-restored.json"

    @property
    def lock(self) -> Path:
        """The file that the one writer locks; never removed, or two processes could hold the lock."""
        return self.folder / f"{self.stem}.lock"

    @property
    def staging(self) -> Path:
        """The unpublished version. One name is enough: only the holder of the lock makes one."""
        return self.folder / f"{self.stem}-staging.duckdb"

    def get_version_path(self, number: int) -> Path:
        """Return the file of one version."""
        return self.folder / f"{self.stem}-{number}.duckdb"

    def list_versions(self) -> list[int]:
        """Return the numbers of the existing versions, newest first."""
        return self._list_numbers("")

    def list_quarantined(self) -> list[int]:
        """Return the numbers of the quarantined versions, newest first."""
        return self._list_numbers(DAMAGED_SUFFIX)

    def _list_numbers(self, suffix: str) -> list[int]:
        pattern = re.compile(rf"{re.escape(self.stem)}-([1-9][0-9]{{0,14}})\.duckdb{re.escape(suffix)}")
        if not self.folder.is_dir():
            return []
        with as_store_error(self.folder):
            matches = [pattern.fullmatch(path.name) for path in self.folder.iterdir()]
        return sorted((int(match[1]) for match in matches if match), reverse=True)
