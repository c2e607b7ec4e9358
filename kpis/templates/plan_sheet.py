"""The content of a sheet ready to fill, as workbook or Google Sheet: columns, lists, rows (design.md §4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from kpis.errors import UsageError
from kpis.language.formatting import format_day
from kpis.language.messages import translate
from kpis.language.normalization import to_sort_key
from kpis.register.model import Agency, Plan, Register, Target, Task
from kpis.register.names import TargetNames
from kpis.register.successors import Successors
from kpis.sheet.tab_headers import FEEDBACK_HEADER, TAB_NAMES

PROGRESS_TAB, TASKS_TAB = TAB_NAMES["progress"], TAB_NAMES["tasks"]
EXPLANATIONS_TAB = TAB_NAMES["explanations"]
GUIDE_TAB, TARGETS_TAB, LISTS_TAB = "Hướng dẫn", "Chỉ tiêu", "Danh sách (hệ thống)"
CONFIRMATION_CHOICES = ("x",)
STATUS_CHOICES = ("Chưa thực hiện", "Đang thực hiện", "Hoàn thành", "Tạm dừng")

TemplateColumnKind = Literal[
    "day",
    "agency",
    "target",
    "count",
    "total",
    "task",
    "status",
    "confirmation",
    "text",
    "feedback",
    "note",
    "any_day",
]


@dataclass(frozen=True)
class TemplateColumn:
    """One column: header, width in characters, kind of its cells, hint (a catalogue key)."""

    header: str
    width: int
    kind: TemplateColumnKind
    hint: str


_DAY_HINT = "The day it happened: day/month/year, like 15/03/2026, not after today."
_COUNT_HINT = (
    "A whole number, 0 or more, without words or units; an amount may have decimals. "
    "A ratio: how many are done; with an upper limit, how many are still open. "
    "A milestone: 1 once it is done."
)
_TOTAL_HINT = "Only for ratios: the total, as in 45 trained out of 60. Otherwise leave it empty."
_EVIDENCE_HINT = "A link or a document number, a different one for each row. Without it the row counts, with a warning."
_CONFIRMATION_HINT = (
    "Write x if the system asks about the row (?) and the row is right as it is. Otherwise leave it empty."
)
_SHARED_EVENT_HINT = (
    "Only for an event that several rows report: the same name in each of them; it is then counted once."
)
_FEEDBACK_HINT = (
    "Written by the system: ✓ counted, ? counted, to be confirmed, ! counted with a warning, ✗ to be fixed, "
    "○ no data. Do not type here."
)
_REPORTER_HINT = "The agency that reports in this row. Another agency on the same task adds a row."

PROGRESS_COLUMNS = (
    TemplateColumn("Ngày", 13, "day", _DAY_HINT),
    TemplateColumn("Cơ quan", 36, "agency", "Choose from the list. One row is the work of one agency."),
    TemplateColumn("Chỉ tiêu", 46, "target", "Choose from the list. The tab “Chỉ tiêu” says how it is counted."),
    TemplateColumn("Số lượng", 12, "count", _COUNT_HINT),
    TemplateColumn("Tổng số", 12, "total", _TOTAL_HINT),
    TemplateColumn("Nội dung", 46, "text", "What was done, in a few words."),
    TemplateColumn("Minh chứng", 36, "text", _EVIDENCE_HINT),
    TemplateColumn("Người nhập", 20, "text", "Who typed the row, for questions about it."),
    TemplateColumn("Xác nhận", 11, "confirmation", _CONFIRMATION_HINT),
    TemplateColumn("Sự kiện chung", 30, "text", _SHARED_EVENT_HINT),
    TemplateColumn(FEEDBACK_HEADER, 48, "feedback", _FEEDBACK_HINT),
)
TASK_COLUMNS = (
    TemplateColumn("Mã", 20, "task", "The task's code, already filled in. In a row that you add, choose it."),
    TemplateColumn("Nhiệm vụ", 58, "text", "The task in short, already filled in."),
    TemplateColumn("Cơ quan", 36, "agency", _REPORTER_HINT),
    TemplateColumn("Trạng thái", 18, "status", "Choose from the list. A row without a status is not a report yet."),
    TemplateColumn(
        "Ngày hoàn thành", 16, "day", "Required with the status Hoàn thành: day/month/year, not after today."
    ),
    TemplateColumn("Kết quả", 40, "text", "The result."),
    TemplateColumn("Minh chứng", 36, "text", "A link or a document number."),
    TemplateColumn("Khó khăn", 36, "text", "Difficulties and obstacles."),
    TemplateColumn(FEEDBACK_HEADER, 48, "feedback", _FEEDBACK_HINT),
    TemplateColumn("Chủ trì theo kế hoạch", 36, "note", "Every lead agency that the plan names. Read only."),
    TemplateColumn("Thời hạn", 20, "note", "The due date under the plan. Read only."),
    TemplateColumn("Mục, số trong kế hoạch", 18, "note", "Section and number as the plan prints them. Read only."),
)
EXPLANATION_COLUMNS = (
    TemplateColumn("Mã", 20, "text", "The code of the target or task; empty where the question is about the agency."),
    TemplateColumn("Cơ quan", 36, "agency", "The agency that explains."),
    TemplateColumn("Ngày yêu cầu", 14, "any_day", "The day of the question: day/month/year."),
    TemplateColumn("Nội dung yêu cầu", 46, "text", "What the agency is to explain."),
    TemplateColumn("Hạn trả lời", 14, "any_day", "The day by which to answer; a week later if it is empty."),
    TemplateColumn("Giải trình", 46, "text", "Why. Only this column makes the row an answer."),
    TemplateColumn("Biện pháp", 40, "text", "What the agency does about it."),
    TemplateColumn("Cam kết hoàn thành", 18, "any_day", "The day by which it will be done."),
    TemplateColumn("Ngày trả lời", 14, "any_day", "The day of the answer: day/month/year, not after today."),
    TemplateColumn("Người trả lời", 20, "text", "Who answered, for questions about it."),
    TemplateColumn("Mã yêu cầu", 26, "text", "The code of the request, written by the system. Do not change it."),
    TemplateColumn(FEEDBACK_HEADER, 48, "feedback", _FEEDBACK_HINT),
)
TARGET_HEADERS = (
    ("Mã", 16), ("Chỉ tiêu", 58), ("Mức phải đạt", 14), ("Phấn đấu", 12), ("Đơn vị", 16), ("Kỳ", 22),
    ("Hạn", 18), ("Cách ghi", 60),
)  # fmt: skip
"""Headers and widths in characters of the tab that lists the plan's targets for reference."""

LIST_MESSAGE = "Choose from the list: press the arrow beside the cell."
INTEGER_MESSAGE = "Type a whole number, 0 or more, without words. Only a milestone may say Hoàn thành."
STRICT_KINDS: frozenset[TemplateColumnKind] = frozenset({"day", "task", "total"})
"""The kinds whose checks refuse a wrong value. Other checks only warn, since a sync accepts more than they
do: aliases, indicators, other words for a status, Hoàn thành as the quantity of a milestone."""


@dataclass(frozen=True)
class TemplateTaskRow:
    """One prefilled row of the tab of tasks: a task and one agency that reports on it."""

    task: Task
    agency: str


@dataclass(frozen=True)
class SheetTemplate:
    """A plan's sheet before anyone types into it; every item of its lists is accepted by a sync."""

    plan: Plan
    first_day: date
    last_day: date | None
    agencies: tuple[str, ...]
    targets: tuple[Target, ...]
    target_names: tuple[str, ...]
    tasks: tuple[str, ...]
    task_rows: tuple[TemplateTaskRow, ...]

    @property
    def has_decimals(self) -> bool:
        """True if a quantity may have decimals."""
        return any(target.measure in ("amount", "change", "carried") for target in self.targets)

    @property
    def choices(self) -> Mapping[TemplateColumnKind, tuple[str, ...]]:
        """The items of each kind of drop-down, in the column order of the tab of lists."""
        return {
            "agency": self.agencies,
            "target": self.target_names,
            "task": self.tasks,
            "status": STATUS_CHOICES,
            "confirmation": CONFIRMATION_CHOICES,
        }


def format_day_message(template: SheetTemplate) -> str:
    """Return the Vietnamese message on a day outside the plan's years."""
    first = format_day(template.first_day, "vi")
    if template.last_day is None:
        return translate("vi", "Type day/month/year, from {first} on.", first=first)
    last = format_day(template.last_day, "vi")
    return translate("vi", "Type day/month/year, from {first} to {last}.", first=first, last=last)


def build_template(register: Register, plan_id: str, day: date) -> SheetTemplate:
    """Return the template of one plan with the agencies that stand on a day. UsageError for an unknown plan.

    A plan without annex has no tasks. An agency that has ended is no choice any more, and its successor reports on its
    tasks; a sync still accepts the old names.
    """
    plan = register.plans.get(plan_id)
    if plan is None:
        raise UsageError(
            "There is no plan “{plan}”. Plans are: {plans}.", plan=plan_id, plans=", ".join(register.plans)
        )
    tasks = [task for task in register.tasks_in_force if task.plan == plan_id]
    successors = Successors(register.agencies, plan_id)
    agencies = [
        agency
        for agency in register.agencies
        if agency.plan == plan_id and successors.find(agency.name, day) == agency.name
    ]
    targets = tuple(
        replace(target, lead=successors.find(target.lead, day))
        for target in register.targets_in_force
        if target.plan == plan_id
    )
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
            for name in _list_reporters(
                [successors.find(lead, day) for lead in task.leads],
                {agency.name for agency in agencies},
                successors.find(plan.focal_agency, day),
            )
        ),
    )


def _sort_agency_names(agencies: list[Agency]) -> tuple[str, ...]:
    """Return the names in alphabetical order, departments and other bodies before the communes."""
    ordered = sorted(agencies, key=lambda agency: (agency.kind == "commune", to_sort_key(agency.name)))
    return tuple(agency.name for agency in ordered)


def _list_reporters(leads: Sequence[str], agency_names: Collection[str], focal_agency: str) -> list[str]:
    """Return the agencies whose reports decide: single leads, the focal one for groups (design.md §5)."""
    reporters = list(dict.fromkeys(lead for lead in leads if lead in agency_names))
    if any(lead not in agency_names for lead in leads) and focal_agency not in reporters:
        reporters.append(focal_agency)
    return reporters
