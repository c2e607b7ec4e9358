"""The words of a reading's outcome, and the next step where its own sentence does not say one."""

from __future__ import annotations

from kpis.sync.status import SourceStatus
from kpis.ui.shared.page_view import PageView

OUTCOME_LABELS: dict[str, tuple[str, str]] = {
    "changed": ("attained", "Read, with news"),
    "unchanged": ("on_track", "Read, unchanged"),
    "failed": ("overdue", "Could not be read"),
    "held": ("at_risk", "Held back"),
}
"""For each outcome the status whose sign and colour it borrows, and its word (a catalogue key)."""


def format_advice(status: SourceStatus, view: PageView) -> str | None:
    """What becomes of the figures meanwhile; a source that was never read well has none."""
    if not status.has_failed:
        return None
    if status.last_good_at is None:
        return view.t("There are no figures of this source yet.")
    return view.t("The last good figures stay until it is mended.")
