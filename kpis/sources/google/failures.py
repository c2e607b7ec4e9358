"""Why Google did not give a spreadsheet, each kind with its own sentence and next step.

No sentence takes text from an answer but machine words ("RESOURCE_EXHAUSTED"), so that no answer, and no
office proxy that answers in Google's place, can write on our screens. Keys and tokens are in no sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from kpis.errors import SourceError

FailureKind = Literal[
    "not_shared", "read_only", "protected", "missing", "uploaded_workbook", "bad_range", "api_disabled",
    "quota", "unavailable", "broken", "key_refused", "clock", "scope", "network", "certificate", "deadline",
    "too_large", "unreadable", "suspended", "project_gone", "policy", "storage", "refused", "waiting",
]  # fmt: skip

FAILURE_MESSAGES: Mapping[FailureKind, str] = {
    "not_shared": "The sheet is not shared with this program. Open it, press Share, and add {account} as an "
    "editor.",
    "read_only": "{account} may read this sheet but not write in it. Open it, press Share, and make "
    "{account} an editor.",
    "protected": "A protected range of this sheet shuts {account} out. Its owner can let it in: Data → "
    "Protect sheets and ranges.",
    "missing": "There is no Google Sheet at this address: it was deleted, or the link is incomplete. "
    "Restore it from the bin, or copy its link into the sources file again.",
    "uploaded_workbook": "This is an Excel file that was uploaded to Drive, not a Google Sheet. Open it, "
    "choose File → Save as Google Sheets, share the new sheet with {account}, and put its link into the "
    "sources file.",
    "bad_range": "A tab or column that was there a moment ago is gone. The sheet is read again at the next "
    "sync.",
    "api_disabled": "The {service} is switched off in the key's Google Cloud project. Open {link}, press "
    "Enable, wait five minutes, and sync again.",
    "quota": "Google's limit of requests a minute is used up. Nothing is lost: the sheet is read at the "
    "next sync. If it happens often, see that no other program uses the same key.",
    "unavailable": "Google cannot answer at the moment (HTTP {status}). Nothing is lost: the sheet is read "
    "at the next sync.",
    "broken": "The connection to Google broke while the sheet was coming in. What had arrived was thrown "
    "away; the sheet is read at the next sync.",
    "key_refused": "Google refuses the key of {account}: it was deleted or replaced. Make a new key for the "
    "service account, and put it where the old one was.",
    "clock": "This machine's clock is wrong, so Google refuses its key. Set date, time and time zone to "
    "automatic, and sync again.",
    "scope": "{account} has no leave for this in Google Cloud. Restart the program, so that it asks for "
    "leave again.",
    "network": "{host} cannot be reached. Check this machine's network, its proxy and its firewall.",
    "certificate": "The secure connection to {host} cannot be trusted: something between here and Google "
    "answers in its place. Ask whoever runs the network for the proxy's certificate.",
    "deadline": "Google did not answer in full within {seconds} seconds. What had arrived was thrown away; "
    "the sheet is read at the next sync.",
    "too_large": "The sheet is larger than {megabytes} MB. Move finished years into a sheet of their own.",
    "unreadable": "What came back is no answer of Google's (HTTP {status}). If a proxy or a sign-in page "
    "stands between here and {host}, let this program through.",
    "suspended": "Google has suspended the Google Cloud project of {account} ({reason}). Open "
    "console.cloud.google.com as its owner, read the notice there and appeal; or make a service account in "
    "another project, share the sheets with it, and use its key.",
    "project_gone": "The Google Cloud project of {account} is gone ({reason}). Restore it within 30 days at "
    "console.cloud.google.com/cloud-resource-manager; or make a service account in another project, share "
    "the sheets with it, and use its key.",
    "policy": "A rule of the organisation keeps {account} out ({reason}). Ask whoever administers Google "
    "Workspace or Google Cloud there to let it in.",
    "storage": "The sheet's owner has no room left in Google Drive, so nothing can be written in it. Have "
    "its owner free some (one.google.com/storage); the sheet is read as before.",
    "refused": "Google refuses the request (HTTP {status} {reason}). It is tried again at the next sync; if "
    "this stays, send this sentence to whoever looks after the program.",
    "waiting": "Its turn comes at the next sync: Google lets some 55 sheets a minute be read.",
}

GLOBAL_FAILURES: frozenset[FailureKind] = frozenset(
    {"key_refused", "clock", "network", "certificate", "suspended", "project_gone"}
)
"""Failures that meet every sheet alike: asking for the others would only take time."""


class GoogleError(SourceError):
    """A request that Google did not fulfil; `kind` says why, `everywhere` that no other would fare better."""

    def __init__(self, kind: FailureKind, /, **values: object) -> None:
        self.kind: FailureKind = kind
        self.is_global = kind in GLOBAL_FAILURES
        super().__init__(FAILURE_MESSAGES[kind], **values)


def classify_http_error(status: int, body: bytes, *, account: str, host: str, is_write: bool) -> GoogleError:
    """The failure behind an HTTP error: its status, Google's machine words, and whether we were writing."""
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
"""Reasons of a 403. Sources: google.api.ErrorReason; Drive API, Resolve errors."""


def _classify_reasons(status: int, message: str, reasons: set[str], is_write: bool) -> FailureKind:
    for kind, words in _BLOCKED_REASONS.items():
        if reasons & words:
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
        # Sheets has one code, INVALID_ARGUMENT, for these two; only the words tell them apart.
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


_CLOCK_ERROR_PATTERN = re.compile(
    r"reasonable timeframe|short-lived|[Tt]oken (?:used too|is expired|has expired)"
)
_KEY_ERRORS = {"invalid_grant", "invalid_client", "disabled_client", "deleted_client", "unauthorized_client"}
_BUSY_ERRORS = {"internal_failure", "server_error", "temporarily_unavailable", "backend_error"}


def classify_token_error(status: int, body: bytes, *, account: str, host: str) -> GoogleError:
    """The failure behind a token that was refused: the HTTP status and body of the token endpoint's answer.

    Its words: RFC 6749 5.2, and https://developers.google.com/identity/protocols/oauth2/service-account.
    """
    word, text = _parse_oauth_error(body)
    if status == 429 or word == "rate_limit_exceeded":
        return GoogleError("quota")
    if status >= 500 or status == 408 or word in _BUSY_ERRORS:
        return GoogleError("unavailable", status=status)
    if status == 200 or word is None:
        return GoogleError("unreadable", status=status, host=host)
    # Issued in the future, or past on arrival: Google's clock and this machine's differ.
    if _CLOCK_ERROR_PATTERN.search(text):
        return GoogleError("clock")
    if word in _KEY_ERRORS:
        return GoogleError("key_refused", account=account)
    if word == "invalid_scope":
        return GoogleError("scope", account=account)
    return GoogleError("refused", status=status, reason=word)


def _parse_oauth_error(body: bytes) -> tuple[str | None, str]:
    """The machine word of the token endpoint's answer, None where it is not Google's; and its description."""
    try:
        answer = json.loads(body)
        word = answer["error"]
    except (ValueError, KeyError, TypeError):
        return None, ""
    if isinstance(word, dict):
        return ", ".join(sorted(_list_reasons(word))), ""
    known = isinstance(word, str) and re.fullmatch(r"[A-Za-z_]{1,60}", word)
    return word if known else None, str(answer.get("error_description", ""))


def classify_certificate_error(text: str, *, host: str) -> GoogleError:
    """The failure behind a TLS error; `text` is its own. A wrong clock makes good certificates bad."""
    if "not yet valid" in text or "has expired" in text:
        return GoogleError("clock")
    return GoogleError("certificate", host=host)


def _parse_error(body: bytes) -> dict[str, Any] | None:
    """The `error` object of an answer; None where the answer is not Google's."""
    try:
        error = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        return None
    return error if isinstance(error, dict) else None


def _list_reasons(error: Mapping[str, Any]) -> Iterator[str]:
    """Machine words of an error: its status, and the reasons in either interface's details."""
    words = [error.get("status")]
    for part in ("errors", "details"):
        listed = error.get(part)
        if isinstance(listed, list):
            words += [one.get("reason") for one in listed if isinstance(one, dict)]
    for word in words:
        if isinstance(word, str) and re.fullmatch(r"[A-Za-z_]{1,60}", word):
            yield word
