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
from kpis.sources.google.credentials import need_key
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.limiter import PER_MINUTE
from kpis.sources.google.read import KnownTab, read_google
from kpis.sources.google.state import FileState, load_state, save_state, state_path
from kpis.sources.google.transport import Patience
from kpis.sources.google.urls import spreadsheet_id

NOT_LISTED = (
    "Google Drive did not say which sheets have changed, so every sheet is read at every sync. If this "
    "stays, run python -m kpis doctor: it says what to mend."
)
NIGHT = time(2)
"""From when, in Asia/Ho_Chi_Minh, every sheet is read once more: formulas change what no one edits."""

Reason = Literal["new", "changed", "nightly", "unlisted"]
_ORDER: Mapping[Reason, int] = {"changed": 0, "new": 1, "nightly": 2, "unlisted": 3}
ANSWER = 2
"""Reads that answering in a sheet takes: before the write and after it."""
ONE_PAGE = 1000
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
        state: Path,
        now: datetime,
        *,
        known: Mapping[str, str] | None = None,
        everything: bool = False,
        budget: int | None = None,
        answers: bool = False,
    ) -> None:
        self.client = client
        self.listing_failure: GoogleError | None = None
        self.reasons: dict[str, Reason] = {}
        self._path, self._now = state, now
        self._known, self._everything = dict(known or {}), everything
        self._budget, self._answers, self._spent = budget, answers, 0
        self._files = load_state(state)
        self._listed: dict[str, str] = {}
        self._waiting: frozenset[str] = frozenset()
        self._ours: set[str] = set()
        self._read: dict[str, FileState] = {}

    def begin(self, sources: Iterable[Source]) -> None:
        """Lists what has changed, and decides what to read. A failed listing is in `listing_failure`."""
        try:
            self._listed = self.client.list_modified()
        except GoogleError as failure:
            self.listing_failure = failure
        files = {source.id: file for source in sources if (file := _file(source))}
        self._ours = {name for name, file in files.items() if self._files.get(file, FileState()).ours}
        self.reasons = {name: reason for name, file in files.items() if (reason := self._reason(name, file))}
        due = sorted(self.reasons, key=lambda name: (_ORDER[self.reasons[name]], self._tried(files[name])))
        self._waiting = frozenset(due[self._affordable(due) :])

    def read(self, source: Source) -> RawSheet | None:
        """The sheet as it is now; None when it need not be read, and the database's rows still hold.

        GoogleError when it cannot be read, or when its first read has to wait; UsageError for a bad link.
        """
        if self.listing_failure and self.listing_failure.everywhere:
            raise self.listing_failure
        file = spreadsheet_id(source.location)
        if source.id in self._waiting and not self._stored(source.id, file):
            raise GoogleError("waiting")
        if source.id in self._waiting or source.id not in self.reasons:
            return None
        before = self._files.get(file, FileState())
        self._files[file] = replace(before, tried_at=self._now)
        self._spent += 1
        found = read_google(source, self.client, self._now, before.tabs)
        # The time listed before the read: an edit in between makes it differ at the next pass.
        self._read[source.id] = FileState(
            self._listed.get(file), self._now, self._now, found.tabs, found.sheet.notes
        )
        return replace(found.sheet, notes=(*found.sheet.notes, *self._unlisted()))

    def keep(self, source: Source) -> None:
        """The database now holds what was read, so it need not be read again until it changes."""
        if source.id in self._read:
            self._files[spreadsheet_id(source.location)] = self._read.pop(source.id)

    def save(self) -> None:
        """Writes down what was kept so far; whoever is stopped while answering need not read it all again."""
        save_state(self._path, self._files)

    def notes(self, source: Source) -> tuple[str, ...]:
        """What the last good read of a source had to say (catalogue keys): it stands until the next one.

        So does what keeps Drive from listing it, for a source that is not read in this pass.
        """
        return (*self._files.get(_file(source) or "", FileState()).notes, *self._unlisted())

    def _unlisted(self) -> tuple[str, ...]:
        return (NOT_LISTED,) if self.listing_failure else ()

    def left(self) -> int | None:
        """Reads that the budget leaves to answering, for one sheet at least; None without a budget."""
        return None if self._budget is None else max(ANSWER, self._budget - self._spent)

    def modified(self, source: Source) -> str | None:
        """Drive's time of a source right now; None where it is not worth a request, or Drive says nothing.

        Asked between a write and the look after it: what people do later makes another time.
        """
        if self.listing_failure or len(self._listed) > ONE_PAGE:
            return None
        with suppress(GoogleError):  # not knowing costs one read more
            return self.client.list_modified().get(_file(source) or "")
        return None

    def wrote(self, source: Source, modified: str | None) -> None:
        """We wrote in a sheet; `modified` is the time that made, where a look after it found nothing new."""
        file = spreadsheet_id(source.location)
        state = self._files.get(file, FileState())
        if modified is None:
            self._files[file] = replace(state, ours=True)
        elif state.modified is not None:
            self._files[file] = replace(state, modified=modified, ours=False)

    def tabs(self, source: Source) -> tuple[KnownTab, ...]:
        """The tabs of a source as they were last read, for whoever looks at it again in this pass."""
        file = spreadsheet_id(source.location)
        return (self._read.get(source.id) or self._files.get(file, FileState())).tabs

    def _reason(self, name: str, file: str) -> Reason | None:
        state = self._files.get(file)
        if state is None or state.read_at is None or not self._stored(name, file):
            return "new"
        if file not in self._listed:
            return "unlisted"
        if self._listed[file] != state.modified:
            return "changed"
        if self._everything or state.read_at < last_night(self._now):
            return "nightly"
        return None

    def _affordable(self, due: Sequence[str]) -> int:
        """How many of the sheets that are due the budget allows, in their order; one at least."""
        if self._budget is None:
            return len(due)
        left = self._budget
        for at, name in enumerate(due):
            edited = self.reasons[name] in ("changed", "new")
            left -= 1 + ANSWER * (self._answers and edited and name not in self._ours)
            kept = self._budget // 3 if self._answers and not edited else 0
            if left < kept and at:
                return at
        return len(due)

    def _stored(self, name: str, file: str) -> bool:
        """Whether the database's rows of a source came from this spreadsheet."""
        location = self._known.get(name)
        return location is not None and _id(location) == file

    def _tried(self, file: str) -> str:
        """When it was last tried, as a text that sorts; never is first."""
        tried_at = self._files.get(file, FileState()).tried_at
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
    known: Mapping[str, str] | None = None,
    everything: bool = False,
    budget: int | None = None,
    write: bool = False,
    patience: Patience | None = None,
) -> GooglePass:
    """A pass that has begun: the key found, the listing made. UsageError without a usable key.

    `pointer` is the database's; `environment` holds the settings, the key among them; `write` asks for
    leave to answer in the sheets, and counts on it.
    """
    key = need_key(environment)
    base = environment.get("KPIS_GOOGLE_BASE", "")
    client = open_client(key, write, base, patience or Patience.beside(pointer))
    begun = GooglePass(
        client,
        state_path(pointer),
        now,
        known=known,
        everything=everything,
        budget=budget,
        answers=write,
    )
    begun.begin(sources)
    return begun


def budget_of(interval: timedelta) -> int:
    """How many reads a pass may make so that it ends before the next begins, a tenth of it to spare."""
    return max(1, int(interval / timedelta(minutes=1) * PER_MINUTE * 0.9))


def last_night(now: datetime) -> datetime:
    """The last 02:00 in Việt Nam before `now`; both naive UTC."""
    there = clock.local(now)
    tonight = datetime.combine(there.date(), NIGHT, clock.TIME_ZONE)
    return clock.utc(tonight if tonight <= there else tonight - timedelta(days=1))


def _file(source: Source) -> str | None:
    """The id of a source's spreadsheet; None for other sources, and for a bad link: a read says why."""
    return _id(source.location) if source.kind == "google" else None


def _id(location: str) -> str | None:
    try:
        return spreadsheet_id(location)
    except KpisError:
        return None
