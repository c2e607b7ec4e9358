"""A target in the catalogue: commitment, due day, lead agency, citation, and our readings of the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from kpis.language import formatting
from kpis.language.change_words import format_change_promise
from kpis.measures.clauses import ClauseFacts
from kpis.measures.register_facts import PlanFacts, format_place_name
from kpis.register.model import SPAN_MONTHS
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.clauses import render_clauses
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.list_links import link_to_target
from kpis.ui.shared.page_view import PageView
from kpis.wording import spans
from kpis.wording.units import format_share_of_units, inflect_unit

CatalogueRow = Mapping[str, object]

RECURRENCES = {
    "yearly": "every year",
    "once": "within the plan's one year",
    "by_end": "by the plan's end",
    "standing": "throughout the plan",
    "quarterly": "every quarter",
    "monthly": "every month",
    "half_yearly": "every half-year",
}
BY_STAGES = "by stages in given years"
FORCES = {
    "binding": "binding",
    "aspirational": "aspirational",
    "tentative": "tentative",
    "conditional": "conditional",
}
_COMPARATOR_SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}


def render_cells(
    plan: PlanFacts, row: CatalogueRow, view: PageView, clauses: Sequence[ClauseFacts], *, with_place: bool = False
) -> tuple[Child, ...]:
    """Return title, commitment, due day, lead, recurrence, force and citation; `with_place` names the place too."""
    names = ("title_vi", "name_vi") if view.lang == "vi" else ("title_en", "name_en")
    title, indicator = (str(row[name]) for name in names)
    details = [str(row["target"]), indicator, *([format_place_name(plan)] if with_place else [])]
    return (
        tag(
            "span",
            html.render_link(link_to_target(view, plan["plan"], str(row["target"])), title),
            tag("small", " · ".join(details), class_="kpis-under"),
            render_clauses(clauses, view),
        ),
        _render_commitment(row, view),
        format_due_day(row, view),
        _render_lead(row, view),
        _render_recurrence(row, view),
        view.t(FORCES[str(row["force"])]),
        _render_citation(plan, row, view),
    )


def _render_commitment(row: CatalogueRow, view: PageView) -> Child:
    if row["measure"] == "milestone":
        return view.t("done")
    if row["floor"] is None:
        return view.t("kept in the plan's words, not judged")
    if row["counting"]:
        return _render_stages(row, view)
    if row["measure"] == "change":
        return join([_format_floor(row, row["floor"], view), _render_baseline(row, view)])
    sign = _COMPARATOR_SIGNS[str(row["comparator"])]
    floor = cast(Decimal, row["floor"])
    unit = str(row["unit_vi" if view.lang == "vi" else "unit_en"])
    if row["measure"] in ("ratio", "coverage"):
        percent = formatting.format_percent(floor, 1, view.lang, formatting.EXACT_PERCENT_DECIMALS)
        is_all = floor == 1 and row["comparator"] == ">="
        share = format_share_of_units(percent, unit, view.lang, is_all=is_all)
        main = share if is_all else f"{sign} {share}"
        notes = [_format_denominator(row, view)]
        if cast(int, row["each"] or 1) > 1:
            each = cast(int, row["each"])
            number, units = formatting.format_number(each, view.lang), inflect_unit(unit, each, view.lang)
            notes.append(view.t("each at least {n} {unit}", n=number, unit=units))
        if words := format_ratio_words(row["numerator_vi"], row["denominator_vi"]):
            notes.append(words)
        return join([main, tag("small", "; ".join(notes), class_="kpis-under"), _render_baseline(row, view)])
    main = f"{sign} {_format_units(floor, unit, view)}"
    if row["stretch"] is None:
        return join([main, _render_baseline(row, view)])
    stretch = formatting.format_number(cast(Decimal, row["stretch"]), view.lang, formatting.EXACT_DECIMALS)
    note = tag("small", view.t("stretch {stretch}", stretch=stretch), class_="kpis-under")
    return join([main, note, _render_baseline(row, view)])


def _render_stages(row: CatalogueRow, view: PageView) -> Child:
    """Return what must stand at the end of each year; of yearly values, what each year has to add."""
    lines = [
        tag("span", f"{stage['due_on'].year}: {_format_floor(row, stage['floor'], view)}")
        for stage in cast("list[dict[str, Any]]", row["stages"])
    ]
    note = view.t("each year by itself" if row["counting"] == "each_year" else "counted from the plan's first year")
    return join([join(lines, "; "), tag("small", note, class_="kpis-under"), _render_baseline(row, view)])


def _format_floor(row: CatalogueRow, floor: object, view: PageView) -> str:
    """Return a floor with comparator and unit; of a change in words."""
    sign, unit = _COMPARATOR_SIGNS[str(row["comparator"])], str(row["unit_vi" if view.lang == "vi" else "unit_en"])
    value = cast(Decimal, floor)
    if row["measure"] == "change":
        return f"{format_change_promise(str(row['comparator']), value, view.lang)} ({unit})"
    if row["measure"] in ("ratio", "coverage"):
        percent = formatting.format_percent(value, 1, view.lang, formatting.EXACT_PERCENT_DECIMALS)
        return f"{sign} {format_share_of_units(percent, unit, view.lang)}"
    return f"{sign} {_format_units(value, unit, view)}"


def _format_units(value: Decimal, unit: str, view: PageView) -> str:
    """Return a number of units, in English with its plural: "≥ 10 news items"."""
    number = formatting.format_number(value, view.lang, formatting.EXACT_DECIMALS)
    return f"{number} {inflect_unit(unit, float(value), view.lang)}"


def _render_baseline(row: CatalogueRow, view: PageView) -> Child:
    """Return the figure from which a target starts; None without one."""
    if row["baseline"] is None:
        return None
    value = cast(Decimal, row["baseline"])
    number = formatting.format_number(value, view.lang, formatting.EXACT_DECIMALS)
    if row["measure"] == "ratio":
        number = formatting.format_percent(value, 1, view.lang, formatting.EXACT_PERCENT_DECIMALS)
    text = view.t("from {value} in {year}", value=number, year=row["baseline_year"])
    if row["measure"] == "change" and row["recurrence"] == "yearly":
        text = view.t(
            "each year compared with the year before; {year}: {value}", value=number, year=row["baseline_year"]
        )
    return tag("small", text, class_="kpis-under")


def format_ratio_words(numerator: object, denominator: object) -> str:
    """Return what a ratio counts, in the plan's words: "hộ dùng nước sạch / hộ toàn xã"; empty without."""
    return " / ".join(str(words) for words in (numerator, denominator) if words)


def _format_denominator(row: CatalogueRow, view: PageView) -> str:
    """Return what makes up the 100 %: a roster, a population, or that the register has neither yet.

    A ceiling ratio without either is judged on what is reported (design.md §5).
    """
    size, population = cast(int, row["roster_size"]), cast("int | None", row["population"])
    if size:
        return view.t("roster of {n} agencies", n=formatting.format_number(size, view.lang))
    if population is not None:
        return view.t("out of {n}", n=formatting.format_number(population, view.lang))
    if row["measure"] == "ratio" and row["comparator"] in ("<=", "<"):
        return view.t("of what has been reported")
    return view.t("roster not final yet")


def _render_recurrence(row: CatalogueRow, view: PageView) -> Child:
    is_staged = row["counting"] == "to_date"
    recurrence = view.t(BY_STAGES if is_staged else RECURRENCES[str(row["recurrence"])])
    if row["recurrence_basis"] == "stated":
        return recurrence
    reason = str(row["recurrence_reason_vi" if view.lang == "vi" else "recurrence_reason_en"])
    note = view.t("Our reading: {reason}", reason=reason)
    return join([recurrence, tag("small", note, class_="kpis-under")])


def format_due_day(row: CatalogueRow, view: PageView) -> str:
    """Return the due day of a target, or that of each year or span."""
    first, last = row["first_due"], row["last_due"]
    if row["recurrence"] in SPAN_MONTHS:
        return spans.format_due_days(str(row["recurrence"]), view.lang)
    if not isinstance(first, date) or not isinstance(last, date):
        return formatting.NO_VALUE
    if row["counting"] == "to_date":
        return "; ".join(view.format_day(stage["due_on"]) for stage in cast("list[dict[str, Any]]", row["stages"]))
    if first == last:
        return view.format_day(first)
    return view.t("{day} each year", day=formatting.format_day_and_month(first, view.lang))


def _render_lead(row: CatalogueRow, view: PageView) -> Child:
    lead = html.render_link(view.build_url(pages.AGENCY, plan=row["plan"], agency=row["lead"]), str(row["lead"]))
    if row["lead_basis"] == "stated":
        return lead
    return join([lead, tag("small", view.t("our reading: the focal agency"), class_="kpis-under")])


def _render_citation(plan: PlanFacts, row: CatalogueRow, view: PageView) -> Child:
    section = tag("small", format_citation(None, str(row["section"]), view), class_="kpis-under")
    return join([plan["number"] or tag("span", view.t("no number"), class_="kpis-number"), section])


def format_citation(number: str | None, section: str, view: PageView) -> str:
    """Return where a target is stated: the section, and the number of the document if it is given."""
    text = view.t("section {section}", section=section)
    return f"{text}, {number}" if number else text
