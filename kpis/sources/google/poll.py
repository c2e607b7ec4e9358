"""One pass over the Google Sheets of a sync: one listing decides which of them are read.

A sheet is read when it has changed since its last good read, when that was before last night, when it was
never read well, or when Drive does not list it (not shared by name, deleted: only reading it tells). All
others keep what the database has. What this costs: docs/decisions/google-transport.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from kpis.errors import KpisError
from kpis.language import clock
from kpis.sheet.model import RawSheet, Source
from kpis.sources.google.client import GoogleClient, open_client
from kpis.sources.google.credentials import require_key
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.rate_limiter import REQUESTS_PER_MINUTE
from kpis.sources.google.sheet_reader import TabSnapshot, read_google_sheet
from kpis.sources.google.state import FileState, get_state_path, load_state, save_state
from kpis.sources.google.transport import RequestPolicy
from kpis.sources.google.urls import parse_spreadsheet_id

LISTING_FAILED_NOTE = (
    "Google Drive did not say which sheets have changed, so every sheet is read at every sync. If this "
    "stays, run python -m kpis doctor: it says what to mend."
)
NIGHTLY_READ_TIME = time(2)
"""From when, in Asia/Ho_Chi_Minh, every sheet is read once more: formulas change what no one edits."""

ReadReason = Literal["new", "changed", "nightly", "unlisted"]
_REASON_ORDER: Mapping[ReadReason, int] = {"changed": 0, "new": 1, "nightly": 2, "unlisted": 3}
READS_PER_FEEDBACK = 2
"""Reads that answering in a sheet takes: before the write and after it."""
LISTING_PAGE_SIZE = 1000
"""Sheets that one request lists. Beyond that, asking after each write what time it made costs too much."""


class GooglePass:
    """One pass. Call `begin` once, `read` per source, and `keep` for each source whose read was good.

    `known` says, by source id, at which location the database's last good read of it was made: no other
    source may go unread. `budget` is the most reads that this pass makes; the rest wait, what changed before
    what is due at night. Where sheets are answered in (`answers`), a sheet that people changed is counted
    with its answer, and what nobody edited leaves a third to answers that wait. Used with `with`, it
    remembers what was kept, unless an error left the block.
    """

    def __init__(
        self,
        client: GoogleClient,
        state_path: Path,
        now: datetime,
        *,
        stored_locations: Mapping[str, str] | None = None,
        read_all: bool = False,
        read_budget: int | None = None,
        with_feedback: bool = False,
    ) -> None:
        self.client = client
        self.listing_failure: GoogleError | None = None
        self.reasons: dict[str, ReadReason] = {}
        self._state_path, self._now = state_path, now
        self._stored_locations, self._read_all = dict(stored_locations or {}), read_all
        self._read_budget, self._with_feedback, self._read_count = read_budget, with_feedback, 0
        self._file_states = load_state(state_path)
        self._modified_times: dict[str, str] = {}
        self._deferred: frozenset[str] = frozenset()
        self._written_by_us: set[str] = set()
        self._unconfirmed: dict[str, FileState] = {}

    def begin(self, sources: Iterable[Source]) -> None:
        """Lists what has changed, and decides what to read. A failed listing is in `listing_failure`."""
        try:
            self._modified_times = self.client.list_modified_times()
        except GoogleError as failure:
            self.listing_failure = failure
        files = {source.id: file for source in sources if (file := _get_file_id(source))}
        self._written_by_us = {
            name for name, file in files.items() if self._file_states.get(file, FileState()).written_by_us
        }
        self.reasons = {
            name: reason for name, file in files.items() if (reason := self._find_read_reason(name, file))
        }
        due = sorted(
            self.reasons,
            key=lambda name: (_REASON_ORDER[self.reasons[name]], self._format_last_attempt(files[name])),
        )
        self._deferred = frozenset(due[self._count_affordable(due) :])

    def read(self, source: Source) -> RawSheet | None:
        """The sheet as it is now; None when it need not be read, and the database's rows still hold.

        GoogleError when it cannot be read, or when its first read has to wait; UsageError for a bad link.
        """
        if self.listing_failure and self.listing_failure.is_global:
            raise self.listing_failure
        file = parse_spreadsheet_id(source.location)
        if source.id in self._deferred and not self._is_stored(source.id, file):
            raise GoogleError("waiting")
        if source.id in self._deferred or source.id not in self.reasons:
            return None
        before = self._file_states.get(file, FileState())
        self._file_states[file] = replace(before, tried_at=self._now)
        self._read_count += 1
        found = read_google_sheet(source, self.client, self._now, before.tabs)
        # The time listed before the read: an edit in between makes it differ at the next pass.
        self._unconfirmed[source.id] = FileState(
            self._modified_times.get(file), self._now, self._now, found.tabs, found.sheet.notes
        )
        return replace(found.sheet, notes=(*found.sheet.notes, *self._list_listing_notes()))

    def confirm_read(self, source: Source) -> None:
        """The database now holds what was read, so it need not be read again until it changes."""
        if source.id in self._unconfirmed:
            self._file_states[parse_spreadsheet_id(source.location)] = self._unconfirmed.pop(source.id)

    def save(self) -> None:
        """Writes down what was kept so far; whoever is stopped while answering need not read it all again."""
        save_state(self._state_path, self._file_states)

    def list_notes(self, source: Source) -> tuple[str, ...]:
        """What the last good read of a source had to say (catalogue keys): it stands until the next one.

        So does what keeps Drive from listing it, for a source that is not read in this pass.
        """
        return (
            *self._file_states.get(_get_file_id(source) or "", FileState()).notes,
            *self._list_listing_notes(),
        )

    def _list_listing_notes(self) -> tuple[str, ...]:
        return (LISTING_FAILED_NOTE,) if self.listing_failure else ()

    def count_remaining_reads(self) -> int | None:
        """Reads that the budget leaves to answering, for one sheet at least; None without a budget."""
        return (
            None
            if self._read_budget is None
            else max(READS_PER_FEEDBACK, self._read_budget - self._read_count)
        )

    def fetch_modified_time(self, source: Source) -> str | None:
        """Drive's time of a source right now; None where it is not worth a request, or Drive says nothing.

        Asked between a write and the look after it: what people do later makes another time.
        """
        if self.listing_failure or len(self._modified_times) > LISTING_PAGE_SIZE:
            return None
        with suppress(GoogleError):  # not knowing costs one read more
            return self.client.list_modified_times().get(_get_file_id(source) or "")
        return None

    def record_write(self, source: Source, modified_time: str | None) -> None:
        """We wrote in a sheet; `modified` is the time that made, where a look after it found nothing new."""
        file = parse_spreadsheet_id(source.location)
        state = self._file_states.get(file, FileState())
        if modified_time is None:
            self._file_states[file] = replace(state, written_by_us=True)
        elif state.modified_time is not None:
            self._file_states[file] = replace(state, modified_time=modified_time, written_by_us=False)

    def get_last_tabs(self, source: Source) -> tuple[TabSnapshot, ...]:
        """The tabs of a source as they were last read, for whoever looks at it again in this pass."""
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
        if self._read_all or state.read_at < get_last_night(self._now):
            return "nightly"
        return None

    def _count_affordable(self, due: Sequence[str]) -> int:
        """How many of the sheets that are due the budget allows, in their order; one at least."""
        if self._read_budget is None:
            return len(due)
        left = self._read_budget
        for at, name in enumerate(due):
            edited = self.reasons[name] in ("changed", "new")
            left -= 1 + READS_PER_FEEDBACK * (
                self._with_feedback and edited and name not in self._written_by_us
            )
            kept = self._read_budget // 3 if self._with_feedback and not edited else 0
            if left < kept and at:
                return at
        return len(due)

    def _is_stored(self, source_id: str, file_id: str) -> bool:
        """Whether the database's rows of a source came from this spreadsheet."""
        location = self._stored_locations.get(source_id)
        return location is not None and _parse_file_id(location) == file_id

    def _format_last_attempt(self, file_id: str) -> str:
        """When it was last tried, as a text that sorts; never is first."""
        tried_at = self._file_states.get(file_id, FileState()).tried_at
        return tried_at.isoformat() if tried_at else ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # After an error nothing may have been published: forgetting costs a read, remembering would lose one.
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
    read_all: bool = False,
    read_budget: int | None = None,
    write: bool = False,
    policy: RequestPolicy | None = None,
) -> GooglePass:
    """A pass that has begun: the key found, the listing made. UsageError without a usable key.

    `pointer` is the database's; `environment` holds the settings, the key among them; `write` asks for
    leave to answer in the sheets, and counts on it.
    """
    key = require_key(environment)
    base = environment.get("KPIS_GOOGLE_BASE", "")
    client = open_client(key, write, base, policy or RequestPolicy.create_shared(pointer))
    begun = GooglePass(
        client,
        get_state_path(pointer),
        now,
        stored_locations=stored_locations,
        read_all=read_all,
        read_budget=read_budget,
        with_feedback=write,
    )
    begun.begin(sources)
    return begun


def compute_read_budget(interval: timedelta) -> int:
    """How many reads a pass may make so that it ends before the next begins, a tenth of it to spare."""
    return max(1, int(interval / timedelta(minutes=1) * REQUESTS_PER_MINUTE * 0.9))


def get_last_night(now: datetime) -> datetime:
    """The last 02:00 in Việt Nam before `now`; both naive UTC."""
    there = clock.to_local(now)
    tonight = datetime.combine(there.date(), NIGHTLY_READ_TIME, clock.TIME_ZONE)
    return clock.to_utc(tonight if tonight <= there else tonight - timedelta(days=1))


def _get_file_id(source: Source) -> str | None:
    """The id of a source's spreadsheet; None for other sources, and for a bad link: a read says why."""
    return _parse_file_id(source.location) if source.kind == "google" else None


def _parse_file_id(location: str) -> str | None:
    try:
        return parse_spreadsheet_id(location)
    except KpisError:
        return None
