"""Rows to mend as one block of HTML. Kept by reading: rows may move in a sheet without a new version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from kpis.language import formatting as written
from kpis.measures.findings import Finding, rejections, warnings
from kpis.store.database import Database
from kpis.sync.state import read_states
from kpis.ui import pages
from kpis.ui.findings.findings_table import rows_table
from kpis.ui.shared import html, states
from kpis.ui.shared.html import join, tag
from kpis.ui.shared.page_view import View
from kpis.ui.shared.tables import Column, table

MOST = 500
"""Rows that one list shows; the counts above it are whole, and the commands list every row."""


def findings(db: Database, view: View) -> Markup:
    """How many rows of each source want mending, then every one of them, sent back first."""
    asked = (view.lang, view.filters.plan, view.filters.agency, db.pointer)
    back, noted = rejections(db, *asked), warnings(db, *asked)
    nobodys = _nobodys(db, view)
    if not back and not noted:
        return _nothing(db, view, nobodys)
    return tag(
        "div",
        tag("p", nobodys, class_="kpis-quiet") if nobodys else None,
        _summary(back, noted, view),
        _list(view.t("Rows sent back"), view.t("Not counted until mended in the sheet."), back, view),
        _list(view.t("Rows with a warning"), view.t("Counted; please look at them again."), noted, view),
        class_="kpis",
        lang=view.lang,
    )


def _nothing(db: Database, view: View, nobodys: Markup | None) -> Markup:
    """No row to mend: because none was read, or of this agency, or because all that was read is right."""
    plan = view.filters.plan
    if not any(state.read for state in read_states(db).values() if plan in (None, state.plan)):
        why = view.t("No sheet has given a row yet, so there is nothing to check.")
        sources = html.link(view.address(pages.SOURCES), view.t("Sources"))
        return states.block(view.t("No row has been read yet"), join([why, " ", sources]))
    title = view.t("Nothing to mend")
    if view.filters.agency is not None:
        return states.block(title, view.t("This agency has no row to mend."), nobodys)
    return states.block(title, view.t("Every row that was read is counted, and none needs a look."))


def _nobodys(db: Database, view: View) -> Markup | None:
    """Under one agency: how many rows of its plan name no known agency, any of which may be its own."""
    plan = view.filters.plan
    if plan is None or view.filters.agency is None:
        return None
    asked = (view.lang, plan, None, db.pointer)
    found = [one for one in (*rejections(db, *asked), *warnings(db, *asked)) if one["agency"] is None]
    if not found:
        return None
    key = "Rows to mend in this plan that name no known agency: {n}."
    said = view.t(key, n=written.number(_rows(found), view.lang))
    whole = html.link(view.address(pages.FINDINGS, agency=None), view.t("All rows of this plan"))
    return join([said, " ", whole])


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
