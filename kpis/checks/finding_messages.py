"""The sentence for each code: which cell, what is wrong with it, what to do (design.md §4).

A code may have several sentences: `code.reason` if the finding's detail gives a reason, `code.nearest` if it
suggests a name, `code.open` for a plan without an end, `code.column` if the sheet lacks the column. All are
catalogue keys of locale/vi/checks.po.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kpis.language.messages import Language, translate

MAX_VALUE_LENGTH = 80
"""The most characters of a cell that a sentence quotes."""

SENTENCES: Mapping[str, str] = {
    "date_missing": "the day is missing; write it as day/month/year",
    "date_missing.column": (
        "a task that is done needs its day; add the column “Ngày hoàn thành” and write it there"
    ),
    "date_unreadable": "“{value}” cannot be read as a day; write day/month/year, like 15/03/2026",
    "date_unreadable.calendar": "{value} is not in the calendar; write the day again as day/month/year",
    "date_unreadable.year": (
        "“{value}” lacks the year in four digits; write day/month/year, like 15/03/2026"
    ),
    "date_unreadable.number": "the number {value} is no day; write day/month/year, like 15/03/2026",
    "date_unreadable.format": (
        "“{value}” is not formatted as a day; choose the format Date and type the day again"
    ),
    "date_future": (
        "{value} is still to come; the row counts from that day on, or mend the day if it is a slip"
    ),
    "date_outside_plan": (
        "{value} is outside the plan, which runs from 01/01/{first} to 31/12/{last}; check the year"
    ),
    "date_outside_plan.open": "{value} is before the plan, which runs from 01/01/{first}; check the year",
    "agency_missing": "the agency is missing; write its name",
    "agency_missing.column": (
        "the agency is missing and the word of several decides this task; add the column “Cơ quan”"
    ),
    "agency_missing.task": (
        "the agency is missing and the word of several decides this task; write which one reports"
    ),
    "agency_unknown": "“{value}” is no agency of this plan; choose the name from the list of agencies",
    "agency_unknown.nearest": "“{value}” is no agency of this plan; if “{nearest}” is meant, write it so",
    "agency_unknown.several": "“{value}” is more than one agency; write each agency in its own row",
    "target_missing": "the target is missing; write its code or title",
    "target_unknown": "“{value}” is no target of this plan; write a target's code or title",
    "target_unknown.nearest": "“{value}” is no target of this plan; if “{nearest}” is meant, write it so",
    "target_ambiguous": "“{value}” fits several targets; write the code of one: {candidates}",
    "quantity_missing": "the number is missing; write a whole number, 0 if there is nothing yet",
    "quantity_unreadable": "“{value}” is not a number; write digits only, without words, units or signs",
    "quantity_unreadable.english": (
        "“{value}” can be read in two ways; write thousands with dots or without a mark, like 1.000 or 1000"
    ),
    "quantity_unreadable.percent": (
        "“{value}” is a percentage; choose the format Number and write how many, "
        "and out of how many in “Tổng số”"
    ),
    "quantity_unreadable.format": (
        "“{value}” is a day, a time or a tick box; choose the format Number and type the number again"
    ),
    "quantity_unreadable.large": "{value} is too large for a count; check it",
    "quantity_unreadable.milestone": (
        "“{value}” does not say whether it is done; write 1 or Hoàn thành, or 0 for not yet"
    ),
    "quantity_unreadable.done": "this target is counted, so “{value}” is not enough; write how many",
    "quantity_negative": "{value} is below 0; write a whole number from 0 up",
    "quantity_not_whole": "{value} is not whole; write a whole number",
    "denominator_missing": "the total is missing; write out of how many",
    "denominator_missing.column": (
        "a ratio needs its total; add the column “Tổng số” and write out of how many"
    ),
    "numerator_exceeds_denominator": "{value} is more than its total {total}; check both numbers",
    "formula_error": "the formula gives no value ({value}); mend it, or type the value itself",
    "duplicate_row": "the row repeats row {row}; delete it, or tell the two apart under “Nội dung”",
    "duplicate_row.source": (
        "the source “{source}” has this very row and it is counted there; delete one of the two, or tell "
        "them apart under “Nội dung”"
    ),
    "task_missing": "the code of the task is missing; write it, like dong-thap.III.5",
    "task_unknown": "“{value}” is no task of this plan; write its code, like dong-thap.III.5",
    "task_unknown.nearest": "“{value}” is no task of this plan; if “{nearest}” is meant, write it so",
    "status_missing": (
        "the status is missing; choose Chưa thực hiện, Đang thực hiện, Hoàn thành or Tạm dừng"
    ),
    "status_unknown": (
        "“{value}” is not a status; choose Chưa thực hiện, Đang thực hiện, Hoàn thành or Tạm dừng"
    ),
    "evidence_missing": "no evidence yet; add a link or a document number",
    "evidence_missing.column": (
        "no evidence yet; add the column “Minh chứng” with a link or a document number"
    ),
    "evidence_shared": "row {row} gives the same link; check that one event was not typed twice",
    "looks_cumulative": (
        "the numbers of this agency only grow; write what each row adds, not the total so far"
    ),
    "ratio_fell": "the ratio is lower than it was before ({before}); check both numbers",
    "same_day_conflict": (
        "another row of the same day says something else; until one is deleted the one read last counts, of "
        "two read together the smaller"
    ),
}


def format_sentence(
    code: str,
    lang: Language,
    cell: str | None,
    header: str | None,
    value: str | None,
    detail: Mapping[str, str | int],
) -> str:
    """Return a finding's sentence as plain text: "D12: 31/02/2026 không có trong lịch; hãy ghi lại …".

    It begins with the cell and other cells with the same code, or with the header if the sheet lacks the
    column. An unknown code (from a database written by another release) is shown as it is.
    """
    key = next(
        (SENTENCES[name] for name in _list_message_names(code, cell, detail) if name in SENTENCES), code
    )
    values = {name: _shorten_value(text) for name, text in {"value": value or "", **detail}.items()}
    # Codes of quantities also apply to Tổng số, so the column is named (design.md §4).
    first = f"{cell} ({header})" if cell and header and code.startswith("quantity_") else cell or header
    place = ", ".join(str(part) for part in (first, detail.get("also")) if part)
    body = translate(lang, key, **values)
    return f"{place}: {body}" if place else body[:1].upper() + body[1:]


def _list_message_names(code: str, cell: str | None, detail: Mapping[str, str | int]) -> Iterator[str]:
    if cell is None:
        yield f"{code}.column"
    if "reason" in detail:
        yield f"{code}.{detail['reason']}"
    if "nearest" in detail:
        yield f"{code}.nearest"
    if "first" in detail and "last" not in detail:
        yield f"{code}.open"
    yield code


def _shorten_value(value: str | int) -> str | int:
    if isinstance(value, int) or len(value) <= MAX_VALUE_LENGTH:
        return value
    return value[: MAX_VALUE_LENGTH - 1].rstrip() + "…"
