"""The empty workbook of a plan: read back, filled, protected, with the same bytes each time."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from lxml import etree

from kpis.checks.source_check import check_source
from kpis.errors import UsageError
from kpis.language.messages import load_catalogue
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.register.names import AgencyNames, TargetNames
from kpis.sheet.layout import find_layouts
from kpis.sheet.model import CheckedSheet, RawSheet
from kpis.sources.xlsx.read_workbook import read_workbook
from kpis.templates import target_texts
from kpis.templates.guide_lines import COMMON_MISTAKES, build_guide
from kpis.templates.new_sheet import LAST_CHECKED_ROW, build_new_sheet, write_new_sheet
from kpis.templates.plan_sheet import PROGRESS_COLUMNS, TASK_COLUMNS, build_template

OPENPYXL: Any = import_module("openpyxl")  # it has no types
PLANS = ("bac-kan", "dong-thap", "ha-noi", "thai-nguyen", "tuyen-quang")
NOW = datetime(2026, 11, 21, 2)
TODAY = date(2026, 11, 21)
WITHOUT_ANNEX = {"bac-kan", "ha-noi"}


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register()


@pytest.fixture(scope="module")
def books(register: Register) -> dict[str, bytes]:
    return {plan: build_new_sheet(register, plan, TODAY) for plan in PLANS}


def open_workbook(content: bytes) -> Any:  # an openpyxl workbook
    return OPENPYXL.load_workbook(BytesIO(content))


def check_workbook(book: Any, plan: str, register: Register, folder: Path) -> tuple[RawSheet, CheckedSheet]:
    path = folder / f"{plan}.xlsx"
    if isinstance(book, bytes):
        path.write_bytes(book)
    else:
        book.save(path)
    raw = read_workbook(path, NOW)
    return raw, check_source(raw, plan, register, TODAY)


@pytest.mark.parametrize("plan", PLANS)
def test_an_empty_workbook_has_no_rows_and_no_rejections(
    plan: str, books: dict[str, bytes], register: Register, tmp_path: Path
) -> None:
    raw, checked = check_workbook(books[plan], plan, register, tmp_path)
    assert checked.rows == ()
    assert [layout.kind for layout in find_layouts(raw)] == (
        ["progress"] if plan in WITHOUT_ANNEX else ["progress", "tasks"]
    )


@pytest.mark.parametrize("plan", PLANS)
def test_the_same_register_gives_the_same_bytes(plan: str, books: dict[str, bytes], register: Register) -> None:
    assert build_new_sheet(register, plan, TODAY) == books[plan]


@pytest.mark.parametrize("plan", PLANS)
def test_every_item_of_a_list_is_accepted_by_the_checks(plan: str, register: Register) -> None:
    template = build_template(register, plan, TODAY)
    agencies, targets = AgencyNames(register, plan), TargetNames(register, plan)
    assert [agencies.find(name) for name in template.agencies] == list(template.agencies)
    assert [targets.find(name) for name in template.target_names] == [t.id for t in template.targets]
    assert set(template.agencies) == {agency.name for agency in register.agencies if agency.plan == plan}


def test_every_target_and_task_chosen_from_the_lists_gives_an_entry_or_a_report(
    books: dict[str, bytes], register: Register, tmp_path: Path
) -> None:
    plan = "dong-thap"
    book, template = open_workbook(books[plan]), build_template(register, plan, TODAY)
    progress = book["Tiến độ"]
    for number, (target, name) in enumerate(zip(template.targets, template.target_names, strict=True), 2):
        total = 60 if target.measure == "ratio" else None
        quantity = 1 if target.measure == "milestone" else 45
        row = [
            datetime(2026, 3, 15),
            template.agencies[number],
            name,
            quantity,
            total,
            "việc",
            f"số {number}",
        ]
        for column, value in enumerate(row, 1):
            progress.cell(number, column, value)
    tasks = book["Nhiệm vụ"]
    for number in range(2, 2 + len(template.task_rows)):
        tasks.cell(number, 4, "Hoàn thành")
        tasks.cell(number, 5, datetime(2026, 10, 1))
        tasks.cell(number, 7, f"12{number}/BC")
    _, checked = check_workbook(book, plan, register, tmp_path)
    assert [row.rejections for row in checked.rows if row.rejections] == []
    assert [row.warnings for row in checked.rows if row.warnings] == []
    assert [row.entry.target for row in checked.rows if row.entry] == [t.id for t in template.targets]
    reports = [row.report for row in checked.rows if row.report]
    assert {report.task for report in reports} == set(template.tasks)
    assert len(reports) == len(template.task_rows)


@pytest.mark.parametrize("plan", ["dong-thap", "thai-nguyen", "tuyen-quang"])
def test_every_task_has_a_row_for_each_agency_whose_report_decides(plan: str, register: Register) -> None:
    template = build_template(register, plan, TODAY)
    rows = {(row.task.id, row.agency) for row in template.task_rows}
    assert len(rows) == len(template.task_rows)
    agency_names = set(template.agencies)
    for task in (task for task in register.tasks.values() if task.plan == plan):
        for lead in task.leads:
            assert (task.id, lead if lead in agency_names else template.plan.focal_agency) in rows


def test_lists_are_named_ranges_on_a_hidden_tab(books: dict[str, bytes], register: Register) -> None:
    book = open_workbook(books["ha-noi"])
    sheet = book["Danh sách (hệ thống)"]
    assert sheet.sheet_state == "veryHidden"
    name = book.defined_names["ds_co_quan"].attr_text
    agencies = build_template(register, "ha-noi", TODAY).agencies
    assert name == f"'Danh sách (hệ thống)'!$A$2:$A${len(agencies) + 1}"
    assert [cell.value for (cell,) in sheet[name.partition("!")[2].replace("$", "")]] == list(agencies)
    assert agencies[-1].startswith("UBND ")
    assert len(agencies) > 126


@pytest.mark.parametrize(("plan", "last"), [("dong-thap", date(2030, 12, 31)), ("tuyen-quang", None)])
def test_cells_check_days_numbers_and_lists(plan: str, last: date | None, books: dict[str, bytes]) -> None:
    rules = {str(rule.sqref): rule for rule in open_workbook(books[plan])["Tiến độ"].data_validations.dataValidation}
    day = rules[f"A2:A{LAST_CHECKED_ROW}"]
    serial = (date(2026, 1, 1) - date(1899, 12, 30)).days
    assert (day.type, day.formula1) == ("date", str(serial))
    assert day.formula2 == (str((last - date(1899, 12, 30)).days) if last else None)
    assert rules[f"B2:B{LAST_CHECKED_ROW}"].formula1 == "ds_co_quan"
    assert rules[f"C2:C{LAST_CHECKED_ROW}"].formula1 == "ds_chi_tieu"
    for column in "DE":
        rule = rules[f"{column}2:{column}{LAST_CHECKED_ROW}"]
        assert (rule.type, rule.operator, rule.formula1) == ("whole", "greaterThanOrEqual", "0")
    for rule in rules.values():
        assert len(rule.formula1) <= 255
        assert len(rule.error) <= 255
        assert len(rule.errorTitle) <= 32
        assert not rule.error.isascii()  # Vietnamese


def test_tasks_check_codes_statuses_and_agencies(books: dict[str, bytes]) -> None:
    rules = open_workbook(books["thai-nguyen"])["Nhiệm vụ"].data_validations.dataValidation
    formulas = {str(rule.sqref)[0]: rule.formula1 for rule in rules if rule.type == "list"}
    assert formulas == {"A": "ds_nhiem_vu", "C": "ds_co_quan", "D": "ds_trang_thai"}


@pytest.mark.parametrize("tab", ["Tiến độ", "Nhiệm vụ"])
def test_only_the_feedback_column_is_locked_and_no_password_is_set(tab: str, books: dict[str, bytes]) -> None:
    sheet = open_workbook(books["dong-thap"])[tab]
    protection = sheet.protection
    assert protection.sheet
    assert protection.password is None
    assert not any([protection.sort, protection.autoFilter, protection.insertRows, protection.formatCells])
    columns = PROGRESS_COLUMNS if tab == "Tiến độ" else TASK_COLUMNS
    for column, template_column in enumerate(columns, 1):
        letter = sheet.cell(1, column).column_letter
        assert sheet.cell(1, column).value == template_column.header
        assert sheet.cell(1, column).comment.text
        is_feedback = template_column.header == "Phản hồi"
        assert not is_feedback or sheet.column_dimensions[letter].protection.locked
        assert sheet.cell(1, column).protection.locked is is_feedback  # a renamed column would not be found
    assert sheet.freeze_panes == "A2"
    last = {"Tiến độ": "J", "Nhiệm vụ": "H"}[tab]
    assert sheet.auto_filter.ref == f"A1:{last}{LAST_CHECKED_ROW}"


def test_only_the_feedback_column_has_a_locked_style(books: dict[str, bytes]) -> None:
    with ZipFile(BytesIO(books["dong-thap"])) as archive:
        styles = etree.fromstring(archive.read("xl/styles.xml"))
        sheet = etree.fromstring(archive.read("xl/worksheets/sheet2.xml"))
    formats = styles.findall("{*}cellXfs/{*}xf")
    locked: list[int] = []
    for span in sheet.iterfind("{*}cols/{*}col"):
        protection = formats[int(span.get("style"))].find("{*}protection")
        if protection is None or protection.get("locked") != "0":
            locked += range(int(span.get("min")), int(span.get("max")) + 1)
    assert locked == [11]


def test_the_typeface_is_be_vietnam_pro_with_a_sans_serif_as_fallback(books: dict[str, bytes]) -> None:
    with ZipFile(BytesIO(books["ha-noi"])) as archive:
        styles = etree.fromstring(archive.read("xl/styles.xml"))
    fonts = [font for font in styles.iterfind("{*}fonts/{*}font") if font.find("{*}name") is not None]
    used = {int(xf.get("fontId")) for xf in styles.iterfind("{*}cellXfs/{*}xf")} - {0}
    for number in used:
        assert fonts[number].find("{*}name").get("val") == "Be Vietnam Pro"
        assert fonts[number].find("{*}family").get("val") == "2"


def test_the_plans_targets_are_listed_with_floor_and_due_day(books: dict[str, bytes], register: Register) -> None:
    sheet = open_workbook(books["dong-thap"])["Chỉ tiêu"]
    rows = {row[0]: row[1:] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert set(rows) == {target.id for target in build_template(register, "dong-thap", TODAY).targets}
    assert rows["dong-thap.04"][1:6] == ("≥ 3", "5", "tài liệu", "Hằng năm", "15/12 hằng năm")
    assert rows["dong-thap.06"][1] == "100%"
    assert rows["dong-thap.08"][1] == "Hoàn thành"


def test_prefilled_task_rows_show_every_lead_and_the_due_day(books: dict[str, bytes]) -> None:
    sheet = open_workbook(books["thai-nguyen"])["Nhiệm vụ"]
    rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0] == "thai-nguyen.IV.1"]
    assert [row[2] for row in rows][:2] == ["Sở Công Thương", "Sở Khoa học và Công nghệ"]
    assert all(row[3] is None and row[8] is None for row in rows)
    assert rows[0][9].endswith("UBND các xã, phường")
    assert rows[0][10] == "15/11/2026"


def test_every_sentence_of_the_guide_is_translated(register: Register) -> None:
    catalogue = load_catalogue("vi")
    for _, reason, _ in COMMON_MISTAKES:
        assert reason in catalogue
    for column in (*PROGRESS_COLUMNS, *TASK_COLUMNS):
        assert column.hint in catalogue
    for plan in PLANS:
        texts = [cell for line in build_guide(build_template(register, plan, TODAY)) for cell in line.cells]
        assert not [text for text in texts if text in catalogue], "an English key is shown"
        assert any("2030" in text or "2026" in text for text in texts)


@pytest.mark.parametrize(
    ("plan", "typed", "correct"),
    [
        ("dong-thap", "phường An Bình", "UBND phường An Bình"),
        ("bac-kan", "phường Bắc Kạn", "UBND phường Bắc Kạn"),
    ],
)
def test_common_mistakes_are_told_with_the_names_of_the_plan(
    register: Register, plan: str, typed: str, correct: str
) -> None:
    lines = [line.cells for line in build_guide(build_template(register, plan, TODAY))]
    (mistake,) = [cells for cells in lines if cells[0] == typed]
    assert mistake[2] == correct
    other_places = {other.province for other in register.plans.values()} - {register.plans[plan].province}
    assert not [cells for cells in lines if any(place in text for place in other_places for text in cells)]


def test_a_plan_without_targets_has_a_guide_without_examples(register: Register) -> None:
    empty = replace(build_template(register, "ha-noi", TODAY), targets=(), target_names=())
    assert not [line for line in build_guide(empty) if line.cells[0] == "Ví dụ"]


def test_an_unknown_plan_is_refused_with_the_list_of_plans(register: Register) -> None:
    with pytest.raises(UsageError, match=r"Plans are: .*dong-thap"):
        build_new_sheet(register, "hue", TODAY)


def test_a_file_with_rows_is_never_overwritten(register: Register, tmp_path: Path) -> None:
    out = tmp_path / "new" / "bang.xlsx"
    write_new_sheet(register, "ha-noi", TODAY, out)
    write_new_sheet(register, "ha-noi", TODAY, out)  # the same empty sheet again
    out.write_bytes(out.read_bytes() + b"typed")
    with pytest.raises(UsageError, match="already exists"):
        write_new_sheet(register, "ha-noi", TODAY, out)
    assert out.read_bytes().endswith(b"typed")


def test_a_floor_is_written_with_all_its_decimals(register: Register) -> None:
    plan = register.plans["dong-thap"]
    targets = [target for target in register.targets.values() if target.plan == plan.id]
    ratio = next(target for target in targets if target.measure == "ratio")
    count = next(target for target in targets if target.measure == "count")
    assert target_texts.format_floor(replace(ratio, floor=Decimal("0.995"))) == "≥ 99,5%"
    assert target_texts.format_floor(replace(ratio, floor=Decimal(1))) == "100%"
    assert target_texts.format_floor(replace(count, floor=Decimal("2.25"))).endswith(" 2,25")


def test_a_ratio_with_an_upper_limit_is_explained_as_what_remains_of_the_total(register: Register) -> None:
    ratio = next(target for target in register.targets.values() if target.measure == "ratio")
    limit = replace(ratio, comparator="<=", floor=Decimal("0.05"))
    assert target_texts.format_floor(limit) == "≤ 5%"
    assert "số còn tồn / tổng số" in target_texts.explain_counting(limit)
    assert "số đã đạt" not in target_texts.explain_counting(limit)
    assert "số đã đạt" in target_texts.explain_counting(ratio)


def test_the_guide_has_an_example_of_its_own_for_an_upper_limit(register: Register) -> None:
    template = build_template(register, "dong-thap", TODAY)
    ratio = next(target for target in template.targets if target.measure == "ratio")
    limit = replace(ratio, comparator="<", floor=Decimal("0.05"))
    changed = replace(template, targets=(ratio, limit), target_names=("Tập huấn", "Vụ quá hạn"))
    rows = {line.cells[1]: line.cells[3:5] for line in build_guide(changed) if len(line.cells) == 5}
    assert (rows["Tập huấn"], rows["Vụ quá hạn"]) == (("45", "60"), ("1", "60"))


def test_a_target_of_a_plan_of_one_year_names_the_year(register: Register) -> None:
    once = next(target for target in register.targets.values() if target.recurrence == "once")
    assert target_texts.format_recurrence(once, register.plans[once.plan]) == "Trong năm 2026"


def test_the_example_row_of_a_roster_target_names_an_agency_of_the_roster(register: Register) -> None:
    target = register.targets["dong-thap.05"]
    listed = replace(target, measure="coverage", roster=("Sở Tư pháp", "Sở Tài chính"))
    template = build_template(replace(register, targets={**register.targets, target.id: listed}), "dong-thap", TODAY)
    examples = [line.cells for line in build_guide(template) if line.style == "cells"]
    (example,) = [cells for cells in examples if cells[1] == listed.title_vi]
    assert example[2] == "Sở Tư pháp"


@pytest.mark.parametrize("plan", ["dong-thap", "thai-nguyen", "tuyen-quang"])
def test_each_task_has_its_printed_section_and_number_beside_its_code(
    plan: str, books: dict[str, bytes], register: Register
) -> None:
    rows = open_workbook(books[plan])["Nhiệm vụ"].iter_rows(values_only=True)
    titles = next(rows)
    code, citation = titles.index("Mã"), titles.index("Mục, số trong kế hoạch")
    printed = {row[code]: row[citation] for row in rows if row[code]}
    tasks = [task for task in register.tasks.values() if task.plan == plan]
    assert printed == {task.id: f"{task.section}.{task.number}" for task in tasks}


def end_an_agency(register: Register, name: str, successor: str, from_day: date) -> Register:
    agencies = tuple(
        replace(agency, successor=successor, successor_from=from_day)
        if (agency.plan, agency.name) == ("dong-thap", name)
        else agency
        for agency in register.agencies
    )
    return replace(register, agencies=agencies)


def test_the_lists_have_the_agencies_that_stand_on_the_day(register: Register) -> None:
    ended, heir = "Sở Công Thương", "Sở Khoa học và Công nghệ"
    merged = end_an_agency(register, ended, heir, TODAY)
    eve, since = (build_template(merged, "dong-thap", day) for day in (TODAY - timedelta(days=1), TODAY))
    assert eve.agencies == build_template(register, "dong-thap", TODAY).agencies
    assert set(eve.agencies) - set(since.agencies) == {ended}
    led = {row.task.id for row in eve.task_rows if row.agency == ended}
    assert led
    assert led <= {row.task.id for row in since.task_rows if row.agency == heir}
    assert ended not in {row.agency for row in since.task_rows}
    rows = [(row.task.id, row.agency) for row in since.task_rows]
    assert len(set(rows)) == len(rows)


def test_a_focal_agency_that_has_ended_leaves_the_rows_of_groups_to_its_successor(register: Register) -> None:
    focal, heir = register.plans["dong-thap"].focal_agency, "Sở Tài chính"
    groups = {row.task.id for row in build_template(register, "dong-thap", TODAY).task_rows if row.agency == focal}
    merged = end_an_agency(register, focal, heir, TODAY)
    rows = build_template(merged, "dong-thap", TODAY).task_rows
    assert groups
    assert groups <= {row.task.id for row in rows if row.agency == heir}


def test_the_words_on_a_target_name_the_lead_that_stands_on_the_day(register: Register) -> None:
    target = next(each for each in register.targets.values() if each.plan == "dong-thap" and each.measure == "count")
    target = replace(target, accumulation="level", adds_up=False)
    merged = end_an_agency(register, target.lead, "Sở Tài chính", TODAY)
    merged = replace(merged, targets={**merged.targets, target.id: target})
    listed = next(each for each in build_template(merged, "dong-thap", TODAY).targets if each.id == target.id)
    assert "Sở Tài chính" in target_texts.explain_counting(listed)
