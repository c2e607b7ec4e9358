"""`store …` on the command line: what it says, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpis.store.lake.address import LakeAddress
from tests.cli.command_runner import run_kpis
from tests.sync.conftest import World, make_entries, make_sheet


@pytest.fixture
def filled(world: World) -> World:
    world.sheets["s"] = make_sheet(make_entries(5))
    world.sync()
    return world


def test_a_database_goes_to_a_lake_and_back(
    filled: World, lake_address: LakeAddress, lake_folder: Path, tmp_path: Path
) -> None:
    address, files = f"ducklake:postgres:{lake_address.conninfo}", str(filled.pointer)
    local = ["--local", str(tmp_path / "local")]
    to_lake = ["store", "move", "--to", address, "--data", str(lake_folder), *local, "--lang", "en"]
    to_lake_run = run_kpis(*to_lake, "--database", files)
    assert (to_lake_run.code, to_lake_run.err) == (0, "")
    assert "as version 2" in to_lake_run.out
    second = run_kpis(*to_lake, "--database", files)
    assert "what was left to do is done now" in second.out
    refused = run_kpis("sync", "--database", files, "--lang", "vi")
    assert refused.code == 3
    assert "vẫn phục vụ xem số liệu" in refused.err
    assert "nothing is published or written here" in run_kpis("doctor", "--database", files, "--lang", "en").out
    followed = str(tmp_path / "local" / "kpis.json")
    backup, sources = str(tmp_path / "b.zip"), tmp_path / "sources.toml"
    sources.write_text("")
    of_files = ["--sources", str(sources), "--lang", "en", "--database"]
    assert "follows a lake" in run_kpis("backup", backup, *of_files, followed).err
    assert run_kpis("backup", backup, *of_files, files).code == 0
    assert "follows a lake" in run_kpis("restore", backup, *of_files, followed).err
    assert "still serves" in run_kpis("restore", backup, *of_files, files).err
    lake = ["--database", address, "--lang", "en"]
    environ = {"KPIS_LOCAL": str(tmp_path / "local"), "KPIS_DATABASE": address}
    of_lake = ["--sources", str(sources), *lake]
    assert run_kpis("backup", str(tmp_path / "lake.zip"), *of_lake, environ=environ).code == 0
    restored = run_kpis("restore", str(tmp_path / "lake.zip"), *of_lake, environ=environ)
    assert "as version 3" in restored.out
    assert run_kpis("store", "tidy", "--dry-run", *lake).out.startswith("Nothing was changed. 0 snapshots")
    assert "small files became" in run_kpis("store", "tidy", *lake).out
    assert "version 10" in run_kpis("store", "adopt", "--above", "9", *lake, environ=environ).out
    back = run_kpis("store", "move", "--to", files, *lake, environ=environ)
    assert "as version 11" in back.out


def test_what_is_wrongly_given_is_said(filled: World, lake_address: LakeAddress) -> None:
    address, files = f"ducklake:postgres:{lake_address.conninfo}", ["--database", str(filled.pointer), "--lang", "en"]
    for command, text in (
        (["store", "move", *files], "--to is missing"),
        (["store", "move", "--to", address, *files], "--data is missing"),
        (["store", "move", "--to", str(filled.pointer), *files], "to itself"),
        (["store", "tidy", *files], "names no lake"),
        (["store", "adopt", *files], "names no lake"),
        (["store", "adopt", "--above", "-1", "--database", address, "--lang", "en"], "not a version number"),
    ):
        run = run_kpis(*command)
        assert (run.code, text in run.err) == (2, True), run.err
