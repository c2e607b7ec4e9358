"""Google's Sheets and Drive APIs as plain dictionaries: the only module that imports gspread.

Why gspread's own retries, caches and cell parsing are not used: docs/decisions/google-transport.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Self

import gspread
from gspread.urls import DRIVE_FILES_API_V3_URL, SPREADSHEET_VALUES_BATCH_UPDATE_URL
from requests import Response

from kpis.errors import UsageError
from kpis.sources.google.answers import (
    FILES_SHAPE,
    UPDATE_SHAPE,
    VALUES_SHAPE,
    check_shape,
    check_spreadsheet,
)
from kpis.sources.google.column_tags import TAG_FIELDS, build_column_filter, build_column_values
from kpis.sources.google.credentials import ServiceAccountKey, is_loopback
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.transport import RequestPolicy, RequestSender

_TAB_PROPERTIES = "properties(sheetId,title,sheetType,hidden,gridProperties(rowCount,columnCount))"
CELL_FIELDS = (
    f"properties(title,locale,timeZone),sheets({_TAB_PROPERTIES},"
    "data(startRow,startColumn,rowData(values(effectiveValue,userEnteredValue(formulaValue),"
    "effectiveFormat(numberFormat(type,pattern)),userEnteredFormat(textFormat(strikethrough)),"
    "textFormatRuns(startIndex,format(strikethrough))))),merges)"
)
"""Field mask of a read: cell values and formulas, the number format, and what people have struck through.

The effective text format is not asked for: it holds what conditional formatting strikes.
"""
LISTING_FIELDS = f"properties(title,locale,timeZone),sheets({_TAB_PROPERTIES})"
"""Field mask for the tabs with their names and sizes."""
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
        return self.sender.send(method, endpoint, params=params, data=data, json=json, files=files, headers=headers)


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
        return check_spreadsheet(self._transport.spreadsheets_get(file_id, params))

    def get_values(self, file_id: str, ranges: Sequence[str]) -> list[list[list[Any]]]:
        """Return the rows of values of each range (values.batchGet), unformatted, days as serial numbers."""
        params: dict[str, Any] = {
            "valueRenderOption": "UNFORMATTED_VALUE",
            "dateTimeRenderOption": "SERIAL_NUMBER",
            "prettyPrint": "false",
        }
        response = self._transport.values_batch_get(file_id, list(ranges), params)
        check_shape(response, VALUES_SHAPE)
        return [value_range.get("values", []) for value_range in response.get("valueRanges", [])]

    def update_columns(
        self,
        file_id: str,
        columns: Mapping[int, Mapping[int, object]],
        is_still_valid: Callable[[], bool] | None = None,
        *,
        allow_formulas: bool = False,
    ) -> int:
        """Write into tagged columns (values.batchUpdateByDataFilter) and return the number of written cells.

        `columns` holds, by the id of the column's tag, the values by row number. The values reach the column
        wherever it is now, and nothing if it was deleted. A text stays a text unless `allow_formulas`.

        Writing the same values twice is harmless unless the rows have moved. So if the response is lost or
        Google is busy, the request is sent once more if `is_still_valid`, which reads the sheet again, is
        given and returns True. Without it nothing is sent twice.
        """
        body = {
            "valueInputOption": "USER_ENTERED" if allow_formulas else "RAW",
            "data": [
                {
                    "dataFilter": build_column_filter(tag_id),
                    "majorDimension": "COLUMNS",
                    "values": build_column_values(values),
                }
                for tag_id, values in columns.items()
            ],
        }
        try:
            return self._post_column_values(file_id, body)
        except GoogleError as failure:
            is_transient = failure.kind in {"quota", "unavailable", "broken"}
            if not is_transient or is_still_valid is None or not is_still_valid():
                raise
        return self._post_column_values(file_id, body)

    def _post_column_values(self, file_id: str, body: Json) -> int:
        url = f"{SPREADSHEET_VALUES_BATCH_UPDATE_URL % file_id}ByDataFilter"
        response = self._transport.request("post", url, json=body).json()
        check_shape(response, UPDATE_SHAPE)
        return int(response.get("totalUpdatedCells", 0))

    def append_rows(self, file_id: str, area: str, rows: Sequence[Sequence[str | None]]) -> None:
        """Insert rows of texts below the table in an area (values.append); None leaves a cell empty.

        Never sent twice: whoever gets an error looks whether it was carried out.
        """
        params: dict[str, Any] = {"valueInputOption": "RAW", "insertDataOption": "INSERT_ROWS", "prettyPrint": "false"}
        body = {"majorDimension": "ROWS", "values": [list(row) for row in rows]}
        self._transport.values_append(file_id, area, params, body)

    def update_row(self, file_id: str, area: str, texts: Sequence[str | None]) -> None:
        """Write texts into one row (values.update): "" empties a cell, None leaves it. Never sent twice."""
        params: dict[str, Any] = {"valueInputOption": "RAW", "prettyPrint": "false"}
        self._transport.values_update(file_id, area, params, {"majorDimension": "ROWS", "values": [list(texts)]})

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
            check_shape(page, FILES_SHAPE)
            for file in page.get("files", []):
                if "id" not in file:
                    raise GoogleError("malformed", place="files.id")
                modified_times[file["id"]] = file.get("modifiedTime", "")
            if not page.get("nextPageToken"):
                return modified_times
            params["pageToken"] = page["nextPageToken"]
        raise GoogleError("malformed", place="nextPageToken")  # the pages never end

    def close(self) -> None:
        """Close the connections."""
        self._sender.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class RecordingClient(GoogleClient):
    """The same client, which also requests the tags of columns and what was typed, and keeps the answers."""

    def __init__(self, client: GoogleClient) -> None:
        super().__init__(client._sender)
        self.spreadsheets: list[Json] = []

    def get_spreadsheet(self, file_id: str, ranges: Sequence[str] = (), fields: str = CELL_FIELDS) -> Json:
        """Return the Spreadsheet as `GoogleClient` does, with more fields where it holds cells."""
        spreadsheet = super().get_spreadsheet(file_id, ranges, _add_recorded_fields(fields))
        self.spreadsheets.append(spreadsheet)
        return spreadsheet


def _add_recorded_fields(fields: str) -> str:
    """Return a field mask that also selects tags and typed values, if it selects cells."""
    head, start, tail = fields.partition("rowData(values(")
    if not start:
        return fields
    typed = "" if "userEnteredValue" in tail else "userEnteredValue,"
    return f"{head}{TAG_FIELDS},{start}{typed}{tail}"


def open_client(
    key: ServiceAccountKey, write: bool = False, base_url: str = "", policy: RequestPolicy | None = None
) -> GoogleClient:
    """Return a client for a key, with permission to read sheets, or with `write` to change them too.

    Sends nothing yet. `base_url` replaces the addresses of Google's APIs (KPIS_GOOGLE_BASE); raises
    UsageError unless it is on this machine.
    """
    if base_url and not is_loopback(base_url):
        raise UsageError(
            "KPIS_GOOGLE_BASE is {base}. It may only be a stand-in for Google on this machine: http://127.0.0.1:…",
            base=base_url,
        )
    sender = RequestSender(key.create_credentials(write), key.account, base_url.rstrip("/"), policy or RequestPolicy())
    return GoogleClient(sender)
