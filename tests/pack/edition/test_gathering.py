"""Against what an edition is held: the week before as it was shown, and the revision that it amends."""

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
from kpis.pack.figures.gather import EditionFigures
from kpis.pack.figures.weeks import parse_week
from kpis.pack.pages.contents import Contents, Table, Tiles
from kpis.services.refresh import refresh
from kpis.settings import load_settings
from kpis.store.database import Database

HEADER = "Ngày,Cơ quan,Chỉ tiêu,Số lượng,Tổng số,Nội dung\n"


@dataclass
class PackScenario:
    """Two sheets that somebody writes into, and editions that are sealed of them."""

    folder: Path
    sealed_contents: list[Contents] = field(default_factory=list)

    def write_sheet(self, plan: str, *rows: str, now: str) -> None:
        """Writes a plan's rows and reads every sheet there is."""
        (self.folder / plan).mkdir(exist_ok=True)
        (self.folder / plan / "Tiến độ.csv").write_text(HEADER + "\n".join(rows), encoding="utf-8")
        sources = self.folder / "sources.toml"
        plans = [one for one in ("dong-thap", "ha-noi") if (self.folder / one).is_dir()]
        named = (f'[[source]]\nid = "{one}"\nplan = "{one}"\nworkbook = "{one}"\n' for one in plans)
        sources.write_text("\n".join(named), encoding="utf-8")
        environ = {"KPIS_SOURCES": str(sources), "KPIS_DATABASE": str(self.folder / "kpis.json")}
        refresh(load_settings(environ), environ, parse_moment(now))

    def seal(self, week: str, now: str, plan: str | None = "dong-thap") -> SealResult:
        """Seals a week by a clock."""
        pointer, moment = self.folder / "kpis.json", parse_moment(now)
        database = Database.open(pointer)
        assert database is not None
        order = EditionRequest(parse_week(week), plan, "vi", moment, clock.to_local_day(moment))
        return seal(database, pointer, order, self.folder / "out")

    def list_lowered(self) -> list[tuple[str, ...]]:
        """The lines of the last edition's table of lowered figures."""
        [table] = [one for one in self.sealed_contents[-1].tables if one.key == "lowered"]
        assert isinstance(table, Table)
        return [tuple(cell.text for cell in row[2:4]) for row in table.rows]


@pytest.fixture
def scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PackScenario:
    made = PackScenario(tmp_path)

    def write(figures: EditionFigures, contents: Contents, folder: Path, sealed_at: datetime) -> list[Path]:
        made.sealed_contents.append(contents)
        path = folder / "said.txt"
        path.write_text(figures.compute_fingerprint(), encoding="utf-8")
        return [path]

    monkeypatch.setattr(editions_module, "list_writers", lambda: {"said": write})
    return made


def _build_news_rows(*numbers: int) -> tuple[str, ...]:
    return tuple(f"0{n}/11/2026,Sở Công Thương,dong-thap.10,{k},,a" for n, k in enumerate(numbers, 1))


def _seal_amended(scenario: PackScenario) -> SealResult:
    """W45 and W46 are sealed, then a figure of both is cut and W46 asked for again."""
    scenario.write_sheet("dong-thap", *_build_news_rows(3), now="2026-11-08 10:00")
    scenario.seal("2026-W45", "2026-11-09 06:00")
    scenario.write_sheet("dong-thap", *_build_news_rows(3, 4), now="2026-11-15 10:00")
    scenario.seal("2026-W46", "2026-11-16 06:00")
    assert scenario.list_lowered() == []
    scenario.write_sheet("dong-thap", *_build_news_rows(3, 1), now="2026-11-17 10:00")
    return scenario.seal("2026-W46", "2026-11-18 06:00")


def test_what_a_revision_lowers_against_the_one_before_it_is_told_in_it(scenario: PackScenario) -> None:
    second = _seal_amended(scenario)
    assert (second.outcome, second.edition.name) == ("amended", "2026-W46 r2")
    assert scenario.list_lowered() == [("7", "4")]
    subtitle = scenario.sealed_contents[-1].pages[1].subtitle
    assert subtitle.startswith("So với bản chốt tuần 2026-W45, tính đến ngày 08/11/2026. ")
    assert "Sửa bản r1 chốt lúc 06:00 16/11/2026" in subtitle
    kept = {path.name: path.read_bytes() for path in second.edition.paths}
    again = scenario.seal("2026-W46", "2026-11-19 06:00")
    assert (again.outcome, again.edition) == ("unchanged", second.edition)
    assert {path.name: path.read_bytes() for path in again.edition.paths} == kept
    scenario.seal("2026-W47", "2026-11-23 06:00")
    assert scenario.list_lowered() == []  # the last edition, r2, has told it


def test_a_sealed_revision_stands_whatever_became_of_those_it_was_held_against(
    scenario: PackScenario,
) -> None:
    second = _seal_amended(scenario)
    for lost in (scenario.folder / "out").glob("*/r1/*"):
        lost.unlink()
    assert scenario.seal("2026-W46", "2026-11-19 06:00").edition == second.edition


def test_of_a_revision_whose_files_were_altered_the_one_before_is_held_against_too(
    scenario: PackScenario,
) -> None:
    second = _seal_amended(scenario).edition
    (second.folder / "said.txt").write_text("other", encoding="utf-8")
    third = scenario.seal("2026-W46", "2026-11-19 06:00")
    assert (third.outcome, third.edition.name) == ("restored", "2026-W46 r3")
    assert scenario.list_lowered() == [("7", "4")]


def test_tiles_are_held_against_what_the_last_edition_showed_of_a_place_not_read_by_then(
    scenario: PackScenario,
) -> None:
    scenario.write_sheet("dong-thap", *_build_news_rows(3), now="2026-11-08 10:00")
    first = scenario.seal("2026-W45", "2026-11-09 06:00", None).edition
    event = "05/11/2026,Sở Công Thương,ha-noi.09,2,,a"
    scenario.write_sheet("ha-noi", event, now="2026-11-12 10:00")
    second = scenario.seal("2026-W46", "2026-11-16 06:00", None)
    kept = json.loads((first.folder / "figures.json").read_text(encoding="utf-8"))["targets"]
    shown = Counter(row["status"] for row in kept if row["plan"] != "bac-kan")
    [block] = [one for one in scenario.sealed_contents[-1].pages[0].blocks if isinstance(one, Tiles)]
    tiles = {tile.state: tile for tile in block.tiles}
    assert {tile.state: tile.previous_number for tile in block.tiles} == {
        state: shown[state] for state in tiles
    }
    assert tiles["attained"].change_text == "thêm 1 so với lần trước"
    assert scenario.seal("2026-W46", "2026-11-17 06:00", None).edition == second.edition


def test_where_the_last_edition_s_figures_are_lost_tiles_are_held_against_what_was_known(
    scenario: PackScenario,
) -> None:
    scenario.write_sheet("dong-thap", *_build_news_rows(3), now="2026-11-08 10:00")
    first = scenario.seal("2026-W45", "2026-11-09 06:00").edition
    (first.folder / "figures.json").unlink()
    second = scenario.seal("2026-W46", "2026-11-16 06:00").edition
    assert second.compared_with == "2026-W45"
    assert read_edition(second.folder) == second
    assert scenario.seal("2026-W46", "2026-11-17 06:00").edition == second
