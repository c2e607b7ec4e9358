"""One sentence about a sync, for who asked for it on a page."""

from __future__ import annotations

from kpis.sync.result import Message, SyncResult

NOT_READ = ("failed", "held")
"""Outcomes of sources whose figures stayed as they were."""


def describe_outcome(result: SyncResult) -> Message:
    """Return one sentence with the result of a sync."""
    if result.running:
        return Message("Another sync is running; its figures will appear here automatically.")
    failed = sum(source.outcome in NOT_READ for source in result.sources)
    if failed:
        return Message(
            "{n} of {all} sources could not be read; their earlier figures, if any, are kept. See below what to do.",
            {"n": failed, "all": len(result.sources)},
        )
    if not result.published:
        return Message("All sources were read; nothing has changed.")
    return Message("All sources were read; the figures are updated.")


def describe_acceptance(result: SyncResult, source: str) -> Message:
    """Return one sentence about a source whose loss was to be accepted."""
    if result.running:
        return Message(
            "Another sync is running, so the loss of “{source}” was not accepted. Try again.", {"source": source}
        )
    outcome = next((each.outcome for each in result.sources if each.id == source), "failed")
    if outcome in NOT_READ:
        text = "“{source}” could not be read, so its loss was not accepted. See below what to do."
    else:
        text = "The loss of “{source}” is accepted; the figures are updated."
    return Message(text, {"source": source})
