"""What is to stand under Phản hồi beside each row of a sheet, and which differences matter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import cast

from kpis.feedback.status_text import REJECTION_SIGN, RowFigures, format_row_feedback, format_set_aside_feedback
from kpis.register.model import Register
from kpis.sheet.model import CheckedRow, SetAsideRow
from kpis.store import sql
from kpis.store.database import Database
from kpis.sync.state import SourceState

BuildRowFigures = Callable[[Database, str, Iterable[date], date], RowFigures]
"""Return the figures of a plan for the periods of some days, as of a day (`measures.row_totals`)."""
_NUMBER_PATTERN = re.compile(r"[\d.,/]+")


class RowTexts:
    """The feedback on rows; figures are computed at most once per plan, when first needed."""

    def __init__(
        self,
        database: Database,
        register: Register,
        states: Mapping[str, SourceState],
        today: date,
        row_figures: BuildRowFigures,
    ) -> None:
        self._database, self._register, self._states = database, register, states
        self._today, self._row_figures = today, row_figures
        self._figures_by_plan: dict[str, RowFigures] = {}
        self._entry_days: dict[str, list[date]] | None = None

    def format(self, plan: str, row: CheckedRow | SetAsideRow) -> str:
        """Return the feedback on a row of a plan's sheet."""
        if isinstance(row, SetAsideRow):
            return format_set_aside_feedback(row)
        figures = self._load_figures(plan)
        return format_row_feedback(row, self._register, figures.find_total, doubts=figures.find_doubts(row))

    def _load_figures(self, plan: str) -> RowFigures:
        if plan not in self._figures_by_plan:
            days = self._load_entry_days().get(plan, ())
            self._figures_by_plan[plan] = self._row_figures(self._database, plan, days, self._today)
        return self._figures_by_plan[plan]

    def _load_entry_days(self) -> dict[str, list[date]]:
        """Return by plan one day of each year in which its sheets have entries."""
        if self._entry_days is None:
            self._entry_days = {}
            for row in self._database.fetch_rows(sql.load("kpis.feedback.google", "row_targets"), {}):
                if state := self._states.get(cast(str, row["source"])):
                    day = date(cast(int, row["year"]), 1, 1)
                    self._entry_days.setdefault(state.plan, []).append(day)
        return self._entry_days


def is_totals_only_change(current_text: str, new_text: str) -> bool:
    """True if two feedback texts on an accepted row differ only in the target's running total."""
    texts = (current_text, new_text)
    if any(not text or text.startswith(REJECTION_SIGN) for text in texts):
        return False
    return _NUMBER_PATTERN.sub("", current_text) == _NUMBER_PATTERN.sub("", new_text)
