"""An agency's contribution to each target and what it still owes; the targets that it leads."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.agency_summary import AgencySummary
from kpis.measures.attainment_rows import Attainment
from kpis.measures.predecessors import PredecessorParts
from kpis.ui import pages
from kpis.ui.province.contributions import render_added
from kpis.ui.shared import html
from kpis.ui.shared.entry_explanations import NO_EXPLANATIONS, EntryExplanations, render_explanation_link
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.list_links import link_to_entries, link_to_target, render_count
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_downloads import TableName
from kpis.ui.shared.tables import ColumnHeader, render_table
from kpis.ui.targets.plan_targets import RECURRENCES
from kpis.wording import doubt_sentences, owed_sentences, target_figures
from kpis.wording.units import get_counted_unit


def render_contributions(
    agency_summary: AgencySummary, view: PageView, explanations: EntryExplanations
) -> Markup | None:
    """Return a table of what its entries add; a status only where it has a share or a ratio of its own."""
    if not agency_summary.contributions:
        return None
    columns = [
        ColumnHeader(view.t("Target")),
        ColumnHeader(view.t("Adds"), "number"),
        ColumnHeader(view.t("Share"), "number"),
        ColumnHeader(view.t("Status")),
        ColumnHeader(view.t("Still owed")),
        ColumnHeader(view.t("Entries"), "number"),
    ]
    caption = view.t("A count in which this agency has no share has no status for the agency.")
    parts = agency_summary.predecessor_parts
    lines = [_render_contribution(row, parts, explanations, view) for row in agency_summary.contributions]
    title = view.t("What it has done")
    download = TableName(pages.AGENCY, "contributions", title, view)
    table = render_table(caption, columns, lines, download=download, folded_on_phone=True)
    return tag("section", tag("h2", title), table)


def _render_contribution(
    row: Attainment, parts: PredecessorParts, explanations: EntryExplanations, view: PageView
) -> list[Child]:
    share = row["share"]
    unit = None if row["measure"] == "milestone" else get_counted_unit(row, view.lang)
    return [
        join([_render_title_link(row, explanations, view), _render_unit(unit, view)]),
        render_added(row, parts, view),
        formatting.NO_VALUE if share is None else _format_share(row, share, view),
        _render_status(row, view),
        owed_sentences.format_sentence(row, view.lang) or formatting.NO_VALUE,
        render_count(view, row["entries"], link_to_entries(view, target=row["target"], plan=row["plan"])),
    ]


def _render_unit(unit: str | None, view: PageView) -> Markup | None:
    """Return what the figures of a line count, on a line of its own: the figures stay numbers in the workbook."""
    return tag("small", f"{view.t('Unit')}: {unit}", class_="kpis-under") if unit else None


def _format_share(row: Attainment, share: float, view: PageView) -> str:
    """Return a share; one that is owed anew in each span of the year says so: "6 hằng quý"."""
    number = formatting.format_number(share, view.lang, 1)
    return f"{number} {view.t(RECURRENCES[row['recurrence']])}" if row["has_spans"] else number


def render_led_targets(
    agency_summary: AgencySummary, view: PageView, explanations: EntryExplanations = NO_EXPLANATIONS
) -> Markup | None:
    """Return a table of the targets that it leads, with the entries of all agencies."""
    if not agency_summary.led_targets:
        return None
    columns = [
        ColumnHeader(view.t("Target")),
        ColumnHeader(view.t("Actual"), "number"),
        ColumnHeader(view.t("Expected by now"), "number"),
        ColumnHeader(view.t("Status")),
        ColumnHeader(view.t("Still owed")),
    ]
    caption = view.t("The whole target, with the entries of all agencies.")
    lines = list(_build_led_rows(agency_summary.led_targets, explanations, view))
    title = view.t("What it leads")
    download = TableName(pages.AGENCY, "led-targets", title, view)
    table = render_table(caption, columns, lines, download=download, folded_on_phone=True)
    return tag("section", tag("h2", title), table)


def _build_led_rows(
    rows: Iterable[Attainment], explanations: EntryExplanations, view: PageView
) -> Iterable[list[Child]]:
    for row in rows:
        milestone = row["measure"] == "milestone"
        yield [
            _render_title_link(row, explanations, view),
            formatting.NO_VALUE if milestone else _render_actual(row, view),
            formatting.NO_VALUE if milestone else target_figures.format_expected(row, view.lang),
            _render_status(row, view),
            owed_sentences.format_sentence(row, view.lang) or formatting.NO_VALUE,
        ]


def _render_actual(row: Attainment, view: PageView) -> Child:
    done = target_figures.format_counted_fraction(row, view.lang)
    qualifier = target_figures.format_qualifier(row, view.lang)
    return join([done, tag("small", qualifier, class_="kpis-under")]) if qualifier else done


def _render_title_link(row: Attainment, explanations: EntryExplanations, view: PageView) -> Markup:
    title = html.render_link(
        link_to_target(view, row["plan"], row["target"]),
        target_figures.get_title(row, view.lang),
    )
    return join([title, render_explanation_link(row["target"], explanations, view)])


def _render_status(row: Attainment, view: PageView) -> Child:
    status = row["status"]
    return (
        html.render_status(status, doubt_sentences.format_status(row, view.lang))
        if status
        else doubt_sentences.format_sign(row) or formatting.NO_VALUE
    )
