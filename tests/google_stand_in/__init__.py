"""A stand-in for Google on loopback: the Sheets v4 and Drive v3 methods that the product uses, with requests
and answers validated against Google's own discovery documents.

    with StandIn() as google:
        file = google.cloud.add_file(Spreadsheet("Tiến độ 2026", share={google.account.email: "writer"}))
        file.get_sheet("Tiến độ").fill_rows([["Ngày", "Số lượng"], [date(2026, 3, 2), 47]])
        google.faults.add_fault("sheets.spreadsheets.get", faults.respond_with_status(502, "<html>"))
        … the real client, with google.build_key() as its key and google.base_url as its address …
        assert google.count_calls("sheets.spreadsheets.get") == 2 and not google.violations
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
