"""Whatever is done to a file, what is skipped gives the same version as reading everything at every pass."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from kpis.services.refresh import refresh
from kpis.settings import Settings
from kpis.sheet.model import Source
from kpis.sources import file_stamps
from kpis.sources.file_parser import FileParser, ParsedFile
from kpis.sources.file_stamps import FileStamp
from kpis.store.database import Database
from kpis.store.schema_columns import read_columns

HEADER = "Ngày,Cơ quan,Chỉ tiêu,Số lượng\n"
STEPS = 8


class Sheets:
    """Folders of one CSV file each, and the link that the sources file names."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.random, self.link = random, folder / "sheets"
        self.folders = [folder / "first", folder / "second"]
        for each in self.folders:
            each.mkdir(parents=True)
            self.write(each / "Tiến độ.csv", 3)
        self.link.symlink_to(self.folders[0])
        sources = '[[source]]\nid = "dong-thap"\nplan = "dong-thap"\nworkbook = "sheets"\n'
        (folder / "sources.toml").write_text(sources, encoding="utf-8")

    @property
    def file(self) -> Path:
        return self.link / "Tiến độ.csv"

    def write(self, path: Path, rows: int) -> None:
        """Write rows of a single digit each: equally many are equally long."""
        lines = (f"15/0{self.random.randint(1, 9)}/2026,Sở Công Thương,dong-thap.03,{self.random.randint(0, 9)}\n"
                 for _ in range(rows))  # fmt: skip
        path.write_text(HEADER + "".join(lines), encoding="utf-8")

    def leave(self) -> None:
        """Do nothing."""

    def edit_at_equal_size_and_time(self) -> None:
        stat = self.file.stat()
        self.write(self.file, len(self.file.read_text(encoding="utf-8").splitlines()) - 1)
        os.utime(self.file, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    def replace_by_rename(self) -> None:
        stat, other = self.file.stat(), self.file.with_name("other")
        self.write(other, self.random.randint(3, 4))
        os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        other.replace(self.file)

    def retarget_link(self) -> None:
        target = self.folders[self.link.resolve() == self.folders[0].resolve()]
        self.link.unlink()
        self.link.symlink_to(target)

    def make_old(self) -> None:
        os.utime(self.file, ns=(0, self.random.randrange(10**18)))

    def touch(self) -> None:
        os.utime(self.file)


def read_coarsely(source: Source) -> tuple[FileStamp, ...] | None:
    """Return what a file system tells that counts in two seconds and has no numbers of files."""
    stamps, tick = file_stamps.read_stamps(source), 2 * 10**9
    return stamps and tuple(
        replace(each, modified_ns=each.modified_ns // tick * tick, changed_ns=0, inode=0, device=0) for each in stamps
    )


def dump(pointer: Path) -> dict[str, list[str]]:
    database = Database.open(pointer)
    assert database is not None
    tables = read_columns(database._connection)
    rows = {table: sorted(map(str, database.fetch_rows(f"select * from {table}"))) for table in tables}  # noqa: S608
    database.close()
    return rows


@pytest.mark.parametrize(("seed", "coarse"), [(1, False), (2, True)])
def test_skipping_what_has_not_changed_changes_no_row(
    seed: int, coarse: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheets = Sheets(tmp_path, Random(seed))
    if coarse:
        for module in ("file_memory", "source_reader"):
            monkeypatch.setattr(f"kpis.sources.{module}.read_stamps", read_coarsely)
    edits: list[Callable[[], None]] = [
        sheets.leave, sheets.leave, sheets.edit_at_equal_size_and_time, sheets.touch, sheets.make_old,
        *([] if coarse else [sheets.replace_by_rename, sheets.retarget_link]),
    ]  # fmt: skip
    parsed: list[str] = []
    parse = FileParser.parse

    def count(self: FileParser, source: Source, at: datetime) -> ParsedFile:
        parsed.append(name)
        return parse(self, source, at)

    monkeypatch.setattr(FileParser, "parse", count)
    now = datetime(2026, 11, 21, 2)
    for _ in range(STEPS):
        now += timedelta(minutes=5)
        dumps = []
        for name in ("remembering", "reading"):
            pointer = tmp_path / name / "kpis.json"
            if name == "reading":
                pointer.with_name("kpis-files.json").unlink(missing_ok=True)
            settings = Settings("vi", tmp_path / "sources.toml", pointer, None, sample=False)
            (result,) = refresh(settings, {}, now, explicit_now=True).sources
            assert result.outcome in ("changed", "unchanged")
            dumps.append(dump(pointer))
        assert dumps[0] == dumps[1]
        sheets.random.choice(edits)()
    assert parsed.count("remembering") < parsed.count("reading") == STEPS
