"""The labels of a source's outcome, and what happens to its figures after a failure."""

from __future__ import annotations

from kpis.sync.status import SourceStatus
from kpis.ui.shared.page_view import PageView

OUTCOME_LABELS: dict[str, tuple[str, str]] = {
    "changed": ("attained", "Read, changed"),
    "unchanged": ("on_track", "Read, unchanged"),
    "failed": ("overdue", "Could not be read"),
    "held": ("at_risk", "Held back"),
}
"""Outcome -> (status whose sign and colour it uses, its label as a catalogue key)."""


def format_advice(status: SourceStatus, view: PageView) -> str | None:
    """Return what happens to the figures of a source that failed; None if it did not."""
    if not status.has_failed:
        return None
    if status.last_good_at is None:
        return view.t("This source has no figures yet.")
    return view.t("The last good figures are kept until this is fixed.")
