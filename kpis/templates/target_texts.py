"""Targets and tasks in words for people who fill a sheet: what is required, by when, how it is counted."""

from __future__ import annotations

from decimal import Decimal

from kpis.language import formatting
from kpis.language.change_words import format_change, format_change_promise
from kpis.language.messages import translate
from kpis.register.days import format_year_day
from kpis.register.model import SPAN_MONTHS, Plan, Register, Target, Task
from kpis.register.periods import DueDay, get_due_day, list_own_instances, list_own_periods
from kpis.templates.plan_sheet import TemplateTaskRow

_COMPARATOR_SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}


def format_target_row(register: Register, target: Target) -> tuple[str, ...]:
    """Return a target as a row of the tab of targets, under `plan_sheet.TARGET_HEADERS`."""
    plan = register.plans[target.plan]
    return (
        target.id, target.title_vi, format_floor(target), format_stretch(target), target.unit_vi,
        format_recurrence(target, plan), format_due(register, target), explain_counting(target),
    )  # fmt: skip


def format_floor(target: Target) -> str:
    """Return the floor in words: "≥ 50", "100%", "Hoàn thành"."""
    if target.measure == "milestone":
        return translate("vi", "Milestone reached")
    if target.measure == "change" and target.comparator is not None and not target.stages:
        return format_change_promise(target.comparator, target.floor or 0, "vi")
    if target.stages and target.comparator is not None:
        return "; ".join(f"{stage.year}: {_format_stage_floor(target, stage.floor)}" for stage in target.stages)
    if target.floor is None or target.comparator is None:
        return translate("vi", "Kept in words")
    if target.measure in {"ratio", "coverage"} and target.floor == 1 and target.comparator == ">=":
        return _format_amount(target, target.floor)
    return f"{_COMPARATOR_SIGNS[target.comparator]} {_format_amount(target, target.floor)}"


def _format_stage_floor(target: Target, floor: Decimal) -> str:
    comparator = str(target.comparator)
    if target.measure == "change":
        return format_change_promise(comparator, floor, "vi")
    return f"{_COMPARATOR_SIGNS[comparator]} {_format_amount(target, floor)}"


def format_stretch(target: Target) -> str:
    """Return the stretch in words, "" if there is none."""
    return "" if target.stretch is None else _format_amount(target, target.stretch)


def format_recurrence(target: Target, plan: Plan) -> str:
    """Return the period in words: "Hằng năm", "Đến hết năm 2030"."""
    match target.recurrence:
        case "yearly":
            return translate("vi", "Every year")
        case "once":
            return translate("vi", "In {year}", year=plan.start_year)
        case "by_end" if target.stages:
            years = ", ".join(str(stage.year) for stage in target.stages)
            return translate("vi", "By the end of {year}", year=years)
        case "by_end":
            return translate("vi", "By the end of {year}", year=plan.shown_to)
        case "standing":
            return translate("vi", "At all times")
        case "quarterly":
            return translate("vi", "Every quarter")
        case "monthly":
            return translate("vi", "Every month")
        case "half_yearly":
            return translate("vi", "Every half-year")


def format_due(register: Register, target: Target) -> str:
    """Return the due day: "15/12 hằng năm" for a yearly target, else the full date."""
    if target.recurrence in SPAN_MONTHS:
        return translate("vi", "The last day of each quarter, month or half-year")
    if target.recurrence == "yearly":
        return _format_yearly_day(get_due_day(register.plans[target.plan], target.due))
    return "; ".join(formatting.format_day(period.due_on, "vi") for period in list_own_periods(register, target))


def explain_counting(target: Target) -> str:
    """Return what to type as quantity, and whether rows add up or replace each other (design.md §3)."""
    if target.measure == "milestone":
        return translate("vi", "Type 1 (or Hoàn thành) once it is done; 0 means not yet.")
    if target.measure == "carried":
        return translate("vi", "Write under Nội dung what was done; Số lượng may stay empty.")
    if target.measure == "ratio" and (target.numerator_vi or target.denominator_vi):
        return translate(
            "vi",
            "Số lượng is {numerator}, Tổng số {denominator}. An agency's newer row replaces its older one.",
            numerator=target.numerator_vi or translate("vi", "the number done by that day"),
            denominator=target.denominator_vi or translate("vi", "the number to be done"),
        )
    if target.measure == "ratio" and target.comparator in ("<=", "<"):
        return translate(
            "vi",
            "Số lượng is the number still open or in violation on that day, Tổng số the total. "
            "An agency's newer row replaces its older one.",
        )
    if target.measure == "ratio":
        return translate(
            "vi",
            "Số lượng is the number done by that day, Tổng số the number to be done. "
            "An agency's newer row replaces its older one.",
        )
    if target.measure == "coverage" and target.each > 1:
        return translate(
            "vi",
            "Type only what this row adds; an agency counts once its rows add up to {each}.",
            each=formatting.format_number(target.each, "vi"),
        )
    if target.measure == "coverage":
        return translate("vi", "Type 1 once the agency has taken part; each agency reports in its own row.")
    if target.measure == "change":
        return _explain_change(target)
    if not target.adds_up:
        return translate(
            "vi",
            "Type the figure as of that day, with decimals if there are any. It does not add up: only the newest row "
            "of {lead} counts.",
            lead=target.lead,
        )
    if target.accumulation == "level":
        return translate("vi", "Type the number as of that day. An agency's newer row replaces its older one.")
    return translate("vi", "Type only what this row adds; the system adds the rows up.")


def _explain_change(target: Target) -> str:
    """Return that the figure itself is typed, not by how many percent it has changed, and how it counts."""
    text = (
        "Type the figure as of that day, not by how many percent it changed. "
        "An agency's newer row replaces its older one."
    )
    if target.accumulation == "increment":
        text = "Type only what this row adds, not by how many percent it changed; the system adds the year up."
    elif not target.adds_up:
        text = (
            "Type the figure as of that day, not by how many percent it changed. Only the newest row of {lead} counts."
        )
    compared = "The system compares each year with the year before ({year}: {value})."
    if target.recurrence != "yearly":
        compared = "The system compares it with {year}: {value}."
    year, value = (target.baseline.year, target.baseline.value) if target.baseline else ("", 0)
    number = formatting.format_number(value, "vi", formatting.EXACT_DECIMALS)
    return f"{translate('vi', text, lead=target.lead)} {translate('vi', compared, year=year, value=number)}"


def format_task_row(register: Register, row: TemplateTaskRow) -> dict[str, str]:
    """Return the cells of a prefilled row on the tab of tasks, by header."""
    return {
        "Mã": row.task.id, "Nhiệm vụ": row.task.title_vi, "Cơ quan": row.agency,
        "Mục, số trong kế hoạch": format_task_citation(row.task),
        "Chủ trì theo kế hoạch": "; ".join(row.task.leads), "Thời hạn": format_task_due(register, row.task),
    }  # fmt: skip


def format_task_citation(task: Task) -> str:
    """Return section and number of a task as a sheet may name it by them: "A.I.3"; "" where the plan prints none."""
    return ".".join(part for part in (task.section, task.number) if part)


def format_task_due(register: Register, task: Task) -> str:
    """Return when a task is due: a date, a day of every year, or the plan's own words if it never ends."""
    if task.timing == "yearly":
        return _format_yearly_day(get_due_day(register.plans[task.plan], task.due_on))
    due_on = list_own_instances(register, task)[-1].due_on
    return formatting.format_day(due_on, "vi") if due_on else task.schedule or translate("vi", "At all times")


def _format_amount(target: Target, value: Decimal) -> str:
    if target.measure == "change":
        return format_change(value, "vi")
    if target.measure in {"ratio", "coverage"}:
        return formatting.format_percent(value, 1, "vi", formatting.EXACT_PERCENT_DECIMALS)
    return formatting.format_number(value, "vi", formatting.EXACT_DECIMALS)


def _format_yearly_day(day: DueDay) -> str:
    text = "{day} of the next year, every year" if day.is_next_year else "{day} every year"
    return translate("vi", text, day=format_year_day(day.month_day))
