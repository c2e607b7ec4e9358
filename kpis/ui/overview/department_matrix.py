"""Departments × targets: each agency's own part with its sign, or the number that it added; "chủ trì" marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting
from kpis.measures.agency_lines import AgencyLine
from kpis.measures.attainment_rows import STATUSES, Attainment
from kpis.pack.xlsx.tab import CellValue
from kpis.ui import pages
from kpis.ui.overview.folded_list import render_phone_fold
from kpis.ui.shared import html
from kpis.ui.shared.cell_values import to_cell_value
from kpis.ui.shared.html import tag
from kpis.ui.shared.list_links import link_to_target
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_downloads import TableName, offer_table
from kpis.wording import doubt_sentences, target_figures
from kpis.wording.agency_cells import format_part
from kpis.wording.column_units import format_column_title

MAX_COLUMNS = 16
"""At most so many targets stand beside one another; more make several tables of nearly equal width."""

_NOTHING_ASKED = "·"


def render_department_matrix(
    view: PageView,
    rows: Sequence[Attainment],
    lines: Sequence[AgencyLine],
    indicator_names: Mapping[str, tuple[str, str]],
) -> Markup | None:
    """Return the table of the agencies that lead or share one of the targets or have an entry; None without any."""
    lines = [line for line in lines if line.parts or line.led]
    if not lines or not rows:
        return None
    titles = {row["target"]: _choose_title(view, row, rows, indicator_names) for row in rows}
    return tag(
        "section",
        tag("h2", view.t("Departments and targets")),
        render_phone_fold(
            view.t("{n} agencies", n=formatting.format_number(len(lines), view.lang)),
            *(_render_table(view, part, lines, titles) for part in _split(rows)),
            _render_legend(view, lines),
            _offer_workbook(view, rows, lines, titles),
        ),
    )


def _offer_workbook(
    view: PageView, rows: Sequence[Attainment], lines: Sequence[AgencyLine], titles: Mapping[str, str]
) -> Markup | None:
    """Return the link to every target of every agency as a workbook: figure, status, and whether it leads."""
    columns = [view.t("Agency"), view.t("Code"), view.t("Target"), view.t("Actual"), view.t("Status"), view.t("lead")]

    def build_rows() -> list[list[CellValue]]:
        return [
            _list_values(view, line, row["target"], titles[row["target"]])
            for line in lines
            for row in rows
            if row["target"] in line.parts or row["target"] in line.led
        ]

    title = view.t("Departments and targets")
    return offer_table(TableName(pages.OVERVIEW, "departments", title, view), columns, build_rows)


def _list_values(view: PageView, line: AgencyLine, target: str, title: str) -> list[CellValue]:
    part = line.parts.get(target)
    figure = to_cell_value(format_part(part, view.lang), "number", view.lang) if part else None
    status = doubt_sentences.format_status(part, view.lang) or None if part else None
    return [line.agency, target, title, figure, status, "x" if target in line.led else None]


def _split(rows: Sequence[Attainment]) -> Iterator[Sequence[Attainment]]:
    parts = -(-len(rows) // MAX_COLUMNS)
    for part in range(parts):
        yield rows[len(rows) * part // parts : len(rows) * (part + 1) // parts]


def _choose_title(
    view: PageView, row: Attainment, rows: Sequence[Attainment], indicator_names: Mapping[str, tuple[str, str]]
) -> str:
    """Return the short name of a target's indicator; where several targets have it, the target's title.

    What its figures count is added.
    """
    names = indicator_names.get(row["indicator"])
    is_shared = sum(other["indicator"] == row["indicator"] for other in rows) > 1
    title = target_figures.get_title(row, view.lang)
    if names and not is_shared:
        title = names[0 if view.lang == "vi" else 1]
    return format_column_title(title, [row], view.lang)


def _render_table(
    view: PageView, rows: Sequence[Attainment], lines: Sequence[AgencyLine], titles: Mapping[str, str]
) -> Markup:
    head = tag(
        "tr",
        tag("th", view.t("Agency"), scope="col", class_="kpis-place"),
        *(
            tag(
                "th",
                html.render_link(link_to_target(view, row["plan"], row["target"]), titles[row["target"]]),
                scope="col",
                title=target_figures.get_title(row, view.lang),
            )
            for row in rows
        ),
    )
    body = [
        tag(
            "tr",
            tag("th", html.render_link(view.build_url(pages.AGENCY, agency=line.agency), line.agency), scope="row"),
            *(_render_cell(view, line, row["target"], titles[row["target"]]) for row in rows),
        )
        for line in lines
    ]
    return tag(
        "table",
        tag("caption", view.t("What each department has done of each target"), class_="kpis-hidden"),
        tag("thead", head),
        tag("tbody", *body),
        class_="kpis-matrix kpis-departments kpis-stack",
    )


def _render_cell(view: PageView, line: AgencyLine, target: str, title: str) -> Markup:
    part = line.parts.get(target)
    leads = target in line.led
    if part is None and not leads:
        nothing = tag("span", _NOTHING_ASKED, html.render_hidden_text(view.t("nothing asked")), class_="kpis-cell")
        return tag("td", nothing, data_label=title, class_="kpis-promised-nothing")
    lead_mark = tag("small", view.t("lead"), class_="kpis-leads") if leads else None
    if part is None:
        return tag("td", tag("span", lead_mark, class_="kpis-cell"), data_label=title)
    status = part["status"]
    sign = html.render_sign(status, palette.get_status_label(status, view.lang) + " ") if status else None
    figure = tag("span", sign, tag("span", format_part(part, view.lang)), class_="kpis-figure")
    return tag(
        "td",
        tag("span", figure, _render_doubt(view, part), lead_mark, class_=f"kpis-cell kpis-{status or 'none'}"),
        data_label=title,
        title=_format_tooltip(view, part),
    )


def _render_doubt(view: PageView, part: Attainment) -> Markup | None:
    return html.render_doubt_mark(doubt_sentences.format_figures(part, view.lang))


def _format_tooltip(view: PageView, part: Attainment) -> str:
    title = target_figures.get_title(part, view.lang)
    status = doubt_sentences.format_status(part, view.lang)
    return f"{title}: {status}" if status else title


def _render_legend(view: PageView, lines: Sequence[AgencyLine]) -> Markup:
    """Return the words of the signs that the table has, and what a bare number is."""
    statuses = {part["status"] for line in lines for part in line.parts.values()}
    signs = [
        html.render_status(status, palette.get_status_label(status, view.lang))
        for status in STATUSES
        if status in statuses
    ]
    note = view.t("A number without a sign is what the agency added; it has no part of its own. “·”: nothing asked.")
    return tag("p", *signs, tag("span", note), class_="kpis-below kpis-legend")
