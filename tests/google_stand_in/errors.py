"""Google's refusals as sent over the wire, with the exact words if the product depends on them.

Sources: https://developers.google.com/workspace/drive/api/guides/handle-errors, google.rpc.ErrorInfo, and
answers quoted in public issue threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.google_stand_in.discovery import Json

Service = Literal["sheets", "drive"]
_TITLES = {"sheets": "Google Sheets API", "drive": "Google Drive API"}
_CONSOLE = "https://console.developers.google.com/apis/api"


class RefusalError(Exception):
    """An error response: HTTP status, body and headers."""

    def __init__(self, status: int, body: Json | str, headers: dict[str, str] | None = None) -> None:
        self.status, self.body, self.headers = status, body, headers or {}
        super().__init__(f"{status}: {body}")


@dataclass(frozen=True)
class ErrorInfo:
    """A google.rpc.ErrorInfo: the machine-readable reason of a refusal."""

    reason: str
    service: Service
    project: int = 271828182845

    def to_json(self) -> Json:
        return {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": self.reason,
            "domain": "googleapis.com",
            "metadata": {
                "service": f"{self.service}.googleapis.com",
                "consumer": f"projects/{self.project}",
            },
        }


def make_sheets_error(status: int, code: str, message: str, info: ErrorInfo | None = None) -> RefusalError:
    """Return an error of the Sheets API."""
    error: Json = {"code": status, "message": message, "status": code}
    if info:
        error["details"] = [info.to_json()]
    return RefusalError(status, {"error": error})


def make_drive_error(
    status: int, reason: str, message: str, domain: str = "global", **other_fields: object
) -> RefusalError:
    """Return an error of the Drive API."""
    error: Json = {
        "code": status,
        "message": message,
        "errors": [{"message": message, "domain": domain, "reason": reason} | other_fields],
    }
    return RefusalError(status, {"error": error})


def make_not_shared() -> RefusalError:
    return make_sheets_error(403, "PERMISSION_DENIED", "The caller does not have permission")


def make_not_found(service: Service, file_id: str = "") -> RefusalError:
    if service == "sheets":
        return make_sheets_error(404, "NOT_FOUND", "Requested entity was not found.")
    return make_drive_error(404, "notFound", f"File not found: {file_id}.", location="fileId", locationType="parameter")


def make_uploaded_workbook() -> RefusalError:
    return make_sheets_error(400, "FAILED_PRECONDITION", "This operation is not supported for this document")


def make_bad_range(text: str) -> RefusalError:
    return make_sheets_error(400, "INVALID_ARGUMENT", f"Unable to parse range: {text}")


def make_outside_grid(text: str, rows: int, columns: int) -> RefusalError:
    message = f"Range ({text}) exceeds grid limits. Max rows: {rows}, max columns: {columns}"
    return make_sheets_error(400, "INVALID_ARGUMENT", message)


def make_protected(location: str) -> RefusalError:
    message = (
        f"Invalid {location}: You are trying to edit a protected cell or object. Please contact the "
        "spreadsheet owner to remove protection if you need to edit."
    )
    return make_sheets_error(400, "INVALID_ARGUMENT", message)


def make_service_disabled(service: Service) -> RefusalError:
    info = ErrorInfo("SERVICE_DISABLED", service)
    message = (
        f"{_TITLES[service]} has not been used in project {info.project} before or it is disabled. Enable it "
        f"by visiting {_CONSOLE}/{service}.googleapis.com/overview?project={info.project} then retry. If you "
        "enabled this API recently, wait a few minutes for the action to propagate to our systems and retry."
    )
    if service == "sheets":
        return make_sheets_error(403, "PERMISSION_DENIED", message, info)
    refusal = make_drive_error(
        403,
        "accessNotConfigured",
        message,
        "usageLimits",
        extendedHelp="https://console.developers.google.com",
    )
    if isinstance(refusal.body, dict):
        refusal.body["error"] |= {"status": "PERMISSION_DENIED", "details": [info.to_json()]}
    return refusal


def make_scope_insufficient(service: Service) -> RefusalError:
    message = "Request had insufficient authentication scopes."
    if service == "sheets":
        return make_sheets_error(
            403, "PERMISSION_DENIED", message, ErrorInfo("ACCESS_TOKEN_SCOPE_INSUFFICIENT", service)
        )
    return make_drive_error(403, "insufficientPermissions", "Insufficient Permission: " + message)


def make_quota_exceeded(metric: Literal["Read", "Write"], retry_after: str | None = None) -> RefusalError:
    message = (
        f"Quota exceeded for quota metric '{metric} requests' and limit '{metric} requests per minute per "
        "user' of service 'sheets.googleapis.com' for consumer 'project_number:271828182845'."
    )
    refusal = make_sheets_error(429, "RESOURCE_EXHAUSTED", message, ErrorInfo("RATE_LIMIT_EXCEEDED", "sheets"))
    if retry_after is not None:
        refusal.headers["Retry-After"] = retry_after
    return refusal


def make_user_rate_limit() -> RefusalError:
    return make_drive_error(403, "userRateLimitExceeded", "User Rate Limit Exceeded", "usageLimits")


def make_unauthenticated(service: Service) -> RefusalError:
    message = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or "
        "other valid authentication credential."
    )
    if service == "sheets":
        return make_sheets_error(401, "UNAUTHENTICATED", message)
    return make_drive_error(401, "authError", "Invalid Credentials", location="Authorization", locationType="header")
