"""A sync of Google Sheets: from a shared sheet to a published version, and the cost of an unchanged one."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kpis.measures.publish import publish_totals
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.sheet.model import Source
from kpis.sources.config import SourcesFile
from kpis.sources.google import sheet_reader
from kpis.sources.google.failures import FAILURE_MESSAGES
from kpis.sources.source_reader import SourceReader
from kpis.store.database import Database
from kpis.sync import sync
from kpis.sync.result import SourceResult
from tests.google_stand_in import SheetCell, SheetError, Spreadsheet, StandIn, faults
from tests.google_stand_in.fixtures import HEADER, NOW, build_source
from tests.google_stand_in.spreadsheet import Role
from tests.paths import ROOT

GET, LIST = "sheets.spreadsheets.get", "drive.files.list"
MakeFile = Callable[..., Spreadsheet]
RunSync = Callable[..., dict[str, SourceResult]]
ROWS: list[list[object]] = [
    HEADER,
    [date(2026, 3, 15), "Sở Công Thương", "Tin bài", 47, "Bản tin", "https://example.org/1"],
    [
        date(2026, 4, 1),
        "Sở Công Thương",
        "Tin bài",
        SheetCell(46086, "DATE"),
        "Bản tin",
        "https://example.org/2",
    ],
]


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register(overlay=ROOT / "data" / "sample" / "register")


@pytest.fixture
def run_sync(google: StandIn, register: Register, tmp_path: Path) -> RunSync:
    """Return a function that syncs as the command does and returns the result of each source."""
    pointer = tmp_path / "kpis.json"
    environment = {
        "KPIS_GOOGLE_KEY_JSON": json.dumps(google.build_key()),
        "KPIS_GOOGLE_BASE": google.base_url,
    }

    def run(sources: Sequence[Source], now: datetime = NOW) -> dict[str, SourceResult]:
        with SourceReader(sources, pointer, now, environment, load_locations(pointer)) as reader:
            result = sync.run(SourcesFile(tuple(sources)), pointer, register, now, publish_totals, read=reader)
            reader.record_stored([source.id for source in result.sources if source.outcome in {"changed", "unchanged"}])
        return {source.id: source for source in result.sources}

    return run


def load_locations(pointer: Path) -> dict[str, str]:
    database = Database.open(pointer)
    if database is None:
        return {}
    try:
        rows = database.fetch_rows("select source, location from source_states")
        return {str(row["source"]): str(row["location"]) for row in rows}
    finally:
        database.close()


def count_requests(google: StandIn) -> tuple[int, int]:
    reads = sum("rowData" in str(call.query.get("fields")) for call in google.calls)
    counts = google.count_calls(LIST), reads
    google.calls.clear()
    return counts


def test_a_shared_sheet_becomes_figures_and_an_unchanged_one_costs_one_listing(
    run_sync: RunSync, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file(ROWS)
    result = run_sync([build_source(file)])["ha-noi"]
    assert (result.outcome, result.read, result.accepted, result.rejected) == ("changed", 2, 1, 1)
    assert count_requests(google) == (1, 1)
    result = run_sync([build_source(file)], NOW + timedelta(minutes=5))["ha-noi"]
    assert (result.outcome, result.read, result.accepted) == ("unchanged", 2, 1)
    assert count_requests(google) == (1, 0)
    google.cloud.edit_file(file, lambda file: file.get_sheet("Tiến độ").type_value("D3", 3))
    result = run_sync([build_source(file)], NOW + timedelta(minutes=10))["ha-noi"]
    assert (result.outcome, result.accepted, result.recorded) == ("changed", 2, 1)
    assert count_requests(google) == (1, 1)


def test_an_edit_in_a_column_that_we_do_not_read_changes_nothing(
    run_sync: RunSync, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file(ROWS)
    run_sync([build_source(file)])
    google.cloud.edit_file(file, lambda file: file.get_sheet("Tiến độ").type_value("G2", "✓ Đã tính"))
    result = run_sync([build_source(file)], NOW + timedelta(minutes=5))["ha-noi"]
    assert result.outcome == "unchanged" and count_requests(google) == (2, 2)


def test_a_renamed_tab_only_adds_a_note(run_sync: RunSync, make_file: MakeFile, google: StandIn) -> None:
    file = make_file(ROWS)
    run_sync([build_source(file)])
    google.cloud.edit_file(file, lambda file: setattr(file.get_sheet("Tiến độ"), "title", "Quý IV"))
    result = run_sync([build_source(file)], NOW + timedelta(minutes=5))["ha-noi"]
    assert result.outcome == "unchanged"
    assert [message.key for message in result.messages] == [sheet_reader.RENAMED_TAB_NOTES["progress"]]


@pytest.mark.parametrize(
    ("break_sheet", "message"),
    [
        (lambda _, file: file.share.clear(), FAILURE_MESSAGES["not_shared"]),
        (lambda google, _: google.cloud.files.clear(), FAILURE_MESSAGES["missing"]),
        (lambda _, file: file.get_sheet("Tiến độ").type_value("B2", SheetError("LOADING")), "Loading"),
        (
            lambda google, _: google.faults.add_fault(GET, faults.respond_with_status(404, "<html>")),
            FAILURE_MESSAGES["unreadable"],
        ),
    ],
    ids=["not shared", "deleted", "loading", "a proxy's page"],
)
def test_a_sheet_that_fails_keeps_its_figures_and_is_read_again(
    run_sync: RunSync,
    make_file: MakeFile,
    google: StandIn,
    break_sheet: Callable[[StandIn, Spreadsheet], object],
    message: str,
) -> None:
    file, other = make_file(ROWS), make_file(ROWS)
    sources = [build_source(file), build_source(other, "ha-noi-2")]
    run_sync(sources)
    google.cloud.edit_file(file, lambda file: break_sheet(google, file))
    share: dict[str, Role] = {google.account.email: "writer"}
    for minute in (5, 10):
        result = run_sync(sources, NOW + timedelta(minutes=minute))["ha-noi"]
        if result.outcome != "failed":  # the proxy's page came only once
            break
        assert message in result.messages[0].key or result.messages[0].key.startswith("Tab ")
    google.cloud.files[file.id] = file
    google.cloud.edit_file(file, lambda file: file.share.update(share))
    google.cloud.edit_file(file, lambda file: file.get_sheet("Tiến độ").type_value("B2", "Sở Công Thương"))
    result = run_sync(sources, NOW + timedelta(minutes=15))["ha-noi"]
    assert (result.outcome, result.recorded, result.retired) == ("unchanged", 0, 0)


def test_without_a_key_files_are_read_and_google_sheets_name_the_missing_setting(
    register: Register, tmp_path: Path
) -> None:
    sources = [Source("ha-noi", "ha-noi", "google", "1" * 44), Source("b", "ha-noi", "workbook", "x.xlsx")]
    with SourceReader(sources, tmp_path / "kpis.json", NOW, {}, {}) as reader:
        pointer = tmp_path / "kpis.json"
        result = sync.run(SourcesFile(tuple(sources)), pointer, register, NOW, publish_totals, read=reader)
    assert "KPIS_GOOGLE_KEY" in result.sources[0].format_messages("vi")
    assert "x.xlsx" in result.sources[1].format_messages("vi")
