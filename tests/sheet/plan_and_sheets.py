"""A small plan to judge sheets against, and sheets made from plain Python values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from kpis.checks.check import check
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
HEADER = ("Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng", "Tổng số", "Nội dung", "Minh chứng", "Người nhập")
TASK_HEADER = (
    "Mã", "Nhiệm vụ", "Cơ quan", "Trạng thái", "Ngày hoàn thành", "Kết quả", "Minh chứng", "Khó khăn",
)  # fmt: skip
SCT, UBND = "Sở Công Thương", "UBND xã Hòa Bình"

Value = Cell | str | float | bool | date | None


def _indicator(name: str, name_vi: str, measure: Measure = "count", adds: bool = True) -> Indicator:
    return Indicator(name, name_vi, name, "", "", measure, "increment" if adds else "level")


def _target(
    number: int, indicator: Indicator, title: str, recurrence: Recurrence = "yearly", plan: str = PLAN
) -> Target:
    measure: Measure = indicator.measure
    accumulation: Accumulation = indicator.accumulation
    return Target(
        f"{plan}.{number:02}", plan, indicator.id, title, title, "II.2", 1, measure, accumulation, ">=",
        Decimal(1), None, "", "", recurrence, "stated", None, None, "binding", SCT, "reading", "linear", None,
    )  # fmt: skip


def _task(number: int, leads: tuple[str, ...]) -> Task:
    title = f"Nhiệm vụ số {number}"
    return Task(
        f"{PLAN}.III.{number}",
        PLAN,
        "III",
        number,
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


def register(end_year: int | None = 2027) -> Register:
    """One plan of 2026 and 2027 with a target of each kind, and another plan that shares nothing with it."""
    news = _indicator("news_items", "Tin bài")
    events = _indicator("public_events", "Sự kiện công cộng")
    platforms = _indicator("social_platforms", "Nền tảng mạng xã hội", adds=False)
    officers = _indicator("officers_trained", "Cán bộ được tập huấn", "ratio", adds=False)
    launch = _indicator("launch_ceremony", "Lễ phát động", "milestone")
    bodies = _indicator("bodies", "Đơn vị tham gia", "coverage", adds=False)
    targets = [
        _target(1, news, "Ít nhất 50 tin bài mỗi năm"),
        _target(2, events, "Sự kiện tháng 3"),
        _target(3, events, "Sự kiện cuối năm", "by_end"),
        _target(4, platforms, "Duy trì nền tảng"),
        _target(5, officers, "100% cán bộ được tập huấn"),
        _target(6, launch, "Lễ phát động hằng năm"),
        _target(7, bodies, "100% đơn vị tham gia"),
        _target(1, news, "Tin bài của tỉnh khác", plan="q"),
    ]
    tasks = [_task(1, (SCT,)), _task(2, (SCT, "Công an tỉnh")), _task(3, ("UBND các xã",))]
    agencies = [
        Agency(PLAN, SCT, "department", ("SCT",), "named"),
        Agency(PLAN, "Công an tỉnh", "police", (), "inferred"),
        Agency(PLAN, UBND, "commune", ("Ủy ban nhân dân xã Hòa Bình",), "named"),
        Agency("q", "Sở Tư pháp", "department", (), "named"),
    ]
    return Register(
        indicators={one.id: one for one in (news, events, platforms, officers, launch, bodies)},
        plans={
            name: Plan(name, "P", "tỉnh P", "province", "", "", "", 2026, end_year, 2027, SCT, "p.txt")
            for name in (PLAN, "q")
        },
        targets={one.id: one for one in targets},
        sections=(),
        tasks={one.id: one for one in tasks},
        agencies=tuple(agencies),
        collectives=(Collective(PLAN, "UBND các xã", (), "communes"),),
        hash="",
    )


REGISTER = register()


def cell(value: Value) -> Cell:
    """The cell that a reader makes of a value."""
    match value:
        case Cell():
            return value
        case None:
            return cells.EMPTY
        case bool():
            return cells.boolean_cell(value)
        case str():
            return cells.text_cell(value)
        case date():
            return cells.date_cell(value)
        case _:
            return cells.number_cell(float(value))


def tab(
    rows: Sequence[Sequence[Value]],
    header: Sequence[Value] = HEADER,
    name: str = "Tiến độ",
    first: int = 1,
) -> RawTab:
    """A tab with its header in the row `first` and the rows below it."""
    lines = [header, *rows]
    return RawTab(
        name, tuple(RawRow(number, tuple(map(cell, line))) for number, line in enumerate(lines, first))
    )


def sheet(*tabs: RawTab) -> RawSheet:
    """A whole source."""
    return RawSheet(tabs, READ_AT)


def entry(**changes: Value) -> list[Value]:
    """A row of progress that is right in every column, save for the `changes`."""
    right: dict[str, Value] = {
        "day": date(2026, 3, 5), "agency": SCT, "target": "p.01", "quantity": 3, "total": None,
        "content": "Tin trên báo", "evidence": "12/BC-SCT", "entered_by": "An",
    }  # fmt: skip
    return _changed(right, changes)


def report(**changes: Value) -> list[Value]:
    """A row of tasks that is right in every column, save for the `changes`."""
    right: dict[str, Value] = {
        "task": "p.III.1", "title": "Nhiệm vụ số 1", "agency": SCT, "status": "Hoàn thành",
        "day": date(2026, 3, 5), "result": "Xong", "evidence": "12/BC-SCT", "difficulty": None,
    }  # fmt: skip
    return _changed(right, changes)


def judged(*rows: Sequence[Value], today: date = TODAY) -> tuple[CheckedRow, ...]:
    """Rows of progress after judging."""
    return judge(sheet(tab(rows)), today).rows


def judged_tasks(*rows: Sequence[Value], today: date = TODAY) -> tuple[CheckedRow, ...]:
    """Rows of tasks after judging."""
    return judge(sheet(tab([]), tab(rows, TASK_HEADER, "Nhiệm vụ")), today).rows


def judge(raw: RawSheet, today: date = TODAY, tasks_required: bool = False) -> CheckedSheet:
    """A source after judging against the small plan."""
    return check(raw, PLAN, REGISTER, today, tasks_required=tasks_required)


def codes(row: CheckedRow) -> set[str]:
    """The codes of a row's rejections."""
    return {finding.code for finding in row.rejections}


def warned(row: CheckedRow) -> set[str]:
    """The codes of a row's warnings."""
    return {finding.code for finding in row.warnings}


def _changed(right: Mapping[str, Value], changes: Mapping[str, Value]) -> list[Value]:
    unknown = set(changes) - set(right)
    if unknown:
        raise ValueError(f"no such column: {unknown}")
    return list({**right, **changes}.values())
