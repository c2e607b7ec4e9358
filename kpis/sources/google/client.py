"""Google's Sheets and Drive as plain dictionaries: the one module that knows gspread.

Why gspread's own repeats, caches and cell parsing are not used: docs/decisions/google-transport.md.
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
from kpis.sources.google.transport import RequestPolicy, RequestSender

CELL_FIELDS = (
    "properties(title,locale,timeZone),"
    "sheets(properties(sheetId,title,sheetType,gridProperties(rowCount,columnCount)),"
    "data(startRow,startColumn,rowData(values(effectiveValue,effectiveFormat(numberFormat(type))))),merges)"
)
"""The field mask of a read: what a cell holds, and what tells a day or a percentage from a number."""
TAB_FIELDS = "properties(title,locale,timeZone),sheets(properties,protectedRanges)"
"""The field mask of a look at the tabs without their cells."""
SPREADSHEETS_QUERY = "mimeType = 'application/vnd.google-apps.spreadsheet' and trashed = false"
_PAGE_SIZE = 1000

Json = dict[str, Any]


class GoogleTransport(gspread.HTTPClient):
    """gspread's HTTP client, whose requests all go through a `Sender`."""

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
        """One request and its answer; GoogleError instead of gspread's APIError."""
        return self.sender.send(
            method, endpoint, params=params, data=data, json=json, files=files, headers=headers
        )


class GoogleClient:
    """What the product asks of Google. Belongs to one thread; close it, or use it with `with`."""

    def __init__(self, sender: RequestSender) -> None:
        self._sender = sender
        self._transport = GoogleTransport(sender)

    @property
    def account(self) -> str:
        """The service account's address, which a sheet is shared with."""
        return self._sender.account

    @contextmanager
    def share_deadline(self) -> Iterator[None]:
        """Holds everything that is asked inside to the one deadline of a source."""
        with self._sender.share_deadline():
            yield

    def get_spreadsheet(self, file_id: str, ranges: Sequence[str] = (), fields: str = CELL_FIELDS) -> Json:
        """One spreadsheets.get: the Spreadsheet cut down to `fields`, and to `ranges` (A1) if given."""
        params: dict[str, Any] = {"fields": fields, "prettyPrint": "false"}
        if ranges:
            params["ranges"] = list(ranges)
        return dict(self._transport.spreadsheets_get(file_id, params))

    def get_values(self, file_id: str, ranges: Sequence[str]) -> list[list[list[Any]]]:
        """One values.batchGet: per range its rows of bare values, unformatted, days as serial numbers."""
        params: dict[str, Any] = {
            "valueRenderOption": "UNFORMATTED_VALUE",
            "dateTimeRenderOption": "SERIAL_NUMBER",
            "prettyPrint": "false",
        }
        answer = self._transport.values_batch_get(file_id, list(ranges), params)
        return [one.get("values", []) for one in answer.get("valueRanges", [])]

    def update_values(
        self,
        file_id: str,
        ranges: Sequence[Mapping[str, Any]],
        is_still_valid: Callable[[], bool] | None = None,
    ) -> Json:
        """One values.batchUpdate in RAW mode; each of `ranges` is {"range": A1, "values": rows}.

        The same values in the same cells twice are harmless as long as the rows have not moved. So when the
        answer is lost or Google is busy, it is sent once more if `still_right`, which reads again and
        compares, is given and says so. Without it nothing is sent twice.
        """
        body = {"valueInputOption": "RAW", "data": list(ranges)}
        try:
            return dict(self._transport.values_batch_update(file_id, body))
        except GoogleError as failure:
            passing = failure.kind in {"quota", "unavailable", "broken"}
            if not passing or is_still_valid is None or not is_still_valid():
                raise
        return dict(self._transport.values_batch_update(file_id, body))

    def batch_update(self, file_id: str, requests: Sequence[Mapping[str, Any]]) -> Json:
        """One spreadsheets.batchUpdate: all of `requests` or none. Never sent twice: it may add a tab."""
        return dict(self._transport.batch_update(file_id, {"requests": list(requests)}))

    def list_modified_times(self) -> dict[str, str]:
        """When each sheet that is shared with the account last changed, by id (RFC 3339, as Drive says it).

        One files.list per thousand sheets. A sheet that is only open to whoever has its link is not in it.
        """
        found: dict[str, str] = {}
        params: dict[str, Any] = {
            "q": SPREADSHEETS_QUERY,
            "fields": "nextPageToken,files(id,modifiedTime)",
            "pageSize": _PAGE_SIZE,
            "supportsAllDrives": "true",
            "includeItemsFromAllDrives": "true",
            "prettyPrint": "false",
        }
        while True:
            answer = self._transport.request("get", DRIVE_FILES_API_V3_URL, params=params).json()
            for file in answer.get("files", []):
                found[str(file["id"])] = str(file.get("modifiedTime", ""))
            if not answer.get("nextPageToken"):
                return found
            params["pageToken"] = answer["nextPageToken"]

    def close(self) -> None:
        """Closes the connections."""
        self._sender.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_client(
    key: ServiceAccountKey, write: bool = False, base_url: str = "", policy: RequestPolicy | None = None
) -> GoogleClient:
    """A client for a key, with leave to read sheets, or to write in them too. Nothing is asked yet.

    `base` is another address for Google's interfaces (KPIS_GOOGLE_BASE); UsageError unless on this machine.
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
