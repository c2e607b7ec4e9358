"""What an edition is compared with: the week before as it was shown, and the revision that it amends."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from kpis.language import clock
from kpis.language.clock import parse_moment
from kpis.pack.edition import sealing as editions_module
from kpis.pack.edition.folders import read_edition
from kpis.pack.edition.sealing import EditionRequest, SealResult, seal
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.figures.fingerprint import compute_fingerprint
from kpis.pack.figures.weeks import parse_week
from kpis.pack.meeting.parts import EditionParts
from kpis.pack.pages.contents import Contents, Table, Tiles
from kpis.services.refresh import refresh
from kpis.settings import load_settings
from kpis.store.database import Database

HEADER = "Ngày,Cơ quan,Chỉ tiêu,Số lượng,Tổng số,Nội dung\n"


@dataclass
class PackScenario:
    """Two sheets, a database and the editions sealed from it; `sealed_contents` are those of each sealing."""

    folder: Path
    sealed_contents: list[Contents] = field(default_factory=list)

    def write_sheet(self, plan: str, *rows: str, now: str) -> None:
        """Write the rows of a plan's sheet, then read every existing sheet."""
        (self.folder / plan).mkdir(exist_ok=True)
        (self.folder / plan / "Tiến độ.csv").write_text(HEADER + "\n".join(rows), encoding="utf-8")
        sources = self.folder / "sources.toml"
        plans = [plan_id for plan_id in ("dong-thap", "ha-noi") if (self.folder / plan_id).is_dir()]
        entries = (f'[[source]]\nid = "{plan_id}"\nplan = "{plan_id}"\nworkbook = "{plan_id}"\n' for plan_id in plans)
        sources.write_text("\n".join(entries), encoding="utf-8")
        environ = {"KPIS_SOURCES": str(sources), "KPIS_DATABASE": str(self.folder / "kpis.json")}
        refresh(load_settings(environ), environ, parse_moment(now))

    def seal(self, week: str, now: str, plan: str | None = "dong-thap") -> SealResult:
        """Seal a week at a given time."""
        pointer, moment = self.folder / "kpis.json", parse_moment(now)
        database = Database.open(pointer)
        assert database is not None
        request = EditionRequest(parse_week(week), plan, "vi", moment, clock.to_local_day(moment))
        return seal(database, pointer, request, self.folder / "out")

    def list_lowered(self) -> list[tuple[str, ...]]:
        """Return the two figures of each row of the last edition's table of lowered figures."""
        [table] = [table for table in self.sealed_contents[-1].tables if table.key == "lowered"]
        assert isinstance(table, Table)
        return [tuple(cell.text for cell in row[2:4]) for row in table.rows]


@pytest.fixture
def scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PackScenario:
    pack_scenario = PackScenario(tmp_path)

    def write(figures: EditionFigures, parts: EditionParts, folder: Path, sealed_at: datetime) -> list[Path]:
        pack_scenario.sealed_contents.append(parts.annex)
        path = folder / "said.txt"
        path.write_text(compute_fingerprint(figures), encoding="utf-8")
        return [path]

    monkeypatch.setattr(editions_module, "list_writers", lambda: ({"said": write}, {}))
    return pack_scenario


def _build_news_rows(*numbers: int) -> tuple[str, ...]:
    return tuple(f"0{n}/11/2026,Sở Công Thương,dong-thap.10,{k},,a" for n, k in enumerate(numbers, 1))


def _seal_amended(scenario: PackScenario) -> SealResult:
    """Seal W45 and W46, then lower a figure that W46 showed and seal W46 again."""
    scenario.write_sheet("dong-thap", *_build_news_rows(3), now="2026-11-08 10:00")
    scenario.seal("2026-W45", "2026-11-09 06:00")
    scenario.write_sheet("dong-thap", *_build_news_rows(3, 4), now="2026-11-15 10:00")
    scenario.seal("2026-W46", "2026-11-16 06:00")
    assert scenario.list_lowered() == []
    scenario.write_sheet("dong-thap", *_build_news_rows(3, 1), now="2026-11-17 10:00")
    return scenario.seal("2026-W46", "2026-11-18 06:00")


def test_a_revision_lists_what_it_lowers_compared_with_the_one_before(scenario: PackScenario) -> None:
    second = _seal_amended(scenario)
    assert (second.outcome, second.edition.name) == ("amended", "2026-W46 r2")
    assert scenario.list_lowered() == [("7 tin bài", "4 tin bài")]
    subtitle = scenario.sealed_contents[-1].pages[1].subtitle
    assert subtitle.startswith("So với bản chốt tuần 2026-W45, tính đến ngày 08/11/2026. ")
    assert "Sửa bản r1 chốt lúc 06:00 16/11/2026" in subtitle
    sealed_bytes = {path.name: path.read_bytes() for path in second.edition.paths}
    repeated = scenario.seal("2026-W46", "2026-11-19 06:00")
    assert (repeated.outcome, repeated.edition) == ("unchanged", second.edition)
    assert {path.name: path.read_bytes() for path in repeated.edition.paths} == sealed_bytes
    scenario.seal("2026-W47", "2026-11-23 06:00")
    assert scenario.list_lowered() == []  # the last edition, r2, has listed it


def test_a_sealed_revision_stays_valid_when_earlier_ones_are_lost(
    scenario: PackScenario,
) -> None:
    second = _seal_amended(scenario)
    for lost in (scenario.folder / "out").glob("*/r1/*"):
        lost.unlink()
    assert scenario.seal("2026-W46", "2026-11-19 06:00").edition == second.edition


def test_after_an_altered_revision_the_one_before_it_is_compared_with_too(
    scenario: PackScenario,
) -> None:
    second = _seal_amended(scenario).edition
    (second.folder / "said.txt").write_text("other", encoding="utf-8")
    third = scenario.seal("2026-W46", "2026-11-19 06:00")
    assert (third.outcome, third.edition.name) == ("restored", "2026-W46 r3")
    assert scenario.list_lowered() == [("7 tin bài", "4 tin bài")]


def test_tiles_are_compared_with_what_the_last_edition_showed_of_an_unread_place(
    scenario: PackScenario,
) -> None:
    scenario.write_sheet("dong-thap", *_build_news_rows(3), now="2026-11-08 10:00")
    first = scenario.seal("2026-W45", "2026-11-09 06:00", None).edition
    event = "05/11/2026,Sở Công Thương,ha-noi.09,2,,a"
    scenario.write_sheet("ha-noi", event, now="2026-11-12 10:00")
    second = scenario.seal("2026-W46", "2026-11-16 06:00", None)
    targets = json.loads((first.folder / "figures.json").read_text(encoding="utf-8"))["targets"]
    statuses = Counter(row["status"] for row in targets if row["plan"] != "bac-kan")
    [block] = [block for block in scenario.sealed_contents[-1].pages[0].blocks if isinstance(block, Tiles)]
    tiles = {tile.state: tile for tile in block.tiles}
    assert {tile.state: tile.previous_number for tile in block.tiles} == {state: statuses[state] for state in tiles}
    assert tiles["attained"].change_text == "thêm 1 so với lần trước"
    assert scenario.seal("2026-W46", "2026-11-17 06:00", None).edition == second.edition


def test_tiles_are_compared_with_what_was_known_if_the_last_figures_are_lost(
    scenario: PackScenario,
) -> None:
    scenario.write_sheet("dong-thap", *_build_news_rows(3), now="2026-11-08 10:00")
    first = scenario.seal("2026-W45", "2026-11-09 06:00").edition
    (first.folder / "figures.json").unlink()
    second = scenario.seal("2026-W46", "2026-11-16 06:00").edition
    assert second.compared_with == "2026-W45"
    assert read_edition(second.folder) == second
    assert scenario.seal("2026-W46", "2026-11-17 06:00").edition == second


def test_a_sealed_edition_is_compared_under_the_register_of_its_sealing(scenario: PackScenario) -> None:
    scenario.write_sheet("dong-thap", *_build_news_rows(3), now="2026-11-08 10:00")
    scenario.seal("2026-W45", "2026-11-09 06:00")
    plans = scenario.folder / "register" / "plans"
    plans.mkdir(parents=True)
    (plans / "dong-thap.toml").write_text('[[target]]\nid = "dong-thap.10"\nfloor = 2\n', encoding="utf-8")
    scenario.write_sheet("dong-thap", *_build_news_rows(3), now="2026-11-15 10:00")
    scenario.seal("2026-W46", "2026-11-16 06:00")
    [table] = [table for table in scenario.sealed_contents[-1].tables if table.key == "newly-met"]
    assert isinstance(table, Table)
    assert len(table.rows) == 1
    assert scenario.list_lowered() == []
