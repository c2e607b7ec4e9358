"""A small plan, sheets built cell by cell, and a world in which they are synced into a real database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpis.errors import SourceError
from kpis.measures.publish import publish_totals
from kpis.register.model import Agency, Indicator, Plan, Register, Section, Target, Task
from kpis.sheet.cells import EMPTY_CELL, make_date_cell, make_number_cell, make_text_cell
from kpis.sheet.model import Cell, RawRow, RawSheet, RawTab, Source
from kpis.sources.config import SourcesFile
from kpis.store.database import Database
from kpis.store.version_store import VersionStore
from kpis.sync.result import SourceResult, SyncResult
from kpis.sync.sync import run

SheetValue = str | int | date | None
SheetRow = Mapping[str, SheetValue]

NOON = datetime(2026, 6, 1, 5)
COLUMNS = ("Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng", "Tổng số", "Nội dung", "Minh chứng")
TASK_COLUMNS = ("Mã", "Cơ quan", "Trạng thái", "Ngày hoàn thành", "Kết quả")


def make_target(number: int, indicator: str, **overrides: Any) -> Target:
    """Return a target of the plan "p": at least 50 news items a year, unless overridden."""
    target = Target(
        id=f"p.{number:02}", plan="p", indicator=indicator, title_vi=f"Chỉ tiêu {number}",
        title_en=f"Target {number}", section="I", line=number, measure="count", accumulation="increment",
        comparator=">=", floor=Decimal(50),
        stretch=None, unit_vi="tin", unit_en="items", recurrence="yearly", recurrence_basis="stated",
        recurrence_reason_vi=None, recurrence_reason_en=None, force="binding", lead="Sở Công Thương",
        lead_basis="stated", pace="linear", due=None,
    )  # fmt: skip
    return replace(target, **overrides)


def make_register(*, register_hash: str = "first", without: Collection[str] = (), **overrides: object) -> Register:
    """Return the plan "p" for 2025 to 2027: news items, officers trained (a ratio), a ceremony, one task.

    `without` names agencies to leave out; `overrides` change the ratio target.
    """
    ratio = {"measure": "ratio", "accumulation": "level", "floor": Decimal(1), "recurrence": "by_end"}
    targets = [
        make_target(1, "news_items"),
        make_target(2, "officers_trained", **{**ratio, **overrides}),
        make_target(3, "launch_ceremony", measure="milestone", floor=Decimal(1)),
    ]
    names = ["Sở Công Thương", "Sở Tài chính", "Công an tỉnh"]
    plan = Plan(
        "p", "Thử", "Thử", "province", "Kế hoạch thử", "Trial plan", "UBND",
        2025, 2027, 2027, names[0], "p.txt",
    )  # fmt: skip
    task = Task("p.I.1", "p", "I", "1", "Việc", "Task", 9, (names[0],), (), None, None, "once", 2026, 2026)
    return Register(
        indicators={
            name: Indicator(name, name, name, "u", "u", target.measure, target.accumulation)
            for target in targets
            for name in [target.indicator]
        },
        plans={"p": plan},
        targets={target.id: target for target in targets},
        sections=(Section("I", "p", "Mục", "Section", 8),),
        tasks={task.id: task},
        agencies=tuple(Agency("p", name, "department", (), "named") for name in names if name not in without),
        collectives=(),
        hash=register_hash,
    )  # fmt: skip


def make_entry(
    day: SheetValue, quantity: SheetValue = 1, agency: SheetValue = "Sở Công Thương", **more: SheetValue
) -> SheetRow:
    """Return one row of news items; `more` fills further columns."""
    columns = {"target": "Chỉ tiêu", "total": "Tổng số", "content": "Nội dung", "evidence": "Minh chứng"}
    row = {"Ngày": day, "Cơ quan": agency, "Chỉ tiêu": "p.01", "Số lượng": quantity, "Minh chứng": "1/BC"}
    return {**row, **{columns[name]: value for name, value in more.items()}}


def make_entries(count: int, start: int = 1) -> list[SheetRow]:
    """Return `count` valid rows, all different."""
    return [
        make_entry(date(2026, 1, 1 + number % 28), 1, content=f"tin {number}") for number in range(start, start + count)
    ]


def make_report(status: str, day: SheetValue = None, result: SheetValue = None) -> SheetRow:
    """Return one row of tasks."""
    return {"Mã": "p.I.1", "Trạng thái": status, "Ngày hoàn thành": day, "Kết quả": result}


def make_sheet(
    rows: Iterable[SheetRow],
    tasks: Iterable[SheetRow] | None = None,
    *,
    columns: Sequence[str] = COLUMNS,
    task_columns: Sequence[str] = TASK_COLUMNS,
    title_rows: int = 0,
    tasks_first: bool = False,
) -> RawSheet:
    """Return a sheet of these rows with the columns in this order and title rows above the header."""
    tabs = [_make_tab("Tiến độ", columns, rows, title_rows)]
    if tasks is not None:
        tabs.append(_make_tab("Nhiệm vụ", task_columns, tasks, title_rows))
    return RawSheet(tuple(reversed(tabs) if tasks_first else tabs), NOON)


def _make_tab(name: str, columns: Sequence[str], rows: Iterable[SheetRow], title_rows: int) -> RawTab:
    titles = [[make_text_cell("Báo cáo")] for _ in range(title_rows)]
    cells = [*titles, [make_text_cell(column) for column in columns]]
    cells += [[_make_cell(row.get(column)) for column in columns] for row in rows]
    return RawTab(name, tuple(RawRow(number, tuple(row)) for number, row in enumerate(cells, start=1)))


def _make_cell(value: SheetValue) -> Cell:
    if value is None:
        return EMPTY_CELL
    if isinstance(value, date):
        return make_date_cell(value)
    return make_text_cell(value) if isinstance(value, str) else make_number_cell(float(value))


Content = dict[str, list[tuple[object, ...]]]
CONTENT_COLUMNS = {
    "entries": "plan, target, agency, occurred_on, quantity, denominator, content, evidence, entered_by",
    "task_reports": "plan, task, agency, status, finished_on, result, evidence, difficulty",
    "rejections": "plan, agency, target, code, value",
    "warnings": "plan, agency, target, code, value",
    "raw_rows": "cells",
}


@dataclass
class World:
    """Sheets by source id, a clock, and their database; a SourceError stands for a broken sheet."""

    pointer: Path
    sheets: dict[str, RawSheet | SourceError | None] = field(default_factory=dict)
    register: Register = field(default_factory=make_register)
    now: datetime = NOON
    sample: bool = False
    store: VersionStore | None = None

    def sync(self, *accept: str) -> SyncResult:
        """Sync every sheet."""
        sources = tuple(Source(name, "p", "workbook", f"{name}.xlsx") for name in self.sheets)
        file = SourcesFile(sources, self.sample)
        return run(
            file, self.pointer, self.register, self.now, publish_totals, accept, read=self.read, store=self.store
        )

    def sync_one(self, *accept: str) -> SourceResult:
        """Sync the only sheet."""
        (result,) = self.sync(*accept).sources
        return result

    def read(self, source: Source, now: datetime) -> RawSheet | None:
        """Return the current sheet of a source."""
        sheet = self.sheets[source.id]
        if isinstance(sheet, SourceError):
            raise sheet
        return sheet

    def open_database(self) -> Database:
        """Open the current version."""
        database = Database.open(self.pointer)
        assert database is not None
        return database

    def list_findings(self, table: str) -> list[dict[str, object]]:
        """Return the current rejections or warnings at their positions in the version."""
        database = self.open_database()
        try:
            return database.fetch_rows(f"select * from {table} where retired_at is null")  # noqa: S608
        finally:
            database.close()

    def read_content(self, known_at: datetime | None = None) -> Content:
        """Return the rows of every table without positions and times, current or as known at a moment."""
        database = self.open_database()
        try:
            return {table: _read_table(database, table, known_at) for table in CONTENT_COLUMNS}
        finally:
            database.close()


def _read_table(database: Database, table: str, known_at: datetime | None) -> list[tuple[object, ...]]:
    condition = "retired_at is null"
    if known_at is not None:
        condition = "recorded_at <= $at and (retired_at is null or retired_at > $at)"
    sql = f"select source, {CONTENT_COLUMNS[table]} from {table} where {condition}"  # noqa: S608
    rows = database.fetch_rows(sql, {} if known_at is None else {"at": known_at})
    return sorted((tuple(row.values()) for row in rows), key=repr)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "var" / "kpis.json")
