"""Provinces × shared indicators: sign, "24/50", a thin bar; "–" where the plan promises nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.measures.attainment_rows import MET_STATUSES, Attainment
from kpis.measures.status_overview import build_matrix as cells_of
from kpis.measures.status_overview import group_by_plan
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.filters import PlanChoice
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.wording import missing_data, target_figures

RowsByIndicator = Mapping[str, Sequence[Attainment]]


def render_matrix(
    view: PageView,
    plans: Sequence[PlanChoice],
    rows: Sequence[Attainment],
    indicator_names: Mapping[str, tuple[str, str]],
    read_plans: Collection[str],
) -> Markup:
    """One line per plan, provinces first; a ward's plan is its own line, never added into its province's.

    `rows` are those of every plan, so that the columns stay when the filters leave one plan; `names` are the
    indicators' in the register's order, Vietnamese and English; `read` are the plans with figures.
    """
    shared = cells_of(rows)
    columns = [name for name in indicator_names if any(name in cells for cells in shared.values())]
    titles = [indicator_names[indicator][0 if view.lang == "vi" else 1] for indicator in columns]
    own = group_by_plan(rows)
    alone = any(row["indicator"] not in columns for row in rows)
    others = view.t("Other targets") if alone else None
    head = tag(
        "tr",
        tag("th", view.t("Province"), scope="col", class_="kpis-place"),
        *(tag("th", title, scope="col") for title in titles),
        tag("th", others, scope="col") if others else None,
    )
    headed = list(zip(columns, titles, strict=True))
    lines = [
        _render_plan_row(
            view,
            plan,
            own.get(plan.plan, []),
            shared.get(plan.plan, {}),
            headed,
            others,
            has_data=plan.plan in read_plans,
        )
        for plan in plans
    ]
    return tag(
        "section",
        tag("h2", view.t("Provinces and indicators")),
        tag(
            "table",
            tag("caption", view.t("Status of each shared indicator by province"), class_="kpis-hidden"),
            tag("thead", head),
            tag("tbody", *lines),
            class_="kpis-matrix kpis-stack",
        ),
    )


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
    rest = [row for row in plan_rows if row["indicator"] not in cells]
    small = [_format_plan_summary(view, plan, plan_rows, has_data=has_data)]
    if plan.is_ward:
        small.insert(0, view.t("ward of {province}, counted apart", province=plan.province))
    return tag(
        "tr",
        tag("th", html.render_link(address, plan.name), *(tag("small", text) for text in small), scope="row"),
        *(_render_cell(view, address, title, cells.get(indicator, ())) for indicator, title in columns),
        _render_other_targets(view, address, others_title, rest) if others_title else None,
    )


def _format_plan_summary(
    view: PageView, plan: PlanChoice, plan_rows: Sequence[Attainment], *, has_data: bool
) -> str:
    if not plan_rows and plan.last_year < view.filters.year:
        return view.t("the plan ended with {year}", year=plan.last_year)
    return _format_attained_count(view, plan_rows) if has_data else missing_data.format_short(view.lang)


def _format_attained_count(view: PageView, rows: Sequence[Attainment]) -> str:
    met = sum(row["status"] in MET_STATUSES for row in rows)
    numbers = written.format_number(met, view.lang), written.format_number(len(rows), view.lang)
    return view.t("{met}/{all} attained", met=numbers[0], all=numbers[1])


def _render_empty_cell(view: PageView, title: str) -> Markup:
    inside = tag(
        "span",
        written.NO_VALUE,
        html.render_hidden_text(view.t("nothing promised")),
        class_="kpis-cell kpis-none",
    )
    return tag("td", inside, data_label=title, class_="kpis-promised-nothing")


def _render_cell(view: PageView, address: str, title: str, rows: Sequence[Attainment]) -> Markup:
    if not rows:
        return _render_empty_cell(view, title)
    inside = [_render_figure(view, row) for row in rows]
    said = " ".join(target_figures.format_sentence(row, view.lang) for row in rows)
    return tag("td", html.render_link(address, *inside, title=said), data_label=title)


def _render_figure(view: PageView, row: Attainment) -> Markup:
    status = str(row["status"])
    word = palette.get_status_label(status, view.lang)
    done = target_figures.format_fraction(row, view.lang)
    # The word says it all where "1/1" and a full bar would only repeat it, and where there is no figure: a
    # bare "–" stands for nothing promised.
    if row["measure"] == "milestone" or status == "not_applicable" or done == written.NO_VALUE:
        inside = tag("span", html.render_sign(status, None), word, class_="kpis-figure")
        return tag("span", inside, class_=f"kpis-cell kpis-milestone kpis-{status}")
    return tag(
        "span",
        tag("span", html.render_sign(status, None), _render_breakable(done), class_="kpis-figure"),
        html.render_bar(
            target_figures.compute_floor_fraction(row),
            state=status,
            mark=target_figures.compute_pace_fraction(row),
        ),
        tag("span", word, class_="kpis-word"),
        class_=f"kpis-cell kpis-{status}",
    )


def _render_breakable(text: str) -> Markup:
    """A long "825/1.077" may go on in a next line behind its stroke: a column is no wider than its words."""
    first, stroke, rest = text.partition("/")
    return tag("span", first, stroke, tag("wbr") if rest else None, rest)


def _render_other_targets(view: PageView, address: str, title: str, rows: Sequence[Attainment]) -> Markup:
    if not rows:
        return _render_empty_cell(view, title)
    worst = min((str(row["status"]) for row in rows), key=palette.get_severity_rank)
    met = sum(row["status"] in MET_STATUSES for row in rows)
    inside = tag(
        "span",
        tag("span", html.render_sign(worst, None), f"{met}/{len(rows)}", class_="kpis-figure"),
        html.render_bar(met / len(rows), state="attained"),
        tag(
            "span",
            palette.get_status_label(worst, view.lang),
            class_="kpis-word",
        ),
        class_=f"kpis-cell kpis-{worst}",
    )
    return tag("td", html.render_link(address, inside), data_label=title)
