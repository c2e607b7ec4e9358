"""Provinces × shared indicators: sign, "24/50", a thin bar; "–" where the plan promises nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.measures.attainment_rows import MET, Attainment
from kpis.measures.status_overview import by_plan
from kpis.measures.status_overview import matrix as cells_of
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.filters import PlanChoice
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import View
from kpis.wording import missing_data, target_figures

Cells = Mapping[str, Sequence[Attainment]]


def matrix(
    view: View,
    plans: Sequence[PlanChoice],
    rows: Sequence[Attainment],
    names: Mapping[str, tuple[str, str]],
    read: Collection[str],
) -> Markup:
    """One line per plan, provinces first; a ward's plan is its own line, never added into its province's.

    `rows` are those of every plan, so that the columns stay when the filters leave one plan; `names` are the
    indicators' in the register's order, Vietnamese and English; `read` are the plans with figures.
    """
    shared = cells_of(rows)
    columns = [name for name in names if any(name in cells for cells in shared.values())]
    titles = [names[indicator][0 if view.lang == "vi" else 1] for indicator in columns]
    own = by_plan(rows)
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
        _line(
            view,
            plan,
            own.get(plan.plan, []),
            shared.get(plan.plan, {}),
            headed,
            others,
            read=plan.plan in read,
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


def _line(
    view: View,
    plan: PlanChoice,
    own: Sequence[Attainment],
    cells: Cells,
    columns: Sequence[tuple[str, str]],
    others: str | None,
    *,
    read: bool,
) -> Markup:
    address = view.address(pages.PROVINCE, plan=plan.plan, agency=None)
    rest = [row for row in own if row["indicator"] not in cells]
    small = [_standing(view, plan, own, read=read)]
    if plan.ward:
        small.insert(0, view.t("ward of {province}, counted apart", province=plan.province))
    return tag(
        "tr",
        tag("th", html.link(address, plan.name), *(tag("small", text) for text in small), scope="row"),
        *(_cell(view, address, title, cells.get(indicator, ())) for indicator, title in columns),
        _rest(view, address, others, rest) if others else None,
    )


def _standing(view: View, plan: PlanChoice, own: Sequence[Attainment], *, read: bool) -> str:
    if not own and plan.last_year < view.filters.year:
        return view.t("the plan ended with {year}", year=plan.last_year)
    return _met(view, own) if read else missing_data.short(view.lang)


def _met(view: View, rows: Sequence[Attainment]) -> str:
    met = sum(row["status"] in MET for row in rows)
    numbers = written.number(met, view.lang), written.number(len(rows), view.lang)
    return view.t("{met}/{all} attained", met=numbers[0], all=numbers[1])


def _nothing(view: View, title: str) -> Markup:
    inside = tag(
        "span", written.NOTHING, html.hidden(view.t("nothing promised")), class_="kpis-cell kpis-none"
    )
    return tag("td", inside, data_label=title, class_="kpis-promised-nothing")


def _cell(view: View, address: str, title: str, rows: Sequence[Attainment]) -> Markup:
    if not rows:
        return _nothing(view, title)
    inside = [_figure(view, row) for row in rows]
    said = " ".join(target_figures.sentence(row, view.lang) for row in rows)
    return tag("td", html.link(address, *inside, title=said), data_label=title)


def _figure(view: View, row: Attainment) -> Markup:
    status = str(row["status"])
    word = palette.word(status, view.lang)
    done = target_figures.fraction(row, view.lang)
    # The word says it all where "1/1" and a full bar would only repeat it, and where there is no figure: a
    # bare "–" stands for nothing promised.
    if row["measure"] == "milestone" or status == "not_applicable" or done == written.NOTHING:
        inside = tag("span", html.sign(status, None), word, class_="kpis-figure")
        return tag("span", inside, class_=f"kpis-cell kpis-milestone kpis-{status}")
    return tag(
        "span",
        tag("span", html.sign(status, None), _breakable(done), class_="kpis-figure"),
        html.bar(target_figures.part(row), state=status, mark=target_figures.pace_part(row)),
        tag("span", word, class_="kpis-word"),
        class_=f"kpis-cell kpis-{status}",
    )


def _breakable(done: str) -> Markup:
    """A long "825/1.077" may go on in a next line behind its stroke: a column is no wider than its words."""
    first, stroke, rest = done.partition("/")
    return tag("span", first, stroke, tag("wbr") if rest else None, rest)


def _rest(view: View, address: str, title: str, rows: Sequence[Attainment]) -> Markup:
    if not rows:
        return _nothing(view, title)
    worst = min((str(row["status"]) for row in rows), key=palette.rank)
    met = sum(row["status"] in MET for row in rows)
    inside = tag(
        "span",
        tag("span", html.sign(worst, None), f"{met}/{len(rows)}", class_="kpis-figure"),
        html.bar(met / len(rows), state="attained"),
        tag(
            "span",
            palette.word(worst, view.lang),
            class_="kpis-word",
        ),
        class_=f"kpis-cell kpis-{worst}",
    )
    return tag("td", html.link(address, inside), data_label=title)
