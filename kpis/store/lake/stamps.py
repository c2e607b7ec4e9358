"""The moment of a publication on a lake: PostgreSQL's clock, strictly rising, compared with the leader's."""

from __future__ import annotations

from datetime import datetime, timedelta

from kpis.errors import StoreError

TOLERANCE = timedelta(minutes=2)
_STEP = timedelta(microseconds=1)
_MINUTE = timedelta(minutes=1)

AHEAD_MESSAGE = (
    "PostgreSQL's clock is {minutes} minutes ahead of this machine's, so nothing was published. Set the clock that "
    "is wrong; if both may differ, publish with --yes-clock."
)
BEHIND_MESSAGE = (
    "PostgreSQL's clock is {minutes} minutes behind this machine's, so nothing was published. Set the clock that "
    "is wrong; if both may differ, publish with --yes-clock."
)
BACK_MESSAGE = (
    "PostgreSQL's clock is {minutes} minutes behind the last publication, so nothing was published. Set it; if the "
    "last publication was too far ahead, publish with --yes-clock."
)


def find_stamp(
    last: datetime | None, server_clock: datetime, leader_clock: datetime, *, is_accepted: bool = False
) -> datetime:
    """Return the server's clock, or the moment after the last stamp if that is later; all naive UTC.

    StoreError where the server's clock is more than two minutes from the leader's, or behind the last stamp by more,
    unless a person has accepted that.
    """
    if not is_accepted:
        for text, difference in (
            (AHEAD_MESSAGE, server_clock - leader_clock),
            (BEHIND_MESSAGE, leader_clock - server_clock),
            (BACK_MESSAGE, timedelta() if last is None else last - server_clock),
        ):
            if difference > TOLERANCE:
                raise StoreError(text, minutes=-(-difference // _MINUTE))
    return server_clock if last is None else max(server_clock, last + _STEP)
