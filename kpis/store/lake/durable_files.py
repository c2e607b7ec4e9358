"""New files of a lake are on the disk before the commit that names them; DuckLake does not see to it (ducklake#680)."""

from __future__ import annotations

import os
from pathlib import Path

from kpis.store.files import as_store_error, fsync_file, fsync_folder


class NewFiles:
    """What is written into the folder of a lake from now on; only the leader writes there."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._present = _list_files(folder)

    def write_through(self) -> None:
        """Wait until the new files, and their names in their folders, are on the disk."""
        if self._folder is None:
            return
        new = _list_files(self._folder) - self._present
        for path in new:
            with as_store_error(path):
                fsync_file(path)
        # A folder of a new table or partition is a new name itself.
        folders = {parent for path in new for parent in path.parents if parent.is_relative_to(self._folder)}
        for folder in sorted(folders, reverse=True):
            with as_store_error(folder):
                fsync_folder(folder)


def _list_files(folder: Path | None) -> set[Path]:
    if folder is None:
        return set()
    with as_store_error(folder):
        return {Path(name) / file for name, _, files in os.walk(folder) for file in files}
