"""The verdict on one row, beside it in the sheet: `✓ Đã tính: Tin bài 47/50`, `! …`, `✗ D12: …`.

It begins with one of three signs, so never with = + - @, which a sheet would take for a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kpis.checks.finding_messages import format_sentence
from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.language.normalization import clean
from kpis.register.model import Register, Target
from kpis.sheet.model import CellFinding, CheckedRow, Entry, TaskReport

ACCEPTED_SIGN, WARNING_SIGN, REJECTION_SIGN = "✓", "!", "✗"
MAX_LENGTH = 500
"""Characters of a verdict: a cell, not a letter."""


@dataclass(frozen=True, slots=True)
class PeriodTotal:
    """How far a target has come in one period.

    `reached` out of `of`: the floor of a count, the denominator of a ratio, the size of a coverage's roster
    (None while nobody has fixed it).
    """

    reached: int
    out_of: int | Decimal | None


FindPeriodTotal = Callable[[str, date], PeriodTotal | None]
"""The total of a target in the period that a day falls in; None where it has none."""
RowKey = tuple[str, int]
"""A tab's name and a row's number in it."""


def format_feedback(
    rows: Iterable[CheckedRow], register: Register, find_total: FindPeriodTotal, lang: Language = "vi"
) -> dict[RowKey, str]:
    """The verdict of every row that was judged."""
    return {(row.tab_name, row.number): format_row_feedback(row, register, find_total, lang) for row in rows}


def format_row_feedback(
    row: CheckedRow, register: Register, find_total: FindPeriodTotal, lang: Language = "vi"
) -> str:
    """One row's verdict: what is to be mended, or that it counts and how far that brings its target."""
    if row.rejections:
        return _shorten(
            f"{REJECTION_SIGN} {_join_sentences(format_finding(finding, lang) for finding in row.rejections)}"
        )
    if row.entry is not None:
        counted = _format_counted(row.entry, register, find_total, lang)
    elif row.report is not None:
        counted = _format_noted(row.report, lang)
    else:
        raise ValueError(f"row {row.number} of {row.tab_name} was neither accepted nor rejected")
    if row.warnings:
        return _shorten(
            f"{WARNING_SIGN} {_join_sentences([*(_format_warning(one, lang) for one in row.warnings), counted])}"
        )
    return _shorten(f"{ACCEPTED_SIGN} {counted}")


def is_feedback(text: str) -> bool:
    """Whether a text in the column is one of ours, rather than something that a person typed there."""
    return text.startswith((f"{ACCEPTED_SIGN} ", f"{WARNING_SIGN} ", f"{REJECTION_SIGN} "))


def _format_counted(entry: Entry, register: Register, find_total: FindPeriodTotal, lang: Language) -> str:
    target = register.targets[entry.target]
    if target.measure == "milestone":
        if entry.quantity:
            return translate(lang, "Counted: done")
        return translate(lang, "Noted: not done yet")
    total = find_total(entry.target, entry.occurred_on)
    name = get_target_name(register, target, lang)
    if total is None:
        return translate(lang, "Counted: {target}", target=name)
    reached = written.format_number(total.reached, lang)
    if total.out_of is not None:
        reached += f"/{written.format_number(total.out_of, lang, 1)}"
    return translate(lang, "Counted: {target} {reached}", target=name, reached=reached)


def _format_noted(report: TaskReport, lang: Language) -> str:
    words: Mapping[str, str] = {
        "not_started": translate(lang, "Noted: not started"),
        "in_progress": translate(lang, "Noted: in progress"),
        "done": translate(lang, "Noted: done"),
        "paused": translate(lang, "Noted: paused"),
    }
    return words[report.status]


def get_target_name(register: Register, target: Target, lang: Language) -> str:
    """The indicator's short name where the plan has one target on it, else the target's own title."""
    alike = [
        other
        for other in register.targets.values()
        if (other.plan, other.indicator) == (target.plan, target.indicator)
    ]
    indicator = register.indicators[target.indicator]
    if len(alike) == 1:
        return indicator.name_vi if lang == "vi" else indicator.name_en
    return target.title_vi if lang == "vi" else target.title_en


def format_finding(finding: CellFinding, lang: Language) -> str:
    """One finding as the sentence that the pages show too, the cell named."""
    return format_sentence(finding.code, lang, finding.cell, finding.header, finding.value, finding.detail)


def _format_warning(finding: CellFinding, lang: Language) -> str:
    """What to look at. The row counts, and the verdict stands beside it, so no cell is named."""
    if finding.code == "evidence_missing":
        return translate(lang, "Evidence is missing")
    return format_sentence(finding.code, lang, None, None, finding.value, finding.detail)


def _join_sentences(sentences: Iterable[str]) -> str:
    return " · ".join(dict.fromkeys(sentences))


def _shorten(text: str) -> str:
    text = clean(text)
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1] + "…"
