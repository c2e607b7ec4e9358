"""The feedback text beside a row of a sheet: `✓ Đã tính: Tin bài 47/50`, `? …`, `! …`, `✗ D12: …`.

It begins with one of five signs (`○ …` beside a row that is no data), never with = + - @, which a spreadsheet
would read as a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kpis.checks.finding_messages import format_sentence, format_set_aside_sentence
from kpis.language import formatting
from kpis.language.messages import LANGUAGES, Language, translate
from kpis.language.normalization import clean
from kpis.register.model import Register, Target
from kpis.sheet.model import CellFinding, CheckedRow, Entry, ExplanationRow, SetAsideRow, TaskReport

ACCEPTED_SIGN, DOUBT_SIGN, WARNING_SIGN, REJECTION_SIGN, SET_ASIDE_SIGN = "✓", "?", "!", "✗", "○"
_UNKNOWN_DOUBT = "Counted; to be confirmed. Write “x” under “Xác nhận” if the row is right"
_DOUBT_SENTENCES: Mapping[str, str] = {
    "possibly_running_total": ("Counted; if it is a running total, {total}. Write “x” under “Xác nhận” if it is right"),
    "possibly_running_total_of_spans": (
        "Counted; if it is a running total, {total}. Write “x” under “Xác nhận” if it is right, else only what was "
        "added in this period"
    ),
    "possibly_same_event": (
        "Counted; if it is the same event as another row, {total}. Write “x” under “Xác nhận” if it is "
        "another event, or the same name under “Sự kiện chung” if it is one"
    ),
    "struck_through": (
        "Counted; if the row, which is struck through, was cancelled, {total}. Correct it, or write “x” under "
        "“Xác nhận” if it is right"
    ),
    "date_order_doubtful": (
        "Counted; if day and month were swapped, {total}. Correct the day, or write “x” under “Xác nhận” if it is right"
    ),
}
_CODES_IN_DOUBTS = frozenset({"looks_cumulative", "date_order_doubtful"})
"""Warnings that would say the same as the doubts of their row."""
MAX_LENGTH = 500
"""The most characters of a feedback text."""


@dataclass(frozen=True, slots=True)
class PeriodTotal:
    """The progress of a target in one period.

    `out_of` is the floor of a count, the denominator of a ratio or the roster size of a coverage (None while
    there is no roster).
    """

    reached: int | float
    out_of: int | Decimal | None


@dataclass(frozen=True, slots=True)
class RowDoubt:
    """One open doubt on a row (design.md §5), and the target's total if that doubt alone is applied.

    `code` is one of possibly_running_total, possibly_same_event, struck_through, date_order_doubtful. The
    total is None where there is none to show. `in_span`: the total is that of a quarter, month or half-year.
    """

    code: str
    total: PeriodTotal | None = None
    in_span: bool = False


FindRowDoubts = Callable[[CheckedRow], Sequence[RowDoubt]]
"""Return the open doubts on an accepted row, the one that takes most from the target first."""


def find_no_doubts(_row: CheckedRow) -> Sequence[RowDoubt]:
    """Return no doubts, whatever the row."""
    return ()


FindPeriodTotal = Callable[[str, date], PeriodTotal | None]
"""Return the total of a target in the period that contains a day, None if there is no such period."""


@dataclass(frozen=True, slots=True)
class RowFigures:
    """What the texts beside a plan's rows say of its figures."""

    find_total: FindPeriodTotal
    find_doubts: FindRowDoubts


RowKey = tuple[str, int]
"""A tab's name and a row number."""


def format_feedback(
    rows: Iterable[CheckedRow],
    register: Register,
    find_total: FindPeriodTotal,
    lang: Language = "vi",
    find_doubts: FindRowDoubts = find_no_doubts,
) -> dict[RowKey, str]:
    """Return the feedback on every checked row."""
    return {
        (row.tab_name, row.number): format_row_feedback(row, register, find_total, lang, find_doubts(row))
        for row in rows
    }


def format_row_feedback(
    row: CheckedRow,
    register: Register,
    find_total: FindPeriodTotal,
    lang: Language = "vi",
    doubts: Sequence[RowDoubt] = (),
) -> str:
    """Return the feedback on one row: what to fix, what to confirm, or the total of its target."""
    if row.rejections:
        sentences = [format_finding(finding, lang) for finding in row.rejections]
        return _shorten(f"{REJECTION_SIGN} {_join_sentences(sentences)}")
    if row.entry is not None:
        counted = _format_counted(row.entry, register, find_total, lang)
    elif row.report is not None:
        counted = _format_noted(row.report, lang)
    elif row.explanation is not None:
        counted = _format_explanation(row.explanation, lang)
    else:
        raise ValueError(f"row {row.number} of {row.tab_name} was neither accepted nor rejected")
    if doubts:
        warnings = [finding for finding in row.warnings if finding.code not in _CODES_IN_DOUBTS]
        sentences = [_format_doubt(doubt, lang) for doubt in doubts]
        sentences += [_format_warning(finding, lang) for finding in warnings]
        return _shorten(f"{DOUBT_SIGN} {_join_sentences(sentences)}")
    if row.warnings:
        sentences = [*(_format_warning(finding, lang) for finding in row.warnings), counted]
        return _shorten(f"{WARNING_SIGN} {_join_sentences(sentences)}")
    return _shorten(f"{ACCEPTED_SIGN} {counted}")


def format_set_aside_feedback(row: SetAsideRow, lang: Language = "vi") -> str:
    """Return why a row is no data, and what to write if it is meant to count."""
    return _shorten(f"{SET_ASIDE_SIGN} {format_set_aside_sentence(row.reason, lang, row.tab_name)}")


def is_feedback(text: str) -> bool:
    """True if a text of the feedback column was written by the system, not typed by a person.

    People ask with a question mark too, so of those only the sentences of doubts are the system's.
    """
    doubts = tuple(f"{DOUBT_SIGN} {_get_doubt_beginning(lang)}" for lang in LANGUAGES)
    signs = (ACCEPTED_SIGN, WARNING_SIGN, REJECTION_SIGN, SET_ASIDE_SIGN)
    return text.startswith((*(f"{sign} " for sign in signs), *doubts))


def _get_doubt_beginning(lang: Language) -> str:
    """Return how every sentence of a doubt begins: "Đã tính;"."""
    return translate(lang, _UNKNOWN_DOUBT).partition(";")[0] + ";"


def join_row_texts(texts: Mapping[int, str], lang: Language = "vi") -> str:
    """Return the feedback on several rows as one text, which begins with the worst of their signs.

    A doubt counts as a warning, since only a doubt's own sentences after `?` are known to be the system's.
    """
    signs = {WARNING_SIGN if text.startswith(DOUBT_SIGN) else text[:1] for text in texts.values()}
    worst = next(sign for sign in (REJECTION_SIGN, WARNING_SIGN, ACCEPTED_SIGN) if sign in signs)
    parts = [translate(lang, "row {row}: {feedback}", row=number, feedback=text) for number, text in texts.items()]
    return _shorten(f"{worst} {' · '.join(parts)}")


def _format_counted(entry: Entry, register: Register, find_total: FindPeriodTotal, lang: Language) -> str:
    target = register.targets[entry.target]
    if target.measure == "milestone":
        if entry.quantity:
            return translate(lang, "Counted: done")
        return translate(lang, "Noted: not done yet")
    if target.measure == "carried":
        return translate(lang, "Noted: {target}", target=get_target_name(register, target, lang))
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
    reached = _format_total(total, lang)
    return translate(lang, "Counted: {target} {reached}", target=name, reached=reached)


def _format_total(total: PeriodTotal, lang: Language) -> str:
    reached = formatting.format_number(total.reached, lang, formatting.EXACT_DECIMALS)
    if total.out_of is None:
        return reached
    return f"{reached}/{formatting.format_number(total.out_of, lang, formatting.EXACT_DECIMALS)}"


def _format_doubt(doubt: RowDoubt, lang: Language) -> str:
    """Return what the figure is if the doubt is true, and how to settle it."""
    key = _DOUBT_SENTENCES.get(f"{doubt.code}_of_spans" if doubt.in_span else doubt.code)
    key = key or _DOUBT_SENTENCES.get(doubt.code)
    if key is None or doubt.total is None:
        return translate(lang, _UNKNOWN_DOUBT)
    return translate(lang, key, total=_format_total(doubt.total, lang))


def _format_noted(report: TaskReport, lang: Language) -> str:
    texts: Mapping[str, str] = {
        "not_started": translate(lang, "Noted: not started"),
        "in_progress": translate(lang, "Noted: in progress"),
        "done": translate(lang, "Noted: done"),
        "paused": translate(lang, "Noted: paused"),
    }
    return texts[report.status]


def _format_explanation(content: ExplanationRow, lang: Language) -> str:
    """Return what became of a row of the tab of explanations."""
    if content.answer and content.request:
        return translate(lang, "Noted: answers {request}", request=content.request)
    if content.answer:
        return translate(lang, "Noted: explained")
    if content.measures or content.promised_on:
        return translate(lang, "Noted: a promise; the explanation is still missing")
    return translate(lang, "Waiting for the explanation")


def get_target_name(register: Register, target: Target, lang: Language) -> str:
    """Return the indicator's short name if the plan has only one target on it, else the target's title."""
    same_indicator = [
        other for other in register.targets.values() if (other.plan, other.indicator) == (target.plan, target.indicator)
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
