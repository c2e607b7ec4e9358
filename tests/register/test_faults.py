"""Every fault of a register is named at once, and only what is wrong itself (design.md §3)."""

import pytest

from kpis.errors import RegisterError
from kpis.language.messages import explain
from kpis.register.load import load_register
from tests.register.conftest import RegisterFolder

PLAN_FILE, AGENCIES_FILE, INDICATORS_FILE = "plans/ha-noi.toml", "agencies/ha-noi.toml", "indicators.toml"


def list_faults(folder: RegisterFolder, overlay: RegisterFolder | None = None) -> list[str]:
    """Return the sentence of every fault."""
    with pytest.raises(RegisterError) as error:
        load_register(folder.path, overlay.path if overlay else None)
    return [explain(fault, "en") for fault in error.value.faults]


def test_all_faults_of_all_files_are_named_with_what_would_be_right(folder: RegisterFolder) -> None:
    folder.replace(PLAN_FILE, 'day = "15/12"', 'day = "12-15"')
    folder.replace(PLAN_FILE, "start_year = 2026", 'start_year = "2026"')
    folder.replace(PLAN_FILE, 'lead = "Sở Công Thương"', 'lead = "Sở Công Thưởng"')
    folder.replace(PLAN_FILE, "floor = 2", "floor = 2.5")
    folder.replace(PLAN_FILE, "floor = 1.0", "floor = 100")
    folder.replace(PLAN_FILE, 'leads = ["Sở Công Thương"]', 'leads = ["Sở X", "Sở Y"]')
    folder.replace(PLAN_FILE, 'timing = "once"', 'timming = "once"')
    folder.replace(AGENCIES_FILE, 'kind = "front"', 'kind = "party"')
    folder.replace(INDICATORS_FILE, 'unit = "cán bộ"\n', "")
    assert list_faults(folder) == [
        "indicators.toml, indicator[officers_trained].unit: is missing; write a text in quotes",
        "plans/ha-noi.toml, plan[ha-noi].start_year: must be a whole number, at least 1 and below 2147483648",
        "plans/ha-noi.toml, plan[ha-noi].reporting_days[1].day: days are written as dd/mm: “15/12” instead of “12-15”",
        "plans/ha-noi.toml, target[ha-noi.01].floor: a count must be a whole number",
        "plans/ha-noi.toml, target[ha-noi.01].lead: no agency list contains “Sở Công Thưởng”; "
        "“Sở Công Thương” is probably meant, else add it to agencies/",
        "plans/ha-noi.toml, target[ha-noi.02].floor: a ratio is written as a fraction: 1.0 is 100 %",
        "plans/ha-noi.toml, task[ha-noi.III.1].leads: no agency list contains “Sở X”; "
        "add it to agencies/, or correct the name",
        "plans/ha-noi.toml, task[ha-noi.III.1].leads: no agency list contains “Sở Y”; "
        "add it to agencies/, or correct the name",
        "plans/ha-noi.toml, task[ha-noi.III.2].timming: no such field here; “timing” is probably meant (the fields "
        "are coordinators, due_on, first_year, id, last_year, leads, line, number, output, schedule, section, timing, "
        "title_en, title_vi)",
        "plans/ha-noi.toml, task[ha-noi.III.2].timing: is missing; write one of once, yearly, ongoing",
        "agencies/ha-noi.toml, agency[Ủy ban Mặt trận Tổ quốc Việt Nam Thành phố].kind: “party” is not one of "
        "department, police, inspectorate, tax, front, union, association, media, court, customs, military, bank, "
        "ministry, office, school, commune, division, other",
    ]


def test_the_sentence_of_several_faults_has_a_line_for_each_in_both_languages(folder: RegisterFolder) -> None:
    folder.replace(PLAN_FILE, "floor = 2", "floor = -2")
    folder.replace(PLAN_FILE, 'force = "binding"', 'force = "firm"')
    with pytest.raises(RegisterError) as error:
        load_register(folder.path)
    english, vietnamese = explain(error.value, "en").split("\n"), explain(error.value, "vi").split("\n")
    assert (len(english), english[0]) == (3, "The register has 2 faults:")
    assert (len(vietnamese), vietnamese[0]) == (3, "Danh mục có 2 lỗi:")
    assert str(error.value).split("\n") == english


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ('day = "15/12"', "day = 15/12", "line 14, column 29", "the quotes of a text are missing"),
        ("floor = 2", "floor = 0,95", "line 26, column 10", "after the value nothing more may follow"),
        ("floor = 2", "floor 2", "line 26, column 7", "“=” is missing"),
        ("floor = 2", "floor = 2\nfloor = 3", "line 27, column 10", "already set"),
        ('title_vi = "Ít nhất hai sự kiện"', 'title_vi = "Ít nhất', "line 21, column 20", "on the same line"),
        ('title_vi = "Ít nhất hai sự kiện"', "title_vi = “Ít nhất”", "line 21, column 12", "must be in quotes"),
        ("[[target]]", "[[target]", "line 18, column 9", "[plan] or [[target]]"),
        ("issued_on = 2025-12-12", "issued_on = 2025-02-30", "line 10, column 13", "there is no such day"),
        ('["Sở Công Thương"]', '["Sở Công Thương"', "line 65, column 1", "“]” is missing"),
        ("[plan]", "[plan", "line 2, column 6", "[plan] or [[target]]"),
    ],
)
def test_a_line_that_is_not_toml_is_named_and_nothing_that_follows_from_it(
    folder: RegisterFolder, old: str, new: str, place: str, reason: str
) -> None:
    folder.replace(PLAN_FILE, old, new)
    (fault,) = list_faults(folder)
    assert fault.startswith(f"plans/ha-noi.toml, TOML: {place}: not valid TOML: ")
    assert reason in fault


def test_several_lines_that_are_not_toml_are_named_beside_other_faults(folder: RegisterFolder) -> None:
    folder.replace(PLAN_FILE, 'day = "15/12"', "day = 15/12")
    folder.replace(PLAN_FILE, "floor = 1.0", "floor = 1,0")
    folder.replace(PLAN_FILE, 'force = "binding"', 'force = "firm"')
    folder.replace(AGENCIES_FILE, 'name = "Sở Công Thương"', "name = Sở Công Thương")
    faults = list_faults(folder)
    assert [fault.split(": ")[0] for fault in faults] == [
        "agencies/ha-noi.toml, TOML",
        "plans/ha-noi.toml, TOML",
        "plans/ha-noi.toml, TOML",
        "plans/ha-noi.toml, target[ha-noi.01].force",
    ]


@pytest.mark.parametrize(
    "text",
    ['notes = [\n"một",\n\n[[agency]]\nplan = "ha-noi"\n', 'name = """Sở Công Thương\n', "[[agency]\n" * 200],
)
def test_a_file_that_cannot_be_made_out_is_one_fault_and_its_names_are_not_missing(
    folder: RegisterFolder, text: str
) -> None:
    content = (folder.path / AGENCIES_FILE).read_text(encoding="utf-8")
    folder.write(AGENCIES_FILE, content + text)
    (fault,) = list_faults(folder)
    assert fault.startswith("agencies/ha-noi.toml, TOML: ")


def test_a_wrong_province_does_not_make_its_communes_unknown(folder: RegisterFolder) -> None:
    folder.replace(PLAN_FILE, 'province = "Hà Nội"', 'province = "Hà Nộii"')
    folder.replace(PLAN_FILE, "stretch = 5", 'roster = ["UBND phường Hoàn Kiếm", "UBND các xã, phường"]')
    (fault,) = list_faults(folder)
    assert "plan[ha-noi].province: there is no province “Hà Nộii”; “Hà Nội” is probably meant" in fault


def test_a_plan_without_an_id_does_not_make_its_parts_strangers(folder: RegisterFolder) -> None:
    folder.replace(PLAN_FILE, 'id = "ha-noi"\n', "")
    folder.replace(PLAN_FILE, "floor = 2", "floor = -2")
    assert [fault.split(": ")[0] for fault in list_faults(folder)] == [
        "plans/ha-noi.toml, plan[#1].id",
        "plans/ha-noi.toml, target[ha-noi.01].floor",
    ]


def test_faults_of_register_and_overlay_name_their_own_files(folder: RegisterFolder, overlay: RegisterFolder) -> None:
    folder.replace(PLAN_FILE, "line = 10\n", "line = 0\n")
    overlay.write("plans/ha-noi.toml", '[[target]]\nid = "ha-noi.01"\nfloor = 9\ndue = "11-30"\n')
    faults = list_faults(folder, overlay)
    assert [fault.startswith(str(overlay.path)) for fault in faults] == [True, True, False]
    places = [fault.split(": ")[0].removeprefix(f"{overlay.path}/") for fault in faults]
    assert places == [
        "plans/ha-noi.toml, target[ha-noi.01].floor",
        "plans/ha-noi.toml, target[ha-noi.01].due",
        "plans/ha-noi.toml, target[ha-noi.01].line",
    ]
