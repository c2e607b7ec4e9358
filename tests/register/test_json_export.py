"""`targets --json` and `tasks --json` contain every field of design.md §3 by its name."""

import json

from kpis.register import json_export
from kpis.register.load import load_register
from kpis.register.model import Register
from tests.register.conftest import RegisterFolder

TARGET_FIELDS = {
    *(
        "id",
        "target",
        "plan",
        "province",
        "indicator",
        "title",
        "title_en",
        "citation",
        "measure",
        "accumulation",
    ),
    *(
        "comparator",
        "floor",
        "stretch",
        "unit",
        "recurrence",
        "recurrence_basis",
        "recurrence_reason",
        "force",
    ),
    *(
        "lead",
        "lead_basis",
        "pace",
        "due",
        "due_day",
        "roster",
        "population",
        "shares",
        "start_year",
        "end_year",
    ),
}
TASK_FIELDS = {
    *(
        "id",
        "plan",
        "section",
        "section_title",
        "number",
        "title",
        "leads",
        "coordinators",
        "output",
        "schedule",
    ),
    *("timing", "first_year", "last_year", "citation"),
}


def test_a_target_has_every_field_as_plain_json(folder: RegisterFolder) -> None:
    folder.replace("plans/ha-noi.toml", "stretch = 5", "stretch = 5\nshares = { SCT = 1.5 }")
    events, officers = json.loads(json.dumps(json_export.export_targets(load_register(folder.path))))
    assert set(events) >= TARGET_FIELDS
    assert (events["floor"], events["stretch"], events["shares"]) == (2, 5, {"Sở Công Thương": 1.5})
    assert isinstance(events["floor"], int)
    assert isinstance(officers["floor"], float)
    assert events["citation"] == {
        "plan_number": "1/KH-UBND",
        "section": "II.2",
        "line": 10,
        "text": "trial.txt",
    }
    assert (events["due"], events["due_day"], events["roster"], events["population"]) == (
        None,
        "15/12",
        [],
        None,
    )


def test_a_task_has_every_field(folder: RegisterFolder) -> None:
    first, second = json_export.export_tasks(load_register(folder.path))
    assert set(first) >= TASK_FIELDS
    assert (first["leads"], first["section_title"], first["output"]) == (
        ["Sở Công Thương"],
        "Truyền thông",
        "Cuộc họp",
    )
    assert (second["coordinators"], second["output"], second["last_year"]) == ([], None, None)


def test_the_export_can_be_limited_to_one_plan(five_plans: Register) -> None:
    assert {row["plan"] for row in json_export.export_targets(five_plans, "dong-thap")} == {"dong-thap"}
    assert {row["plan"] for row in json_export.export_tasks(five_plans, "thai-nguyen")} == {"thai-nguyen"}
