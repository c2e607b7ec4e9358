"""Provinces × shared indicators: sign, "24/50", a thin bar; "–" where the plan has no target."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting
from kpis.measures.attainment_rows import MET_STATUSES, Attainment
from kpis.measures.status_overview import build_matrix, group_by_plan, select_judged
from kpis.pack.xlsx.tab import CellValue, to_cell_value
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.filters import PlanChoice
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.list_links import link_to_target, link_to_targets, render_count
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.phone_rows import render_phone_cells
from kpis.ui.shared.table_downloads import TableName, offer_table
from kpis.wording import doubt_sentences, missing_data, target_figures
from kpis.wording.column_units import format_column_title

RowsByIndicator = Mapping[str, Sequence[Attainment]]


def render_matrix(
    view: PageView,
    plans: Sequence[PlanChoice],
    rows: Sequence[Attainment],
    indicator_names: Mapping[str, tuple[str, str]],
    read_plans: Collection[str],
) -> Markup:
    """Return one line per plan, provinces first; a ward's plan is never added into its province's.

    `rows` are those of every plan, so that the columns stay the same when one plan is chosen.
    `indicator_names` are (Vietnamese, English), in the register's order; `read_plans` are those with figures.
    """
    shared = build_matrix(rows)
    columns = [indicator for indicator in indicator_names if any(indicator in cells for cells in shared.values())]
    titles = [_format_title(view, indicator, indicator_names[indicator], shared) for indicator in columns]
    rows_by_plan = group_by_plan(rows)
    has_others = any(row["indicator"] not in columns for row in rows)
    others_title = view.t("Other targets") if has_others else None
    head = tag(
        "tr",
        tag("th", view.t("Province"), scope="col", class_="kpis-place"),
        *(tag("th", title, scope="col") for title in titles),
        tag("th", others_title, scope="col") if others_title else None,
    )
    titled_columns = list(zip(columns, titles, strict=True))
    lines = [
        _render_plan_row(
            view,
            plan,
            rows_by_plan.get(plan.plan, []),
            shared.get(plan.plan, {}),
            titled_columns,
            others_title,
            has_data=plan.plan in read_plans,
        )
        for plan in plans
    ]
    return tag(
        "section",
        tag("h2", view.t("Provinces and indicators")),
        render_phone_cells(view.t("Show the targets of each")),
        tag(
            "table",
            tag("caption", view.t("Status of each shared indicator by province"), class_="kpis-hidden"),
            tag("thead", head),
            tag("tbody", *lines),
            class_="kpis-matrix kpis-stack",
        ),
        _offer_workbook(view, plans, rows_by_plan, shared, titled_columns),
    )


def _format_title(view: PageView, indicator: str, names: tuple[str, str], cells: Mapping[str, RowsByIndicator]) -> str:
    """Return an indicator's name, with what its figures count."""
    rows = (row for by_indicator in cells.values() for row in by_indicator.get(indicator, ()))
    return format_column_title(names[0 if view.lang == "vi" else 1], rows, view.lang)


def _offer_workbook(
    view: PageView,
    plans: Sequence[PlanChoice],
    rows_by_plan: Mapping[str, Sequence[Attainment]],
    cells: Mapping[str, RowsByIndicator],
    columns: Sequence[tuple[str, str]],
) -> Markup | None:
    """Return the link to the matrix as a workbook: of each indicator figure and status in columns of their own."""
    titles = [view.t("Province"), view.t("Attained"), view.t("Targets")]
    for _, title in columns:
        titles += [title, f"{title}: {view.t('Status').lower()}"]

    def build_rows() -> list[list[CellValue]]:
        lines: list[list[CellValue]] = []
        for plan in plans:
            judged = select_judged(rows_by_plan.get(plan.plan, []))
            line: list[CellValue] = [plan.name, sum(row["status"] in MET_STATUSES for row in judged), len(judged)]
            for indicator, _ in columns:
                line += _list_cell_values(cells.get(plan.plan, {}).get(indicator, ()), view)
            lines.append(line)
        return lines

    return offer_table(
        TableName(pages.OVERVIEW, "matrix", view.t("Provinces and indicators"), view), titles, build_rows
    )


def _list_cell_values(rows: Sequence[Attainment], view: PageView) -> Iterator[CellValue]:
    """Yield figure and status of a cell; of several targets as text."""
    if len(rows) == 1 and rows[0]["measure"] != "milestone":
        yield to_cell_value(rows[0], rows[0]["actual"])
    else:
        figures = (target_figures.format_fraction(row, view.lang) for row in rows if row["measure"] != "milestone")
        yield "; ".join(figures) or None
    yield "; ".join(doubt_sentences.format_status(row, view.lang) for row in rows) or None


def _render_plan_row(
    view: PageView,
    plan: PlanChoice,
    plan_rows: Sequence[Attainment],
    cells: RowsByIndicator,
    columns: Sequence[tuple[str, str]],
    others_title: str | None,
    *,
    has_data: bool,
) -> Markup:
    address = view.build_url(pages.PROVINCE, plan=plan.plan, agency=None)
    other_rows = [row for row in plan_rows if row["indicator"] not in cells]
    notes: list[Child] = [_render_plan_summary(view, plan, plan_rows, has_data=has_data)]
    if plan.is_ward:
        notes.insert(0, view.t("ward of {province}, counted separately", province=plan.province))
    return tag(
        "tr",
        tag("th", html.render_link(address, plan.name), *(tag("small", text) for text in notes), scope="row"),
        *(_render_cell(view, title, cells.get(indicator, ())) for indicator, title in columns),
        _render_other_targets(view, address, others_title, other_rows) if others_title else None,
    )


def _render_plan_summary(view: PageView, plan: PlanChoice, plan_rows: Sequence[Attainment], *, has_data: bool) -> Child:
    if not plan_rows and plan.last_year < view.filters.year:
        return view.t("the plan ended in {year}", year=plan.last_year)
    if not has_data:
        return missing_data.format_short(view.lang)
    judged = select_judged(plan_rows)
    met = sum(row["status"] in MET_STATUSES for row in judged)
    url = link_to_targets(view, status=MET_STATUSES, plan=plan.plan, agency=None)
    total = formatting.format_number(len(judged), view.lang)
    opening, _, closing = view.t("{met}/{all} attained", met="\0", all=total).partition("\0")
    return html.join([opening, render_count(view, met, url), closing])


def _format_attained_count(view: PageView, rows: Sequence[Attainment]) -> str:
    rows = select_judged(rows)
    met = sum(row["status"] in MET_STATUSES for row in rows)
    total = formatting.format_number(len(rows), view.lang)
    return view.t("{met}/{all} attained", met=formatting.format_number(met, view.lang), all=total)


def _render_empty_cell(view: PageView, title: str) -> Markup:
    content = tag(
        "span",
        formatting.NO_VALUE,
        html.render_hidden_text(view.t("no target in the plan")),
        class_="kpis-cell kpis-none",
    )
    return tag("td", content, data_label=title, class_="kpis-promised-nothing")


def _render_cell(view: PageView, title: str, rows: Sequence[Attainment]) -> Markup:
    if not rows:
        return _render_empty_cell(view, title)
    figures = [_render_figure(view, row) for row in rows]
    tooltip = " ".join(target_figures.format_sentence(row, view.lang) for row in rows)
    address = link_to_target(view, rows[0]["plan"], rows[0]["target"])
    return tag("td", html.render_link(address, *figures, title=tooltip), data_label=title)


def _render_figure(view: PageView, row: Attainment) -> Markup:
    status = str(row["status"])
    word = palette.get_status_label(status, view.lang)
    done = target_figures.format_fraction(row, view.lang)
    # Only the word, where "1/1" and a full bar would repeat it and where there is no figure: "–" alone would
    # mean that the plan has no target.
    if row["measure"] == "milestone" or status in ("not_applicable", "carried") or done == formatting.NO_VALUE:
        mark = html.render_doubt_mark(doubt_sentences.format_figures(row, view.lang))
        figure = tag("span", html.render_sign(status, None), word, mark, class_="kpis-figure")
        return tag("span", figure, class_=f"kpis-cell kpis-milestone kpis-{status}")
    return tag(
        "span",
        tag("span", html.render_sign(status, None), _render_breakable(done), class_="kpis-figure"),
        html.render_doubt_mark(doubt_sentences.format_figures(row, view.lang)),
        html.render_bar(
            target_figures.compute_floor_fraction(row),
            state=status,
            mark=target_figures.compute_pace_fraction(row),
        ),
        tag("span", word, class_="kpis-word"),
        class_=f"kpis-cell kpis-{status}",
    )


def _render_breakable(text: str) -> Markup:
    """Allow a line break after the slash of a long "825/1.077", to keep the column narrow."""
    first, slash, rest = text.partition("/")
    return tag("span", first, slash, tag("wbr") if rest else None, rest)


def _render_other_targets(view: PageView, address: str, title: str, rows: Sequence[Attainment]) -> Markup:
    if not rows:
        return _render_empty_cell(view, title)
    worst = min((str(row["status"]) for row in rows), key=palette.get_severity_rank)
    judged = select_judged(rows)
    met = sum(row["status"] in MET_STATUSES for row in judged)
    count = _format_attained_count(view, rows) if judged else ""
    content = tag(
        "span",
        tag("span", html.render_sign(worst, None), tag("span", count), class_="kpis-figure"),
        html.render_bar(met / len(judged), state="attained") if judged else None,
        tag("span", palette.get_status_label(worst, view.lang), class_="kpis-word"),
        class_=f"kpis-cell kpis-{worst}",
    )
    return tag("td", html.render_link(address, content), data_label=title)
