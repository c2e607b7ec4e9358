"""Why a request to Google failed; each kind has its own sentence and next step.

Of a response, sentences quote only machine-readable codes ("RESOURCE_EXHAUSTED"), so that neither Google nor
an office proxy can put text on our screens. No sentence contains a key or token.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeGuard

from kpis.errors import SourceError
from kpis.sources.google.strict_json import parse_json

FailureKind = Literal[
    "not_shared", "read_only", "protected", "missing", "uploaded_workbook", "bad_range", "api_disabled",
    "quota", "unavailable", "broken", "key_refused", "clock", "scope", "network", "certificate", "deadline",
    "too_large", "unreadable", "malformed",
    "suspended", "project_gone", "policy", "storage", "refused", "waiting",
    "too_many_merges", "superseded",
]  # fmt: skip

FAILURE_MESSAGES: Mapping[FailureKind, str] = {
    "not_shared": "The sheet is not shared with this program. Open it, press Share, and add {account} as an editor.",
    "read_only": "{account} may read this sheet but not write in it. Open it, press Share, and make "
    "{account} an editor.",
    "protected": "A protected range of this sheet excludes {account}. Its owner can allow it: Data → "
    "Protect sheets and ranges.",
    "missing": "There is no Google Sheet at this address: it was deleted, or the link is incomplete. "
    "Restore it from the bin, or copy its link into the sources file again.",
    "uploaded_workbook": "This is an Excel file that was uploaded to Drive, not a Google Sheet. Open it, "
    "choose File → Save as Google Sheets, share the new sheet with {account}, and put its link into the "
    "sources file.",
    "bad_range": "A tab or column was deleted a moment ago. The sheet is read again at the next sync.",
    "api_disabled": "The {service} is switched off in the key's Google Cloud project. Open {link}, press "
    "Enable, wait five minutes, and sync again.",
    "quota": "Google's limit of requests per minute is used up. Nothing is lost: the sheet is read at the "
    "next sync. If it happens often, check that no other program uses the same key.",
    "unavailable": "Google cannot answer at the moment (HTTP {status}). Nothing is lost: the sheet is read "
    "at the next sync.",
    "broken": "The connection to Google broke during the download. The incomplete data were discarded; the "
    "sheet is read at the next sync.",
    "key_refused": "Google rejects the key of {account}: it was deleted or replaced. Create a new key for "
    "the service account and replace the old one with it.",
    "clock": "This machine's clock is wrong, so Google rejects its key. Set date, time and time zone to "
    "automatic, and sync again.",
    "scope": "{account} lacks permission for this in Google Cloud. Restart the program, so that it requests "
    "permission again.",
    "network": "{host} cannot be reached. Check this machine's network, its proxy and its firewall.",
    "certificate": "The secure connection to {host} cannot be trusted: another device on the network answers "
    "in its place. Ask the network administrator for the proxy's certificate.",
    "deadline": "Google did not answer completely within {seconds} seconds. The incomplete data were "
    "discarded; the sheet is read at the next sync.",
    "too_many_merges": "The sheet has more than {limit} merged ranges, or ranges merged over too many rows. "
    "Select everything, choose Format → Merge cells → Unmerge, and sync again.",
    "too_large": "The sheet is larger than {megabytes} MB. Move finished years into a separate sheet.",
    "unreadable": "The response did not come from Google (HTTP {status}). If a proxy or a sign-in page "
    "blocks the way to {host}, allow this program to pass.",
    "malformed": "Google's answer is not in its usual form ({place}), so nothing was taken from it. The "
    "sheet is read again at the next sync; if this persists, send this message to the person in charge of "
    "the program.",
    "suspended": "Google has suspended the Google Cloud project of {account} ({reason}). Open "
    "console.cloud.google.com as its owner, read the notice there and appeal; or create a service account in "
    "another project, share the sheets with it, and use its key.",
    "project_gone": "The Google Cloud project of {account} was deleted ({reason}). Restore it within 30 days "
    "at console.cloud.google.com/cloud-resource-manager; or create a service account in another project, share "
    "the sheets with it, and use its key.",
    "policy": "A policy of the organisation blocks {account} ({reason}). Ask its administrator of Google "
    "Workspace or Google Cloud to allow it.",
    "storage": "The Google Drive of the sheet's owner is full, so nothing can be written. Ask the owner to "
    "free some space (one.google.com/storage); the sheet is read as before.",
    "refused": "Google rejects the request (HTTP {status} {reason}). It is tried again at the next sync; if "
    "this persists, send this message to the person in charge of the program.",
    "superseded": "Another machine publishes the figures now, so nothing was written into the sheet. It is written at "
    "that machine's next sync.",
    "waiting": "It will be read at the next sync: Google allows about {per_minute} reads per minute.",
}

GLOBAL_FAILURES: frozenset[FailureKind] = frozenset(
    {"key_refused", "clock", "network", "certificate", "suspended", "project_gone", "superseded"}
)
"""Failures that affect every sheet: requesting the others would only take time."""


class GoogleError(SourceError):
    """A failed request to Google; `kind` says why, `is_global` that every other would fail too."""

    def __init__(self, kind: FailureKind, /, **values: object) -> None:
        self.kind: FailureKind = kind
        self.is_global = kind in GLOBAL_FAILURES
        super().__init__(FAILURE_MESSAGES[kind], **values)


def classify_http_error(status: int, body: bytes, *, account: str, host: str, is_write: bool) -> GoogleError:
    """Return the failure for an HTTP error, from its status, the codes in its body, and read or write."""
    error = _parse_error(body)
    reasons = set(_list_reasons(error or {}))
    if status == 429 or (status == 403 and reasons & _THROTTLING_REASONS):
        return GoogleError("quota")
    if status >= 500 or status == 408:
        return GoogleError("unavailable", status=status)
    if error is None:
        return GoogleError("unreadable", status=status, host=host)
    if reasons & {"SERVICE_DISABLED", "accessNotConfigured"}:
        return _build_api_disabled_error(error)
    kind = _classify_reasons(status, str(error.get("message", "")), reasons, is_write)
    return GoogleError(kind, account=account, status=status, reason=", ".join(sorted(reasons)), host=host)


_THROTTLING_REASONS = {
    "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED", "rateLimitExceeded", "userRateLimitExceeded",
    "dailyLimitExceeded", "quotaExceeded",
}  # fmt: skip
_ACCESS_REASONS = {"PERMISSION_DENIED", "FORBIDDEN", "forbidden", "insufficientFilePermissions"}
_SCOPE_REASONS = {"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"}
_BLOCKED_REASONS: Mapping[FailureKind, set[str]] = {
    "suspended": {"CONSUMER_SUSPENDED", "GCP_SUSPENDED"},
    "project_gone": {"CONSUMER_INVALID", "RESOURCE_PROJECT_INVALID", "USER_PROJECT_DENIED"},
    "policy": {
        "SECURITY_POLICY_VIOLATED", "ORG_RESTRICTION_VIOLATION", "LOCATION_POLICY_VIOLATED",
        "LOCATION_ORG_POLICY_VIOLATED", "USER_BLOCKED_BY_ADMIN", "domainPolicy",
    },
    "storage": {"storageQuotaExceeded"},
}  # fmt: skip
"""Reasons of status 403. Sources: google.api.ErrorReason; Drive API, Resolve errors."""


def _classify_reasons(status: int, message: str, reasons: set[str], is_write: bool) -> FailureKind:
    for kind, kind_reasons in _BLOCKED_REASONS.items():
        if reasons & kind_reasons:
            return kind
    match status:
        case 401:
            return "key_refused"
        case 403 if reasons & _SCOPE_REASONS:
            return "scope"
        case 403 if reasons <= _ACCESS_REASONS:
            return "read_only" if is_write else "not_shared"
        case 404:
            return "missing"
        case 400 if reasons & {"FAILED_PRECONDITION", "failedPrecondition"}:
            return "uploaded_workbook"
        # Sheets has one code, INVALID_ARGUMENT, for these two; only the message differs.
        case 400 if "protected cell or object" in message:
            return "protected"
        case 400 if "Unable to parse range" in message or "exceeds grid limits" in message:
            return "bad_range"
    return "refused"


def _build_api_disabled_error(error: Mapping[str, Any]) -> GoogleError:
    text = json.dumps(error)
    name = "drive" if "drive.googleapis.com" in text else "sheets"
    link = f"https://console.cloud.google.com/apis/library/{name}.googleapis.com"
    if project := re.search(r"project(?:s/|=| )(\d{6,20})\b", text):
        link += f"?project={project[1]}"
    return GoogleError("api_disabled", service=f"Google {name.capitalize()} API", link=link)


_CLOCK_ERROR_PATTERN = re.compile(r"reasonable timeframe|short-lived|[Tt]oken (?:used too|is expired|has expired)")
_KEY_ERRORS = {"invalid_grant", "invalid_client", "disabled_client", "deleted_client", "unauthorized_client"}
_BUSY_ERRORS = {"internal_failure", "server_error", "temporarily_unavailable", "backend_error"}


def classify_token_error(status: int, body: bytes, *, account: str, host: str) -> GoogleError:
    """Return the failure for a refused token, from the status and body of the token endpoint's response.

    Error codes: RFC 6749 5.2, and https://developers.google.com/identity/protocols/oauth2/service-account.
    """
    code, text = _parse_oauth_error(body)
    if status == 429 or code == "rate_limit_exceeded":
        return GoogleError("quota")
    if status >= 500 or status == 408 or code in _BUSY_ERRORS:
        return GoogleError("unavailable", status=status)
    if status == 200 or code is None:
        return GoogleError("unreadable", status=status, host=host)
    # Issued in the future or already expired: Google's clock and this machine's differ.
    if _CLOCK_ERROR_PATTERN.search(text):
        return GoogleError("clock")
    if code in _KEY_ERRORS:
        return GoogleError("key_refused", account=account)
    if code == "invalid_scope":
        return GoogleError("scope", account=account)
    return GoogleError("refused", status=status, reason=code)


def _parse_oauth_error(body: bytes) -> tuple[str | None, str]:
    """Return error code and description of the token endpoint's response; code None if it is not Google's."""
    try:
        response: Any = parse_json(body)
        code = response["error"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None, ""
    if isinstance(code, dict):
        return ", ".join(sorted(_list_reasons(code))), ""
    return code if _is_code(code) else None, str(response.get("error_description", ""))


def classify_certificate_error(text: str, *, host: str) -> GoogleError:
    """Return the failure for a TLS error message; with a wrong clock, valid certificates fail too."""
    if "not yet valid" in text or "has expired" in text:
        return GoogleError("clock")
    return GoogleError("certificate", host=host)


def _parse_error(body: bytes) -> dict[str, Any] | None:
    """Return the `error` object of a response body, None if the response is not Google's."""
    try:
        answer = parse_json(body)
    except ValueError:
        return None
    error = answer.get("error") if isinstance(answer, dict) else None
    return error if isinstance(error, dict) else None


def _list_reasons(error: Mapping[str, Any]) -> Iterator[str]:
    """Yield the codes of an error: its status, and the reasons in the details of Sheets or Drive."""
    codes = [error.get("status")]
    for part in ("errors", "details"):
        items = error.get(part)
        if isinstance(items, list):
            codes += [item.get("reason") for item in items if isinstance(item, dict)]
    yield from (code for code in codes if _is_code(code))


def _is_code(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and re.fullmatch(r"[A-Za-z_]{1,60}", value) is not None
