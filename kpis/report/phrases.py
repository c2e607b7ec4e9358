"""How the yearly report words a target's floor, its result and what it owes; always in Vietnamese."""

from __future__ import annotations

from functools import partial

from kpis.language import formatting
from kpis.language.messages import translate
from kpis.measures.attainment_rows import Attainment
from kpis.measures.owed import Owed, compute_owed, has_unknown_base
from kpis.measures.task_status import TaskStatus
from kpis.report.word_document import Placeholder
from kpis.wording import amounts, change_figures, doubt_sentences, spans, target_figures
from kpis.wording.ratios import has_uncounted_population
from kpis.wording.units import format_share_of_units

t = partial(translate, "vi")
"""The report is in Vietnamese, whatever the language of the command."""

_PROMISE_TEXTS = {
    ">=": "at least {amount}",
    ">": "more than {amount}",
    "<=": "at most {amount}",
    "<": "less than {amount}",
}
_SPAN_TEXTS = {"quarterly": "each quarter", "monthly": "each month", "half_yearly": "each half-year"}
_REMAINING_TEXTS = {
    "milestone": "it has not been done yet",
    "coverage": "{n} agencies have not taken part yet",
}


def mark_unless_known(is_known: bool, text: str) -> str:
    """Return the text; if what it states is not known, as a placeholder for a person to replace."""
    return text if is_known else Placeholder(f"[{text}]")


def end_with_full_stop(text: str) -> str:
    """Return a quoted text as a sentence, with one full stop."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text.rstrip(',;:')}."


def format_task_title(task: TaskStatus) -> str:
    """Return a task's number in the plan and its title."""
    return f"{task['task'].removeprefix(task['plan'] + '.')} {task['title_vi']}"


def format_promise(row: Attainment) -> str:
    """Return what is promised: "ít nhất 50 tin bài", "100% cán bộ" (never "at least 100%"), "hoàn thành"."""
    if row["measure"] == "carried" or row["comparator"] is None:
        return t("as the plan words it")
    if row["measure"] == "milestone" or row["floor"] is None:
        return t("to be done")
    if row["measure"] == "change":
        return change_figures.format_promise(row, "vi")
    amount = target_figures.format_exact_amount(row, row["floor"], "vi")
    is_all = row["is_proportion"] and row["floor"] >= 1 and row["comparator"] == ">="
    if row["is_proportion"]:
        amount = format_share_of_units(amount, row["unit"], "vi", is_all=is_all)
    else:
        amount = f"{amount} {row['unit']}"
    promise = amount if is_all else t(_PROMISE_TEXTS[row["comparator"]], amount=amount)
    if row["stretch"] is not None:
        promise += t(", stretch {amount}", amount=target_figures.format_exact_amount(row, row["stretch"], "vi"))
    return f"{promise} {t(_SPAN_TEXTS[row['recurrence']])}" if row["has_spans"] else promise


def format_result(row: Attainment) -> str:
    """Return what the entries add up to, in the target's own unit; of a year, how many spans are met."""
    if row["has_spans"]:
        return t("{spans} attained", spans=spans.format_spans_met(row, "vi"))
    if row["measure"] == "milestone":
        return t("done") if row["met"] else t("not done")
    if row["measure"] == "ratio":
        if not row["denominator"]:  # every report said 0/0
            return t("0/0 {unit} (there is nobody to count)", unit=row["unit"])
        actual = target_figures.format_actual(row, "vi")
        if has_uncounted_population(row):  # "5/1.000 cán bộ (5/5 trong báo cáo)"
            return f"{actual} {row['unit']} ({target_figures.format_qualifier(row, 'vi')})"
        counted = f"{target_figures.format_counted(row, 'vi')} {row['unit']}"
        note = target_figures.format_base_note(row, "vi")
        return f"{actual} ({counted}, {note})" if note else f"{actual} ({counted})"
    if row["measure"] == "coverage":
        if not row["roster_size"]:
            return target_figures.format_actual(row, "vi") if row["reporting_agencies"] else t("no figures yet")
        size = formatting.format_number(row["roster_size"], "vi")
        return f"{target_figures.format_counted(row, 'vi')}/{size} {t('agencies and units')}"
    if row["measure"] == "change":
        done = target_figures.format_actual(row, "vi")
        return f"{done} ({target_figures.format_counted(row, 'vi')} {row['unit']})" if row["entries"] else done
    return f"{target_figures.format_actual(row, 'vi')} {row['unit']}"


def format_owed(row: Attainment) -> str:
    """Return what a target still owes, worded for a document: what is missing, the due day; else empty."""
    owed = compute_owed(row, row["as_of"])
    if owed is None:
        return ""
    return f"{', '.join(_list_missing(owed))}; {_format_deadline(owed)}"


def format_doubt(row: Attainment) -> str:
    """Return that the figure rests on rows still to be confirmed, with both readings; else empty."""
    figures = doubt_sentences.format_figures(row, "vi")
    return t("the figure rests on rows still to be confirmed ({figures})", figures=figures) if figures else ""


def _list_missing(owed: Owed) -> list[str]:
    row, unit = owed.row, owed.row["unit"]
    parts = []
    if owed.excess:
        key = "{n} {unit} still to be reduced" if row["starts_at_baseline"] else "{n} {unit} above the limit"
        parts.append(t(key, n=amounts.format_gap(owed.excess, "vi"), unit=unit))
    if owed.missing:
        key = _REMAINING_TEXTS.get(row["measure"], "{n} {unit} still missing")
        if row["measure"] == "coverage" and owed.missing < owed.agencies_missing:
            key = "{n} more agencies still have to take part"
        parts.append(t(key, n=amounts.format_gap(owed.missing, "vi"), unit=unit))
    already_listed = owed.missing or 0 if row["measure"] == "coverage" else 0
    for number, key in (
        (
            owed.agencies_silent if owed.agencies_silent > already_listed else 0,
            "{n} agencies have not reported yet",
        ),
        (owed.uncounted, "{n} {unit} are not in any report yet"),
    ):
        if number:
            parts.append(t(key, n=formatting.format_number(number, "vi"), unit=unit))
    if owed.unmet_spans:
        parts.append(spans.format_unmet(owed.unmet_spans, "vi"))
    if owed.no_roster:
        parts.append(t("the list of agencies that must do it has not been fixed yet"))
    if has_unknown_base(row) and row["reporting_agencies"]:
        reporting = formatting.format_number(row["reporting_agencies"], "vi")
        parts.append(t("{n} agencies have submitted a report", n=reporting))
    if doubt := format_doubt(row):
        parts.append(doubt)
    return parts or [t("no report has been received yet")]


def _format_deadline(owed: Owed) -> str:
    if owed.days_left < 0:
        key = "it was due by {day}"
    elif owed.days_left == 0:
        key = "it is due on {day}"
    else:
        key = "it is due by {day}"
    return t(key, day=formatting.format_day(owed.row["due_on"], "vi"))


def lower_first_letter(text: str) -> str:
    """Return a label as it stands within a sentence."""
    return text[:1].lower() + text[1:]
