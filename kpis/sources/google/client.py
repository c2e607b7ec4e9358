"""Google's Sheets and Drive APIs as plain dictionaries: the only module that imports gspread.

Why gspread's own retries, caches and cell parsing are not used: docs/decisions/google-transport.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Self

import gspread
from gspread.urls import DRIVE_FILES_API_V3_URL
from requests import Response

from kpis.errors import UsageError
from kpis.sources.google.credentials import ServiceAccountKey, is_loopback
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.response_bounds import ResponseShapeError, check_spreadsheet
from kpis.sources.google.transport import RequestPolicy, RequestSender

CELL_FIELDS = (
    "properties(title,locale,timeZone),"
    "sheets(properties(sheetId,title,sheetType,gridProperties(rowCount,columnCount)),"
    "data(startRow,startColumn,rowData(values(effectiveValue,effectiveFormat(numberFormat(type))))),merges)"
)
"""Field mask of a read: cell values, and the number format that marks a date or a percentage."""
TAB_FIELDS = "properties(title,locale,timeZone),sheets(properties,protectedRanges)"
"""Field mask for the tabs without their cells."""
SPREADSHEETS_QUERY = "mimeType = 'application/vnd.google-apps.spreadsheet' and trashed = false"
_PAGE_SIZE = 1000
_MAX_PAGES = 100

Json = dict[str, Any]


class GoogleTransport(gspread.HTTPClient):
    """gspread's HTTP client with all requests sent by a `RequestSender`."""

    def __init__(self, sender: RequestSender) -> None:
        super().__init__(auth=sender.credentials, session=sender.session)
        self.sender = sender

    def request(
        self,
        method: str,
        endpoint: str,
        params: Any = None,
        data: bytes | None = None,
        json: Mapping[str, Any] | None = None,
        files: Any = None,
        headers: Any = None,
    ) -> Response:
        """Send one request and return its response; raises GoogleError instead of gspread's APIError."""
        return self.sender.send(
            method, endpoint, params=params, data=data, json=json, files=files, headers=headers
        )


class GoogleClient:
    """The requests that we make to Google. For one thread; close it, or use it in a `with` block."""

    def __init__(self, sender: RequestSender) -> None:
        self._sender = sender
        self._transport = GoogleTransport(sender)

    @property
    def account(self) -> str:
        """The service account's e-mail address, with which sheets are shared."""
        return self._sender.account

    @contextmanager
    def share_deadline(self) -> Iterator[None]:
        """Give all requests inside one common deadline, that of one source."""
        with self._sender.share_deadline():
            yield

    def get_spreadsheet(self, file_id: str, ranges: Sequence[str] = (), fields: str = CELL_FIELDS) -> Json:
        """Return the Spreadsheet (spreadsheets.get) limited to `fields`, and to `ranges` (A1) if given."""
        params: dict[str, Any] = {"fields": fields, "prettyPrint": "false"}
        if ranges:
            params["ranges"] = list(ranges)
        spreadsheet = dict(self._transport.spreadsheets_get(file_id, params))
        with _expect_shape():
            check_spreadsheet(spreadsheet)
        return spreadsheet

    def get_values(self, file_id: str, ranges: Sequence[str]) -> list[list[list[Any]]]:
        """Return the rows of values of each range (values.batchGet), unformatted, days as serial numbers."""
        params: dict[str, Any] = {
            "valueRenderOption": "UNFORMATTED_VALUE",
            "dateTimeRenderOption": "SERIAL_NUMBER",
            "prettyPrint": "false",
        }
        response = self._transport.values_batch_get(file_id, list(ranges), params)
        return [value_range.get("values", []) for value_range in response.get("valueRanges", [])]

    def update_values(
        self,
        file_id: str,
        ranges: Sequence[Mapping[str, Any]],
        is_still_valid: Callable[[], bool] | None = None,
    ) -> Json:
        """Write values (values.batchUpdate, RAW mode); each of `ranges` is {"range": A1, "values": rows}.

        Writing the same values twice is harmless unless the rows have moved. So if the response is lost or
        Google is busy, the request is sent once more if `is_still_valid`, which reads the sheet again, is
        given and returns True. Without it nothing is sent twice.
        """
        body = {"valueInputOption": "RAW", "data": list(ranges)}
        try:
            return dict(self._transport.values_batch_update(file_id, body))
        except GoogleError as failure:
            is_transient = failure.kind in {"quota", "unavailable", "broken"}
            if not is_transient or is_still_valid is None or not is_still_valid():
                raise
        return dict(self._transport.values_batch_update(file_id, body))

    def batch_update(self, file_id: str, requests: Sequence[Mapping[str, Any]]) -> Json:
        """Apply all of `requests` or none (spreadsheets.batchUpdate). Never retried: it may add a tab."""
        return dict(self._transport.batch_update(file_id, {"requests": list(requests)}))

    def list_modified_times(self) -> dict[str, str]:
        """Return by id when each sheet shared with the account last changed, in Drive's RFC 3339 text.

        One files.list per `_PAGE_SIZE` sheets. Sheets that are open to anyone with the link are not listed.
        """
        modified_times: dict[str, str] = {}
        params: dict[str, Any] = {
            "q": SPREADSHEETS_QUERY,
            "fields": "nextPageToken,files(id,modifiedTime)",
            "pageSize": _PAGE_SIZE,
            "supportsAllDrives": "true",
            "includeItemsFromAllDrives": "true",
            "prettyPrint": "false",
        }
        for _ in range(_MAX_PAGES):
            page = self._transport.request("get", DRIVE_FILES_API_V3_URL, params=params).json()
            with _expect_shape():
                for file in page.get("files", []):
                    modified_times[str(file["id"])] = str(file.get("modifiedTime", ""))
            if not page.get("nextPageToken"):
                return modified_times
            params["pageToken"] = page["nextPageToken"]
        raise _build_shape_error()

    def close(self) -> None:
        """Close the connections."""
        self._sender.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _build_shape_error() -> GoogleError:
    return GoogleError("unreadable", status=200, host="Google")


@contextmanager
def _expect_shape() -> Iterator[None]:
    """Raise GoogleError where the types of a response are others than Google's documents say."""
    try:
        yield
    except (ResponseShapeError, TypeError, AttributeError, LookupError, ValueError) as error:
        raise _build_shape_error() from error


def open_client(
    key: ServiceAccountKey, write: bool = False, base_url: str = "", policy: RequestPolicy | None = None
) -> GoogleClient:
    """Return a client for a key, with permission to read sheets, or with `write` to change them too.

    Sends nothing yet. `base_url` replaces the addresses of Google's APIs (KPIS_GOOGLE_BASE); raises
    UsageError unless it is on this machine.
    """
    if base_url and not is_loopback(base_url):
        raise UsageError(
            "KPIS_GOOGLE_BASE is {base}. It may only be a stand-in for Google on this machine: "
            "http://127.0.0.1:…",
            base=base_url,
        )
    sender = RequestSender(
        key.create_credentials(write), key.account, base_url.rstrip("/"), policy or RequestPolicy()
    )
    return GoogleClient(sender)
