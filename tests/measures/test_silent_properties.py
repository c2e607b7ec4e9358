"""Silent agencies are those that the rows of every agency and the days of its reports say (design.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.measures.attainment import compute_by_agency, compute_targets
from kpis.measures.attainment_rows import URGENT_STATUSES, select_targets
from kpis.measures.question import Question
from kpis.measures.silent_agencies import list_silent_agencies
from kpis.measures.task_status import SILENT_DAYS
from tests.measures.mergers_in_python import find_answering
from tests.measures.random_registers import as_of_day_triples, draw_doubtful_register, draw_register
from tests.measures.test_attainment_properties import DrawnRegister
from tests.measures.test_merger_properties import Mergers, draw_mergers, list_days_around, merge
from tests.measures.tiny_database import TinyDatabase, TinyEntry, build_database

pytestmark = pytest.mark.slow
property_settings = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])

Silence = dict[str, tuple[date | None, int]]
"""Agency -> the day of its last report and for how many days it has been silent."""


def list_silence(db: TinyDatabase, entries: Sequence[TinyEntry], mergers: Mergers, day: date) -> Silence:
    """Return the silent agencies, from the figures of every agency."""
    owing: dict[str, date] = {}
    parts = [(row["agency"], row) for row in select_targets(compute_by_agency(db, Question(day)))]
    leads = [(row["lead"], row) for row in compute_targets(db, Question(day))]
    for agency, row in (*parts, *leads):
        if agency and row["status"] in URGENT_STATUSES and row["period_start"] <= day:
            owing[agency] = min(owing.get(agency, date.max), row["period_start"])
    reports: dict[str, list[date]] = {}
    for entry in entries:
        if entry.retired is None and entry.occurred_on <= day:
            for name in {entry.agency, find_answering(mergers, entry.agency, day)}:
                reports.setdefault(name, []).append(entry.occurred_on)
    silence = {}
    for agency, since in owing.items():
        # (what an agency itself had reported is a report of the one that stands for it now)
        own_days = [] if find_answering(mergers, agency, day) != agency else reports.get(agency, [])
        last_on = max(own_days or reports.get(agency, []), default=None)
        if not any(reported > day - timedelta(days=SILENT_DAYS) for reported in own_days):
            silence[agency] = (last_on, (day - (last_on or since)).days)
    return {agency: (day_of, days) for agency, (day_of, days) in silence.items() if days >= SILENT_DAYS}


@property_settings
@given(st.one_of(draw_register(), draw_doubtful_register()), st.one_of(st.just(()), draw_mergers()), as_of_day_triples)
def test_only_agencies_without_a_recent_report_are_counted_and_none_is_missed(
    drawn: DrawnRegister, mergers: Mergers, as_of_days: tuple[date, ...]
) -> None:
    targets, entries = merge(drawn, mergers) if mergers else drawn
    db = build_database(targets, entries)
    for day in (*as_of_days, *(list_days_around(mergers) if mergers else ())):
        rows = compute_targets(db, Question(day))
        listed = list_silent_agencies(db, Question(day), rows)
        expected = list_silence(db, entries, mergers, day)
        assert {row["agency"]: (row["last_report_on"], row["days_silent"]) for row in listed} == expected, day
        given = select_targets(compute_by_agency(db, Question(day)))
        assert list_silent_agencies(db, Question(day), rows, given) == listed
