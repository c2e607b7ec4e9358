"""A stand-in for Google on loopback: the Sheets v4 and Drive v3 calls that the product uses, held to Google's
own discovery documents in both directions.

    with StandIn() as google:
        file = google.cloud.add(Spreadsheet("Tiến độ 2026", share={google.account.email: "writer"}))
        file.sheet("Tiến độ").fill([["Ngày", "Số lượng"], [date(2026, 3, 2), 47]])
        google.faults.add("sheets.spreadsheets.get", faults.status(502, "<html>"), times=1)
        … the real client, with google.key() as its key and google.base as its address …
        assert google.count("sheets.spreadsheets.get") == 2 and not google.violations
"""

from tests.google_stand_in.account import ServiceAccount
from tests.google_stand_in.cloud import Cloud
from tests.google_stand_in.server import StandIn
from tests.google_stand_in.spreadsheet import (
    SheetCell,
    SheetError,
    SheetTab,
    Spreadsheet,
    make_percent_cell,
    to_serial,
)

__all__ = [
    "Cloud",
    "ServiceAccount",
    "SheetCell",
    "SheetError",
    "SheetTab",
    "Spreadsheet",
    "StandIn",
    "make_percent_cell",
    "to_serial",
]
