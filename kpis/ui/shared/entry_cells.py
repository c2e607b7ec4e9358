"""How the quantity of an entry is shown."""

from __future__ import annotations

from kpis.language import formatting
from kpis.measures.latest_entries import LatestEntry
from kpis.ui.shared.page_view import PageView


def render_quantity(row: LatestEntry, view: PageView) -> str:
    """Return the number of an entry with its denominator; of a milestone whether it is done."""
    return format_quantity(row["measure"], row["quantity"], row["denominator"], view)


def format_quantity(measure: str, quantity: float | None, denominator: int | None, view: PageView) -> str:
    """Return a quantity, with its denominator if it has one: "24/50", "done"."""
    if measure == "milestone":
        return view.t("done") if quantity else view.t("not done")
    if quantity is None:
        return formatting.NO_VALUE
    text = formatting.format_number(quantity, view.lang, formatting.EXACT_DECIMALS)
    return text if denominator is None else f"{text}/{formatting.format_number(denominator, view.lang)}"
