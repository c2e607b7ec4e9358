"""Texts that pages, tables and the report share."""

from __future__ import annotations

from datetime import date

from kpis.measures.question import Question
from kpis.measures.task_status import compute_task_status
from kpis.store.database import Database
from kpis.wording.member_counts import format_members_done


def test_members_are_communes_only_where_the_lead_is_communes_alone(database: Database) -> None:
    texts = {
        row["task"]: format_members_done(row, "vi")
        for row in compute_task_status(database, Question(date(2026, 11, 21), year=2026))
    }
    assert texts["dong-thap.I.2"].endswith("/16 đơn vị")
    assert texts["thai-nguyen.I.1"].endswith("/92 xã, phường")
    assert texts["dong-thap.I.1"] == ""
