"""The way back after a clock that was ahead (docs/decisions/clock-ahead.md).

What was recorded at a moment that has not come yet gets a moment just before now, in the same order: it is
known now again, and no row is changed otherwise or removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import datetime, timedelta

import pyarrow

from kpis.store import sql
from kpis.store.staged_version import StagedVersion
from kpis.store.version_store import VersionStore, hold_writer_lock
from kpis.sync.weeks import WEEKS_UNTIL, find_last_ended_sunday

_STEP = timedelta(microseconds=1)
_JOURNAL_TIMES = ("last_good_at", "changed_at")
_COMPUTED_META = ("format", "version")


def mend_clock(store: VersionStore, now: datetime) -> int:
    """Bring every moment after `now` (naive UTC) back; return how many there were. StoreError if a sync runs.

    Publishes a new version; the next sync checks every source again on its own day.
    """
    with hold_writer_lock(store):
        now = store.read_clock(now)
        database = store.open_current()
        if database is None:
            return 0
        with closing(database), store.open_staging(database) as staging:
            columns = _list_moment_columns(staging)
            # What a publication recorded may be no more than that weeks have ended.
            moments = {*_read_moments(staging, columns), datetime.fromisoformat(database.meta["recorded_at"])}
            new_moments = _plan_new_moments(moments, now)
            if not new_moments:
                return 0
            staging.prepare_rewriting()
            _replace_moments(staging, columns, new_moments)
            staging.execute(sql.load("kpis.sync", "forget_checks"))
            staging.execute(sql.load("kpis.sync", "forget_weeks"), {"last": find_last_ended_sunday(now)})
            staging.publish(_mend_metadata(database.meta, new_moments, now))
        store.bring_home()
        _mend_journal(store, new_moments, now)
    return len(new_moments)


def _list_moment_columns(staging: StagedVersion) -> list[tuple[str, str]]:
    rows = staging.fetch_rows(sql.load("kpis.store", "list_moments"))
    return [(str(row["table_name"]), str(row["column_name"])) for row in rows]


def _read_moments(staging: StagedVersion, columns: Iterable[tuple[str, str]]) -> set[datetime]:
    moments: set[datetime] = set()
    for table, column in columns:
        rows = staging.fetch_table(sql.load("kpis.store", "moments", table=table, column=column))
        moments.update(rows.column("moment").to_pylist())
    return moments


def _plan_new_moments(moments: Iterable[datetime], now: datetime) -> dict[datetime, datetime]:
    """Return the new moment of each one after `now`: in the same order, after all that stay."""
    ordered = sorted(moments)
    future = [moment for moment in ordered if moment > now]
    earliest = now - len(future) * _STEP
    first = max([earliest, *(moment for moment in ordered if moment <= now)]) + _STEP
    return {moment: first + number * _STEP for number, moment in enumerate(future)}


def _replace_moments(
    staging: StagedVersion, columns: Iterable[tuple[str, str]], new_moments: Mapping[datetime, datetime]
) -> None:
    timestamp = pyarrow.timestamp("us")
    table_of_moments = pyarrow.table(
        {
            "old_moment": pyarrow.array(list(new_moments), timestamp),
            "new_moment": pyarrow.array(list(new_moments.values()), timestamp),
        }
    )
    with staging.bind_table("mended", table_of_moments):
        for table, column in columns:
            staging.execute(sql.load("kpis.store", "replace_moments", table=table, column=column))


def _mend_metadata(meta: Mapping[str, str], new_moments: Mapping[datetime, datetime], now: datetime) -> dict[str, str]:
    mended = {name: text for name, text in meta.items() if name not in _COMPUTED_META}
    last = datetime.fromisoformat(mended["recorded_at"])
    if WEEKS_UNTIL in mended:
        mended[WEEKS_UNTIL] = min(mended[WEEKS_UNTIL], find_last_ended_sunday(now).isoformat())
    return mended | {"recorded_at": max(new_moments.get(last, last), *new_moments.values()).isoformat()}


def _mend_journal(store: VersionStore, new_moments: Mapping[datetime, datetime], now: datetime) -> None:
    def mend(text: object) -> object:
        if not isinstance(text, str):
            return text
        moment = datetime.fromisoformat(text)
        return text if moment <= now else new_moments.get(moment, now).isoformat()

    def mend_record(record: dict[str, object]) -> dict[str, object]:
        sources = record.get("sources")
        attempts = [
            {name: mend(value) if name in _JOURNAL_TIMES else value for name, value in attempt.items()}
            for attempt in (sources if isinstance(sources, list) else [])
        ]
        return {**record, "at": mend(record.get("at")), "sources": attempts}

    store.rewrite_journal(mend_record)
