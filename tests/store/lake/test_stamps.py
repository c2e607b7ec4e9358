"""Stamps of publications rise strictly, whatever the clocks do, and doubtful clocks publish nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kpis.errors import StoreError
from kpis.store.lake.stamps import AHEAD_MESSAGE, BACK_MESSAGE, BEHIND_MESSAGE, TOLERANCE, find_stamp

NOON = datetime(2026, 11, 30, 12)
STEP = timedelta(microseconds=1)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1))
SMALL = st.timedeltas(-TOLERANCE, TOLERANCE)


def test_the_first_stamp_is_the_servers_clock() -> None:
    assert find_stamp(None, NOON, NOON) == NOON


@given(last=st.none() | MOMENTS, server=MOMENTS, leader=MOMENTS)
def test_a_stamp_is_after_the_last_and_never_behind_the_server(
    last: datetime | None, server: datetime, leader: datetime
) -> None:
    stamp = find_stamp(last, server, leader, is_accepted=True)
    assert last is None or stamp > last
    assert stamp >= server
    assert stamp in {server, (last or server) + STEP}


@given(last=SMALL, leader=SMALL, server=MOMENTS)
def test_clocks_within_two_minutes_need_nobody(last: timedelta, leader: timedelta, server: datetime) -> None:
    stamp = find_stamp(server + last, server, server + leader)
    assert stamp == find_stamp(server + last, server, server + leader, is_accepted=True)


@given(last=st.none() | MOMENTS, server=MOMENTS, leader=MOMENTS)
def test_clocks_further_apart_publish_nothing(last: datetime | None, server: datetime, leader: datetime) -> None:
    assume(abs(server - leader) > TOLERANCE or (last is not None and last - server > TOLERANCE))
    with pytest.raises(StoreError, match="--yes-clock"):
        find_stamp(last, server, leader)


@given(start=MOMENTS, steps=st.lists(st.tuples(SMALL, SMALL), min_size=2, max_size=30))
def test_any_sequence_of_clocks_gives_rising_stamps(start: datetime, steps: list[tuple[timedelta, timedelta]]) -> None:
    stamps: list[datetime] = []
    clock = start
    for step, difference in steps:
        clock += step
        try:
            stamps.append(find_stamp(stamps[-1] if stamps else None, clock, clock + difference))
        except StoreError:
            assert stamps[-1] - clock > TOLERANCE
    assert all(earlier < later for earlier, later in pairwise(stamps))


@pytest.mark.parametrize(
    ("last", "server", "leader", "text", "minutes"),
    [
        (None, NOON + TOLERANCE + STEP, NOON, AHEAD_MESSAGE, 3),
        (None, NOON - timedelta(minutes=10), NOON, BEHIND_MESSAGE, 10),
        (NOON + timedelta(days=1), NOON, NOON, BACK_MESSAGE, 1440),
    ],
)
def test_the_sentence_says_which_clock_and_by_how_much(
    last: datetime | None, server: datetime, leader: datetime, text: str, minutes: int
) -> None:
    with pytest.raises(StoreError) as caught:
        find_stamp(last, server, leader)
    assert (caught.value.text, caught.value.values) == (text, {"minutes": minutes})


@pytest.mark.parametrize("difference", [TOLERANCE, -TOLERANCE, timedelta()])
def test_exactly_two_minutes_are_accepted(difference: timedelta) -> None:
    assert find_stamp(NOON, NOON, NOON + difference) == NOON + STEP
    assert find_stamp(NOON + TOLERANCE, NOON, NOON) == NOON + TOLERANCE + STEP
