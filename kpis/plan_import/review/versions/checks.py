"""What stands in the way of accepting a decided draft, beyond each row by itself: what the register would refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kpis.language.normalization import fold
from kpis.plan_import.review.draft.decisions import find_faults
from kpis.plan_import.review.draft.model import Draft, DraftRow, ReviewFault, RowKind
from kpis.plan_import.review.draft.reporting_days import build_reporting_days
from kpis.plan_import.review.draft.values import to_number
from kpis.plan_import.review.versions.annex_numbers import split_number
from kpis.plan_import.review.versions.entries import list_entries, list_new_rows
from kpis.plan_import.review.versions.shapes import PlanYears, list_shapes
from kpis.register.model import Indicator

_INDICATOR_ID = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")


def find_version_faults(
    draft: Draft, indicators: Mapping[str, Indicator], *, may_lack_targets: bool
) -> list[ReviewFault]:
    """Return every fault of the draft; of what follows from the decisions only once each row is in order."""
    faults = find_faults(draft)
    if faults:
        return faults
    faults = [*_check_years(draft)]
    if faults:
        return faults
    faults += [*_check_reporting_days(draft), *_check_due_days(draft)]
    years = read_years(draft)
    if draft.mode != "new":
        faults += _check_entries(draft)
    rows, unchanged = list_promises(draft)
    if faults:
        return faults
    if not rows and not unchanged and not may_lack_targets:
        text = "the plan has neither a target nor a milestone; if that is right, accept it with --no-targets"
        faults.append(ReviewFault(draft.get_row("header.plan"), None, text))
    titles = {fold(row.get_value("title")): row.id for row in unchanged}
    for shape in list_shapes(rows, years):
        row = shape.first_row
        owner = titles.setdefault(fold(row.get_value("title")), row.id)
        if owner != row.id:
            faults.append(ReviewFault(row, "title", "{other} has the same title", {"other": owner}))
        for each in shape.rows:
            faults += _check_promise(each, years, indicators)
        if row.kind == "target" and shape.fields["measure"] != "carried":
            for each in shape.rows:
                faults += _check_value(each)
            faults += _check_counting(row, indicators)
    return faults


def list_promises(draft: Draft) -> tuple[list[DraftRow], list[DraftRow]]:
    """Return the targets and milestones that the draft decides on, and those that an amendment leaves as they are."""
    kinds: tuple[RowKind, ...] = ("target", "milestone")
    if draft.mode == "new":
        return [row for kind in kinds for row in draft.list_rows(kind) if row.is_used], []
    entries = [entry for entry in list_entries(draft, kinds) if entry.rows]
    changed = [row for entry in entries if entry.list_changed() for row in entry.rows]
    return [*changed, *list_new_rows(draft, kinds)], [e.rows[0] for e in entries if not e.list_changed()]


def _check_entries(draft: Draft) -> Iterator[ReviewFault]:
    """What an amendment may not do: move a plan, split a promise, give two tasks one number."""
    for row in (draft.get_row(f"header.{name}") for name in ("place", "province", "kind")):
        if row.decision == "change":
            yield ReviewFault(row, "value", "an amendment cannot change this; import the document as a new plan")
    for entry in list_entries(draft, ("target", "milestone")):
        if entry.rows and entry.list_changed() and len(list_shapes(entry.rows, read_years(draft))) != 1:
            text = "the values of one promise must differ in year and floor alone; change its other values too"
            yield ReviewFault(entry.deciding[0], None, text)
    numbers: dict[tuple[str, str], str] = {}
    tasks = list_entries(draft, ("task",))
    rows = [(entry.rows[0], not entry.is_moved) for entry in tasks if entry.rows]
    rows += [(row, False) for row in list_new_rows(draft, ("task",))]
    for row, _ in sorted(rows, key=lambda item: not item[1]):
        section, number = split_number(row)
        if number and numbers.setdefault((section, number), row.id) != row.id:
            text = "{other} has the number {number} of this section already; end it, or number one of the two again"
            values = {"other": numbers[section, number], "number": number}
            yield ReviewFault(row, "number", text, values)


def find_indicator(row: DraftRow, indicators: Mapping[str, Indicator]) -> Indicator | None:
    """Return the indicator of the register that a row names by id or name; None for a new one."""
    name = fold(row.get_value("indicator"))
    matches = (each for each in indicators.values() if name in {fold(each.id), fold(each.name_vi)})
    return next(matches, None)


def read_years(draft: Draft) -> PlanYears:
    """Return the decided years of a plan whose first year is filled in."""
    last = draft.get_header("end_year")
    return PlanYears(int(draft.get_header("start_year")), int(last) if last else None)


def _check_years(draft: Draft) -> Iterator[ReviewFault]:
    first, last, shown_to = (draft.get_header(name) for name in ("start_year", "end_year", "shown_to"))
    if not last and not shown_to:
        row = draft.get_row("header.shown_to")
        yield ReviewFault(row, "value", "a plan without a last year needs the year up to which it is shown")
    if last and last < first:
        yield ReviewFault(draft.get_row("header.end_year"), "value", "is before the first year")
    if last and shown_to not in {"", last}:
        text = "only a plan without a last year has this; choose Drop"
        yield ReviewFault(draft.get_row("header.shown_to"), "value", text)


def _check_due_days(draft: Draft) -> Iterator[ReviewFault]:
    for row in (row for row in draft.list_rows("task") if row.is_used and row.get_value("due_on")):
        timing, due_on, last_year = (row.get_value(name) for name in ("timing", "due_on", "last_year"))
        if timing == "ongoing":
            yield ReviewFault(row, "due_on", "an ongoing task is never due")
        elif timing == "yearly" and "/" not in due_on:
            yield ReviewFault(row, "due_on", "a yearly task is due on a day of every year, like “30/06”")
        elif "/" not in due_on and due_on[:4] not in {last_year, "" if last_year else due_on[:4]}:
            yield ReviewFault(row, "due_on", "is not in the last year of the task")


def _check_reporting_days(draft: Draft) -> Iterator[ReviewFault]:
    days = build_reporting_days(draft.get_header("reporting_days"))
    if sum(day.of == "year" for day in days) > 1:
        text = "has two days of the year; targets and tasks are due on one: keep that one"
        yield ReviewFault(draft.get_row("header.reporting_days"), "value", text)


def _check_promise(row: DraftRow, years: PlanYears, indicators: Mapping[str, Indicator]) -> Iterator[ReviewFault]:
    if row.get_value("recurrence") == "once" and years.first != years.last:
        text = "“once” is for a plan of one year; choose by the end of the plan, or every year"
        yield ReviewFault(row, "recurrence", text)
    by_year = row.get_value("by_year")
    if by_year and int(by_year) < years.first:
        yield ReviewFault(row, "by_year", "is before the first year of the plan")
    if by_year and years.last and int(by_year) > years.last and row.get_value("recurrence") != "by_end":
        yield ReviewFault(row, "by_year", "is after the last year of the plan")
    name = row.get_value("indicator")
    if _INDICATOR_ID.fullmatch(name) and find_indicator(row, indicators) is None:
        text = "there is no indicator “{name}”; write the name of a new one in words, or empty the cell"
        yield ReviewFault(row, "indicator", text, {"name": name})


def _check_value(row: DraftRow) -> Iterator[ReviewFault]:
    measure, comparator = row.get_value("measure"), row.get_value("comparator")
    for name in ("floor", "stretch"):
        text = row.get_value(name)
        if not text:
            continue
        number = to_number(text)
        if number < 0 or (number == 0 and comparator == ">=" and name == "floor"):
            yield ReviewFault(row, name, "must be more than 0")
        if measure in {"ratio", "coverage"} and number > 1:
            yield ReviewFault(row, name, "more than 100 % of a total is not possible; choose another measure")
        if measure == "count" and number % 1:
            yield ReviewFault(row, name, "a count is a whole number; choose the measure amount for decimals")
    if row.get_value("stretch"):
        floor, stretch = to_number(row.get_value("floor")), to_number(row.get_value("stretch"))
        if (stretch < floor) if comparator.startswith(">") else (stretch > floor):
            yield ReviewFault(row, "stretch", "is less far than the floor")


def _check_counting(row: DraftRow, indicators: Mapping[str, Indicator]) -> Iterator[ReviewFault]:
    """Added up or not is the difference between met and not met, so it is never assumed for a new indicator."""
    if row.get_value("measure") not in {"count", "amount"} or find_indicator(row, indicators) is not None:
        return
    if not row.get_value("accumulation"):
        yield ReviewFault(row, "accumulation", "is empty; say whether entries add up or the latest one counts")
    if not row.get_value("unit"):
        yield ReviewFault(row, "unit", "is empty; write what is counted")
