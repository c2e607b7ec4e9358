"""The feedback text beside a row of a sheet: `✓ Đã tính: Tin bài 47/50`, `! …`, `✗ D12: …`.

It begins with one of three signs, never with = + - @, which a spreadsheet would read as a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kpis.checks.finding_messages import format_sentence
from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.language.normalization import clean
from kpis.register.model import Register, Target
from kpis.sheet.model import CellFinding, CheckedRow, Entry, TaskReport

ACCEPTED_SIGN, WARNING_SIGN, REJECTION_SIGN = "✓", "!", "✗"
MAX_LENGTH = 500
"""The most characters of a feedback text."""


@dataclass(frozen=True, slots=True)
class PeriodTotal:
    """The progress of a target in one period.

    `out_of` is the floor of a count, the denominator of a ratio or the roster size of a coverage (None while
    there is no roster).
    """

    reached: int
    out_of: int | Decimal | None


FindPeriodTotal = Callable[[str, date], PeriodTotal | None]
"""Return the total of a target in the period that contains a day, None if there is no such period."""
RowKey = tuple[str, int]
"""A tab's name and a row number."""


def format_feedback(
    rows: Iterable[CheckedRow], register: Register, find_total: FindPeriodTotal, lang: Language = "vi"
) -> dict[RowKey, str]:
    """Return the feedback on every checked row."""
    return {(row.tab_name, row.number): format_row_feedback(row, register, find_total, lang) for row in rows}


def format_row_feedback(
    row: CheckedRow, register: Register, find_total: FindPeriodTotal, lang: Language = "vi"
) -> str:
    """Return the feedback on one row: what to fix, or that it counts and the total of its target."""
    if row.rejections:
        sentences = [format_finding(finding, lang) for finding in row.rejections]
        return _shorten(f"{REJECTION_SIGN} {_join_sentences(sentences)}")
    if row.entry is not None:
        counted = _format_counted(row.entry, register, find_total, lang)
    elif row.report is not None:
        counted = _format_noted(row.report, lang)
    else:
        raise ValueError(f"row {row.number} of {row.tab_name} was neither accepted nor rejected")
    if row.warnings:
        sentences = [*(_format_warning(finding, lang) for finding in row.warnings), counted]
        return _shorten(f"{WARNING_SIGN} {_join_sentences(sentences)}")
    return _shorten(f"{ACCEPTED_SIGN} {counted}")


def is_feedback(text: str) -> bool:
    """True if a text of the feedback column was written by the system, not typed by a person."""
    return text.startswith((f"{ACCEPTED_SIGN} ", f"{WARNING_SIGN} ", f"{REJECTION_SIGN} "))


def join_row_texts(texts: Mapping[int, str], lang: Language = "vi") -> str:
    """Return the feedback on several rows as one text, which begins with the worst of their signs."""
    signs = (REJECTION_SIGN, WARNING_SIGN, ACCEPTED_SIGN)
    worst = next(sign for sign in signs if any(text.startswith(sign) for text in texts.values()))
    parts = [
        translate(lang, "row {row}: {feedback}", row=number, feedback=text) for number, text in texts.items()
    ]
    return _shorten(f"{worst} {' · '.join(parts)}")


def _format_counted(entry: Entry, register: Register, find_total: FindPeriodTotal, lang: Language) -> str:
    target = register.targets[entry.target]
    if target.measure == "milestone":
        if entry.quantity:
            return translate(lang, "Counted: done")
        return translate(lang, "Noted: not done yet")
    total = find_total(entry.target, entry.occurred_on)
    name = get_target_name(register, target, lang)
    if target.measure == "coverage" and target.roster and entry.agency not in target.roster:
        return translate(
            lang,
            "Noted, but it adds nothing to {target}: {agency} is not on the list of agencies that must do it",
            target=name,
            agency=entry.agency,
        )
    if total is None:
        return translate(lang, "Counted: {target}", target=name)
    reached = formatting.format_number(total.reached, lang)
    if total.out_of is not None:
        reached += f"/{formatting.format_number(total.out_of, lang, 1)}"
    return translate(lang, "Counted: {target} {reached}", target=name, reached=reached)


def _format_noted(report: TaskReport, lang: Language) -> str:
    texts: Mapping[str, str] = {
        "not_started": translate(lang, "Noted: not started"),
        "in_progress": translate(lang, "Noted: in progress"),
        "done": translate(lang, "Noted: done"),
        "paused": translate(lang, "Noted: paused"),
    }
    return texts[report.status]


def get_target_name(register: Register, target: Target, lang: Language) -> str:
    """Return the indicator's short name if the plan has only one target on it, else the target's title."""
    same_indicator = [
        other
        for other in register.targets.values()
        if (other.plan, other.indicator) == (target.plan, target.indicator)
    ]
    indicator = register.indicators[target.indicator]
    if len(same_indicator) == 1:
        return indicator.name_vi if lang == "vi" else indicator.name_en
    return target.title_vi if lang == "vi" else target.title_en


def format_finding(finding: CellFinding, lang: Language) -> str:
    """Return a finding as the sentence that the pages show too, with the name of the cell."""
    return format_sentence(finding.code, lang, finding.cell, finding.header, finding.value, finding.detail)


def _format_warning(finding: CellFinding, lang: Language) -> str:
    """Return a warning without the name of the cell, since the feedback is in the same row."""
    if finding.code == "evidence_missing":
        return translate(lang, "Evidence is missing")
    return format_sentence(finding.code, lang, None, None, finding.value, finding.detail)


def _join_sentences(sentences: Iterable[str]) -> str:
    return " · ".join(dict.fromkeys(sentences))


def _shorten(text: str) -> str:
    text = clean(text)
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1] + "…"
