"""The state of the stand-in: files, account, enabled interfaces, quota."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.google_stand_in import errors
from tests.google_stand_in.account import ServiceAccount
from tests.google_stand_in.errors import Service
from tests.google_stand_in.spreadsheet import Spreadsheet


class Cloud:
    """All files by id, with one lock, so that a request never sees a half-made edit.

    `clock_skew` is Google's clock minus this machine's, in seconds. `requests_per_minute` limits reads and
    writes each, None for no limit; the minute is measured by `clock`.
    """

    def __init__(self, account: ServiceAccount, clock: Callable[[], float] = time.monotonic) -> None:
        self.account = account
        self.files: dict[str, Spreadsheet] = {}
        self.enabled_services: set[Service] = {"sheets", "drive"}
        self.clock_skew = 0.0
        self.requests_per_minute: int | None = None
        self.lock = threading.RLock()
        self._clock = clock
        self._request_times: dict[str, deque[float]] = {"Read": deque(), "Write": deque()}
        self._last_modified = datetime(2026, 1, 1)

    def add_file(self, file: Spreadsheet) -> Spreadsheet:
        """Add a file to Drive, modified now."""
        with self.lock:
            self.files[file.id] = file
            self.touch_file(file)
        return file

    def edit_file(self, file: Spreadsheet, change: Callable[[Spreadsheet], object]) -> None:
        """Apply an edit by a person as one change, which moves the file's modified time."""
        with self.lock:
            change(file)
            self.touch_file(file)

    def touch_file(self, file: Spreadsheet) -> None:
        """Move the modified time; it differs for every edit, even within one millisecond."""
        now = datetime.fromtimestamp(self.get_now(), UTC).replace(tzinfo=None)
        self._last_modified = max(now, self._last_modified + timedelta(milliseconds=1))
        file.modified_time = self._last_modified
        file.version += 1

    def get_now(self) -> float:
        """Return Google's clock in seconds since 1970."""
        return time.time() + self.clock_skew

    def count_against_quota(self, metric: str) -> None:
        """Count one read or write; RefusalError if it exceeds the limit per minute."""
        if self.requests_per_minute is None:
            return
        now, times = self._clock(), self._request_times[metric]
        while times and times[0] <= now - 60:
            times.popleft()
        if len(times) >= self.requests_per_minute:
            raise errors.make_quota_exceeded("Read" if metric == "Read" else "Write")
        times.append(now)

    def open_file(self, file_id: str, for_edit: bool = False) -> Spreadsheet:
        """Return a spreadsheet that the account may read (or edit); otherwise raise the Sheets refusal."""
        file = self.files.get(file_id)
        if file is None:
            raise errors.make_not_found("sheets")
        role = file.get_role(self.account.email)
        if role is None or (for_edit and role == "reader"):
            raise errors.make_not_shared()
        if file.mime_type != "application/vnd.google-apps.spreadsheet":
            raise errors.make_uploaded_workbook()
        return file
