"""One pass over the Google Sheets of a sync: one listing decides which of them are read.

A sheet is read if it has changed since its last successful read, if that was before last night, if it was
never read successfully, or if Drive does not list it (not shared by name or deleted: only reading tells). All
others keep the rows in the database. What this costs: docs/decisions/google-transport.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from kpis.errors import KpisError
from kpis.sheet.model import RawSheet, Source
from kpis.sources.google.client import GoogleClient, open_client
from kpis.sources.google.credentials import require_key
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.rate_limiter import REQUESTS_PER_MINUTE
from kpis.sources.google.read_schedule import READS_PER_FEEDBACK, get_last_night
from kpis.sources.google.sheet_reader import TabSnapshot, read_google_sheet
from kpis.sources.google.state import FileState, get_state_path, load_state, save_state
from kpis.sources.google.transport import RequestPolicy
from kpis.sources.google.urls import parse_spreadsheet_id
from kpis.sources.reader_version import READER_VERSION

if TYPE_CHECKING:
    from kpis.store.lake.address import LakeAddress

LISTING_FAILED_NOTE = (
    "Google Drive did not list which sheets have changed, so every sheet is read at every sync. If this "
    "persists, run python -m kpis doctor: it says what to fix."
)

ReadReason = Literal["new", "changed", "nightly", "unlisted"]
_REASON_ORDER: Mapping[ReadReason, int] = {"changed": 0, "new": 1, "nightly": 2, "unlisted": 3}
MAX_LOOKS = 34
"""Sheets whose other tabs are looked at in a pass, each for one more request: those longest not looked at."""
LISTING_PAGE_SIZE = 1000
"""With more sheets than this, listing them after each write costs too many requests."""


class GooglePass:
    """One pass. Call `begin` once, `read` per source, `confirm_read` for each read that was stored.

    `stored_locations`: by source id, the location of the last successful read that the database holds; only
    such a source may be left unread. `outdated_ids`: sources whose stored rows are of another version of the
    reader, so they are read. `read_budget`: the most reads of this pass; changed sheets come before
    nightly reads, the others wait. `with_feedback`: feedback is written, so an edited sheet also costs
    `READS_PER_FEEDBACK`, and unedited sheets leave a third of the budget to feedback that waits. At the end
    of a `with` block the pass saves the confirmed reads, unless an error left the block.
    """

    def __init__(
        self,
        client: GoogleClient,
        state_path: Path,
        now: datetime,
        *,
        stored_locations: Mapping[str, str] | None = None,
        outdated_ids: Collection[str] = (),
        read_all: bool = False,
        read_budget: int | None = None,
        with_feedback: bool = False,
    ) -> None:
        self.client = client
        self.listing_failure: GoogleError | None = None
        self.reasons: dict[str, ReadReason] = {}
        self._state_path, self._now = state_path, now
        self._outdated_ids = frozenset(outdated_ids)
        self._stored_locations, self._read_all = dict(stored_locations or {}), read_all
        self._read_budget, self._with_feedback, self._read_count = read_budget, with_feedback, 0
        self._file_states = load_state(state_path)
        self._modified_times: dict[str, str] = {}
        self._deferred: frozenset[str] = frozenset()
        self._looked_at: frozenset[str] = frozenset()
        self._written_by_us: set[str] = set()
        self._unconfirmed: dict[str, FileState] = {}

    def begin(self, sources: Iterable[Source]) -> None:
        """List what has changed and decide what to read. `listing_failure` holds a failure to list."""
        try:
            self._modified_times = self.client.list_modified_times()
        except GoogleError as failure:
            self.listing_failure = failure
        files = {source.id: file for source in sources if (file := _get_file_id(source))}
        self._written_by_us = {
            name for name, file in files.items() if self._file_states.get(file, FileState()).written_by_us
        }
        self.reasons = {name: reason for name, file in files.items() if (reason := self._find_read_reason(name, file))}
        due = sorted(
            self.reasons,
            key=lambda name: (_REASON_ORDER[self.reasons[name]], self._format_last_attempt(files[name])),
        )
        affordable = self._count_affordable(due)
        self._deferred = frozenset(due[affordable:])
        self._looked_at = self._choose_looks(due[:affordable], files)

    def read(self, source: Source) -> RawSheet | None:
        """Read a source; None if it need not be read, because the database's rows are current.

        Raises GoogleError if it cannot be read or its first read has to wait, UsageError for a bad link.
        """
        if self.listing_failure and self.listing_failure.is_global:
            raise self.listing_failure
        file = parse_spreadsheet_id(source.location)
        if source.id in self._deferred and not self._is_stored(source.id, file):
            raise GoogleError("waiting", per_minute=REQUESTS_PER_MINUTE)
        if source.id in self._deferred or source.id not in self.reasons:
            return None
        state = self._file_states.get(file, FileState())
        self._file_states[file] = replace(state, tried_at=self._now)
        self._read_count += 1
        looks = source.id in self._looked_at
        result = read_google_sheet(source, self.client, self._now, state.tabs, find_unread=looks)
        unread_tabs = result.sheet.unread_tabs if looks else state.unread_tabs
        # The time listed before the read: after an edit in between, the next pass lists another.
        self._unconfirmed[source.id] = FileState(
            self._modified_times.get(file),
            self._now,
            self._now,
            result.tabs,
            result.sheet.notes,
            reader_version=READER_VERSION,
            unread_tabs=unread_tabs,
            looked_at=self._now if looks else state.looked_at,
        )
        notes = (*result.sheet.notes, *self._list_listing_notes())
        return replace(result.sheet, notes=notes, unread_tabs=unread_tabs)

    def confirm_read(self, source: Source) -> None:
        """Record that the database holds the read, so the sheet is not read again until it changes."""
        if source.id in self._unconfirmed:
            self._file_states[parse_spreadsheet_id(source.location)] = self._unconfirmed.pop(source.id)

    def save(self) -> None:
        """Save the confirmed reads, so that a sync stopped while writing feedback need not repeat them."""
        save_state(self._state_path, self._file_states)

    def list_notes(self, source: Source) -> tuple[str, ...]:
        """Return the notes of a source's last successful read (catalogue keys), valid until the next one.

        They include the note about a failed listing, so that a source not read in this pass has it too.
        """
        return (
            *self._file_states.get(_get_file_id(source) or "", FileState()).notes,
            *self._list_listing_notes(),
        )

    def _list_listing_notes(self) -> tuple[str, ...]:
        return (LISTING_FAILED_NOTE,) if self.listing_failure else ()

    def count_remaining_reads(self) -> int | None:
        """Return the reads left for feedback, enough for at least one sheet; None without a budget."""
        return None if self._read_budget is None else max(READS_PER_FEEDBACK, self._read_budget - self._read_count)

    def fetch_modified_time(self, source: Source) -> str | None:
        """Return a source's present modified time; None if it is too costly to request or unknown.

        Called between a write and the read that checks it: later edits give another time.
        """
        if self.listing_failure or len(self._modified_times) > LISTING_PAGE_SIZE:
            return None
        with suppress(GoogleError):  # without it, the next pass reads the sheet once more
            return self.client.list_modified_times().get(_get_file_id(source) or "")
        return None

    def record_write(self, source: Source, modified_time: str | None) -> None:
        """Record our write; `modified_time` is the time it made, None if others may have edited since."""
        file = parse_spreadsheet_id(source.location)
        state = self._file_states.get(file, FileState())
        if modified_time is None:
            self._file_states[file] = replace(state, written_by_us=True)
        elif state.modified_time is not None:
            self._file_states[file] = replace(state, modified_time=modified_time, written_by_us=False)

    def get_last_tabs(self, source: Source) -> tuple[TabSnapshot, ...]:
        """Return the tabs of a source at its last read, in this pass or before."""
        file = parse_spreadsheet_id(source.location)
        return (self._unconfirmed.get(source.id) or self._file_states.get(file, FileState())).tabs

    def _find_read_reason(self, source_id: str, file_id: str) -> ReadReason | None:
        state = self._file_states.get(file_id)
        if state is None or state.read_at is None or not self._is_stored(source_id, file_id):
            return "new"
        if file_id not in self._modified_times:
            return "unlisted"
        if self._modified_times[file_id] != state.modified_time:
            return "changed"
        if state.reader_version != READER_VERSION or source_id in self._outdated_ids:
            return "changed"
        if self._read_all or state.read_at < get_last_night(self._now):
            return "nightly"
        return None

    def _count_affordable(self, due: Sequence[str]) -> int:
        """Return how many of the due sheets, in order, the budget allows; at least one."""
        if self._read_budget is None:
            return len(due)
        remaining = self._read_budget
        for index, name in enumerate(due):
            is_edited = self.reasons[name] in ("changed", "new")
            remaining -= 1 + READS_PER_FEEDBACK * (
                self._with_feedback and is_edited and name not in self._written_by_us
            )
            reserve = self._read_budget // 3 if self._with_feedback and not is_edited else 0
            if remaining < reserve and index:
                return index
        return len(due)

    def _choose_looks(self, due: Sequence[str], files: Mapping[str, str]) -> frozenset[str]:
        """Return the sheets whose other tabs are looked at, as far as the budget allows."""
        count = MAX_LOOKS
        if self._read_budget is not None:
            edited = sum(self.reasons[name] in ("changed", "new") for name in due)
            reserve = (READS_PER_FEEDBACK * edited + self._read_budget // 3) * self._with_feedback
            count = min(count, max(0, self._read_budget - len(due) - reserve))
        looks = sorted(due, key=lambda name: self._format_last_look(files[name]))[:count]
        self._read_count += len(looks)
        return frozenset(looks)

    def _format_last_look(self, file_id: str) -> str:
        looked_at = self._file_states.get(file_id, FileState()).looked_at
        return looked_at.isoformat() if looked_at else ""

    def _is_stored(self, source_id: str, file_id: str) -> bool:
        """True if the database's rows of a source come from this spreadsheet."""
        location = self._stored_locations.get(source_id)
        return location is not None and _parse_file_id(location) == file_id

    def _format_last_attempt(self, file_id: str) -> str:
        """Return the time of the last attempt as a sortable text, empty if there was none."""
        tried_at = self._file_states.get(file_id, FileState()).tried_at
        return tried_at.isoformat() if tried_at else ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # After an error nothing may have been published; then a saved read would leave its edits unread.
        if error is None:
            self.save()
        self.client.close()


def open_pass(
    sources: Sequence[Source],
    pointer: Path,
    now: datetime,
    environment: Mapping[str, str],
    *,
    stored_locations: Mapping[str, str] | None = None,
    outdated_ids: Collection[str] = (),
    read_all: bool = False,
    read_budget: int | None = None,
    write: bool = False,
    may_write: Callable[[], bool] = lambda: True,
    policy: RequestPolicy | None = None,
    lake: LakeAddress | None = None,
) -> GooglePass:
    """Open a pass: find the key and list the sheets. Raises UsageError without a usable key.

    `pointer` is the database's pointer file; `environment` holds the settings and the key; `write` requests
    permission to write feedback and reserves reads for it, `may_write` is asked before each write. With a
    `lake` its machines share one limit of requests.
    """
    key = require_key(environment)
    base = environment.get("KPIS_GOOGLE_BASE", "")
    policy = policy or RequestPolicy.create_shared(pointer, key.account, lake)
    client = open_client(key, write, base, replace(policy, may_write=may_write))
    google_pass = GooglePass(
        client,
        get_state_path(pointer),
        now,
        stored_locations=stored_locations,
        outdated_ids=outdated_ids,
        read_all=read_all,
        read_budget=read_budget,
        with_feedback=write,
    )
    google_pass.begin(sources)
    return google_pass


def _get_file_id(source: Source) -> str | None:
    """Return the id of a source's spreadsheet; None for other kinds and bad links (reading reports them)."""
    return _parse_file_id(source.location) if source.kind == "google" else None


def _parse_file_id(location: str) -> str | None:
    try:
        return parse_spreadsheet_id(location)
    except KpisError:
        return None
