"""A register is loaded completely, or refused with file, key and reason (design.md §3)."""

import unicodedata
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from kpis.errors import RegisterError
from kpis.language.messages import explain
from kpis.register.load import load_register
from kpis.register.model import AnnexColumn
from tests.register.conftest import RegisterFolder

PLAN_FILE, AGENCIES_FILE, INDICATORS_FILE = "plans/ha-noi.toml", "agencies/ha-noi.toml", "indicators.toml"


# file, old text, new text -> key and part of the reason of the error
INVALID_CASES = [
    (
        PLAN_FILE,
        'indicator = "public_events"',
        'indicator = "events"',
        "target[ha-noi.01].indicator",
        "no indicator “events”",
    ),
    (PLAN_FILE, "floor = 2", "floor = 6", "target[ha-noi.01].floor", "beyond the stretch"),
    (PLAN_FILE, "floor = 2", "floor = 2.5", "target[ha-noi.01].floor", "whole number"),
    (PLAN_FILE, "floor = 2", "floor = -2", "target[ha-noi.01].floor", "number of at least 0"),
    (PLAN_FILE, "floor = 2", "floor = 0", "target[ha-noi.01].floor", "more than 0"),
    (
        PLAN_FILE,
        'comparator = ">="\nfloor = 2',
        'comparator = ">"\nfloor = -1',
        "target[ha-noi.01].floor",
        "at least 0",
    ),
    (PLAN_FILE, "floor = 1.0", "floor = 0.0", "target[ha-noi.02].floor", "more than 0"),
    (
        PLAN_FILE,
        '"Tập huấn toàn bộ cán bộ"',
        '"ÍT NHẤT hai  sự kiện"',
        "target[ha-noi.02].title_vi",
        "already names “ha-noi.01”",
    ),
    (
        PLAN_FILE,
        '"All officers trained"',
        '"At least two events"',
        "target[ha-noi.02].title_en",
        "already names",
    ),
    (
        PLAN_FILE,
        '"All officers trained"',
        '"Ít nhất hai sự kiện"',
        "target[ha-noi.02].title_en",
        "already names",
    ),
    (
        PLAN_FILE,
        '"Ít nhất hai sự kiện"',
        '"HA-NOI.02"',
        "target[ha-noi.01].title_vi",
        "already names “ha-noi.02”",
    ),
    (PLAN_FILE, "floor = 2", "floor = nan", "target[ha-noi.01].floor", "number of at least 0"),
    (PLAN_FILE, "floor = 2", "floor = true", "target[ha-noi.01].floor", "number of at least 0"),
    (PLAN_FILE, "floor = 2", 'floor = "2"', "target[ha-noi.01].floor", "number of at least 0"),
    (PLAN_FILE, "floor = 2", "", "target[ha-noi.01].floor", "is missing; write a number"),
    (PLAN_FILE, "floor = 1.0", "floor = 100", "target[ha-noi.02].floor", "1.0 is 100 %"),
    (PLAN_FILE, "end_year = 2028", "end_year = 2025", "plan[ha-noi].end_year", "before start_year"),
    (PLAN_FILE, "end_year = 2028", "", "plan[ha-noi].end_year", "shown_to"),
    (PLAN_FILE, "end_year = 2028", "end_year = 2028\nshown_to = 2030", "plan[ha-noi].shown_to", "differs"),
    (PLAN_FILE, "start_year = 2026", "start_year = 226", "plan[ha-noi].start_year", "a year from"),
    (PLAN_FILE, 'id = "ha-noi.02"', 'id = "ha-noi.01"', "target[ha-noi.01].id", "appears twice"),
    (PLAN_FILE, 'id = "ha-noi.02"', 'id = "hanoi.02"', "target[hanoi.02].id", "not belong to the plan"),
    (PLAN_FILE, 'id = "ha-noi.02"', 'id = "ha-noi.two"', "target[ha-noi.two].id", "two digits"),
    (
        PLAN_FILE,
        'id = "ha-noi.III.2"',
        'id = "ha-noi.III.3"',
        "task[ha-noi.III.3].id",
        "must be “ha-noi.III.2”",
    ),
    (PLAN_FILE, 'id = "ha-noi.III.2"', 'id = "ha-noi.III.1"', "task[ha-noi.III.1].id", "appears twice"),
    (PLAN_FILE, 'id = "ha-noi"', 'id = "Hà Nội"', "plan[Hà Nội].id", "lower-case"),
    (
        PLAN_FILE,
        'lead = "Sở Công Thương"',
        'lead = "Sở Công"',
        "target[ha-noi.01].lead",
        "no agency list contains “Sở Công”",
    ),
    (
        PLAN_FILE,
        'leads = ["Sở Công Thương"]',
        'leads = ["Sở X"]',
        "task[ha-noi.III.1].leads",
        "no agency list contains",
    ),
    (PLAN_FILE, 'leads = ["Sở Công Thương"]', "leads = []", "task[ha-noi.III.1].leads", "is missing"),
    (
        PLAN_FILE,
        'leads = ["Sở Công Thương"]',
        'leads = ["SCT", "Sở CT"]',
        "task[ha-noi.III.1].leads",
        "appears twice",
    ),
    (
        PLAN_FILE,
        'coordinators = ["',
        'coordinators = ["Sở X", "',
        "task[ha-noi.III.1].coordinators",
        "no agency list contains",
    ),
    (
        PLAN_FILE,
        'focal_agency = "Sở',
        'focal_agency = "Phòng',
        "plan[ha-noi].focal_agency",
        "no agency list contains",
    ),
    (PLAN_FILE, "stretch = 5", 'roster = ["Sở X"]', "target[ha-noi.01].roster", "no agency list contains"),
    (PLAN_FILE, "stretch = 5", 'roster = ["SCT", "Sở CT"]', "target[ha-noi.01].roster", "appears twice"),
    (
        PLAN_FILE,
        "stretch = 5",
        'shares = { "Sở X" = 1 }',
        "target[ha-noi.01].shares",
        "no agency list contains",
    ),
    (
        PLAN_FILE,
        "stretch = 5",
        'shares = { "UBND các xã, phường" = 1 }',
        "target[ha-noi.01].shares",
        "is a group of agencies",
    ),
    (PLAN_FILE, "stretch = 5", "shares = { SCT = 0 }", "target[ha-noi.01].shares", "more than 0"),
    (PLAN_FILE, "floor = 2", "floor = 1000000000000", "target[ha-noi.01].floor", "below 1000000000000"),
    (PLAN_FILE, "floor = 2", "floor = 2.0000001", "target[ha-noi.01].floor", "at most 6 decimals"),
    (PLAN_FILE, "stretch = 5", "population = 1000000000000", "target[ha-noi.01].population", "below 10000"),
    (PLAN_FILE, "line = 10\n", "line = 2147483648\n", "target[ha-noi.01].line", "below 2147483648"),
    (
        PLAN_FILE,
        "floor = 1.0",
        "floor = 1.0\nshares = { SCT = 20 }",
        "target[ha-noi.02].shares",
        "1.0 is 100 %",
    ),
    (
        PLAN_FILE,
        "floor = 1.0",
        'floor = 1.0\nmeasure = "coverage"\nshares = { SCT = 1.000001 }',
        "target[ha-noi.02].shares",
        "one agency counts once",
    ),
    (
        PLAN_FILE,
        "floor = 1.0",
        'floor = 1.0\nmeasure = "milestone"\nshares = { SCT = 2 }',
        "target[ha-noi.02].shares",
        "at most 1: done",
    ),
    (
        PLAN_FILE,
        'text = "trial.txt"',
        'annex_columns = ["STT"]\ntext = "trial.txt"',
        "plan[ha-noi].annex_columns",
        "list of tables",
    ),
    (
        PLAN_FILE,
        'text = "trial.txt"',
        'annex_columns = [{ content = "cost", title = "Kinh phí" }]\ntext = "trial.txt"',
        "plan[ha-noi].annex_columns[1].content",
        "not one of number",
    ),
    (
        PLAN_FILE,
        'text = "trial.txt"',
        'annex_columns = [{ content = "task", title = "A" }, { content = "task", title = "B" }]\ntext = "t"',
        "plan[ha-noi].annex_columns",
        "one content appears twice",
    ),
    (PLAN_FILE, "stretch = 5", "population = 1.5", "target[ha-noi.01].population", "whole number"),
    (PLAN_FILE, "stretch = 5", "stretchh = 5", "target[ha-noi.01].stretchh", "no such field"),
    (PLAN_FILE, "stretch = 5", 'due = "29/02"', "target[ha-noi.01].due", "every year has as “dd/mm”"),
    (PLAN_FILE, "stretch = 5", 'due = "12-31"', "target[ha-noi.01].due", "“31/12” instead of “12-31”"),
    (PLAN_FILE, "stretch = 5", 'due = "5/3"', "target[ha-noi.01].due", "“05/03” instead of “5/3”"),
    (PLAN_FILE, "stretch = 5", "due = 2026-11-30", "target[ha-noi.01].due", "“30/11” instead of “2026-11-30”"),
    (PLAN_FILE, "stretch = 5", 'pace = "on:03-15"', "target[ha-noi.01].pace", "“on:15/03” instead of “on:03-15”"),
    (PLAN_FILE, "stretch = 5", 'pace = "on:tháng 3"', "target[ha-noi.01].pace", "as “on:dd/mm”"),
    (PLAN_FILE, "stretch = 5", 'pace = "monthly"', "target[ha-noi.01].pace", "linear, quarterly or on:dd/mm"),
    (PLAN_FILE, 'day = "15/12"', 'day = "12/15"', "plan[ha-noi].reporting_days[1].day", "“15/12” inst"),
    (PLAN_FILE, 'day = "15/12"', 'day = "32/12"', "plan[ha-noi].reporting_days[1].day", "dd/mm"),
    (
        PLAN_FILE,
        'recurrence = "yearly"',
        'recurrence = "weekly"',
        "target[ha-noi.01].recurrence",
        "not one of yearly",
    ),
    (
        PLAN_FILE,
        'recurrence = "yearly"',
        'recurrence = "once"',
        "target[ha-noi.01].recurrence",
        "a plan of one year",
    ),
    (
        PLAN_FILE,
        'recurrence_basis = "stated"',
        'recurrence_basis = "reading"',
        "target[ha-noi.01].recurrence_reason_vi",
        "missing",
    ),
    (
        PLAN_FILE,
        "recurrence_reason_en",
        "recurrence_reason",
        "target[ha-noi.02].recurrence_reason",
        "no such field",
    ),
    (
        PLAN_FILE,
        "issued_on = 2025-12-12",
        'issued_on = "2025-12-12"',
        "plan[ha-noi].issued_on",
        "without quotes",
    ),
    (PLAN_FILE, 'title_vi = "Kế hoạch thử"', 'title_vi = " "', "plan[ha-noi].title_vi", "is empty"),
    (PLAN_FILE, 'title_vi = "Kế hoạch thử"', "title_vi = 3", "plan[ha-noi].title_vi", "text in quotes"),
    (PLAN_FILE, 'province = "Hà Nội"', 'province = "Hà Tây"', "plan[ha-noi].province", "no province"),
    (PLAN_FILE, 'section = "III"', 'section = "IV"', "task[ha-noi.III.1].id", "must be “ha-noi.IV.1”"),
    (PLAN_FILE, "line = 100", 'line = 100\nparent = "II"', "section[III].parent", "no section “II”"),
    (
        PLAN_FILE,
        "first_year = 2027",
        "first_year = 2029",
        "task[ha-noi.III.2].first_year",
        "after the plan's last year",
    ),
    (PLAN_FILE, "last_year = 2028", "last_year = 2025", "task[ha-noi.III.1].last_year", "before first_year"),
    (PLAN_FILE, "[plan]", "[[plan]]", "plan", "[plan]"),
    (PLAN_FILE, "[[section]]", "[section]", "section", "[[section]]"),
    (PLAN_FILE, "[[section]]", "[[sections]]", "sections", "no such field"),
    (PLAN_FILE, "floor = 2", "floor = = 2", "TOML", "not valid TOML"),
    (
        AGENCIES_FILE,
        'aliases = ["SCT", "Sở CT"]',
        'aliases = ["SCT", 3]',
        "agency[Sở Công Thương].aliases",
        "list of texts",
    ),
    (
        AGENCIES_FILE,
        '"MTTQ Thành phố"',
        '"sở ct"',
        "agency[Ủy ban Mặt trận Tổ quốc Việt Nam Thành phố].aliases",
        "already names “Sở Công Thương”",
    ),
    (
        AGENCIES_FILE,
        '"SCT"',
        '"UBND phường Hoàn Kiếm"',
        "agency[Sở Công Thương].aliases",
        "already names “UBND phường",
    ),
    (AGENCIES_FILE, '"UBND xã, phường"', '"SCT"', "collective[UBND các xã, phường].aliases", "already names"),
    (AGENCIES_FILE, '"SCT"', '"Hoàn Kiếm"', "agency[Sở Công Thương].aliases", "bare name of a place"),
    (AGENCIES_FILE, '"SCT"', '"phường Hoàn Kiếm"', "agency[Sở Công Thương].aliases", "bare name of a place"),
    (
        AGENCIES_FILE,
        'kind = "front"',
        'kind = "party"',
        "agency[Ủy ban Mặt trận Tổ quốc Việt Nam Thành phố].kind",
        "not one of",
    ),
    (AGENCIES_FILE, 'plan = "ha-noi"', 'plan = "hue"', "agency[Sở Công Thương].plan", "no plan “hue”"),
    (AGENCIES_FILE, 'plan = "ha-noi"', 'plan = "hanoi"', "agency[Sở Công Thương].plan", "“ha-noi” is probably meant"),
    (
        AGENCIES_FILE,
        'members = "communes"',
        'members = ["UBND phường Hoàn Kiếm", "UBND phường Hoàn Kiến"]',
        "collective[UBND các xã, phường].members",
        "“UBND phường Hoàn Kiến”; “UBND phường Hoàn Kiếm” is probably meant",
    ),
    (
        AGENCIES_FILE,
        'members = "communes"',
        'members = ["UBND xã, phường"]',
        "collective[UBND các xã, phường].members",
        "is a group of agencies",
    ),
    (AGENCIES_FILE, 'members = "communes"', "members = []", "collective[UBND các xã, phường].members", "is missing"),
    (
        AGENCIES_FILE,
        'members = "communes"',
        'members = "xã"',
        "collective[UBND các xã, phường].members",
        "not one of",
    ),
    (
        INDICATORS_FILE,
        'measure = "ratio"',
        'measure = "rate"',
        "indicator[officers_trained].measure",
        "not one of",
    ),
]

# The same, where a name that is used elsewhere disappears: each use is a fault of its own.
CASES_WITH_MISSING_NAMES = [
    (PLAN_FILE, 'id = "III"', 'id = "IV"', "task[ha-noi.III.1].section", "no section “III”"),
    (
        AGENCIES_FILE,
        'name = "UBND các xã, phường"',
        'name = "Sở Công Thương"',
        "collective[Sở Công Thương].name",
        "already names",
    ),
    (AGENCIES_FILE, 'name = "Sở Công Thương"\n', "", "agency[#1].name", "is missing; write a text"),
    (
        INDICATORS_FILE,
        'id = "officers_trained"',
        'id = "public_events"',
        "indicator[public_events].id",
        "appears twice",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "reason"), [*INVALID_CASES, *CASES_WITH_MISSING_NAMES])
def test_an_invalid_register_is_refused_with_file_key_and_reason(
    folder: RegisterFolder, file: str, old: str, new: str, key: str, reason: str
) -> None:
    folder.replace(file, old, new)
    with pytest.raises(RegisterError) as error:
        load_register(folder.path)
    faults = {(fault.file, fault.key): fault for fault in error.value.faults}
    if (file, old, new, key, reason) in INVALID_CASES:
        assert list(faults) == [(file, key)]
    sentence = explain(faults[file, key], "en")
    assert sentence.startswith(f"{file}, {key}: ")
    assert reason in sentence
    assert explain(faults[file, key], "vi") != sentence


def test_the_same_plan_in_two_files_is_refused(folder: RegisterFolder) -> None:
    folder.write("plans/hanoi.toml", (folder.path / PLAN_FILE).read_text(encoding="utf-8").split("[[target]]")[0])
    with pytest.raises(RegisterError, match=r"plans/hanoi.toml, plan\[ha-noi\].id: appears twice"):
        load_register(folder.path)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda folder: (folder.path / "plans/ha-noi.toml").unlink(), "no plan"),
        (lambda folder: (folder.path / "indicators.toml").write_bytes(b"\xff\xfe"), "not UTF-8"),
        (lambda folder: folder.write("ha-noi.toml", ""), "indicators.toml, plans/"),
    ],
)
def test_files_that_do_not_form_a_register_are_refused(
    folder: RegisterFolder, change: Callable[[RegisterFolder], None], reason: str
) -> None:
    change(folder)
    with pytest.raises(RegisterError, match=reason):
        load_register(folder.path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="nowhere: there is no such folder"):
        load_register(tmp_path / "nowhere")


def test_a_register_is_loaded_completely(folder: RegisterFolder) -> None:
    register = load_register(folder.path)
    first, second = register.targets.values()
    assert (first.floor, first.stretch, first.measure, first.unit_en) == (
        Decimal(2),
        Decimal(5),
        "count",
        "event",
    )
    assert (second.floor, second.lead, second.pace) == (Decimal(1), "UBND các xã, phường", "linear")
    assert [task.id for task in register.tasks.values()] == ["ha-noi.III.1", "ha-noi.III.2"]
    assert len(register.agencies) == 2 + 126
    assert register.plans["ha-noi"].shown_to == 2028


def test_a_byte_order_mark_and_decomposed_letters_do_not_change_names(folder: RegisterFolder) -> None:
    text = "\ufeff" + unicodedata.normalize("NFD", read_plan_text(folder))
    folder.write(PLAN_FILE, text)
    assert load_register(folder.path).plans["ha-noi"].focal_agency == "Sở Công Thương"


def test_names_are_replaced_by_canonical_ones(folder: RegisterFolder) -> None:
    folder.replace(PLAN_FILE, 'leads = ["Sở Công Thương"]', 'leads = ["sct", "Uỷ ban nhân dân xã, phường"]')
    assert load_register(folder.path).tasks["ha-noi.III.1"].leads == ("Sở Công Thương", "UBND các xã, phường")


def test_a_collective_in_a_roster_is_replaced_by_its_members(folder: RegisterFolder) -> None:
    folder.replace(PLAN_FILE, "stretch = 5", 'roster = ["Sở Công Thương", "UBND các xã, phường"]')
    assert len(load_register(folder.path).targets["ha-noi.01"].roster) == 127


@pytest.mark.parametrize(("comparator", "stretch"), [(">", 5), ("<=", 0)])
def test_a_floor_of_0_is_allowed_if_a_report_of_0_does_not_meet_it(
    folder: RegisterFolder, comparator: str, stretch: int
) -> None:
    folder.replace(
        PLAN_FILE,
        'comparator = ">="\nfloor = 2\nstretch = 5',
        f'comparator = "{comparator}"\nfloor = 0\nstretch = {stretch}',
    )
    assert load_register(folder.path).targets["ha-noi.01"].floor == 0


def test_a_ceiling_may_be_above_its_stretch(folder: RegisterFolder) -> None:
    folder.replace(PLAN_FILE, 'comparator = ">="\nfloor = 2\nstretch = 5', 'comparator = "<="\nfloor = 5\nstretch = 2')
    assert load_register(folder.path).targets["ha-noi.01"].stretch == 2


def test_the_hash_changes_with_any_byte_and_with_nothing_else(folder: RegisterFolder, tmp_path: Path) -> None:
    old_hash = load_register(folder.path).hash
    assert load_register(folder.path).hash == old_hash
    empty = tmp_path / "empty"
    empty.mkdir()
    assert load_register(folder.path, empty).hash == old_hash
    folder.append(PLAN_FILE, "# a remark\n")
    assert load_register(folder.path).hash != old_hash


def read_plan_text(folder: RegisterFolder) -> str:
    return (folder.path / PLAN_FILE).read_text(encoding="utf-8")


def test_amounts_up_to_the_limit_are_accepted(folder: RegisterFolder) -> None:
    amount = "999999999999"
    folder.replace("plans/ha-noi.toml", "stretch = 5", f"shares = {{ SCT = {amount}.999999 }}")
    folder.replace("plans/ha-noi.toml", "floor = 2", f"floor = {amount}\npopulation = {amount}")
    target = load_register(folder.path).targets["ha-noi.01"]
    assert target.floor == target.population == int(amount)
    assert [*target.shares.values()] == [Decimal(f"{amount}.999999")]


def test_a_share_of_at_most_1_of_a_ratio_is_accepted(folder: RegisterFolder) -> None:
    folder.replace("plans/ha-noi.toml", "floor = 1.0", "floor = 1.0\nshares = { SCT = 0.9 }")
    assert [*load_register(folder.path).targets["ha-noi.02"].shares.values()] == [Decimal("0.9")]


def test_the_columns_of_an_annex_are_facts_of_the_plan(folder: RegisterFolder) -> None:
    columns = (
        'annex_columns = [{ content = "task", title = "Việc" },'
        ' { content = "leads", title = "Chủ trì", group = "Cơ quan" }]'
    )
    folder.replace("plans/ha-noi.toml", 'text = "trial.txt"', f'{columns}\ntext = "trial.txt"')
    assert load_register(folder.path).plans["ha-noi"].annex_columns == (
        AnnexColumn("task", "Việc"),
        AnnexColumn("leads", "Chủ trì", "Cơ quan"),
    )
