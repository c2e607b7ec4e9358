"""Never more than the limit in any sixty seconds, and never slower than need be."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from kpis.sheets.google.limiter import PER_MINUTE, Limiter, process_limiter
from tests.google.conftest import FakeTime


@given(st.integers(1, 20), st.lists(st.floats(0, 30), max_size=100))
def test_no_sixty_seconds_hold_more_than_the_limit(limit: int, gaps: list[float]) -> None:
    time = FakeTime(0.0)
    limiter = Limiter(limit, time.clock, time.sleep)
    passed = []
    for gap in gaps:
        time.now += gap
        asked = time.now
        waited = limiter.turn()
        assert time.now == asked + waited
        passed.append(time.now)
    for at, moment in enumerate(passed[limit:]):
        assert moment - passed[at] >= 60 - 1e-6


def test_the_first_minutes_requests_go_out_at_once() -> None:
    time = FakeTime()
    limiter = Limiter(clock=time.clock, sleep=time.sleep)
    assert [limiter.turn() for _ in range(PER_MINUTE)] == [0] * PER_MINUTE and PER_MINUTE < 60
    assert limiter.turn() == 60


def test_threads_share_one_limit() -> None:
    time = FakeTime()
    limiter = Limiter(10, time.clock, time.sleep)
    threads = [threading.Thread(target=lambda: [limiter.turn() for _ in range(10)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.now == 1000 + 3 * 60


def test_the_process_has_one_limiter_for_reads_and_one_for_writes() -> None:
    assert process_limiter("read") is process_limiter("read") is not process_limiter("write")
