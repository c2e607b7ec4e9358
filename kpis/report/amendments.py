"""What amendments and corrections changed of the plan in the report's year, entry by entry."""

from __future__ import annotations

from kpis.report.figures import ReportFigures
from kpis.report.phrases import t
from kpis.report.word_document import WordDocument
from kpis.wording.amendments import format_amendment


def add_amendments(document: WordDocument, figures: ReportFigures) -> None:
    """Add a sentence and one line for each change; nothing for a plan that was not changed."""
    if not figures.amendments:
        return
    document.add_paragraph(t("In {year} the plan was amended or corrected as follows:", year=figures.year))
    for amendment in figures.amendments:
        document.add_paragraph(f"- {amendment.title_vi}: {format_amendment(amendment, 'vi')}.")
