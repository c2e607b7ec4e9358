"""The sample, served by the stand-in, reads as it reads from its workbooks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from kpis.sheet.layout import find_tab_kind
from kpis.sheet.model import RawTab
from kpis.sources.google.client import GoogleClient
from kpis.sources.google.sheet_reader import read_google_sheet
from kpis.sources.xlsx.read_workbook import read_workbook
from tests.google_stand_in import StandIn
from tests.google_stand_in.fixtures import NOW, build_source
from tests.google_stand_in.workbook_import import import_workbook
from tests.paths import SAMPLE


def list_product_tabs(tabs: tuple[RawTab, ...]) -> list[tuple[str, object]]:
    return sorted((tab.name, tab.rows) for tab in tabs if find_tab_kind(tab.name))


@pytest.mark.parametrize("name", ["ha-noi", "thai-nguyen", "dong-thap", "tuyen-quang", "bac-kan"])
def test_a_sheet_of_the_sample_is_the_same_in_excel_and_at_google(
    client: GoogleClient, google: StandIn, name: str
) -> None:
    path = SAMPLE / f"{name}.xlsx"
    file = google.cloud.add_file(import_workbook(path, name, {google.account.email: "writer"}))
    there = list_product_tabs(read_google_sheet(build_source(file), client, NOW).sheet.tabs)
    here = list_product_tabs(read_workbook(path, NOW).tabs)
    assert [tab for tab, _ in there] == [tab for tab, _ in here]
    assert there == here


def test_the_demonstration_runs_a_command_beside_the_stand_in(tmp_path: Path) -> None:
    shows = [sys.executable, "-c", "import os, json; print(json.dumps(dict(os.environ)))"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.google_stand_in", "--folder", str(tmp_path), "--", *shows],
        capture_output=True,
        text=True,
        check=True,
        cwd=SAMPLE.parents[1],
        timeout=60,
    )
    settings = json.loads(done.stdout)
    assert settings["KPIS_GOOGLE_BASE"].startswith("http://127.0.0.1:")
    assert Path(settings["KPIS_GOOGLE_KEY"]).stat().st_mode & 0o077 == 0
    assert (tmp_path / "sources.toml").read_text(encoding="utf-8").count("google = ") == 5


def test_a_page_of_the_stand_in_shows_a_sheet_and_takes_what_is_typed(google: StandIn) -> None:
    file = google.cloud.add_file(import_workbook(SAMPLE / "ha-noi.xlsx", "<Hà Nội>", {}))
    assert "&lt;Hà Nội&gt;" in requests.get(google.base_url + "/", timeout=5).text
    address = f"{google.base_url}/spreadsheets/d/{file.id}/edit"
    title = file.sheets[0].title
    typed = {"tab": title, "cell": "A1", "value": "Xin chào"}
    assert "Xin chào" in requests.post(address, typed, timeout=5).text
    assert file.sheets[0].get_value("A1") == "Xin chào"
