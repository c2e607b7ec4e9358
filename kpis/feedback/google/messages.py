"""What is told of a sheet that could not be answered in, or not whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kpis.errors import KpisError
from kpis.feedback.google.memory import Answered
from kpis.sync.result import Message

NO_COLUMN = (
    "The tab “{tab}” has no column “Phản hồi”, so no verdicts are written in it. Add the header, or run "
    "prepare-sheet."
)
NOT_WRITTEN: Mapping[str, str] = {
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


def told(answered: Answered) -> Iterator[Message]:
    """Everything that stands in the way of a source's verdicts."""
    for tab in answered.without_column:
        yield Message(NO_COLUMN, {"tab": tab})
    if answered.problem is not None:
        yield Message.from_json(answered.problem)


def problem(error: KpisError) -> Message:
    """Why verdicts could not be written."""
    said = Message.of(error)
    return Message(NOT_WRITTEN.get(getattr(error, "kind", ""), said.key), said.values)
