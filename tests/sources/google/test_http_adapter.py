"""Failures of the connection: what is retried, what is not, and when it ends."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

import pytest

from kpis.sources.google.client import GoogleClient
from kpis.sources.google.column_tags import FEEDBACK_TAG_KEY
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.http_adapter import Deadline, Exchange, enforce_deadline
from kpis.sources.google.sheet_reader import read_google_sheet
from kpis.sources.google.transport import PARTIAL_READ_RETRIES
from tests.google_stand_in import Spreadsheet, StandIn, faults
from tests.google_stand_in import errors as google_errors
from tests.google_stand_in.faults import Fault
from tests.google_stand_in.fixtures import NOW, FakeClock, build_source
from tests.google_stand_in.spreadsheet import ColumnMetadata

GET = "sheets.spreadsheets.get"
WRITE = "sheets.spreadsheets.values.batchUpdateByDataFilter"
MakeFile = Callable[..., Spreadsheet]


def write_feedback(file: Spreadsheet, client: GoogleClient, **options: Any) -> int:
    """Write one text into the column G, which is tagged first."""
    tab = file.get_sheet("Tiến độ")
    tab.column_metadata = tab.column_metadata or [ColumnMetadata(7, FEEDBACK_TAG_KEY, 6)]
    return client.update_columns(file.id, {7: {2: "✓ Đã tính"}}, **options)


TRANSIENT_FAULTS = {
    "429": faults.refuse(google_errors.make_quota_exceeded("Read")),
    "500": faults.respond_with_status(500, {"error": {"code": 500, "message": "Internal error", "status": "INTERNAL"}}),
    "502 in HTML": faults.respond_with_status(502),
    "503": faults.respond_with_status(503, {"error": {"code": 503, "message": "busy", "status": "UNAVAILABLE"}}),
    "a lost connection": faults.drop_connection(),
    "a cut in the body": faults.cut_body(40),
    "a cut before the body": faults.cut_body(0),
}


def catch_failure(call: Callable[[], object]) -> GoogleError:
    with pytest.raises(GoogleError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("name", TRANSIENT_FAULTS)
@pytest.mark.parametrize("times", [1, 3])
def test_a_read_is_retried_after_transient_failures(
    make_file: MakeFile, client: GoogleClient, google: StandIn, time: FakeClock, name: str, times: int
) -> None:
    file = make_file()
    expected = read_google_sheet(build_source(file), client, NOW)
    google.faults.add_fault(GET, TRANSIENT_FAULTS[name], times)
    assert read_google_sheet(build_source(file), client, NOW) == expected
    assert google.count_calls(GET) == times + 2 and len(time.pauses) == times


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("429", "quota"),
        ("500", "unavailable"),
        ("502 in HTML", "unavailable"),
        ("a lost connection", "broken"),
        ("a cut in the body", "broken"),
    ],
)
def test_a_lasting_failure_ends_with_its_kind_before_the_deadline(
    make_file: MakeFile, client: GoogleClient, google: StandIn, time: FakeClock, name: str, kind: str
) -> None:
    google.faults.add_fault(GET, TRANSIENT_FAULTS[name], times=50)
    assert catch_failure(lambda: client.get_spreadsheet(make_file().id)).kind == kind
    assert google.count_calls(GET) <= 7 * (PARTIAL_READ_RETRIES + 1)
    assert sum(time.pauses) <= 90 + 1e-6  # the last pause ends at the deadline; the sum is rounded


def test_pauses_double_with_random_jitter(
    make_file: MakeFile, client: GoogleClient, google: StandIn, time: FakeClock
) -> None:
    google.faults.add_fault(GET, TRANSIENT_FAULTS["500"], times=4)
    client.get_spreadsheet(make_file().id)
    for pause, backoff in zip(time.pauses, (1, 2, 4, 8), strict=True):
        assert backoff <= pause <= backoff * 1.5
    assert len({pause / backoff for pause, backoff in zip(time.pauses, (1, 2, 4, 8), strict=True)}) > 1


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_respected(
    make_file: MakeFile, client: GoogleClient, google: StandIn, time: FakeClock, status: int
) -> None:
    google.faults.add_fault(GET, faults.respond_with_status(status, "<html>", retry_after="20"))
    client.get_spreadsheet(make_file().id)
    (pause,) = time.pauses
    assert 20 <= pause <= 30


@pytest.mark.parametrize("retry_after", ["3600", "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_retry_after_beyond_the_deadline_ends_the_read_at_once(
    make_file: MakeFile, client: GoogleClient, google: StandIn, time: FakeClock, retry_after: str
) -> None:
    google.faults.add_fault(GET, faults.refuse(google_errors.make_quota_exceeded("Read", retry_after)))
    assert catch_failure(lambda: client.get_spreadsheet(make_file().id)).kind == "quota"
    assert time.pauses == [] and google.count_calls(GET) == 1


def test_an_unreadable_retry_after_is_ignored(
    make_file: MakeFile, client: GoogleClient, google: StandIn, time: FakeClock
) -> None:
    google.faults.add_fault(GET, faults.respond_with_status(429, "<html>", retry_after="soon"))
    client.get_spreadsheet(make_file().id)
    assert len(time.pauses) == 1 and time.pauses[0] <= 1.5


def test_the_rate_limit_of_drive_is_waited_for(client: GoogleClient, google: StandIn, time: FakeClock) -> None:
    google.faults.add_fault("drive.files.list", faults.refuse(google_errors.make_user_rate_limit()), times=2)
    assert client.list_modified_times() == {}
    assert google.count_calls("drive.files.list") == 3 and len(time.pauses) == 2


@pytest.mark.parametrize("refusal", [google_errors.make_not_shared(), google_errors.make_not_found("sheets")])
def test_a_refusal_is_not_retried(
    make_file: MakeFile, client: GoogleClient, google: StandIn, refusal: google_errors.RefusalError
) -> None:
    google.faults.add_fault(GET, faults.refuse(refusal))
    catch_failure(lambda: client.get_spreadsheet(make_file().id))
    assert google.count_calls(GET) == 1


@pytest.mark.parametrize("fault", [faults.hang(30), faults.drip_bytes(0.02)], ids=["a hang", "a slow drip"])
def test_a_slow_response_ends_at_the_deadline(
    make_file: MakeFile, short_deadline_client: GoogleClient, google: StandIn, fault: Fault
) -> None:
    short_deadline_client.list_modified_times()  # fetches the token
    file, start = make_file(), monotonic()
    google.faults.add_fault(GET, fault, times=9)
    failure = catch_failure(lambda: short_deadline_client.get_spreadsheet(file.id))
    assert failure.kind == "deadline" and monotonic() - start < 1
    google.faults.clear()
    response = short_deadline_client.get_spreadsheet(file.id)
    assert response["properties"]["title"] == "Tiến độ 2026"  # nothing remains of the aborted response


@pytest.mark.parametrize(
    "fault",
    [faults.hang(30), faults.drip_bytes(0.02), faults.drip_bytes(0.0015)],
    ids=["a hang", "a slow drip", "a drip cut in its body"],
)
def test_a_slow_token_ends_at_the_deadline(short_deadline_client: GoogleClient, google: StandIn, fault: Fault) -> None:
    start = monotonic()
    google.faults.add_fault("token", fault, times=9)
    failure = catch_failure(short_deadline_client.list_modified_times)
    assert failure.kind == "deadline" and monotonic() - start < 1


def test_all_requests_of_a_source_share_one_deadline(
    make_file: MakeFile, client: GoogleClient, google: StandIn, time: FakeClock
) -> None:
    file = make_file().id
    with client.share_deadline():
        client.get_spreadsheet(file)
        time.now += 89
        client.get_spreadsheet(file)
        time.now += 2
        assert catch_failure(lambda: client.get_spreadsheet(file)).kind == "deadline"
    client.get_spreadsheet(file)


def test_waiting_for_the_rate_limiter_does_not_count_against_the_deadline(
    make_file: MakeFile, client: GoogleClient, time: FakeClock
) -> None:
    file = make_file().id
    with client.share_deadline():
        for _ in range(200):
            client.get_spreadsheet(file)
    assert sum(time.pauses) > 120


def test_a_wait_for_the_rate_limiter_that_exceeds_the_deadline_ends_no_read() -> None:
    exchange = Exchange(Deadline(0.1), lambda: sleep(0.3), sleep)
    with enforce_deadline(exchange):
        exchange.wait_for_slot()
        assert not exchange.timed_out and 0 < exchange.deadline.get_remaining() <= 0.1
        sleep(0.2)
        assert exchange.timed_out


@pytest.mark.parametrize("name", ["429", "502 in HTML", "a lost connection", "a cut in the body"])
def test_a_write_is_not_retried(make_file: MakeFile, client: GoogleClient, google: StandIn, name: str) -> None:
    file = make_file()
    google.faults.add_fault(WRITE, TRANSIENT_FAULTS[name])
    catch_failure(lambda: write_feedback(file, client))
    assert google.count_calls(WRITE) == 1
    google.faults.add_fault("sheets.spreadsheets.batchUpdate", TRANSIENT_FAULTS[name])
    catch_failure(lambda: client.batch_update(file.id, [{"addSheet": {"properties": {"title": "Hướng dẫn"}}}]))
    assert google.count_calls("sheets.spreadsheets.batchUpdate") == 1


@pytest.mark.parametrize("name", ["429", "502 in HTML", "a lost connection", "a cut in the body"])
def test_a_write_is_retried_if_its_rows_are_still_the_same(
    make_file: MakeFile, client: GoogleClient, google: StandIn, name: str
) -> None:
    file = make_file()
    google.faults.add_fault(WRITE, TRANSIENT_FAULTS[name])
    write_feedback(file, client, is_still_valid=lambda: True)
    assert google.count_calls(WRITE) == 2
    assert file.get_sheet("Tiến độ").get_value("G2") == "✓ Đã tính"


def test_a_write_is_not_retried_if_its_rows_have_moved(
    make_file: MakeFile, client: GoogleClient, google: StandIn
) -> None:
    file = make_file()
    google.faults.add_fault(WRITE, TRANSIENT_FAULTS["502 in HTML"])
    failure = catch_failure(lambda: write_feedback(file, client, is_still_valid=lambda: False))
    assert failure.kind == "unavailable" and google.count_calls(WRITE) == 1


def test_googles_quota_is_never_exceeded(
    make_file: MakeFile, client: GoogleClient, google: StandIn, time: FakeClock
) -> None:
    google.cloud.requests_per_minute = 60
    file = make_file().id
    for _ in range(150):
        client.get_spreadsheet(file)
    assert google.count_calls(GET) == 150  # not one was refused


def test_a_quota_used_up_by_another_program_is_waited_for(
    make_file: MakeFile, client: GoogleClient, google: StandIn, time: FakeClock
) -> None:
    google.cloud.requests_per_minute = 1
    file = make_file().id
    client.get_spreadsheet(file)
    client.get_spreadsheet(file)
    assert 50 < sum(time.pauses) < 90


def test_responses_are_compressed(make_file: MakeFile, client: GoogleClient, google: StandIn) -> None:
    encodings: list[str] = []
    sender = client._sender
    sender.session.hooks["response"].append(
        lambda response, **_: encodings.append(response.headers["Content-Encoding"])
    )
    client.get_spreadsheet(make_file().id)
    assert encodings == ["gzip"]
