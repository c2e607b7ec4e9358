"""The question of one request as a row of the tab “Giải trình”, for Google Sheets and copies of files alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kpis.sheet.model import Field


@dataclass(frozen=True)
class RequestRow:
    """The question of one request, as it is written; `entry` None: about the agency."""

    id: str
    entry: str | None
    agency: str
    question: str
    asked_on: date
    due_on: date

    @property
    def texts(self) -> Mapping[Field, str]:
        """The texts by column, without empty ones."""
        texts: dict[Field, str] = {"subject": self.entry} if self.entry else {}
        return {
            **texts,
            "agency": self.agency,
            "asked_on": self.asked_on.strftime("%d/%m/%Y"),
            "question": self.question,
            "answer_due_on": self.due_on.strftime("%d/%m/%Y"),
            "request": self.id,
        }
