"""A small plan for checking sheets, and sheets built from plain Python values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from kpis.checks.source_check import check_source
from kpis.register.model import (
    Accumulation,
    Agency,
    Collective,
    Indicator,
    Measure,
    Plan,
    Recurrence,
    Register,
    Target,
    Task,
)
from kpis.sheet import cells
from kpis.sheet.model import Cell, CheckedRow, CheckedSheet, RawRow, RawSheet, RawTab

PLAN = "p"
TODAY = date(2026, 11, 21)
READ_AT = datetime(2026, 11, 21, 2, 0)
PROGRESS_HEADER = (
    "Ngày",
    "Cơ quan",
    "Chỉ tiêu",
    "Số lượng",
    "Tổng số",
    "Nội dung",
    "Minh chứng",
    "Người nhập",
)
TASK_HEADER = (
    "Mã", "Nhiệm vụ", "Cơ quan", "Trạng thái", "Ngày hoàn thành", "Kết quả", "Minh chứng", "Khó khăn",
)  # fmt: skip
SCT, UBND = "Sở Công Thương", "UBND xã Hòa Bình"

RawValue = Cell | str | float | bool | date | None


def _make_indicator(name: str, name_vi: str, measure: Measure = "count", accumulates: bool = True) -> Indicator:
    return Indicator(name, name_vi, name, "", "", measure, "increment" if accumulates else "level")


def _make_target(
    number: int, indicator: Indicator, title: str, recurrence: Recurrence = "yearly", plan: str = PLAN
) -> Target:
    measure: Measure = indicator.measure
    accumulation: Accumulation = indicator.accumulation
    return Target(
        f"{plan}.{number:02}", plan, indicator.id, title, title, "II.2", 1, measure, accumulation, ">=",
        Decimal(1), None, "", "", recurrence, "stated", None, None, "binding", SCT, "reading", "linear", None,
    )  # fmt: skip


def _make_task(number: int, leads: tuple[str, ...]) -> Task:
    title = f"Nhiệm vụ số {number}"
    return Task(
        f"{PLAN}.III.{number}",
        PLAN,
        "III",
        str(number),
        title,
        title,
        1,
        leads,
        (),
        None,
        None,
        "once",
        2026,
        2026,
    )


def build_register(end_year: int | None = 2027) -> Register:
    """Build a plan of 2026 and 2027 with a target of each kind, and an unrelated second plan."""
    news = _make_indicator("news_items", "Tin bài")
    events = _make_indicator("public_events", "Sự kiện công cộng")
    platforms = _make_indicator("social_platforms", "Nền tảng mạng xã hội", accumulates=False)
    officers = _make_indicator("officers_trained", "Cán bộ được tập huấn", "ratio", accumulates=False)
    launch = _make_indicator("launch_ceremony", "Lễ phát động", "milestone")
    bodies = _make_indicator("bodies", "Đơn vị tham gia", "coverage", accumulates=False)
    targets = [
        _make_target(1, news, "Ít nhất 50 tin bài mỗi năm"),
        _make_target(2, events, "Sự kiện tháng 3"),
        _make_target(3, events, "Sự kiện cuối năm", "by_end"),
        _make_target(4, platforms, "Duy trì nền tảng"),
        _make_target(5, officers, "100% cán bộ được tập huấn"),
        _make_target(6, launch, "Lễ phát động hằng năm"),
        _make_target(7, bodies, "100% đơn vị tham gia"),
        _make_target(1, news, "Tin bài của tỉnh khác", plan="q"),
    ]
    tasks = [_make_task(1, (SCT,)), _make_task(2, (SCT, "Công an tỉnh")), _make_task(3, ("UBND các xã",))]
    agencies = [
        Agency(PLAN, SCT, "department", ("SCT",), "named"),
        Agency(PLAN, "Công an tỉnh", "police", (), "inferred"),
        Agency(PLAN, UBND, "commune", ("Ủy ban nhân dân xã Hòa Bình",), "named"),
        Agency("q", "Sở Tư pháp", "department", (), "named"),
    ]
    return Register(
        indicators={item.id: item for item in (news, events, platforms, officers, launch, bodies)},
        plans={
            name: Plan(name, "P", "tỉnh P", "province", "", "", "", 2026, end_year, 2027, SCT, "p.txt")
            for name in (PLAN, "q")
        },
        targets={target.id: target for target in targets},
        sections=(),
        tasks={task.id: task for task in tasks},
        agencies=tuple(agencies),
        collectives=(Collective(PLAN, "UBND các xã", (), ("communes",)),),
        hash="",
    )


REGISTER = build_register()


def make_cell(value: RawValue) -> Cell:
    """Return the cell that a reader builds from a value."""
    match value:
        case Cell():
            return value
        case None:
            return cells.EMPTY_CELL
        case bool():
            return cells.make_boolean_cell(value)
        case str():
            return cells.make_text_cell(value)
        case date():
            return cells.make_date_cell(value)
        case _:
            return cells.make_number_cell(float(value))


def make_tab(
    rows: Sequence[Sequence[RawValue]],
    header: Sequence[RawValue] = PROGRESS_HEADER,
    name: str = "Tiến độ",
    first_row: int = 1,
) -> RawTab:
    """Return a tab with its header in row `first_row` and the rows below it."""
    lines = [header, *rows]
    return RawTab(
        name,
        tuple(RawRow(number, tuple(map(make_cell, line))) for number, line in enumerate(lines, first_row)),
    )


def make_sheet(*tabs: RawTab) -> RawSheet:
    """Return a source with these tabs."""
    return RawSheet(tabs, READ_AT)


def make_entry(**changes: RawValue) -> list[RawValue]:
    """Return a progress row that is valid except for the `changes`."""
    valid: dict[str, RawValue] = {
        "day": date(2026, 3, 5), "agency": SCT, "target": "p.01", "quantity": 3, "total": None,
        "content": "Tin trên báo", "evidence": "12/BC-SCT", "entered_by": "An",
    }  # fmt: skip
    return _apply_changes(valid, changes)


def make_report(**changes: RawValue) -> list[RawValue]:
    """Return a task row that is valid except for the `changes`."""
    valid: dict[str, RawValue] = {
        "task": "p.III.1", "title": "Nhiệm vụ số 1", "agency": SCT, "status": "Hoàn thành",
        "day": date(2026, 3, 5), "result": "Xong", "evidence": "12/BC-SCT", "difficulty": None,
    }  # fmt: skip
    return _apply_changes(valid, changes)


def check_entries(*rows: Sequence[RawValue], today: date = TODAY) -> tuple[CheckedRow, ...]:
    """Return progress rows after checking."""
    return check_raw_sheet(make_sheet(make_tab(rows)), today).rows


def check_reports(*rows: Sequence[RawValue], today: date = TODAY) -> tuple[CheckedRow, ...]:
    """Return task rows after checking."""
    return check_raw_sheet(make_sheet(make_tab([]), make_tab(rows, TASK_HEADER, "Nhiệm vụ")), today).rows


def check_raw_sheet(raw: RawSheet, today: date = TODAY, tasks_required: bool = False) -> CheckedSheet:
    """Return a source after checking it against the small plan."""
    return check_source(raw, PLAN, REGISTER, today, tasks_required=tasks_required)


def get_rejection_codes(row: CheckedRow) -> set[str]:
    """Return the codes of a row's rejections."""
    return {finding.code for finding in row.rejections}


def get_warning_codes(row: CheckedRow) -> set[str]:
    """Return the codes of a row's warnings."""
    return {finding.code for finding in row.warnings}


def _apply_changes(valid: Mapping[str, RawValue], changes: Mapping[str, RawValue]) -> list[RawValue]:
    unknown = set(changes) - set(valid)
    if unknown:
        raise ValueError(f"no such column: {unknown}")
    return list({**valid, **changes}.values())
