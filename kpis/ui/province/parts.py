"""Who adds what to a target: its lead, roster, share-holders and whoever has an entry (design.md §5)."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.charts import figures, palette
from kpis.language import format as written
from kpis.language.normal import sort_key
from kpis.measures.rows import Attainment
from kpis.ui import html, pages
from kpis.ui.html import Child, tag
from kpis.ui.tables import Column, table
from kpis.ui.view import View


def parts_table(row: Attainment, parts: Sequence[Attainment], view: View) -> Markup | None:
    """The agencies behind a target, folded; nothing where nobody is named and nobody reported."""
    if not parts:
        return None
    columns = [
        Column(view.t("Agency")),
        Column(view.t("Adds"), "number"),
        Column(view.t("Share"), "number"),
        Column(view.t("Status")),
        Column(view.t("Entries"), "number"),
    ]
    ordered = sorted(parts, key=lambda part: (-part["entries"], sort_key(part["agency"] or "")))
    reported = sum(part["entries"] > 0 for part in parts)
    summary = view.t("Agencies: {n} of {all} have reported", n=reported, all=len(parts))
    caption = view.t("What each agency adds to “{title}”.", title=figures.title(row, view.lang))
    return tag(
        "details",
        tag("summary", summary),
        table(caption, columns, [_line(part, view) for part in ordered]),
        class_="kpis-details",
    )


def _line(part: Attainment, view: View) -> list[Child]:
    agency = part["agency"] or ""
    status = part["status"]
    share = part["share"]
    return [
        html.link(view.address(pages.AGENCY, plan=part["plan"], agency=agency), agency),
        figures.counted(part, view.lang),
        written.NOTHING if share is None else written.number(share, view.lang, 1),
        html.status(status, palette.word(status, view.lang)) if status else written.NOTHING,
        written.number(part["entries"], view.lang),
    ]
