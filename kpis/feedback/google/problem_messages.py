"""What is told of a sheet that could not be answered in, or not whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kpis.errors import KpisError
from kpis.feedback.google.records import FeedbackRecord
from kpis.sync.result import Message

MISSING_COLUMN = (
    "The tab “{tab}” has no column “Phản hồi”, so no verdicts are written in it. Add the header, or run "
    "prepare-sheet."
)
WRITE_FAILURES: Mapping[str, str] = {
    "quota": "The sheet was read, but its verdicts (Phản hồi) are not all written yet: Google's limit of "
    "requests a minute is used up. The next sync goes on with them.",
    "unavailable": "The sheet was read, but its verdicts (Phản hồi) are not all written yet: Google cannot "
    "answer at the moment (HTTP {status}). The next sync goes on with them.",
    "broken": "The sheet was read, but its verdicts (Phản hồi) are not all written yet: the connection to "
    "Google broke. The next sync looks at them again.",
    "deadline": "The sheet was read, but its verdicts (Phản hồi) are not all written yet: Google did not "
    "answer in full within {seconds} seconds. The next sync looks at them again.",
    "bad_range": "The sheet was read, but its verdicts (Phản hồi) are not all written yet: a tab or column "
    "went away meanwhile. The next sync looks at them again.",
}
"""The failures that pass, by kind: said of writing, since `failures.py` says them of reading."""


def list_problems(record: FeedbackRecord) -> Iterator[Message]:
    """Everything that stands in the way of a source's verdicts."""
    for tab in record.without_column:
        yield Message(MISSING_COLUMN, {"tab": tab})
    if record.problem is not None:
        yield Message.from_json(record.problem)


def explain_problem(error: KpisError) -> Message:
    """Why verdicts could not be written."""
    said = Message.from_error(error)
    return Message(WRITE_FAILURES.get(getattr(error, "kind", ""), said.key), said.values)
