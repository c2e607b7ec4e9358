"""The sample served by the stand-in is read with the same result as its workbooks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from kpis.sheet.model import RawTab
from kpis.sheet.tab_headers import find_tab_kind
from kpis.sources.google.client import GoogleClient
from kpis.sources.google.sheet_reader import read_google_sheet
from kpis.sources.xlsx.read_workbook import read_workbook
from tests.google_stand_in import StandIn
from tests.google_stand_in.fixtures import NOW, build_source
from tests.google_stand_in.workbook_import import import_workbook
from tests.paths import SAMPLE

pytestmark = pytest.mark.slow


def list_product_tabs(tabs: tuple[RawTab, ...]) -> list[tuple[str, object]]:
    return sorted((tab.name, tab.rows) for tab in tabs if find_tab_kind(tab.name))


@pytest.mark.parametrize("name", ["ha-noi", "thai-nguyen", "dong-thap", "tuyen-quang", "bac-kan"])
def test_a_sheet_of_the_sample_is_the_same_in_excel_and_google(
    client: GoogleClient, google: StandIn, name: str
) -> None:
    path = SAMPLE / f"{name}.xlsx"
    file = google.cloud.add_file(import_workbook(path, name, {google.account.email: "writer"}))
    google_tabs = list_product_tabs(read_google_sheet(build_source(file), client, NOW).sheet.tabs)
    excel_tabs = list_product_tabs(read_workbook(path, NOW).tabs)
    assert [name for name, _ in google_tabs] == [name for name, _ in excel_tabs]
    assert google_tabs == excel_tabs


def test_the_demonstration_runs_a_command_with_the_stand_in(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import os, json; print(json.dumps(dict(os.environ)))"]
    result = subprocess.run(
        [sys.executable, "-m", "tests.google_stand_in", "--folder", str(tmp_path), "--", *command],
        capture_output=True,
        text=True,
        check=True,
        cwd=SAMPLE.parents[1],
        timeout=60,
    )
    settings = json.loads(result.stdout)
    assert settings["KPIS_GOOGLE_BASE"].startswith("http://127.0.0.1:")
    assert Path(settings["KPIS_GOOGLE_KEY"]).stat().st_mode & 0o077 == 0
    assert (tmp_path / "sources.toml").read_text(encoding="utf-8").count("google = ") == 5


def test_a_page_of_the_stand_in_shows_a_sheet_and_accepts_input(google: StandIn) -> None:
    file = google.cloud.add_file(import_workbook(SAMPLE / "ha-noi.xlsx", "<Hà Nội>", {}))
    assert "&lt;Hà Nội&gt;" in requests.get(google.base_url + "/", timeout=5).text
    address = f"{google.base_url}/spreadsheets/d/{file.id}/edit"
    title = file.sheets[0].title
    form = {"tab": title, "cell": "A1", "value": "Xin chào"}
    assert "Xin chào" in requests.post(address, form, timeout=5).text
    assert file.sheets[0].get_value("A1") == "Xin chào"
