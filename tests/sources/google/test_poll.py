"""One listing decides what is read; requests are counted at the stand-in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bench import google_quota
from kpis.errors import UsageError
from kpis.sheet.model import RawSheet, Source
from kpis.sources.google.client import GoogleClient
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.poll import LISTING_FAILED_NOTE, MAX_LOOKS, GooglePass, open_pass
from kpis.sources.google.read_schedule import compute_read_budget, get_last_night
from kpis.sources.google.state import FileState, get_state_path, load_state, save_state
from tests.google_stand_in import SheetTab, Spreadsheet, StandIn, faults
from tests.google_stand_in import errors as google_errors
from tests.google_stand_in.fixtures import NOW, ROWS, build_source

GET, LIST = "sheets.spreadsheets.get", "drive.files.list"
MakeFile = Callable[..., Spreadsheet]


class PassRunner:
    """Runs passes one after another and remembers which reads the database would hold."""

    def __init__(self, client: GoogleClient, path: Path, google: StandIn) -> None:
        self.stored_locations: dict[str, str] = {}
        self.client, self.path = client, path
        self._google = google

    def run(
        self,
        sources: Iterable[Source],
        now: datetime = NOW,
        *,
        read_all: bool = False,
        read_budget: int | None = None,
        is_good: Callable[[Source], bool] = lambda _: True,
    ) -> dict[str, RawSheet | GoogleError | None]:
        """Run one pass; return its sheet, failure or None per source."""
        results: dict[str, RawSheet | GoogleError | None] = {}
        sources = list(sources)
        with GooglePass(
            self.client,
            self.path,
            now,
            stored_locations=self.stored_locations,
            read_all=read_all,
            read_budget=read_budget,
        ) as google_pass:
            google_pass.begin(sources)
            for source in sources:
                try:
                    results[source.id] = google_pass.read(source)
                except GoogleError as failure:
                    results[source.id] = failure
                    continue
                if results[source.id] is not None and is_good(source):
                    google_pass.confirm_read(source)
                    self.stored_locations[source.id] = source.location
        return results

    def count_requests(self) -> tuple[int, int]:
        """Return the listings and reads since the last call."""
        reads = sum("rowData" in str(call.query.get("fields")) for call in self._google.calls)
        counts = self._google.count_calls(LIST), reads
        self._google.calls.clear()
        return counts


@pytest.fixture
def passes(client: GoogleClient, google: StandIn, tmp_path: Path) -> PassRunner:
    return PassRunner(client, tmp_path / "kpis-google.json", google)


@pytest.fixture
def provinces(make_file: MakeFile) -> list[Spreadsheet]:
    return [make_file() for _ in range(34)]


def build_sources(files: Collection[Spreadsheet]) -> list[Source]:
    return [build_source(file, f"tinh-{index}") for index, file in enumerate(files)]


def test_34_sheets_cost_one_listing_when_nothing_changed_and_one_read_per_changed_file(
    passes: PassRunner, provinces: list[Spreadsheet], google: StandIn
) -> None:
    sources = build_sources(provinces)
    assert all(passes.run(sources).values()) and passes.count_requests() == (1, 34)
    assert not any(passes.run(sources).values()) and passes.count_requests() == (1, 0)
    for index in (3, 17, 33):
        google.cloud.edit_file(provinces[index], lambda file: file.get_sheet("Tiến độ").type_value("D2", 48))
    sheets = passes.run(sources)
    assert [name for name, sheet in sheets.items() if sheet] == ["tinh-3", "tinh-17", "tinh-33"]
    assert passes.count_requests() == (1, 3)
    passes.run(sources)
    assert passes.count_requests() == (1, 0)


def test_an_edit_between_listing_and_read_is_read_again(
    passes: PassRunner, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file()

    def edit() -> None:
        google.cloud.edit_file(file, lambda file: file.get_sheet("Tiến độ").type_value("D2", 99))

    google.faults.add_fault(GET, faults.run_before(edit))
    passes.run(build_sources([file]))
    assert all(passes.run(build_sources([file])).values()) and passes.count_requests() == (2, 2)
    passes.run(build_sources([file]))
    assert passes.count_requests() == (1, 0)


def test_a_read_that_was_not_stored_is_repeated(passes: PassRunner, make_file: MakeFile, google: StandIn) -> None:
    file = make_file()
    sources = build_sources([file])
    passes.run(sources, is_good=lambda _: False)
    passes.run(sources)
    google.cloud.edit_file(file, lambda file: file.get_sheet("Tiến độ").type_value("D2", 1))
    passes.run(sources, is_good=lambda _: False)
    assert all(passes.run(sources).values())
    assert passes.count_requests() == (4, 4)


def test_a_sheet_that_the_database_does_not_hold_is_read_whatever_its_state(
    passes: PassRunner, make_file: MakeFile
) -> None:
    sources = build_sources([make_file()])
    passes.run(sources)
    passes.stored_locations.clear()
    assert all(passes.run(sources).values())


def test_every_sheet_is_read_once_a_night(passes: PassRunner, provinces: list[Spreadsheet]) -> None:
    sources = build_sources(provinces)
    evening = datetime(2026, 11, 21, 15, 0)
    passes.run(sources, evening)
    passes.run(sources, evening + timedelta(hours=3, minutes=59))
    assert passes.count_requests() == (2, 34)
    passes.run(sources, evening + timedelta(hours=4))  # 02:00 in Việt Nam
    assert passes.count_requests() == (1, 34)
    passes.run(sources, evening + timedelta(hours=5))
    assert passes.count_requests() == (1, 0)


def test_every_sheet_is_read_on_request(passes: PassRunner, provinces: list[Spreadsheet]) -> None:
    passes.run(build_sources(provinces))
    assert all(passes.run(build_sources(provinces), read_all=True).values())


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (datetime(2026, 11, 20, 18, 59), datetime(2026, 11, 19, 19, 0)),
        (datetime(2026, 11, 20, 19, 0), datetime(2026, 11, 20, 19, 0)),
        (datetime(2026, 11, 21, 2, 0), datetime(2026, 11, 20, 19, 0)),
    ],
)
def test_the_night_begins_at_two_in_viet_nam(now: datetime, night: datetime) -> None:
    assert get_last_night(now) == night


def test_a_sheet_that_drive_does_not_list_is_read_to_find_out_why(
    passes: PassRunner, make_file: MakeFile, google: StandIn
) -> None:
    shared, linked, closed = make_file(), make_file(share={}, link_role="reader"), make_file()
    sources = build_sources([shared, linked, closed])
    passes.run(sources)
    passes.count_requests()
    google.cloud.edit_file(closed, lambda file: file.share.clear())
    results = passes.run(sources)
    assert results["tinh-0"] is None and isinstance(results["tinh-1"], RawSheet)
    failure = results["tinh-2"]
    assert isinstance(failure, GoogleError) and failure.kind == "not_shared"
    assert passes.count_requests() == (1, 1)  # the closed sheet refuses even the names of its tabs


def test_all_pages_of_a_listing_are_read(
    client: GoogleClient, google: StandIn, monkeypatch: pytest.MonkeyPatch, provinces: list[Spreadsheet]
) -> None:
    monkeypatch.setattr("kpis.sources.google.client._PAGE_SIZE", 10)
    provinces[5].is_trashed = True
    provinces[6].mime_type = "text/csv"
    assert len(client.list_modified_times()) == 32 and google.count_calls(LIST) == 4


@pytest.mark.parametrize("kind", ["clock", "key_refused"])
def test_a_global_failure_is_requested_only_once(
    passes: PassRunner, provinces: list[Spreadsheet], google: StandIn, kind: str
) -> None:
    google.cloud.clock_skew = 9999.0 if kind == "clock" else 0.0
    google.account.is_deleted = kind == "key_refused"
    results = passes.run(build_sources(provinces))
    kinds = [result.kind for result in results.values() if isinstance(result, GoogleError)]
    assert kinds == [kind] * 34
    assert google.count_calls("token") == 1


def test_without_drive_every_sheet_is_read_and_gets_a_note(
    client: GoogleClient, google: StandIn, provinces: list[Spreadsheet], tmp_path: Path
) -> None:
    google.cloud.enabled_services.discard("drive")
    sources = build_sources(provinces)
    google_pass = GooglePass(client, tmp_path / "x.json", NOW)
    google_pass.begin(sources)
    sheets = [google_pass.read(source) for source in sources]
    assert all(sheet is not None and LISTING_FAILED_NOTE in sheet.notes for sheet in sheets)
    assert google_pass.listing_failure is not None and google_pass.listing_failure.kind == "api_disabled"
    google.cloud.enabled_services.add("drive")
    next_pass = GooglePass(client, tmp_path / "x.json", NOW)
    next_pass.begin(sources)
    assert all(sheet is not None and not sheet.notes for sheet in map(next_pass.read, sources))


def test_the_budget_goes_to_changed_sheets_before_nightly_reads(
    passes: PassRunner, provinces: list[Spreadsheet], google: StandIn
) -> None:
    sources = build_sources(provinces)
    passes.run(sources)
    google.cloud.edit_file(provinces[30], lambda file: file.get_sheet("Tiến độ").type_value("D2", 48))
    tomorrow = NOW + timedelta(days=1)
    first = passes.run(sources, tomorrow, read_budget=10)
    assert first["tinh-30"] and sum(map(bool, first.values())) == 10
    for _ in range(3):
        tomorrow += timedelta(minutes=5)
        passes.run(sources, tomorrow, read_budget=10)
    passes.count_requests()
    passes.run(sources, tomorrow, read_budget=10)
    assert passes.count_requests() == (1, 0)  # all 34 were read, each once


def test_a_first_read_beyond_the_budget_is_waiting(passes: PassRunner, provinces: list[Spreadsheet]) -> None:
    results = passes.run(build_sources(provinces), read_budget=4)
    kinds = [result.kind if isinstance(result, GoogleError) else None for result in results.values()]
    assert kinds.count("waiting") == 30 and kinds.count(None) == 4


def test_sheets_that_keep_failing_are_read_after_the_others(
    passes: PassRunner, provinces: list[Spreadsheet], google: StandIn
) -> None:
    for file in provinces[:20]:
        file.share.clear()
    for minute in range(5):
        passes.run(build_sources(provinces), NOW + timedelta(minutes=minute), read_budget=10)
    assert len(passes.stored_locations) == 14


@pytest.mark.parametrize(
    ("budget", "edited_count", "read_count"),
    [(30, 34, 10), (30, 4, 4 + 8), (30, 0, 20), (1, 34, 1), (1, 0, 1), (None, 34, 34)],
)
def test_with_feedback_the_budget_is_shared_with_its_reads(
    budget: int | None,
    edited_count: int,
    read_count: int,
    client: GoogleClient,
    google: StandIn,
    provinces: list[Spreadsheet],
    tmp_path: Path,
) -> None:
    sources = build_sources(provinces)
    locations = {source.id: source.location for source in sources}
    for now, limit in ((NOW, None), (NOW + timedelta(days=1), budget)):
        google_pass = GooglePass(
            client,
            tmp_path / "x.json",
            now,
            stored_locations=locations,
            read_budget=limit,
            with_feedback=True,
        )
        google_pass.begin(sources)
        sheets = [google_pass.read(source) for source in sources]
        for source in sources:
            google_pass.confirm_read(source)
        google_pass.save()
        for file in provinces[:edited_count]:
            google.cloud.touch_file(file)
    assert sum(map(bool, sheets)) == read_count
    assert google_pass.count_remaining_reads() == (None if budget is None else max(2, budget - read_count))


def test_five_minutes_allow_about_240_sheets() -> None:
    assert compute_read_budget(timedelta(minutes=5)) == 247 and compute_read_budget(timedelta(seconds=1)) == 1


def test_all_communes_of_the_country_fit_into_the_quota(tmp_path: Path) -> None:
    costs = google_quota.measure_passes(google_quota.COMMUNES, tmp_path)
    assert (costs["nothing changed"].listings, costs["nothing changed"].reads) == (4, 0)
    assert costs["332 changed"].reads == 332 + MAX_LOOKS and costs["332 changed"].time < timedelta(minutes=7)
    assert costs["nightly"].reads == 3_321 + MAX_LOOKS and costs["nightly"].time < timedelta(minutes=61)


def test_feedback_costs_two_reads_and_a_write_and_no_read_in_the_next_pass(tmp_path: Path) -> None:
    costs = google_quota.measure_passes(google_quota.PROVINCES, tmp_path, with_feedback=True)
    assert (costs["3 changed"].reads, costs["3 changed"].writes) == (9 + 3, 3)
    assert (costs["after 3 changed"].listings, costs["after 3 changed"].reads) == (1, 0)
    assert (costs["nightly"].reads, costs["nightly"].writes) == (34 + MAX_LOOKS, 0)


def test_a_day_of_feedback_fits_into_the_quota(tmp_path: Path) -> None:
    day = google_quota.simulate_day(google_quota.COMMUNES // 10, tmp_path, with_feedback=True)
    assert max(day.read_waits) < timedelta(minutes=6) and max(day.feedback_waits) < timedelta(minutes=8)
    assert day.max_reads <= compute_read_budget(google_quota.INTERVAL) + 2
    assert day.nightly_time < timedelta(hours=1)


def test_a_lost_or_damaged_state_file_is_empty(tmp_path: Path) -> None:
    path = get_state_path(tmp_path / "var" / "kpis.json")
    assert path.name == "kpis-google.json" and load_state(path) == {}
    state = {
        "1abc": FileState("2026-11-21T00:00:00.000Z", NOW, NOW, notes=("a note",), written_by_us=True),
        "1def": FileState(tried_at=NOW),
    }
    save_state(path, state)
    assert load_state(path) == state and [file.name for file in path.parent.iterdir()] == [path.name]
    text = path.read_text(encoding="utf-8")
    for damaged in (
        "",
        "[]",
        "{}",
        text[:-20],
        text.replace('"format": 1', '"format": 9'),
        '{"format": 1, "files": 3}',
    ):
        path.write_text(damaged, encoding="utf-8")
        assert load_state(path) == {}


def test_a_pass_needs_a_key(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="KPIS_GOOGLE_KEY"):
        open_pass([Source("b", "ha-noi", "google", "1" * 44)], tmp_path / "kpis.json", NOW, {})


def test_a_source_with_a_new_link_is_read_even_if_another_source_had_that_sheet(
    passes: PassRunner, make_file: MakeFile
) -> None:
    first, second = build_sources([make_file(), make_file()])
    passes.run([first, second])
    swapped = [replace(first, location=second.location), replace(second, location=first.location)]
    assert all(passes.run(swapped).values())


def test_a_pass_that_ends_in_an_error_saves_nothing(passes: PassRunner, make_file: MakeFile, google: StandIn) -> None:
    source = build_source(make_file())
    with (
        pytest.raises(RuntimeError),
        GooglePass(passes.client, passes.path, NOW, stored_locations={source.id: source.location}) as failing,
    ):
        failing.begin([source])
        failing.read(source)
        failing.confirm_read(source)
        raise RuntimeError("the disk is full")
    assert load_state(passes.path) == {}


def test_a_bad_link_does_not_affect_other_sources(passes: PassRunner, make_file: MakeFile, google: StandIn) -> None:
    good = build_source(make_file())
    bad = Source("x", "ha-noi", "google", "https://example.org/bảng")
    google_pass = GooglePass(passes.client, passes.path, NOW)
    google_pass.begin([bad, good])
    assert google_pass.read(good)
    with pytest.raises(UsageError):
        google_pass.read(bad)


def test_a_throttled_listing_does_not_fail_the_sheets(passes: PassRunner, make_file: MakeFile, google: StandIn) -> None:
    google.faults.add_fault(LIST, faults.refuse(google_errors.make_user_rate_limit()), times=9)
    assert all(isinstance(sheet, RawSheet) for sheet in passes.run(build_sources([make_file()])).values())


def test_unread_tabs_stay_known_when_a_sheet_is_read_without_looking_at_other_tabs(
    passes: PassRunner, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file()
    copy = SheetTab("Tháng 11")
    copy.fill_rows(ROWS)
    file.sheets.append(copy)
    (sheet,) = passes.run(build_sources([file])).values()
    assert isinstance(sheet, RawSheet) and [tab.name for tab in sheet.unread_tabs] == ["Tháng 11"]
    google.cloud.touch_file(file)
    (second,) = passes.run(build_sources([file]), read_budget=1).values()
    assert isinstance(second, RawSheet) and second.unread_tabs == sheet.unread_tabs


def test_a_sheet_whose_rows_are_of_another_version_of_the_reader_is_read_again(
    passes: PassRunner, make_file: MakeFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = build_sources([make_file()])
    passes.run(sources)
    assert not any(passes.run(sources).values())
    monkeypatch.setattr("kpis.sources.google.poll.READER_VERSION", 99)
    assert all(passes.run(sources).values()) and not any(passes.run(sources).values())
