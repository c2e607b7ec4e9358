"""The rest of a table on a phone, where each row is a card: folded there alone."""

from __future__ import annotations

from markupsafe import Markup

from kpis.language import formatting
from kpis.ui.shared.html import join, tag
from kpis.ui.shared.page_view import PageView

PHONE_ROWS = 8
"""Rows that stand open on a phone; the style sheet names the same number."""
MIN_FOLDED_ROWS = 3


def fold_rows_on_phone(table: Markup, count: int, view: PageView) -> Markup:
    """Return a table of `count` rows and, for a long one, the line that opens the rest on a phone."""
    rest = count - PHONE_ROWS
    if rest < MIN_FOLDED_ROWS:
        return table
    summary = view.t("Rows that follow: {n}", n=formatting.format_number(rest, view.lang))
    return join([table, tag("details", tag("summary", summary), class_="kpis-phone-rest")])
