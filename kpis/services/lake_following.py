"""Follows a lake beside the watch: asks every few seconds, brings over what is new, and says whether it answers.

It runs in the watcher's process, never in that of the pages: they go on serving what is here whatever becomes of it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from kpis.errors import KpisError, StoreError
from kpis.language import clock
from kpis.language.messages import Language, explain, translate
from kpis.services.lake_state import LakeState, read_lake_state, write_lake_state
from kpis.settings import Settings
from kpis.store.database import Database
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.configuration_record import FRESH_SECONDS, DifferingFilesError, find_refusal
from kpis.store.lake.follower import follow
from kpis.store.lake.last_change import LastChange
from kpis.store.lake.leader_lock import describe_leader
from kpis.store.opening import find_lake
from kpis.store.paths import DatabasePaths
from kpis.store.replica import ReplicaSight, look_at_replica
from kpis.store.shared_files import InstallationFiles, find_files
from kpis.store.versions import find_current_version
from kpis.sync.result import Message

ASK_SECONDS = 5.0
_READER_EVERY = 6
"""Who reads the sources is asked for after so many questions."""
_FILES_EVERY = 2
"""The shared folder is looked at after so many questions."""

_LATE = timedelta(seconds=FRESH_SECONDS)
"""So late another machine may see a change of a shared file."""

_log = logging.getLogger("kpis.services.lake")


@contextmanager
def run_following(settings: Settings, pause_seconds: float = ASK_SECONDS) -> Iterator[None]:
    """Follow the lake of the settings inside this context, in a thread; do nothing without one."""
    address = find_lake(settings)
    if address is None:
        yield
        return
    follower = LakeFollower(address, find_files(settings), settings.language, partial(look_at_replica, settings))
    stop = threading.Event()
    thread = threading.Thread(target=follower.run, args=(stop, pause_seconds), name="kpis-follower", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@dataclass(frozen=True)
class Comparison:
    """What this machine sees against what who leads sees: why they differ, and since when; no moment: at once."""

    refusal: KpisError | None = None
    since: datetime | None = None

    def find_difference(self, now: datetime) -> Message | None:
        """Return why this machine counts as differing; None while it may be that a change is only late."""
        if self.refusal is None or (self.since is not None and now - self.since <= _LATE):
            return None
        return Message.from_error(self.refusal)


class LakeFollower:
    """Follows one lake into the versions next to a pointer; for one thread."""

    def __init__(
        self,
        address: LakeAddress,
        files: InstallationFiles,
        lang: Language,
        look: Callable[[], ReplicaSight] | None = None,
    ) -> None:
        """`look` returns what this machine sees of what all have to have; without it that is not compared."""
        self._address, self._files, self._lang, self._look = address, files, lang, look
        self._comparison = Comparison()
        self._pointer = files.pointer
        self._files_reason: Message | None = None
        self._last_change = LastChange(address)
        self._seen: tuple[int | None, int | None] | None = None
        self._questions = 0
        self._reader: str | None = None
        self._local: tuple[int | None, datetime | None] = (None, None)

    def run(self, stop: threading.Event, pause_seconds: float) -> None:
        """Ask again and again until stopped."""
        with closing(self):
            while not stop.is_set():
                self.ask()
                stop.wait(pause_seconds)

    def close(self) -> None:
        """End the session with PostgreSQL."""
        self._last_change.close()

    def ask(self) -> None:
        """Ask once, bring over what is new, and write the state."""
        earlier, error = read_lake_state(self._pointer), None
        try:
            self._follow()
        except KpisError as failure:
            error = failure
        except Exception as failure:  # noqa: BLE001 - one question that fails must not end all later ones
            _log.exception("fault while following the lake")
            error = StoreError("{reason}", reason=type(failure).__name__)
        if self._questions % _FILES_EVERY == 0 or error is not None:
            self._files_reason = self._check_files(is_asked=error is None)
            self._comparison = self._compare(is_asked=error is None)
        self._questions += 1
        now = clock.get_utc_now()
        since = earlier.failing_since if earlier else None
        self._log_change(error, since)
        version, recorded_at = self._read_local()
        if error is None:
            state = LakeState(now, None, None, version, recorded_at, self._reader, self._files_reason)
        else:
            state = LakeState(
                now, since or now, Message.from_error(error), version, recorded_at, None, self._files_reason
            )
        write_lake_state(self._pointer, replace(state, difference=self._comparison.find_difference(now)))

    def _follow(self) -> None:
        change = self._last_change.read()
        local = find_current_version(self._pointer)
        if change is None or self._seen != (change, local):
            follow(self._address, self._pointer)
            self._seen = change, find_current_version(self._pointer)
        else:  # a reading without a change publishes nothing, and is told in the journal
            self._last_change.bring_shared_state(DatabasePaths(self._pointer))
        if self._questions % _READER_EVERY == 0:
            reader = describe_leader(self._address, "watcher")
            self._reader = None if reader is None else reader.host

    def _check_files(self, *, is_asked: bool) -> Message | None:
        """Return why what the machines share in a folder cannot be used here; `is_asked`: the lake answers."""
        try:
            self._files.check(self._last_change.read_shared_folder() if is_asked else None)
        except KpisError as error:
            if self._files_reason is None:
                _log.warning("%s", explain(error, self._lang))
            return Message.from_error(error)
        return None

    def _compare(self, *, is_asked: bool) -> Comparison:
        """Compare what this machine sees with what who leads recorded; `is_asked`: the lake answers."""
        if self._look is None or not is_asked:
            return Comparison()
        try:
            record = self._last_change.read_configuration()
            refusal = find_refusal(record, self._look(), self._address.describe())
        except KpisError:  # the shared folder is away, which is told, or the lake was made by an earlier release
            return Comparison()
        if refusal is None:
            return Comparison()
        if not isinstance(refusal, DifferingFilesError):
            return Comparison(refusal)
        return Comparison(refusal, self._comparison.since or clock.get_utc_now())

    def _read_local(self) -> tuple[int | None, datetime | None]:
        """Return the number of the version that is shown, and when it was recorded."""
        with suppress(StoreError):
            number = find_current_version(self._pointer)
            if number != self._local[0]:
                self._local = number, _read_recorded_at(self._pointer)
        return self._local

    def _log_change(self, error: KpisError | None, since: datetime | None) -> None:
        if error is not None and since is None:
            _log.warning("%s", explain(error, self._lang))
        elif error is None and since is not None:
            _log.info("%s", translate(self._lang, "The lake is followed again."))


def _read_recorded_at(pointer: Path) -> datetime | None:
    database = Database.open(pointer, accept_older=True)
    if database is None:
        return None
    with closing(database):
        text = database.meta.get("recorded_at")
    return datetime.fromisoformat(text) if text else None
