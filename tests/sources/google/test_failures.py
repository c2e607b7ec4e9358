"""Each kind of failure has its own sentence, which says what to do, in both languages."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import get_args

import pytest

from kpis.language.messages import explain, load_catalogue
from kpis.sources.google import failures
from kpis.sources.google.client import GoogleClient, open_client
from kpis.sources.google.column_tags import FEEDBACK_TAG_KEY
from kpis.sources.google.credentials import ServiceAccountKey
from kpis.sources.google.failures import (
    FAILURE_MESSAGES,
    FailureKind,
    GoogleError,
    classify_certificate_error,
    classify_http_error,
    classify_token_error,
)
from kpis.sources.google.poll import LISTING_FAILED_NOTE, GooglePass
from kpis.sources.google.transport import PARTIAL_READ_RETRIES, RequestPolicy
from tests.google_stand_in import Spreadsheet, StandIn, faults
from tests.google_stand_in import errors as google_errors
from tests.google_stand_in.faults import Fault
from tests.google_stand_in.fixtures import NOW, FakeClock, build_source
from tests.google_stand_in.spreadsheet import WORKBOOK_TYPE, ColumnMetadata

GET = "sheets.spreadsheets.get"
MakeFile = Callable[..., Spreadsheet]


def catch_failure(call: Callable[[], object]) -> GoogleError:
    with pytest.raises(GoogleError) as caught:
        call()
    return caught.value


def test_a_sheet_that_is_not_shared_names_the_account_to_share_it_with(
    make_file: MakeFile, client: GoogleClient
) -> None:
    failure = catch_failure(lambda: client.get_spreadsheet(make_file(share={}).id))
    assert failure.kind == "not_shared" and client.account in explain(failure, "vi")


def test_who_no_longer_leads_reads_and_changes_nothing(
    make_file: MakeFile, google: StandIn, key: ServiceAccountKey
) -> None:
    """Asked right before each request that changes anything."""
    file, answers = make_file().id, [True, False]
    policy = RequestPolicy(may_write=lambda: answers.pop(0))
    with open_client(key, write=True, base_url=google.base_url, policy=policy) as client:
        client.update_row(file, "'Tiến độ'!A40:A40", ["x"])
        failure = catch_failure(lambda: client.update_row(file, "'Tiến độ'!A41:A41", ["y"]))
        assert (failure.kind, failure.is_global) == ("superseded", True)
        assert client.get_values(file, ["'Tiến độ'!A40:A41"]) == [[["x"]]]
    assert answers == []


def test_a_deleted_sheet_is_missing(client: GoogleClient) -> None:
    assert catch_failure(lambda: client.get_spreadsheet("1" * 44)).kind == "missing"


def test_an_uploaded_workbook_is_distinguished_from_a_sheet(make_file: MakeFile, client: GoogleClient) -> None:
    failure = catch_failure(lambda: client.get_spreadsheet(make_file(mime_type=WORKBOOK_TYPE).id))
    assert failure.kind == "uploaded_workbook" and "Save as Google Sheets" in str(failure)


def test_a_missing_range_is_distinguished_from_an_uploaded_workbook(make_file: MakeFile, client: GoogleClient) -> None:
    file = make_file().id
    assert catch_failure(lambda: client.get_spreadsheet(file, ["'Không có'!A1:B2"])).kind == "bad_range"
    assert catch_failure(lambda: client.get_spreadsheet(file, ["'Tiến độ'!A2000:B2000"])).kind == "bad_range"


@pytest.mark.parametrize(("service", "name"), [("sheets", "Google Sheets API"), ("drive", "Google Drive API")])
def test_a_disabled_api_is_named_with_the_link_to_enable_it(
    make_file: MakeFile, client: GoogleClient, google: StandIn, service: str, name: str
) -> None:
    google.cloud.enabled_services -= {service}
    file = make_file().id
    failure = catch_failure(
        lambda: client.get_spreadsheet(file) if service == "sheets" else client.list_modified_times()
    )
    assert failure.kind == "api_disabled" and failure.values["service"] == name
    link = f"https://console.cloud.google.com/apis/library/{service}.googleapis.com?project=271828182845"
    assert link in explain(failure, "vi")


def test_writing_to_a_sheet_shared_for_reading_is_read_only(
    make_file: MakeFile, client: GoogleClient, google: StandIn
) -> None:
    file = make_file(share={google.account.email: "reader"})
    assert catch_failure(lambda: client.update_columns(file.id, {7: {2: "x"}})).kind == "read_only"


def test_writing_to_a_protected_range_is_protected(make_file: MakeFile, client: GoogleClient) -> None:
    file = make_file()
    file.get_sheet("Tiến độ").protect_range("G1:G", ["chu@example.org"])
    file.get_sheet("Tiến độ").column_metadata = [ColumnMetadata(7, FEEDBACK_TAG_KEY, 6)]
    assert catch_failure(lambda: client.update_columns(file.id, {7: {2: "x"}})).kind == "protected"
    assert file.get_sheet("Tiến độ").get_value("G2") is None


def test_writing_with_a_read_only_scope_lacks_the_scope(
    make_file: MakeFile, google: StandIn, key: ServiceAccountKey, policy: RequestPolicy
) -> None:
    file = make_file()
    with closing(open_client(key, write=False, base_url=google.base_url, policy=policy)) as reader:
        assert catch_failure(lambda: reader.batch_update(file.id, [{"addSheet": {}}])).kind == "scope"


@pytest.mark.parametrize("skew", [7200.0, -7200.0])
def test_a_wrong_clock_is_distinguished_from_a_wrong_key(client: GoogleClient, google: StandIn, skew: float) -> None:
    google.cloud.clock_skew = skew
    assert catch_failure(client.list_modified_times).kind == "clock"


def test_a_key_of_a_deleted_account_is_refused(client: GoogleClient, google: StandIn) -> None:
    google.account.is_deleted = True
    assert catch_failure(client.list_modified_times).kind == "key_refused"


def test_a_replaced_key_is_refused(client: GoogleClient, google: StandIn) -> None:
    google.account.key_id = "another"
    assert catch_failure(client.list_modified_times).kind == "key_refused"


def test_a_token_that_expires_early_is_replaced_once(client: GoogleClient, google: StandIn) -> None:
    client.list_modified_times()
    google.account.tokens.clear()
    assert client.list_modified_times() == {}
    assert google.count_calls("token") == 2
    for _ in range(2):
        google.faults.add_fault("drive.files.list", faults.refuse(google_errors.make_unauthenticated("drive")))
    assert catch_failure(client.list_modified_times).kind == "key_refused"


def test_without_a_network_the_failure_names_the_host(key: ServiceAccountKey, time: FakeClock) -> None:
    policy = RequestPolicy(clock=time.get_time, sleep=time.sleep)
    with closing(open_client(key, base_url="http://127.0.0.1:9", policy=policy)) as client:
        failure = catch_failure(lambda: client.get_spreadsheet("1" * 44))
    assert failure.kind == "network" and "127.0.0.1:9" in str(failure)
    assert len(time.pauses) == 3 and sum(time.pauses) < 11  # some retries, but no long wait


def test_without_a_token_endpoint_the_failure_is_global_and_names_its_host(google: StandIn, time: FakeClock) -> None:
    info = google.build_key() | {"token_uri": "http://127.0.0.1:9/token"}
    policy = RequestPolicy(clock=time.get_time, sleep=time.sleep)
    with closing(
        open_client(ServiceAccountKey("a@b", "key.json", info), base_url=google.base_url, policy=policy)
    ) as client:
        failure = catch_failure(client.list_modified_times)
    assert failure.kind == "network" and failure.is_global
    assert "127.0.0.1:9 " in str(failure)  # the address that failed, not that of the sheets
    assert len(time.pauses) == 3


TOKEN_RESPONSES: dict[str, tuple[Fault, FailureKind]] = {
    "a sign-in page": (faults.respond_with_status(200, "<html>Đăng nhập mạng</html>"), "unreadable"),
    "nothing": (faults.respond_with_status(200, ""), "unreadable"),
    "a list": (faults.respond_with_status(200, "[1, 2]"), "unreadable"),
    "a token without an expiry": (
        faults.respond_with_status(200, {"access_token": "t", "expires_in": "soon"}),
        "unreadable",
    ),
    "a cut before the body": (faults.cut_body(0), "broken"),
    "a cut in the body": (faults.cut_body(5), "broken"),
    "no answer": (faults.drop_connection(), "broken"),
    "a proxy's page": (faults.respond_with_status(403, "<html>Bị chặn</html>"), "unreadable"),
    "a redirect": (faults.respond_with_status(302, "<html>"), "unreadable"),
    "502 in HTML": (faults.respond_with_status(502), "unavailable"),
    "503": (faults.respond_with_status(503, {"error": "backend_error"}), "unavailable"),
    "429": (faults.respond_with_status(429, {"error": "rate_limit_exceeded"}), "quota"),
    "an invalid scope": (faults.respond_with_status(400, {"error": "invalid_scope"}), "scope"),
    "another code": (faults.respond_with_status(400, {"error": "policy_enforced"}), "refused"),
}


@pytest.mark.parametrize("name", TOKEN_RESPONSES)
def test_a_missing_token_fails_every_sheet_with_its_sentence_after_one_attempt(
    make_file: MakeFile, client: GoogleClient, google: StandIn, tmp_path: Path, name: str
) -> None:
    fault, kind = TOKEN_RESPONSES[name]
    google.faults.add_fault("token", fault, times=99)
    sources = [build_source(make_file(), f"tinh-{index}") for index in range(3)]
    google_pass = GooglePass(client, tmp_path / "kpis-google.json", NOW)
    google_pass.begin(sources)
    token_calls = google.count_calls("token")
    failures = [catch_failure(partial(google_pass.read, source)) for source in sources]
    assert {failure.kind for failure in failures} == {kind} and "–" not in str(failures[0])
    assert google.count_calls("token") == token_calls  # none of the sheets is requested


@pytest.mark.parametrize("name", ["502 in HTML", "503", "429", "no answer", "a cut before the body", "nothing"])
def test_token_requests_are_retried_after_transient_failures(
    client: GoogleClient, google: StandIn, time: FakeClock, name: str
) -> None:
    fault, _ = TOKEN_RESPONSES[name]
    google.faults.add_fault("token", fault, times=3)
    assert client.list_modified_times() == {}
    assert google.count_calls("token") == 4 and len(time.pauses) == 3


def test_a_sign_in_page_is_not_read_as_a_sheet(make_file: MakeFile, client: GoogleClient, google: StandIn) -> None:
    file = make_file().id
    google.faults.add_fault(GET, faults.respond_with_status(200, "<html>Đăng nhập mạng</html>"), times=4)
    assert catch_failure(lambda: client.get_spreadsheet(file)).kind == "unreadable"
    google.faults.add_fault(GET, faults.respond_with_status(302, "<html>", None))
    assert catch_failure(lambda: client.get_spreadsheet(file)).kind == "unreadable"
    google.faults.add_fault(GET, faults.respond_with_status(403, "<html>Bị chặn</html>"))
    assert catch_failure(lambda: client.get_spreadsheet(file)).kind == "unreadable"


def test_text_of_a_response_is_never_shown(make_file: MakeFile, client: GoogleClient, google: StandIn) -> None:
    evil = "**![x](http://evil.example)**"
    body = {"error": {"code": 409, "message": evil, "status": evil, "errors": [{"reason": "conflict"}]}}
    google.faults.add_fault(GET, faults.respond_with_status(409, body))
    failure = catch_failure(lambda: client.get_spreadsheet(make_file().id))
    assert failure.kind == "refused"
    assert str(failure).startswith("Google rejects the request (HTTP 409 conflict).")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("certificate verify failed: certificate is not yet valid (_ssl.c:1006)", "clock"),
        ("certificate verify failed: certificate has expired (_ssl.c:1006)", "clock"),
        ("certificate verify failed: self-signed certificate in certificate chain", "certificate"),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number", "certificate"),
    ],
)
def test_an_untrusted_certificate_means_a_wrong_clock_or_a_proxy(text: str, kind: FailureKind) -> None:
    assert classify_certificate_error(text, host="sheets.googleapis.com").kind == kind


@pytest.mark.parametrize(
    ("status", "error", "description", "kind"),
    [
        (400, "invalid_grant", "Invalid JWT Signature.", "key_refused"),
        (400, "invalid_grant", "Invalid grant: account not found", "key_refused"),
        (401, "disabled_client", "The OAuth client was disabled.", "key_refused"),
        (400, "invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes) and …", "clock"),
        (400, "invalid_grant", "Invalid JWT: Token used too early, 1 < 2", "clock"),
        (400, "invalid_grant", "Invalid JWT: Token used too late, 3 > 2", "clock"),
        (400, "temporarily_unavailable", "x", "unavailable"),
        (408, "x", "x", "unavailable"),
        (403, "rate_limit_exceeded", "x", "quota"),
        (400, "**evil**", "x", "unreadable"),
    ],
)
def test_a_refused_token_is_classified_by_its_error_code(
    status: int, error: str, description: str, kind: FailureKind
) -> None:
    body = json.dumps({"error": error, "error_description": description}).encode()
    assert classify_token_error(status, body, account="a@b", host="h").kind == kind


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (403, b"<html>", "unreadable"),
        (400, b"\xff", "unreadable"),
        (503, b"", "unavailable"),
        (400, b'{"error": {"code": 400, "status": "INVALID_ARGUMENT"}}', "refused"),
    ],
)
def test_a_refused_token_without_an_oauth_error_is_classified_by_its_status(
    status: int, body: bytes, kind: FailureKind
) -> None:
    failure = classify_token_error(status, body, account="a@b", host="h")
    assert failure.kind == kind and (kind == "refused" or str(status) in str(failure))


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (
            403,
            {"status": "PERMISSION_DENIED", "message": "The caller does not have permission"},
            "not_shared",
        ),
        (403, {"errors": [{"reason": "forbidden"}]}, "not_shared"),
        (403, {"errors": [{"reason": "rateLimitExceeded", "domain": "usageLimits"}]}, "quota"),
        (403, {"errors": [{"reason": "dailyLimitExceeded", "domain": "usageLimits"}]}, "quota"),
        (403, {"errors": [{"reason": "domainPolicy"}]}, "policy"),
        (403, {"details": [{"reason": "SECURITY_POLICY_VIOLATED"}]}, "policy"),
        (403, {"details": [{"reason": "CONSUMER_SUSPENDED"}]}, "suspended"),
        (403, {"details": [{"reason": "CONSUMER_INVALID"}], "status": "PERMISSION_DENIED"}, "project_gone"),
        (403, {"errors": [{"reason": "storageQuotaExceeded", "domain": "usageLimits"}]}, "storage"),
        (403, {"details": [{"reason": "ACCOUNT_STATE_INVALID"}]}, "refused"),
        (403, {"errors": [{"reason": "accessNotConfigured"}]}, "api_disabled"),
        (400, {"errors": [{"reason": "failedPrecondition"}]}, "uploaded_workbook"),
        (400, {"status": "INVALID_ARGUMENT", "message": "Unable to parse range: X!A1"}, "bad_range"),
        (400, {"status": "INVALID_ARGUMENT"}, "refused"),
        (408, {}, "unavailable"),
        (429, {}, "quota"),
        (500, {"status": "INTERNAL"}, "unavailable"),
    ],
)
def test_an_error_is_classified_by_its_status_and_its_codes(
    status: int, error: dict[str, object], kind: FailureKind
) -> None:
    body = json.dumps({"error": {"code": status, **error}}).encode()
    failure = classify_http_error(status, body, account="a@b", host="h", is_write=False)
    assert failure.kind == kind and "{" not in str(failure)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"error": "x"}', b"<html>", b"\xff", b'{"error": []}'])
def test_an_error_that_is_not_googles_is_classified_by_its_status_only(body: bytes) -> None:
    kinds = [
        classify_http_error(status, body, account="a", host="h", is_write=False).kind for status in (403, 429, 502)
    ]
    assert kinds == ["unreadable", "quota", "unavailable"]


def test_a_response_that_is_too_large_is_rejected(
    make_file: MakeFile, client: GoogleClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kpis.sources.google.transport.MAX_BODY_BYTES", 100)
    assert catch_failure(lambda: client.get_spreadsheet(make_file().id)).kind == "too_large"


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"sheets": ' + "[" * 200 + "]" * 200 + "}",
        '{"sheets": [' + '["]",' * 50_000,
        '{"sheets": null}',
        '{"sheets": [null]}',
        '{"sheets": [{"properties": 5}]}',
        '{"sheets": [{"properties": {"sheetId": "a"}}]}',
        '{"sheets": [{"data": [{"startColumn": 1000000000000}]}]}',
        '{"sheets": [{"data": [{"startRow": 1.5}]}]}',
        '{"sheets": [{"data": [{"rowData": [[]]}]}]}',
        '{"sheets": [{"merges": [{"endRowIndex": 1000000000000}]}]}',
    ],
    ids=lambda body: body[:40],
)
def test_a_response_of_another_shape_is_refused(
    google: StandIn, make_file: MakeFile, client: GoogleClient, body: str
) -> None:
    google.faults.add_fault(
        "sheets.spreadsheets.get", faults.respond_with_status(200, body), times=PARTIAL_READ_RETRIES + 1
    )
    assert catch_failure(lambda: client.get_spreadsheet(make_file().id)).kind == get_kind(body)


def get_kind(body: str) -> FailureKind:
    """Return the failure of an answer: it is no object, it was cut off, or a field is of another type."""
    return "unreadable" if body[0] == "[" else "malformed" if body[-1] == "}" else "broken"


def test_ranges_merged_over_too_many_rows_are_refused(
    google: StandIn, make_file: MakeFile, client: GoogleClient
) -> None:
    merge = '{"startRowIndex": 0, "endRowIndex": 1000000}'
    body = '{"sheets": [{"merges": [' + ",".join([merge] * 3) + "]}]}"
    google.faults.add_fault("sheets.spreadsheets.get", faults.respond_with_status(200, body))
    assert catch_failure(lambda: client.get_spreadsheet(make_file().id)).kind == "too_many_merges"


@pytest.mark.parametrize(
    "body", ['{"files": null}', '{"files": [null]}', '{"files": [{}]}', "[" * 5000, '{"error":' + "[" * 5000]
)
def test_a_listing_of_another_shape_is_refused(google: StandIn, client: GoogleClient, body: str) -> None:
    google.faults.add_fault("drive.files.list", faults.respond_with_status(200, body), times=PARTIAL_READ_RETRIES + 1)
    assert catch_failure(client.list_modified_times).kind == get_kind(body)


@pytest.mark.parametrize("kind", FAILURE_MESSAGES)
def test_every_sentence_says_what_happens_next(kind: FailureKind) -> None:
    assert len(re.split(r"[.;:] ", FAILURE_MESSAGES[kind])) > 1


@pytest.mark.parametrize("kind", FAILURE_MESSAGES)
def test_every_sentence_has_a_translation_with_the_same_placeholders(kind: FailureKind) -> None:
    def list_placeholders(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    sentence = load_catalogue("vi").get(FAILURE_MESSAGES[kind], "")
    assert sentence and list_placeholders(sentence) == list_placeholders(FAILURE_MESSAGES[kind])


def test_every_kind_has_its_own_sentence() -> None:
    assert len(set(FAILURE_MESSAGES.values())) == len(FAILURE_MESSAGES)
    assert set(get_args(FailureKind)) == set(FAILURE_MESSAGES) >= failures.GLOBAL_FAILURES


def test_a_sheet_that_is_not_read_has_the_note_about_a_failed_listing_too(
    make_file: MakeFile, client: GoogleClient, google: StandIn, tmp_path: Path
) -> None:
    sources = [build_source(make_file(), f"tinh-{index}") for index in range(3)]
    locations = {source.id: source.location for source in sources}
    google.cloud.enabled_services.discard("drive")
    google_pass = GooglePass(client, tmp_path / "kpis-google.json", NOW, stored_locations=locations, read_budget=1)
    google_pass.begin(sources)
    sheets = [google_pass.read(source) for source in sources]
    assert sheets.count(None) == 2
    assert all(
        LISTING_FAILED_NOTE in google_pass.list_notes(source)
        for source, sheet in zip(sources, sheets, strict=True)
        if not sheet
    )
