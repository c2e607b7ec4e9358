"""What is said beside the button that accepts: a sentence with a list below it, cut where it gets long."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView

_MAX_LISTED = 50


def render_acceptance_list(sentence: str, lines: Sequence[str], view: PageView) -> Markup:
    """Return the sentence and its lines; empty for none."""
    if not lines:
        return Markup()
    items = [tag("li", line) for line in lines[:_MAX_LISTED]]
    if len(lines) > _MAX_LISTED:
        items.append(tag("li", view.t("… and {n} more.", n=len(lines) - _MAX_LISTED)))
    listed = tag("ul", *items, class_="kpis-obstacles")
    return tag("div", tag("p", sentence), listed, class_="kpis", lang=view.lang)
