"""The sentence for each code: which cell, what is wrong with it, what to do (design.md §4).

A code may have several sentences: `code.reason` if the finding's detail gives a reason, `code.nearest` if it
suggests a name, `code.example` if it names a code of the plan, `code.open` for a plan without an end,
`code.column` if the sheet lacks the column. All are catalogue keys of locale/vi/checks.po.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kpis.language.messages import Language, translate
from kpis.sheet.tab_headers import find_tab_kind

MAX_VALUE_LENGTH = 80
"""The most characters of a cell that a sentence quotes."""

_MERGED_SENTENCE = (
    "the cell is merged into {above} above it, so it holds nothing; unmerge the cells and fill in every row"
)
_MERGED_LEFT_SENTENCE = (
    "the cell is merged into {above} to its left, so it holds nothing; unmerge the cells and fill in each of them"
)
_MERGED_CODES = ("date", "agency", "target", "quantity", "denominator", "task", "status")
OTHER_COLUMN_SENTENCE = (
    "; only this column is read, not {other_cell} ({other_header}), which says “{other_value}”: write it here"
)
SENTENCES: Mapping[str, str] = {
    **{f"{name}_missing.merged_left": _MERGED_LEFT_SENTENCE for name in _MERGED_CODES},
    "date_missing.merged": _MERGED_SENTENCE,
    "date_missing": "the date is missing; write it as day/month/year",
    "date_missing.column": ("a finished task needs its date; add the column “Ngày hoàn thành” and write it there"),
    "date_unreadable": "“{value}” cannot be read as a date; write day/month/year, like 15/03/2026",
    "date_unreadable.calendar": "{value} is not in the calendar; write the date again as day/month/year",
    "date_unreadable.year": ("“{value}” lacks a year of four digits; write day/month/year, like 15/03/2026"),
    "date_unreadable.number": "the number {value} is not a date; write day/month/year, like 15/03/2026",
    "date_unreadable.format": ("“{value}” is not formatted as a date; choose the format Date and type the date again"),
    "date_unreadable.marked": (
        "part of “{value}” is struck through or raised; write only the date that holds, like 15/03/2026"
    ),
    "date_unreadable.no_day": (
        "the cell shows “{shown}” without a day; choose the format Date (dd/mm/yyyy) and write the whole date"
    ),
    "date_future": (
        "{value} is in the future; the row will count from that day on, or correct the date if it is a mistake"
    ),
    "date_outside_plan": ("{value} is outside the plan, which runs from 01/01/{first} to 31/12/{last}; check the year"),
    "date_outside_plan.open": "{value} is before the plan, which runs from 01/01/{first}; check the year",
    "agency_unknown.marked": (
        "part of “{value}” is struck through or raised; write only the name of the agency that holds"
    ),
    "agency_unknown.old_font": "“{value}” is written in the old font {font}; convert it to Unicode",
    "agency_missing.merged": _MERGED_SENTENCE,
    "agency_missing": "the agency is missing; write its name",
    "agency_missing.column": ("the agency is missing and several agencies lead this task; add the column “Cơ quan”"),
    "agency_missing.task": ("the agency is missing and several agencies lead this task; write which one reports"),
    "agency_unknown": "“{value}” is not an agency of this plan; choose a name from the list of agencies",
    "agency_unknown.nearest": "“{value}” is not an agency of this plan; if you mean “{nearest}”, write that name",
    "agency_unknown.several": "“{value}” is more than one agency; write each agency in its own row",
    "target_ended": "“{value}” has not been a target since {day}, when the plan was amended; check the day",
    "target_missing.merged": _MERGED_SENTENCE,
    "target_missing": "the target is missing; write its code or title",
    "target_unknown": "“{value}” is not a target of this plan; write a target's code or title",
    "target_unknown.nearest": "“{value}” is not a target of this plan; if you mean “{nearest}”, write that",
    "target_unknown.task": ("“{value}” is a task, so this row belongs on the tab “Nhiệm vụ”; move it there"),
    "target_unknown.marked": ("part of “{value}” is struck through or raised; write only the target that holds"),
    "target_unknown.old_font": "“{value}” is written in the old font {font}; convert it to Unicode",
    "target_ambiguous": "“{value}” matches several targets; write the code of one: {candidates}",
    "quantity_missing.merged": _MERGED_SENTENCE,
    "quantity_missing": "the number is missing; write a whole number, 0 if there is no result yet",
    "quantity_missing.amount": "the number is missing; write it, 0 if there is no result yet",
    "quantity_unreadable": "“{value}” is not a number; write digits only, without words, units or signs",
    "quantity_unreadable.english": (
        "“{value}” can be read in two ways; write thousands with dots or without separators, like 1.000 or 1000"
    ),
    "quantity_unreadable.percent": (
        "“{value}” is a percentage; choose the format Number, write the quantity, and the total in “Tổng số”"
    ),
    "quantity_unreadable.format": (
        "“{value}” is a date, a time or a tick box; choose the format Number and type the number again"
    ),
    "quantity_unreadable.shown": (
        "the cell shows “{shown}” but holds {value}; choose the format Number and type the number again"
    ),
    "quantity_unreadable.marked": ("part of “{value}” is struck through or raised; write only the number that holds"),
    "quantity_unreadable.large": (
        "{value} is too large: numbers below 1.000.000.000.000 are accepted; check it and its unit"
    ),
    "quantity_unreadable.milestone": (
        "“{value}” does not say whether it is done; write 1 or Hoàn thành, or 0 if it is not done"
    ),
    "quantity_unreadable.done": "this target counts a quantity, so “{value}” is not enough; write the number",
    "quantity_unreadable.decimals": (
        "“{value}” can be read in two ways; type it in a cell of the format Number, where it is not text, or write "
        "fewer or more decimals"
    ),
    "quantity_negative.amount": "{value} is below 0; write a number of 0 or more",
    "quantity_negative": "{value} is below 0; write a whole number of 0 or more",
    "quantity_not_whole": "{value} is not a whole number; write a whole number",
    "denominator_missing.merged": _MERGED_SENTENCE,
    "content_missing": "the target is not measured by a number; write under “Nội dung” what was done",
    "denominator_missing": "the total is missing; write the total, from which the ratio is computed",
    "denominator_missing.column": ("a ratio needs a total; add the column “Tổng số” and write the total there"),
    "numerator_exceeds_denominator": "{value} is more than its total {total}; check both numbers",
    "formula_error": "the formula gives no value ({value}); correct it, or type the value itself",
    "columns_disagree": (
        "“{value}” differs from “{other_value}” in {other_cell} ({other_header}), and both columns mean the "
        "same; correct one of the two, or rename the other column if it means something else"
    ),
    "columns_disagree.empty": (
        "the cell is empty, but {other_cell} ({other_header}), whose column means the same, says "
        "“{other_value}”; write it here, or rename the other column if it means something else"
    ),
    "duplicate_row": "the row repeats row {row}, so it counts once; if it is another event, state the "
    "difference in the column “Nội dung”",
    "duplicate_row.tab": (
        "the row repeats row {row} of the tab “{tab}”, so it counts once; if it is another event, state the "
        "difference in the column “Nội dung”"
    ),
    "duplicate_row.source": (
        "the source “{source}” has the same row, which is counted there; if it is another event, state the "
        "difference in the column “Nội dung”"
    ),
    "task_missing.merged": _MERGED_SENTENCE,
    "task_missing": "the code of the task is missing; write it",
    "task_missing.example": "the code of the task is missing; write it, like {example}",
    "task_unknown": "“{value}” is not a task of this plan; write a task's code",
    "task_unknown.example": "“{value}” is not a task of this plan; write a task's code, like {example}",
    "task_unknown.no_tasks": ("this plan has no annex of tasks; write the result on the tab “Tiến độ”"),
    "task_unknown.target": ("“{value}” is a target, so this row belongs on the tab “Tiến độ”; move it there"),
    "task_unknown.nearest": "“{value}” is not a task of this plan; if you mean “{nearest}”, write that code",
    "task_ambiguous": (
        "“{value}” names several tasks: {candidates}; write the code of one, or its title under “Nhiệm vụ”"
    ),
    "task_unknown.marked": "part of “{value}” is struck through or raised; write only the code that holds",
    "task_unknown.old_font": "“{value}” is written in the old font {font}; convert it to Unicode",
    "status_missing.merged": _MERGED_SENTENCE,
    "status_missing": ("the status is missing; choose Chưa thực hiện, Đang thực hiện, Hoàn thành or Tạm dừng"),
    "status_unknown": ("“{value}” is not a status; choose Chưa thực hiện, Đang thực hiện, Hoàn thành or Tạm dừng"),
    "status_unknown.marked": ("part of “{value}” is struck through or raised; write only the status that holds"),
    "status_unknown.old_font": "“{value}” is written in the old font {font}; convert it to Unicode",
    "target_unknown.entry": "“{value}” is neither a target nor a task of this plan; write the code of one",
    "date_unreadable.answer": (
        "“{value}” cannot be read as a date, so the day on which the row was first read counts; write day/month/year, "
        "like 15/03/2026"
    ),
    "date_unreadable.due": (
        "“{value}” cannot be read as a date, so the answer is due seven days after the question; write day/month/year, "
        "like 15/03/2026"
    ),
    "date_unreadable.promise": (
        "“{value}” cannot be read as a date, so no day is promised; write day/month/year, like 15/03/2026"
    ),
    "request_missing": "there is neither a question nor an answer; write the answer under “Giải trình”",
    "request_mismatch": (
        "the request {request} is about {subject}, asked of {agency}; write its code and agency, or correct the code "
        "of the request"
    ),
    "request_mismatch.agency": (
        "the request {request} is about {agency} itself; empty the code of the target or task, or correct the code of "
        "the request"
    ),
    "request_unknown": (
        "there is no request “{value}” of this plan; write the code as the dashboard shows it, or leave it empty"
    ),
    "request_ambiguous": (
        "{agency} has several open requests on it: {candidates}; write the code of one under “Mã yêu cầu”"
    ),
    "answer_before_request": "the answer is dated before its request of {asked}; check both days",
    "evidence_missing": "there is no evidence; add a link or a document number",
    "evidence_missing.column": ("there is no evidence; add the column “Minh chứng” with a link or a document number"),
    "evidence_shared": "row {row} has the same link; check that the same event was not entered twice",
    "looks_cumulative": ("the numbers of this agency only increase; write what each row adds, not the total so far"),
    "ratio_fell": "the ratio is lower than in the previous report ({before}); check both numbers",
    "same_day_conflict": (
        "another row of the same day has another value; until they agree, the row read last counts, or the "
        "smaller value if both were read together (of a ceiling, the larger)"
    ),
    "confirmation_unknown": ("“{value}” confirms nothing; write x if the row is right as it is, or empty the cell"),
    "shared_event_apart": (
        "row {row} names the same event, but is more than {days} days apart, so both are counted; write a "
        "different name for each event, or correct the date"
    ),
    "date_order_doubtful": (
        "{value} may be {swapped}: in this sheet no date cell is after the 12th of a month, and later days "
        "are text; choose the locale Việt Nam and type the date again, or write x under “Xác nhận” if it is "
        "right"
    ),
    "not_the_lead": (
        "this figure does not add up, so only that of {lead}, which leads the target, counts; this row is kept and "
        "adds nothing"
    ),
    "successor_total_fell": (
        "this is the first figure since the merger or renaming; it replaces those of {agencies}, and the total falls "
        "(it was {before}); check that it holds their part too"
    ),
    "milestone_withdrawn": (
        "this agency reported the milestone as done and later as not done, so its report counts as not done; "
        "correct the wrong row, or write x under “Xác nhận” in the row that says done"
    ),
}


SET_ASIDE_SENTENCES: Mapping[str, str] = {
    "repeats_header": "Not a row of data: it repeats the headers of the columns. Nothing to correct.",
    "numbers_columns": "Not a row of data: it numbers the columns. Nothing to correct.",
    "no_data": (
        "Not a row of data: no day, agency or target can be read in it. If it is a result, write day, "
        "agency, target and number."
    ),
    "no_data.explanations": (
        "Not a row of data: no agency, target or task can be read in it. If it is an answer, write code, agency and "
        "explanation."
    ),
    "no_data.tasks": (
        "Not a row of data: it has neither the code of a task nor a status. If it is a report, write both."
    ),
}
"""The sentence for each reason why a row is set aside; `reason.tasks` is for the tab of tasks, as for the others."""
_CODES_WITH_COLUMN = ("quantity_", "date_", "columns_disagree", "formula_error")
"""Codes that several columns of a tab may have, so the column is named beside the cell (design.md §4)."""


def format_set_aside_sentence(reason: str, lang: Language, tab_name: str) -> str:
    """Return why a row of a tab is no data; an unknown reason, of another release, is shown as it is."""
    key = SET_ASIDE_SENTENCES.get(f"{reason}.{find_tab_kind(tab_name)}", SET_ASIDE_SENTENCES.get(reason, reason))
    return translate(lang, key)


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
    key = next((SENTENCES[name] for name in _list_message_names(code, cell, detail) if name in SENTENCES), code)
    values = {name: _shorten_value(text) for name, text in {"value": value or "", **detail}.items()}
    has_column = cell and header and code.startswith(_CODES_WITH_COLUMN)
    first = f"{cell} ({header})" if has_column else cell or header
    place = ", ".join(str(part) for part in (first, detail.get("also")) if part)
    body = translate(lang, key, **values)
    if "other_cell" in detail and code != "columns_disagree":
        body += translate(lang, OTHER_COLUMN_SENTENCE, **values)
    return f"{place}: {body}" if place else body[:1].upper() + body[1:]


def _list_message_names(code: str, cell: str | None, detail: Mapping[str, str | int]) -> Iterator[str]:
    if cell is None:
        yield f"{code}.column"
    if "reason" in detail:
        yield f"{code}.{detail['reason']}"
    if "nearest" in detail:
        yield f"{code}.nearest"
    if "example" in detail:
        yield f"{code}.example"
    if "first" in detail and "last" not in detail:
        yield f"{code}.open"
    yield code


def _shorten_value(value: str | int) -> str | int:
    if isinstance(value, int) or len(value) <= MAX_VALUE_LENGTH:
        return value
    return value[: MAX_VALUE_LENGTH - 1].rstrip() + "…"
