"""What is folded on a phone alone, where each row of a table is a card: the rest of it, or what follows a line."""

from __future__ import annotations

from markupsafe import Markup

from kpis.language import formatting
from kpis.ui.shared.html import Child, join, render_hidden_text, tag
from kpis.ui.shared.page_view import PageView

PHONE_ROWS = 5
"""Rows that stand open on a phone; the style sheet names the same number."""
MIN_FOLDED_ROWS = 3


def fold_rows_on_phone(table: Markup, count: int, view: PageView) -> Markup:
    """Return a table of `count` rows and, for a long one, the line that opens the rest on a phone."""
    rest = count - PHONE_ROWS
    if rest < MIN_FOLDED_ROWS:
        return table
    summary = view.t("Rows that follow: {n}", n=formatting.format_number(rest, view.lang))
    return join([table, tag("details", tag("summary", summary), class_="kpis-phone-rest")])


def render_phone_summary(summary: Child, hidden_words: str = "") -> Markup:
    """Return the line that opens, on a phone, what follows it in its parent; wider screens and print never show it.

    `hidden_words` say to a screen reader of what the line is, where several lines of a page have the same words.
    """
    words = render_hidden_text(": ", hidden_words) if hidden_words else None
    return tag("details", tag("summary", summary, words), class_="kpis-fold kpis-phone-more")


def render_phone_cells(summary: Child) -> Markup:
    """Return the line that opens, on a phone, the cells of the table that follows; its row headers stand open."""
    return tag("details", tag("summary", summary), class_="kpis-fold kpis-phone-more kpis-phone-cells")


def fold_table_on_phone(content: Child, count: int, view: PageView) -> Markup:
    """Return a table of `count` rows, on a phone folded as a whole: something else on its page comes first."""
    if not count:
        return join([content])
    key = "Show 1 row" if count == 1 else "Show {n} rows"
    summary = view.t(key, n=formatting.format_number(count, view.lang))
    return join([render_phone_summary(summary), content])
