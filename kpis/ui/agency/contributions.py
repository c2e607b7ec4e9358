"""What an agency adds to each target and owes of it, and the whole targets that it leads."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.measures.agency_summary import AgencySummary
from kpis.measures.attainment_rows import Attainment
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import View
from kpis.ui.shared.tables import Column, table
from kpis.wording import owed_sentences, target_figures


def parts(found: AgencySummary, view: View) -> Markup | None:
    """Its own entries: what they add; a status only where it has a share or a ratio of its own."""
    if not found.parts:
        return None
    columns = [
        Column(view.t("Target")),
        Column(view.t("Adds"), "number"),
        Column(view.t("Share"), "number"),
        Column(view.t("Status")),
        Column(view.t("Still owed")),
        Column(view.t("Entries"), "number"),
    ]
    caption = view.t("A count that gives this agency no share has no status of its own.")
    lines = [_part(row, view) for row in found.parts]
    return tag("section", tag("h2", view.t("What it has done")), table(caption, columns, lines))


def _part(row: Attainment, view: View) -> list[Child]:
    share = row["share"]
    return [
        _title(row, view),
        target_figures.own_deed(row, view.lang),
        written.NOTHING if share is None else written.number(share, view.lang, 1),
        _status(row, view),
        owed_sentences.sentence(row, view.lang) or written.NOTHING,
        written.number(row["entries"], view.lang),
    ]


def leads(found: AgencySummary, view: View) -> Markup | None:
    """The targets it leads, as a whole: everybody's entries."""
    if not found.leads:
        return None
    columns = [
        Column(view.t("Target")),
        Column(view.t("Actual"), "number"),
        Column(view.t("Expected by now"), "number"),
        Column(view.t("Status")),
        Column(view.t("Still owed")),
    ]
    caption = view.t("The whole target, with everybody's entries.")
    lines = list(_leads(found.leads, view))
    return tag("section", tag("h2", view.t("What it leads")), table(caption, columns, lines))


def _leads(rows: Iterable[Attainment], view: View) -> Iterable[list[Child]]:
    for row in rows:
        milestone = row["measure"] == "milestone"
        yield [
            _title(row, view),
            written.NOTHING if milestone else _actual(row, view),
            written.NOTHING if milestone else target_figures.expected(row, view.lang),
            _status(row, view),
            owed_sentences.sentence(row, view.lang) or written.NOTHING,
        ]


def _actual(row: Attainment, view: View) -> Child:
    done, aside = target_figures.fraction(row, view.lang), target_figures.beside(row, view.lang)
    return join([done, tag("small", aside, class_="kpis-under")]) if aside else done


def _title(row: Attainment, view: View) -> Markup:
    return html.link(
        view.address(pages.PROVINCE, plan=row["plan"], agency=None), target_figures.title(row, view.lang)
    )


def _status(row: Attainment, view: View) -> Child:
    status = row["status"]
    return html.status(status, palette.word(status, view.lang)) if status else written.NOTHING
