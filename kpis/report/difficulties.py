"""The section on difficulties: what task reports name, and what agencies explained and promised.

Texts of sheets and requests are inserted as they are: neither braces nor brackets in them mean anything.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpis.language import formatting
from kpis.measures.explanations import Explanation
from kpis.report.figures import ReportFigures
from kpis.report.phrases import end_with_full_stop, format_task_title, t
from kpis.report.word_document import WordDocument
from kpis.wording import explanation_sentences


def add_difficulties(document: WordDocument, figures: ReportFigures) -> None:
    """Add the section: difficulties in task reports, then explanations; the rest is for a person to write."""
    document.add_heading(t("IV. DIFFICULTIES"))
    difficulties = [
        (task, report)
        for task in figures.tasks
        for report in figures.reports.get(task["task"], [])
        if report["difficulty"]
    ]
    if not difficulties and any(figures.reports.values()):
        document.add_paragraph(t("The task reports mention no difficulties."))
    for task, report in difficulties:
        agency = report["agency"] or t("Agency not named")
        day = formatting.format_day(report["occurred_on"], "vi")
        difficulty = end_with_full_stop(report["difficulty"] or "")
        document.add_paragraph(f"- {format_task_title(task)} ({agency}, {day}): {difficulty}")
    _add_explanations(document, figures)
    document.add_paragraph("", template=f"[{t('Add other difficulties and their causes')}]")


def _add_explanations(document: WordDocument, figures: ReportFigures) -> None:
    if not figures.explanations:
        return
    answered = sum(item.answer is not None for item in figures.explanations)
    counts = {
        "n": formatting.format_number(len(figures.explanations), "vi"),
        "answered": formatting.format_number(answered, "vi"),
    }
    document.add_paragraph(t("Explanations of agencies: {n}, of which {answered} have been answered.", **counts))
    for item in figures.explanations:
        document.add_paragraph("- " + " ".join(_list_sentences(item, figures)))


def _list_sentences(item: Explanation, figures: ReportFigures) -> Iterator[str]:
    """Yield what it is about, the question, the answer or that there is none, measures and promise."""
    subject = f"{item.title_vi or item.entry} ({item.agency})" if item.entry else item.agency
    if item.asked_on is None:
        yield f"{subject}:"
    else:
        yield t("{subject}, asked on {day}:", subject=subject, day=formatting.format_day(item.asked_on, "vi"))
    if item.question:
        yield f"“{item.question.strip()}”"
    if item.answer is not None and item.answered_on is not None:
        day = formatting.format_day(item.answered_on, "vi")
        yield t("Explanation of {day}: {text}", day=day, text=end_with_full_stop(item.answer))
    elif item.due_on is not None:
        state = explanation_sentences.format_state(item, "vi")
        yield t("{state} (due {day}).", state=_raise_first_letter(state), day=formatting.format_day(item.due_on, "vi"))
    if item.measures:
        yield t("Measures: {text}", text=end_with_full_stop(item.measures))
    if promise := explanation_sentences.format_promise(item, "vi", says_outcome=figures.can_state_results):
        yield f"{_raise_first_letter(promise)}."


def _raise_first_letter(text: str) -> str:
    return text[:1].upper() + text[1:]
