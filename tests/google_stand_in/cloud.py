"""What the stand-in holds: the files, who asks, which interfaces are on, how often they may be asked."""

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
    """All files by id, behind one lock: a request sees a file before or after an edit, never halfway.

    `skew` moves Google's clock against this machine's, in seconds. `quota` is reads (and writes) a minute per
    user, None without limit; the minute is counted by `clock`.
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
        """Puts a file into Drive, modified now."""
        with self.lock:
            self.files[file.id] = file
            self.touch_file(file)
        return file

    def edit_file(self, file: Spreadsheet, change: Callable[[Spreadsheet], object]) -> None:
        """Lets a person edit a file: the change is whole, and the file's modified time moves."""
        with self.lock:
            change(file)
            self.touch_file(file)

    def touch_file(self, file: Spreadsheet) -> None:
        """Moves the modified time; two edits never share one, though both fall into one millisecond."""
        now = datetime.fromtimestamp(self.get_now(), UTC).replace(tzinfo=None)
        self._last_modified = max(now, self._last_modified + timedelta(milliseconds=1))
        file.modified_time = self._last_modified
        file.version += 1

    def get_now(self) -> float:
        """Google's clock, in seconds since 1970."""
        return time.time() + self.clock_skew

    def count_against_quota(self, metric: str) -> None:
        """Raises the refusal of one read or write too many within a minute."""
        if self.requests_per_minute is None:
            return
        now, asked = self._clock(), self._request_times[metric]
        while asked and asked[0] <= now - 60:
            asked.popleft()
        if len(asked) >= self.requests_per_minute:
            raise errors.make_quota_exceeded("Read" if metric == "Read" else "Write")
        asked.append(now)

    def open_file(self, file_id: str, for_edit: bool = False) -> Spreadsheet:
        """A spreadsheet that the account may read (or edit); otherwise the Sheets interface's refusal."""
        file = self.files.get(file_id)
        if file is None:
            raise errors.make_not_found("sheets")
        role = file.get_role(self.account.email)
        if role is None or (for_edit and role == "reader"):
            raise errors.make_not_shared()
        if file.mime_type != "application/vnd.google-apps.spreadsheet":
            raise errors.make_uploaded_workbook()
        return file
