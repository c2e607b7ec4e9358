"""What changed since last week: newly met, newly late, lowered, silent agencies (design.md §4 History)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TypedDict, cast

from kpis.language import clock
from kpis.language.normalization import sort_key
from kpis.measures.attainment import OF_AGENCIES, agency_totals, asked_for, attainment, then_and_now
from kpis.measures.attainment_rows import LATE, MET, PRESSING, Attainment
from kpis.measures.data_availability import reach
from kpis.measures.query import KNOWN_NOW, Database, ask, statement
from kpis.measures.status_overview import Counts, counts
from kpis.measures.task_status import SILENT_DAYS, task_status

_READ_PLANS = statement(["known_plans"])


class SilentAgency(TypedDict):
    """An agency that still owes something and has reported nothing for `days_silent` days.

    `last_report_on` is None where it never did; its silence then counts from when it began to owe.
    """

    plan: str
    province: str
    place: str
    kind: str
    agency: str
    last_report_on: date | None
    days_silent: int


@dataclass(frozen=True)
class Lowered:
    """A figure of the earlier day that is less as known now (`now`) than it was as known then (`then`).

    `lost`: it was attained then and is not on the day asked for.
    """

    then: Attainment
    now: Attainment
    lost: bool


@dataclass(frozen=True)
class Earlier:
    """An earlier day's rows, as known at a moment (`known_at`, naive UTC) and as known now.

    `unread` are the plans first read since that moment; `then` holds what is known of them now.
    """

    day: date
    known_at: datetime
    then: list[Attainment]
    now: list[Attainment]
    unread: tuple[str, ...]


@dataclass(frozen=True)
class Changes:
    """This day as known now, against an earlier day (`since`) as known at a moment (`known_then`, UTC).

    `unread_then`: the plans first read since that moment, compared as known now. `counts_now` and
    `counts_then` say how many targets stand at each status; `newly_silent` are those of the `silent` who were
    not yet so on the earlier day. The longest silence comes first, and of the `lowered` those that were lost.
    In the first week of a year the newly met and late hold the periods that ended with the year before. Of
    plans that were never read nothing is new; `late_unread` is how many of theirs would be newly late.
    """

    since: date
    known_then: datetime
    unread_then: tuple[str, ...]
    counts_now: Counts
    counts_then: Counts
    newly_met: list[Attainment]
    newly_late: list[Attainment]
    late_unread: int
    lowered: list[Lowered]
    silent: list[SilentAgency]
    newly_silent: list[SilentAgency]


def last_sunday(as_of: date) -> date:
    """The end of the week before the one that holds the day: its Sunday."""
    return as_of - timedelta(days=as_of.isoweekday())


def earlier(
    db: Database,
    day: date,
    known_at: datetime,
    year: int | None = None,
    province: str | None = None,
    plan: str | None = None,
) -> Earlier:
    """What is known of a day, and what was known of it at a moment (naive UTC)."""
    then, now = then_and_now(db, day, known_at, year, province, plan)
    read, read_since = (
        {str(row["plan"]) for row in ask(db, _READ_PLANS, {"known_at": moment})}
        for moment in (known_at, KNOWN_NOW)
    )
    # (nothing was known of them, which is not to say that nothing was done)
    then = [old if old["plan"] in read else known for old, known in zip(then, now, strict=True)]
    return Earlier(day, known_at, then, now, tuple(sorted({row["plan"] for row in now} & read_since - read)))


def since_last_week(
    db: Database,
    as_of: date,
    province: str | None = None,
    plan: str | None = None,
    now: Sequence[Attainment] | None = None,
    before: Earlier | None = None,
) -> Changes:
    """Last Sunday, as known at its end, against this day, as known now; `now` and `before` as in `since`."""
    sunday = last_sunday(as_of)
    return since(db, as_of, sunday, clock.end_of_day(sunday), province, plan, now, before)


def since(
    db: Database,
    as_of: date,
    then: date,
    known_then: datetime,
    province: str | None = None,
    plan: str | None = None,
    now: Sequence[Attainment] | None = None,
    before: Earlier | None = None,
    own: Earlier | None = None,
    last_year: Sequence[Attainment] | None = None,
) -> Changes:
    """The same since any day and moment: in a pack, the sealing of the previous edition.

    Where they are at hand, `now`: the day's own rows, `before`: the earlier day's of the same year, `own`:
    the earlier day's of its own year, `last_year`: the rows of that year as of the day. A plan of which
    nothing had been read by then is held against that day as it is known now.
    """
    now = attainment(db, as_of, None, None, province, plan) if now is None else now
    before = before or earlier(db, then, known_then, as_of.year, province, plan)
    # in the first week of a year the day before belongs to other periods
    same_year = then.year == as_of.year
    if own is None or same_year:
        own = before if same_year else earlier(db, then, known_then, None, province, plan)
    status_then = {_period(row): row["status"] for row in (*before.then, *own.then)}
    # What ended with the year is news too: no later week would tell of it.
    if last_year is None or same_year:
        last_year = () if same_year else attainment(db, as_of, None, then.year, province, plan)
    known = {_period(row): row for row in (*last_year, *now)}
    read = reach(db).read
    heard = [row for row in known.values() if row["plan"] in read]
    late = _newly_late(list(known.values()), status_then)
    newly_late = [row for row in late if row["plan"] in read]
    silent = silent_agencies(db, as_of, now, province, plan)
    return Changes(
        since=then,
        known_then=known_then,
        unread_then=before.unread,
        counts_now=counts(now),
        counts_then=counts(before.then),
        newly_met=_newly(MET, heard, status_then),
        newly_late=newly_late,
        late_unread=len(late) - len(newly_late),
        lowered=_lowered(own.now, own.then, now),
        silent=silent,
        newly_silent=[one for one in silent if one["days_silent"] - (as_of - then).days < SILENT_DAYS],
    )


def lowered_since(
    db: Database,
    as_of: date,
    then: date,
    known_then: datetime,
    plan: str | None = None,
    now: Sequence[Attainment] | None = None,
) -> list[Lowered]:
    """The figures alone that are lowered since a day and moment; `now` as in `since`."""
    now = attainment(db, as_of, None, None, None, plan) if now is None else now
    own = earlier(db, then, known_then, None, None, plan)
    return _lowered(own.now, own.then, now)


def silent_agencies(
    db: Database,
    as_of: date,
    rows: Iterable[Attainment],
    province: str | None = None,
    plan: str | None = None,
) -> list[SilentAgency]:
    """The agencies that owe something of `rows`, or an unfinished task, and are silent; the longest first.

    An agency owes where its own part of a target (a share, a ratio, its place on a roster), or a target that
    it leads, is overdue, behind, without data or at risk, and where a task that it leads is unfinished. Of a
    plan, or its tasks, that were never read, or whose every row was sent back, nobody is silent.
    A plan that has ended has nobody left to report.
    """
    reached = reach(db)
    rows = [row for row in rows if row["plan"] in reached.heard]
    asked = {
        **asked_for(as_of, None, None, province, plan),
        "silent_days": SILENT_DAYS,
        "pressing": [row["target"] for row in rows if row["status"] in PRESSING],
        "unfinished": _unfinished(db, as_of, province, plan, reached.tasks & reached.heard),
    }
    steps = [
        "requested_periods",
        agency_totals(db, asked),
        *OF_AGENCIES,
        "expected_values",
        "attainment_statuses",
        "known_reports",
    ]
    found = ask(db, statement([*steps, "silent_agencies"], "days_silent desc, plan_position"), asked)
    found = [one for one in found if one["plan"] in reached.heard]
    found.sort(key=_longest_first)
    return [cast(SilentAgency, {name: one[name] for name in SilentAgency.__annotations__}) for one in found]


def _longest_first(one: Mapping[str, object]) -> tuple[object, ...]:
    # (in the alphabet of Vietnam, which a database does not know)
    return -cast(int, one["days_silent"]), one["plan_position"], sort_key(str(one["agency"]))


def _unfinished(
    db: Database, as_of: date, province: str | None, plan: str | None, of: Collection[str]
) -> list[str]:
    return [
        row["task"]
        for row in task_status(db, as_of, plan, as_of.year)
        if row["state"] not in ("done", "done_late")
        and row["plan"] in of
        and row["starts_on"] <= as_of
        and province in (None, row["province"] if row["kind"] == "province" else "")
    ]


def _period(row: Attainment) -> tuple[str, date]:
    return row["target"], row["period_start"]


def _newly(
    statuses: Sequence[str], now: Sequence[Attainment], then: Mapping[tuple[str, date], str | None]
) -> list[Attainment]:
    return [row for row in now if row["status"] in statuses and then.get(_period(row)) not in statuses]


def _lowered(
    now: Sequence[Attainment], then: Sequence[Attainment], today: Sequence[Attainment]
) -> list[Lowered]:
    known_now = {_period(row): row for row in now}
    # (an earlier year's period is not among today's rows: what is known of it now, stands)
    stands = {**known_now, **{_period(row): row for row in today}}
    pairs = [
        Lowered(row, known_now[at], lost=_lost(row, known_now[at], stands[at]))
        for row in then
        for at in [_period(row)]
        if _figure(known_now[at]) < _figure(row)
    ]
    return sorted(pairs, key=lambda pair: not pair.lost)


def _lost(then: Attainment, known_now: Attainment, today: Attainment) -> bool:
    """Whether the lowering itself took away what was attained, and nothing has brought it back since."""
    return then["status"] in MET and all(row["status"] not in MET for row in (known_now, today))


def _newly_late(now: Sequence[Attainment], then: Mapping[tuple[str, date], str | None]) -> list[Attainment]:
    """Late now and not before, or overdue now and only behind before: what a tile counts more, is named."""
    worse = [row for row in now if row["status"] == "overdue" and then.get(_period(row)) != "overdue"]
    return [row for row in now if row in worse or row in _newly(LATE, now, then)]


def _figure(row: Attainment) -> Fraction:
    """The exact figure; a ratio of nothing is less than one of none."""
    if row["denominator"] is None:
        return Fraction(row["numerator"])
    return Fraction(row["numerator"], row["denominator"]) if row["denominator"] else Fraction(-1)
