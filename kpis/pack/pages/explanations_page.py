"""The page of explanations: what was requested of agencies, what they answered and promised."""

from __future__ import annotations

from collections.abc import Iterable

from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.explanations import Explanation
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.pages.contents import Page, Table, TableCell, TableColumn
from kpis.wording import explanation_sentences

EXPLANATIONS_KEY = "explanations"
"""The key of the page and of its table."""


def build_page(figures: EditionFigures) -> Page:
    """Build the page: every explanation, late answers first."""
    lang = figures.query.lang
    table = build_table(figures.explanations, figures, lang)
    return Page(EXPLANATIONS_KEY, "asked", translate(lang, "Requests and explanations"), "", (table,))


def build_table(items: Iterable[Explanation], figures: EditionFigures, lang: Language) -> Table:
    """Return explanations as a table."""
    rows = tuple(_build_row(item, figures, lang) for item in items)
    columns = (
        TableColumn(translate(lang, "Province or ward"), width=1.2),
        TableColumn(translate(lang, "Request"), width=3.2),
        TableColumn(translate(lang, "Agency"), width=1.9),
        TableColumn(translate(lang, "State"), "status", 1.7),
        TableColumn(translate(lang, "Explanation"), width=3.2),
        TableColumn(translate(lang, "Promise"), width=1.9),
    )
    title = f"{translate(lang, 'Explanations')} ({formatting.format_number(len(rows), lang)})"
    return Table(EXPLANATIONS_KEY, title, columns, rows, translate(lang, "Nothing was requested."))


def _build_row(item: Explanation, figures: EditionFigures, lang: Language) -> tuple[TableCell, ...]:
    due = formatting.format_day(item.due_on, lang) if item.due_on else ""
    by = " · ".join(
        filter(None, (formatting.format_day(item.answered_on, lang) if item.answered_on else "", item.answered_by))
    )
    return (
        TableCell(figures.place_names.get(item.plan, item.plan)),
        TableCell(get_title(item, lang), subtext=item.question or ""),
        TableCell(item.agency),
        TableCell(
            explanation_sentences.format_state(item, lang),
            explanation_sentences.LOOKS[item.state],
            translate(lang, "due {day}", day=due) if due and item.is_open else "",
        ),
        TableCell(item.answer or item.measures or formatting.NO_VALUE, subtext=by),
        TableCell(explanation_sentences.format_promise(item, lang) or formatting.NO_VALUE, date_value=item.promise_on),
    )


def get_title(item: Explanation, lang: Language) -> str:
    """Return what an explanation is about."""
    if item.entry is None:
        return translate(lang, "about the agency")
    return (item.title_vi if lang == "vi" else item.title_en) or item.entry
