"""Messages on sheets whose feedback could not be written, or only in part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from kpis.errors import KpisError
from kpis.feedback.google.records import FeedbackRecord
from kpis.sync.result import Message

FEEDBACK_FAULT = (
    "Feedback could not be written into the sheets ({fault}); the figures count all the same. It is tried "
    "again at the next sync; if this stays, send this sentence to the person who maintains the program."
)
MISSING_COLUMN = (
    "The tab “{tab}” has no column “Phản hồi”, so no feedback is written to it. Add the header, or run prepare-sheet."
)
WRITE_FAILURES: Mapping[str, str] = {
    "quota": "The sheet was read, but its feedback (Phản hồi) is not complete yet: Google's limit of "
    "requests a minute is used up. The next sync continues.",
    "unavailable": "The sheet was read, but its feedback (Phản hồi) is not complete yet: Google cannot "
    "answer at the moment (HTTP {status}). The next sync continues.",
    "broken": "The sheet was read, but its feedback (Phản hồi) is not complete yet: the connection to "
    "Google broke. The next sync tries again.",
    "deadline": "The sheet was read, but its feedback (Phản hồi) is not complete yet: Google did not "
    "answer in full within {seconds} seconds. The next sync tries again.",
    "bad_range": "The sheet was read, but its feedback (Phản hồi) is not complete yet: a tab or column "
    "was removed meanwhile. The next sync tries again.",
}
"""Temporary failures of writing by kind; `failures.py` words the same kinds for reading."""

DISPLACEMENT_SHOWN = timedelta(days=7)
"""How long a message on cells that are not ours stays, since people must look at them."""


def list_problems(record: FeedbackRecord, now: datetime) -> Iterator[Message]:
    """Yield every message on why a source's feedback is missing or incomplete, at `now` (naive UTC)."""
    yield from list_displacements(record, now)
    for tab in record.without_column:
        yield Message(MISSING_COLUMN, {"tab": tab})
    if record.problem is not None and record.problem != record.displacement:
        yield Message.from_json(record.problem)


def list_displacements(record: FeedbackRecord, now: datetime) -> Iterator[Message]:
    """Yield what was put back, or may be lost, in cells that are not ours, as long as it is shown."""
    if record.displacement is None or record.displaced_at is None:
        return
    if now - record.displaced_at < DISPLACEMENT_SHOWN:
        yield Message.from_json(record.displacement)


def explain_problem(error: KpisError) -> Message:
    """Return the message on why feedback could not be written."""
    message = Message.from_error(error)
    return Message(WRITE_FAILURES.get(getattr(error, "kind", ""), message.key), message.values)
