"""Rows to mend as one block of HTML. Kept by reading: rows may move in a sheet without a new version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from kpis.language import format as written
from kpis.measures.findings import Finding, rejections, warnings
from kpis.store.database import Database
from kpis.ui import html, states
from kpis.ui.findings.rows import rows_table
from kpis.ui.html import tag
from kpis.ui.tables import Column, table
from kpis.ui.view import View

MOST = 500
"""Rows that one list shows; the counts above it are whole, and the commands list every row."""


def findings(db: Database, view: View) -> Markup:
    """How many rows of each source want mending, then every one of them, sent back first."""
    asked = (view.lang, view.filters.plan, view.filters.agency, db.pointer)
    back, noted = rejections(db, *asked), warnings(db, *asked)
    if not back and not noted:
        return states.block(
            view.t("Nothing to mend"), view.t("Every row that was read is counted, and none needs a look.")
        )
    return tag(
        "div",
        _summary(back, noted, view),
        _list(view.t("Rows sent back"), view.t("Not counted until mended in the sheet."), back, view),
        _list(view.t("Rows with a warning"), view.t("Counted; please look at them again."), noted, view),
        class_="kpis",
        lang=view.lang,
    )


def _rows(found: Sequence[Finding]) -> int:
    """A row with two codes is one row."""
    return len({(one["source"], one["tab"], one["row"]) for one in found})


def _summary(back: Sequence[Finding], noted: Sequence[Finding], view: View) -> Markup:
    columns = [
        Column(view.t("Source")),
        Column(view.t("Rows sent back"), "number"),
        Column(view.t("Rows with a warning"), "number"),
    ]
    sources = sorted(Counter(one["source"] for one in (*back, *noted)))
    lines = [
        [
            source,
            *(
                written.number(_rows([one for one in found if one["source"] == source]), view.lang)
                for found in (back, noted)
            ),
        ]
        for source in sources
    ]
    return tag("section", table(view.t("A row with two mistakes is counted once."), columns, lines))


def _list(title: str, caption: str, found: Sequence[Finding], view: View) -> Markup | None:
    if not found:
        return None
    heading = tag("h2", title, " ", html.tag("small", written.number(_rows(found), view.lang)))
    shown = found[:MOST]
    more = None
    if len(shown) < len(found):
        more = tag(
            "p",
            view.t("The first {n} of {all} are shown; choose an agency or a plan, or run "
                   "“python -m kpis rejections”.", n=len(shown), all=len(found)),
            class_="kpis-below",
        )  # fmt: skip
    return tag("section", heading, rows_table(caption, shown, view), more)
