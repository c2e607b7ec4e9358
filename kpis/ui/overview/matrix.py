"""Provinces × shared indicators: sign, "24/50", a thin bar; "–" where the plan promises nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from kpis.language import format as written
from kpis.measures.rows import MET, Attainment
from kpis.ui import figures, html, pages, theme
from kpis.ui.filters import PlanChoice
from kpis.ui.html import tag
from kpis.ui.view import View

Cells = Mapping[str, Sequence[Attainment]]


def shared(rows: Sequence[Attainment], indicators: Sequence[str]) -> list[str]:
    """The indicators that at least two plans promise something on, in the register's order."""
    plans: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        plans[row["indicator"]].add(row["plan"])
    return [indicator for indicator in indicators if len(plans[indicator]) > 1]


def matrix(
    view: View,
    plans: Sequence[PlanChoice],
    rows: Sequence[Attainment],
    columns: Sequence[str],
    names: Mapping[str, tuple[str, str]],
) -> Markup:
    """One line per plan, provinces first; a ward's plan is its own line, never added into its province's."""
    titles = [names[indicator][0 if view.lang == "vi" else 1] for indicator in columns]
    others = view.t("Other targets")
    head = tag(
        "tr",
        tag("th", view.t("Province"), scope="col", class_="kpis-place"),
        *(tag("th", title, scope="col") for title in (*titles, others)),
    )
    lines = []
    for plan in plans:
        cells: dict[str, list[Attainment]] = defaultdict(list)
        for row in rows:
            if row["plan"] == plan.plan:
                cells[row["indicator"]].append(row)
        lines.append(_line(view, plan, cells, list(zip(columns, titles, strict=True)), others))
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
    view: View, plan: PlanChoice, cells: Cells, columns: Sequence[tuple[str, str]], others: str
) -> Markup:
    address = view.address(pages.PROVINCE, plan=plan.plan, agency=None)
    every = [row for found in cells.values() for row in found]
    known = {indicator for indicator, _ in columns}
    rest = [row for row in every if row["indicator"] not in known]
    small = [_met(view, every)]
    if plan.ward:
        small.insert(0, view.t("ward of {province}, counted apart", province=plan.province))
    return tag(
        "tr",
        tag("th", html.link(address, plan.name), *(tag("small", text) for text in small), scope="row"),
        *(_cell(view, address, title, cells.get(indicator, ())) for indicator, title in columns),
        _rest(view, address, others, rest),
    )


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
    said = " ".join(figures.sentence(row, view.lang) for row in rows)
    return tag("td", html.link(address, *inside, title=said), data_label=title)


def _figure(view: View, row: Attainment) -> Markup:
    status = str(row["status"])
    word = theme.word(status, view.lang)
    if row["measure"] == "milestone":  # done or not: the word says it, "1/1" and a full bar would only repeat
        inside = tag("span", html.sign(status, None), word, class_="kpis-figure")
        return tag("span", inside, class_=f"kpis-cell kpis-milestone kpis-{status}")
    return tag(
        "span",
        tag("span", html.sign(status, None), figures.fraction(row, view.lang), class_="kpis-figure"),
        html.bar(figures.part(row), state=status, mark=figures.pace_part(row)),
        tag("span", word, class_="kpis-word"),
        class_=f"kpis-cell kpis-{status}",
    )


def _rest(view: View, address: str, title: str, rows: Sequence[Attainment]) -> Markup:
    if not rows:
        return _nothing(view, title)
    worst = min((str(row["status"]) for row in rows), key=theme.rank)
    met = sum(row["status"] in MET for row in rows)
    inside = tag(
        "span",
        tag("span", html.sign(worst, None), f"{met}/{len(rows)}", class_="kpis-figure"),
        html.bar(met / len(rows), state="attained"),
        tag(
            "span",
            theme.word(worst, view.lang),
            class_="kpis-word",
        ),
        class_=f"kpis-cell kpis-{worst}",
    )
    return tag("td", html.link(address, inside), data_label=title)
