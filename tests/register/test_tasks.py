"""Tasks as an annex prints them: numbers are texts, sections nest or are absent, a day of their own (design.md §3)."""

from __future__ import annotations

import pytest

from kpis.errors import RegisterError
from kpis.language.normalization import to_number_key
from kpis.register.json_export import export_tasks
from kpis.register.load import load_register
from tests.register.conftest import RegisterFolder

PLAN_FILE = "plans/ha-noi.toml"
SECOND = 'id = "ha-noi.III.2"\nsection = "III"\nnumber = "2"'


def test_a_task_has_the_number_and_nested_section_of_its_annex(folder: RegisterFolder) -> None:
    sections = '[[section]]\nid = "A"\ntitle_vi = "A"\n[[section]]\nid = "A.I"\ntitle_vi = "I"\nparent = "A"\n'
    folder.replace(PLAN_FILE, SECOND, 'id = "ha-noi.A.I.1.10"\nsection = "A.I"\nnumber = "1.10"')
    path = folder.path / PLAN_FILE
    path.write_text(f"{path.read_text(encoding='utf-8')}{sections}", encoding="utf-8")
    task = load_register(folder.path).tasks["ha-noi.A.I.1.10"]
    assert (task.section, task.number) == ("A.I", "1.10")


def test_a_task_may_stand_in_no_section_and_an_imported_one_may_have_no_number(folder: RegisterFolder) -> None:
    folder.replace(PLAN_FILE, SECOND, 'id = "ha-noi.nv002"')
    folder.replace(PLAN_FILE, 'id = "ha-noi.III.1"\nsection = "III"\nnumber = "1"', 'id = "ha-noi.1"\nnumber = 1')
    tasks = load_register(folder.path).tasks
    assert [(task.section, task.number) for task in tasks.values()] == [(None, "1"), (None, None)]
    exported = export_tasks(load_register(folder.path))
    assert [(task["section"], task["section_title"], task["number"]) for task in exported] == [
        (None, None, "1"), (None, None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('number = "2"', "number = 1.10", "“1.1” and “1.10” differ"),
        ('number = "2"\n', "", "number as printed"),
        ('number = "2"', 'number = "2.1"', "must be “ha-noi.III.2.1”"),
        ('timing = "once"', 'timing = "ongoing"\ndue_on = "30/06"', "an ongoing task is never due"),
        ('timing = "once"', 'timing = "yearly"\ndue_on = 2027-06-30', "a day of every year, like “30/06”"),
        ('timing = "once"', 'timing = "once"\ndue_on = "Quý II"', "dd/mm"),
        ('timing = "once"', 'timing = "once"\ndue_on = 30', "must be a day of every year like “30/06”"),
        ('timing = "once"', 'timing = "once"\nlast_year = 2028\ndue_on = 2027-06-30', "not the year of due_on"),
        ('timing = "once"', 'timing = "once"\ndue_on = 2026-06-30', "is before first_year 2027"),
        ('title_vi = "Truyền thông"', 'title_vi = "Truyền thông"\nparent = "III"', "above itself"),
    ],
)
def test_a_task_or_section_that_leaves_doubt_is_refused(
    folder: RegisterFolder, old: str, new: str, reason: str
) -> None:
    folder.replace(PLAN_FILE, old, new)
    with pytest.raises(RegisterError) as error:
        load_register(folder.path)
    assert reason in str(error.value)


def test_a_task_exports_its_own_day_and_the_day_on_which_it_is_due(folder: RegisterFolder) -> None:
    folder.replace(PLAN_FILE, 'timing = "once"', 'timing = "once"\ndue_on = "30/06"')
    first, second = export_tasks(load_register(folder.path))
    assert (second["due_on"], second["due_day"], second["due_next_year"]) == ("30/06", "30/06", False)
    assert first["due_on"] is None


def test_printed_numbers_are_ordered_by_value() -> None:
    numbers = ["1.10", "10", "1a", "2", "1.9", "1"]
    assert sorted(numbers, key=to_number_key) == ["1", "1.9", "1.10", "1a", "2", "10"]
