"""A restore while figures are read and pages ask: a number shows one file for ever, and never goes back."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

from kpis.services.backup.restoring import restore_backup
from kpis.services.backup.writing import write_backup
from kpis.store.database import Database
from kpis.store.versions import find_current_version
from kpis.ui.shared import data
from tests.cli.command_runner import NOW as SYNC_TIME
from tests.cli.command_runner import run_kpis
from tests.services.backup.conftest import NOW, Installation


class Reader:
    """Asks like a page, again and again, and remembers what each number showed."""

    def __init__(self, pointer: Path) -> None:
        self.pointer = pointer
        self.contents_by_number: dict[int, set[str]] = {}
        self.numbers: list[int] = []
        self.faults: list[BaseException] = []
        self.stop = threading.Event()

    def run(self) -> None:
        """Ask until stopped."""
        try:
            while not self.stop.is_set():
                number = find_current_version(self.pointer)
                assert number is not None
                self.numbers.append(number)
                database = data.open_database(self.pointer, number)
                assert database is not None
                self.contents_by_number.setdefault(database.version, set()).add(read_content(database))
        except BaseException as error:  # noqa: BLE001 - the test reports it
            self.faults.append(error)


def read_content(database: Database) -> str:
    """Return what tells one version from another: when it was recorded, and its entries."""
    count = database.fetch_rows("select count(*) as n, sum(hash(row_hash)) as h from entries")[0]
    return f"{database.meta['recorded_at']} {count}"


def publish_another(installation: Installation, number: int) -> None:
    """Make the sheet another one and read it."""
    quantities = [["20/11/2026", "Sở Công Thương", "dong-thap.01", str(row + 1)] for row in range(number)]
    installation.project.write_workbook(quantities)
    run = run_kpis(
        "sync", "--accept-shrink", "dong-thap", environ=installation.environ, now=SYNC_TIME + timedelta(hours=number)
    )
    assert run.code in (0, 1), run.err


def test_under_one_number_one_file_is_shown(installation: Installation, tmp_path: Path) -> None:
    pointer, file = installation.project.database, tmp_path / "a.zip"
    publish_another(installation, 2)
    write_backup(installation.settings, installation.environ, file, NOW)
    readers = [Reader(pointer) for _ in range(3)]
    threads = [threading.Thread(target=reader.run) for reader in readers]
    for thread in threads:
        thread.start()
    published: dict[int, str] = {}
    try:
        for turn in range(4):
            publish_another(installation, 3 + turn)
            restored = restore_backup(installation.settings, installation.environ, file, NOW + timedelta(minutes=turn))
            database = Database.open(pointer)
            assert database is not None and database.version == restored.number
            published[restored.number] = read_content(database)
            database.close()
    finally:
        for reader, thread in zip(readers, threads, strict=True):
            reader.stop.set()
            thread.join()
    contents_by_number: dict[int, set[str]] = {}
    for reader in readers:
        assert reader.faults == []
        assert reader.numbers == sorted(reader.numbers)
        for number, contents in reader.contents_by_number.items():
            contents_by_number.setdefault(number, set()).update(contents)
    assert len(published) == 4 and len(set(published.values())) == 1, "each restore shows the backup, by a new number"
    assert {number: len(contents) for number, contents in contents_by_number.items() if len(contents) > 1} == {}
    assert all(
        contents_by_number[number] == {text} for number, text in published.items() if number in contents_by_number
    )
    assert len(contents_by_number) > 2
