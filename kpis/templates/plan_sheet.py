"""What a sheet ready to fill holds, whatever program writes it: columns, lists, rows (design.md §4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kpis.errors import UsageError
from kpis.language.normalization import to_sort_key
from kpis.register.model import Agency, Plan, Register, Target, Task
from kpis.register.names import TargetNames
from kpis.sheet.layout import FEEDBACK_HEADER, TAB_NAMES

PROGRESS_TAB, TASKS_TAB = TAB_NAMES["progress"], TAB_NAMES["tasks"]
GUIDE_TAB, TARGETS_TAB, LISTS_TAB = "Hướng dẫn", "Chỉ tiêu", "Danh sách (hệ thống)"
STATUS_CHOICES = ("Chưa thực hiện", "Đang thực hiện", "Hoàn thành", "Tạm dừng")

TemplateColumnKind = Literal[
    "day", "agency", "target", "count", "total", "task", "status", "text", "feedback", "note"
]


@dataclass(frozen=True)
class TemplateColumn:
    """One column: header, width in characters, what its cells are checked as, hint (catalogue key)."""

    header: str
    width: int
    kind: TemplateColumnKind
    hint: str


_DAY_HINT = "The day it happened: day/month/year, like 15/03/2026, not after today."
_COUNT_HINT = (
    "A whole number, 0 or more, without words or units. "
    "A ratio: how many are done. A milestone: 1 once it is done."
)
_TOTAL_HINT = "Only for ratios: out of how many, as in 45 trained out of 60. Else leave it empty."
_EVIDENCE_HINT = (
    "A link or a document number, one of its own for each row. Without it the row counts, with a reminder."
)
_FEEDBACK_HINT = (
    "Written by the system: ✓ counted, ! counted but to be looked at, ✗ to be mended. Type nothing here."
)
_REPORTER_HINT = "The agency that reports in this row. Another agency on the same task adds a row."

PROGRESS_COLUMNS = (
    TemplateColumn("Ngày", 13, "day", _DAY_HINT),
    TemplateColumn("Cơ quan", 36, "agency", "Choose from the list. One row is the work of one agency."),
    TemplateColumn(
        "Chỉ tiêu", 46, "target", "Choose from the list. The tab “Chỉ tiêu” says how it is counted."
    ),
    TemplateColumn("Số lượng", 12, "count", _COUNT_HINT),
    TemplateColumn("Tổng số", 12, "total", _TOTAL_HINT),
    TemplateColumn("Nội dung", 46, "text", "What was done, in a few words."),
    TemplateColumn("Minh chứng", 36, "text", _EVIDENCE_HINT),
    TemplateColumn("Người nhập", 20, "text", "Who typed the row, to be asked about it."),
    TemplateColumn(FEEDBACK_HEADER, 48, "feedback", _FEEDBACK_HINT),
)
TASK_COLUMNS = (
    TemplateColumn(
        "Mã",
        20,
        "task",
        "The task's code, filled in already. In a row of your own, choose it.",
    ),
    TemplateColumn("Nhiệm vụ", 58, "text", "The task in short, filled in already."),
    TemplateColumn("Cơ quan", 36, "agency", _REPORTER_HINT),
    TemplateColumn(
        "Trạng thái", 18, "status", "Choose from the list. A row without a status is no report yet."
    ),
    TemplateColumn(
        "Ngày hoàn thành", 16, "day", "Needed with the status Hoàn thành: day/month/year, not after today."
    ),
    TemplateColumn("Kết quả", 40, "text", "What came of it."),
    TemplateColumn("Minh chứng", 36, "text", "A link or a document number."),
    TemplateColumn("Khó khăn", 36, "text", "What stands in the way."),
    TemplateColumn(FEEDBACK_HEADER, 48, "feedback", _FEEDBACK_HINT),
    TemplateColumn("Chủ trì theo kế hoạch", 36, "note", "Every lead that the plan names. For reading only."),
    TemplateColumn("Thời hạn", 20, "note", "When it is due under the plan. For reading only."),
)
TARGET_HEADERS = (
    ("Mã", 16), ("Chỉ tiêu", 58), ("Mức phải đạt", 14), ("Phấn đấu", 12), ("Đơn vị", 16), ("Kỳ", 22),
    ("Hạn", 18), ("Cách ghi", 60),
)  # fmt: skip
"""Headers and widths of the tab that lists the plan's targets for reference."""


@dataclass(frozen=True)
class TemplateTaskRow:
    """One row filled in on the tab of tasks: a task and one agency that reports on it."""

    task: Task
    agency: str


@dataclass(frozen=True)
class SheetTemplate:
    """A plan's sheet before anyone typed. What the lists offer, the checks accept as it stands."""

    plan: Plan
    first_day: date
    last_day: date | None
    agencies: tuple[str, ...]
    targets: tuple[Target, ...]
    target_names: tuple[str, ...]
    tasks: tuple[str, ...]
    task_rows: tuple[TemplateTaskRow, ...]


def build_template(register: Register, plan_id: str) -> SheetTemplate:
    """The sheet of one plan; UsageError names the plans that there are. A plan without annex has no task."""
    plan = register.plans.get(plan_id)
    if plan is None:
        raise UsageError(
            "No plan “{plan}” is known. Plans are: {plans}.", plan=plan_id, plans=", ".join(register.plans)
        )
    targets = tuple(target for target in register.targets.values() if target.plan == plan_id)
    tasks = [task for task in register.tasks.values() if task.plan == plan_id]
    agencies = [agency for agency in register.agencies if agency.plan == plan_id]
    names = TargetNames(register, plan_id)
    return SheetTemplate(
        plan=plan,
        first_day=date(plan.start_year, 1, 1),
        last_day=None if plan.end_year is None else date(plan.end_year, 12, 31),
        agencies=_sort_agency_names(agencies),
        targets=targets,
        target_names=tuple(
            target.title_vi if names.find(target.title_vi) == target.id else target.id for target in targets
        ),
        tasks=tuple(task.id for task in tasks),
        task_rows=tuple(
            TemplateTaskRow(task, name)
            for task in tasks
            for name in _list_reporters(task, agencies, plan.focal_agency)
        ),
    )


def _sort_agency_names(agencies: list[Agency]) -> tuple[str, ...]:
    """Departments and other bodies first, then the hundred communes, each in alphabetical order."""
    ordered = sorted(agencies, key=lambda agency: (agency.kind == "commune", to_sort_key(agency.name)))
    return tuple(agency.name for agency in ordered)


def _list_reporters(task: Task, agencies: Iterable[Agency], focal_agency: str) -> list[str]:
    """Whose reports decide: single leads; for a collective, the focal department (design.md §5 Task)."""
    single = {agency.name for agency in agencies}
    reporters = [lead for lead in task.leads if lead in single]
    if len(reporters) < len(task.leads) and focal_agency not in reporters:
        reporters.append(focal_agency)
    return reporters
