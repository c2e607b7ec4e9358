"""What an agency is reminded of: the same as its page shows, its own parts too, and tasks due soon in the next year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from kpis.reminders.owed_things import list_duties
from tests.sync.conftest import World, make_entry, make_register, make_sheet

LEAD, OTHER = "Sở Công Thương", "Sở Tài chính"


def list_texts(world: World, day: date, agency: str) -> list[str]:
    database = world.open_database()
    try:
        duties = list_duties(database, world.pointer, day, 30, "vi", None)
    finally:
        database.close()
    return [thing.text for item in duties if item.agency == agency for thing in item.things]


def test_a_part_that_is_late_is_reminded_of_while_the_target_is_on_pace(tmp_path: Path) -> None:
    world = World(tmp_path / "var" / "kpis.json")
    targets = dict(make_register().targets)
    targets["p.01"] = replace(targets["p.01"], shares={OTHER: Decimal(10)})
    world.register = replace(make_register(register_hash="new"), targets=targets)
    world.sheets["s"] = make_sheet([make_entry(date(2026, 3, 1), 30)])
    world.sync()
    texts = list_texts(world, date(2026, 6, 1), OTHER)
    assert [text for text in texts if "Chỉ tiêu 1" in text and "(phần riêng: thiếu 10 tin" in text], texts
    assert not [text for text in list_texts(world, date(2026, 6, 1), LEAD) if "Chỉ tiêu 1" in text]


def test_a_task_that_is_due_early_in_the_next_year_is_reminded_of_in_december(tmp_path: Path) -> None:
    world = World(tmp_path / "var" / "kpis.json")
    register = make_register()
    task = replace(register.tasks["p.I.1"], timing="yearly", first_year=2026, last_year=2027, due_on="01-10")
    world.register = replace(register, tasks={"p.I.1": task}, hash="new")
    world.sheets["s"] = make_sheet([make_entry(date(2026, 3, 1), 3)], [])
    world.sync()
    soon = [text for text in list_texts(world, date(2026, 12, 20), LEAD) if text.startswith("Sắp đến hạn")]
    assert soon == ["Sắp đến hạn: Việc (còn 3 tuần)"]
    assert not [text for text in list_texts(world, date(2026, 11, 20), LEAD) if text.startswith("Sắp đến hạn")]
