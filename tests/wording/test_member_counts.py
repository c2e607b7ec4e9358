"""Words that pages, tables and the report share."""

from __future__ import annotations

from datetime import date

from kpis.measures.task_status import task_status
from kpis.store.database import Database
from kpis.wording.member_counts import members


def test_members_are_communes_only_where_the_lead_is_communes_alone(database: Database) -> None:
    said = {row["task"]: members(row, "vi") for row in task_status(database, date(2026, 11, 21), year=2026)}
    assert said["dong-thap.I.2"].endswith("/16 đơn vị")
    assert said["thai-nguyen.I.1"].endswith("/92 xã, phường")
    assert said["dong-thap.I.1"] == ""
