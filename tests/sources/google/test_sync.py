"""A whole sync over Google: from a shared sheet to a published version, and what an unchanged one costs."""

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
    """Syncs as the command does; what became of each source."""
    pointer = tmp_path / "kpis.json"
    environment = {
        "KPIS_GOOGLE_KEY_JSON": json.dumps(google.build_key()),
        "KPIS_GOOGLE_BASE": google.base_url,
    }

    def once(sources: Sequence[Source], now: datetime = NOW) -> dict[str, SourceResult]:
        with SourceReader(sources, pointer, now, environment, load_locations(pointer)) as reader:
            result = sync.run(
                SourcesFile(tuple(sources)), pointer, register, now, publish_totals, read=reader
            )
            reader.record_stored(
                [one.id for one in result.sources if one.outcome in {"changed", "unchanged"}]
            )
        return {one.id: one for one in result.sources}

    return once


def load_locations(pointer: Path) -> dict[str, str]:
    base = Database.open(pointer)
    if base is None:
        return {}
    try:
        rows = base.fetch_rows("select source, location from source_states")
        return {str(row["source"]): str(row["location"]) for row in rows}
    finally:
        base.close()


def count_requests(google: StandIn) -> tuple[int, int]:
    counted = google.count_calls(LIST), google.count_calls(GET)
    google.calls.clear()
    return counted


def test_a_shared_sheet_becomes_figures_and_an_unchanged_one_costs_one_listing(
    run: RunSync, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file(ROWS)
    found = run([build_source(file)])["ha-noi"]
    assert (found.outcome, found.read, found.accepted, found.rejected) == ("changed", 2, 1, 1)
    assert count_requests(google) == (1, 1)
    found = run([build_source(file)], NOW + timedelta(minutes=5))["ha-noi"]
    assert (found.outcome, found.read, found.accepted) == ("unchanged", 2, 1) and count_requests(google) == (
        1,
        0,
    )
    google.cloud.edit_file(file, lambda one: one.get_sheet("Tiến độ").type_value("D3", 3))
    found = run([build_source(file)], NOW + timedelta(minutes=10))["ha-noi"]
    assert (found.outcome, found.accepted, found.recorded) == ("changed", 2, 1) and count_requests(
        google
    ) == (1, 1)


def test_an_edit_of_what_we_do_not_read_changes_nothing(
    run: RunSync, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file(ROWS)
    run([build_source(file)])
    google.cloud.edit_file(file, lambda one: one.get_sheet("Tiến độ").type_value("G2", "✓ Đã tính"))
    found = run([build_source(file)], NOW + timedelta(minutes=5))["ha-noi"]
    assert found.outcome == "unchanged" and count_requests(google) == (2, 2)


def test_a_renamed_tab_changes_nothing_but_a_note(run: RunSync, make_file: MakeFile, google: StandIn) -> None:
    file = make_file(ROWS)
    run([build_source(file)])
    google.cloud.edit_file(file, lambda one: setattr(one.get_sheet("Tiến độ"), "title", "Quý IV"))
    found = run([build_source(file)], NOW + timedelta(minutes=5))["ha-noi"]
    assert found.outcome == "unchanged"
    assert [message.key for message in found.messages] == [sheet_reader.RENAMED_TAB_NOTES["progress"]]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda _, file: file.share.clear(), FAILURE_MESSAGES["not_shared"]),
        (lambda google, _: google.cloud.files.clear(), FAILURE_MESSAGES["missing"]),
        (lambda _, file: file.sheet("Tiến độ").put("B2", SheetError("LOADING")), "Loading"),
        (
            lambda google, _: google.faults.add(GET, faults.respond_with_status(404, "<html>")),
            FAILURE_MESSAGES["unreadable"],
        ),
    ],
    ids=["not shared", "deleted", "loading", "a proxy's page"],
)
def test_a_sheet_that_fails_keeps_its_figures_and_is_read_again(
    run: RunSync,
    make_file: MakeFile,
    google: StandIn,
    spoil: Callable[[StandIn, Spreadsheet], object],
    says: str,
) -> None:
    file, other = make_file(ROWS), make_file(ROWS)
    sources = [build_source(file), build_source(other, "ha-noi-2")]
    run(sources)
    google.cloud.edit_file(file, lambda one: spoil(google, one))
    share: dict[str, Role] = {google.account.email: "writer"}
    for minute in (5, 10):
        found = run(sources, NOW + timedelta(minutes=minute))["ha-noi"]
        if found.outcome != "failed":  # a page that came once is followed by the sheet
            break
        assert says in found.messages[0].key or found.messages[0].key.startswith("Tab ")
    google.cloud.files[file.id] = file
    google.cloud.edit_file(file, lambda one: one.share.update(share))
    google.cloud.edit_file(file, lambda one: one.get_sheet("Tiến độ").type_value("B2", "Sở Công Thương"))
    found = run(sources, NOW + timedelta(minutes=15))["ha-noi"]
    assert (found.outcome, found.recorded, found.retired) == ("unchanged", 0, 0)


def test_without_a_key_files_are_read_and_google_sheets_say_what_is_missing(
    register: Register, tmp_path: Path
) -> None:
    sources = [Source("ha-noi", "ha-noi", "google", "1" * 44), Source("b", "ha-noi", "workbook", "x.xlsx")]
    with SourceReader(sources, tmp_path / "kpis.json", NOW, {}, {}) as reader:
        pointer = tmp_path / "kpis.json"
        result = sync.run(SourcesFile(tuple(sources)), pointer, register, NOW, publish_totals, read=reader)
    assert "KPIS_GOOGLE_KEY" in result.sources[0].format_messages("vi")
    assert "x.xlsx" in result.sources[1].format_messages("vi")
