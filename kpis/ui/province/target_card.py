"""One target as a card: bullet chart with its numbers, what is owed, running total, contributions."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.charts.specs import BulletValues
from kpis.language import formatting
from kpis.measures.attainment_rows import Attainment
from kpis.measures.clauses import ClausesByEntry
from kpis.measures.latest_entries import LatestEntry
from kpis.measures.owed import has_unknown_base
from kpis.measures.predecessors import NO_PARTS, PredecessorParts
from kpis.measures.running_curve import TargetCurve
from kpis.ui import pages
from kpis.ui.province.amendments import AmendmentsByEntry, render_amendments
from kpis.ui.province.contributions import render_contributions_table
from kpis.ui.shared import charts, html, list_links
from kpis.ui.shared.bullets import render_bullet
from kpis.ui.shared.clauses import render_clauses
from kpis.ui.shared.entry_explanations import NO_EXPLANATIONS, EntryExplanations, render_entry_explanations
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.phone_rows import render_phone_summary
from kpis.ui.shared.request_links import render_request_link
from kpis.ui.targets.plan_targets import BY_STAGES, FORCES, RECURRENCES, format_citation, format_ratio_words
from kpis.wording import change_figures, doubt_sentences, owed_sentences, ratios, spans, target_figures
from kpis.wording.units import get_counted_unit


def render_target(
    row: Attainment,
    contributions: Sequence[Attainment],
    running_total: TargetCurve | None,
    view: PageView,
    clauses: ClausesByEntry | None = None,
    amendments: AmendmentsByEntry | None = None,
    parts: PredecessorParts = NO_PARTS,
    explanations: EntryExplanations = NO_EXPLANATIONS,
    anchor: str | None = None,
) -> Markup:
    """Return the card of one period of a target; `anchor` is where links to the target lead."""
    status = str(row["status"])
    return tag(
        "li",
        tag(
            "div",
            tag("h3", target_figures.get_title(row, view.lang)),
            tag("p", html.render_status(status, doubt_sentences.format_status(row, view.lang))),
            _render_owed(row, view),
            render_amendments((amendments or {}).get(row["target"], ()), view),
            _render_metadata(row, view),
            _render_clauses(row, clauses, view),
            render_entry_explanations(row["target"], explanations, view),
            render_request_link(row["target"], row["plan"], view),
            class_="kpis-what",
        ),
        tag("div", _render_figures(row, view)),
        _render_phone_summary(row, view),
        tag("div", _render_curve(row, running_total, view)),
        render_contributions_table(row, contributions, view, parts),
        class_=f"kpis-{status}",
        id=anchor,
    )


def render_milestone(
    row: Attainment,
    contributions: Sequence[Attainment],
    view: PageView,
    clauses: ClausesByEntry | None = None,
    amendments: AmendmentsByEntry | None = None,
    explanations: EntryExplanations = NO_EXPLANATIONS,
    anchor: str | None = None,
) -> Markup:
    """Return the card of a milestone: done or not, and by when; without a chart."""
    status = str(row["status"])
    return tag(
        "li",
        tag("p", html.render_status(status, doubt_sentences.format_status(row, view.lang))),
        tag(
            "div",
            tag("h3", target_figures.get_title(row, view.lang)),
            _render_owed(row, view),
            render_amendments((amendments or {}).get(row["target"], ()), view),
            _render_metadata(row, view),
            _render_clauses(row, clauses, view),
            render_entry_explanations(row["target"], explanations, view),
            render_request_link(row["target"], row["plan"], view),
        ),
        _render_phone_summary(row, view),
        tag("div", _render_period(row, view), render_contributions_table(row, contributions, view)),
        class_=f"kpis-{status}",
        id=anchor,
    )


def render_carried(
    row: Attainment,
    entries: Sequence[LatestEntry],
    view: PageView,
    clauses: ClausesByEntry | None = None,
    amendments: AmendmentsByEntry | None = None,
    explanations: EntryExplanations = NO_EXPLANATIONS,
    anchor: str | None = None,
) -> Markup:
    """Return the card of a target that is kept in words: what each agency last wrote, without a figure."""
    words = [
        tag("li", f"{view.format_day(entry['occurred_on'])}, {entry['agency']}: ", tag("q", entry["content"] or ""))
        for entry in entries
    ]
    return tag(
        "li",
        tag("p", html.render_status("carried", doubt_sentences.format_status(row, view.lang))),
        tag(
            "div",
            tag("h3", target_figures.get_title(row, view.lang)),
            render_amendments((amendments or {}).get(row["target"], ()), view),
            _render_metadata(row, view),
            _render_clauses(row, clauses, view),
            render_entry_explanations(row["target"], explanations, view),
        ),
        tag(
            "div",
            tag("p", target_figures.format_counted_fraction(row, view.lang))
            if row["figure"] and row["entries"]
            else None,
            _render_period(row, view),
            tag("ul", *words) if words else view.t("No entry by this day."),
        ),
        class_="kpis-carried",
        id=anchor,
    )


def _render_phone_summary(row: Attainment, view: PageView) -> Markup:
    """Return the line that opens, on a phone, what the plan says, the running total and the agencies."""
    return render_phone_summary(view.t("Details"), target_figures.get_title(row, view.lang))


def _render_metadata(row: Attainment, view: PageView) -> Markup:
    stated = row["recurrence_basis"] == "stated"
    reason = row["recurrence_reason_vi"] if view.lang == "vi" else row["recurrence_reason_en"]
    basis = view.t("stated in the plan") if stated else view.t("our reading: {reason}", reason=reason)
    lead = html.render_link(view.build_url(pages.AGENCY, plan=row["plan"], agency=row["lead"]), row["lead"])
    parts: list[Child] = [
        f"{view.t(_get_recurrence(row, view))} ({basis})",
        view.t(FORCES[row["force"]]),
        format_ratio_words(row["numerator_vi"], row["denominator_vi"]) or None,
        format_citation(view.plan.number if view.plan else None, row["section"], view),
    ]
    basis = tag("span", " · ", join([part for part in parts if part], " · "), class_="kpis-basis")
    return tag("p", tag("span", view.t("Lead: "), lead), basis, class_="kpis-under")


def _get_recurrence(row: Attainment, view: PageView) -> str:
    is_stage = row["recurrence"] == "by_end" and view.plan and row["period_end"].year != view.plan.last_year
    return BY_STAGES if is_stage else RECURRENCES[row["recurrence"]]


def _render_clauses(row: Attainment, clauses: ClausesByEntry | None, view: PageView) -> Markup:
    return render_clauses((clauses or {}).get(row["target"], ()), view)


def _render_spans(row: Attainment, view: PageView) -> list[Child]:
    """Return the quarters, months or half-years of a year, each with its figure and status."""
    lines = [
        tag(
            "li",
            spans.format_span(str(span["span"]), view.lang),
            f": {target_figures.format_counted_fraction(span, view.lang)} ",
            html.render_status(str(span["status"]), doubt_sentences.format_status(span, view.lang)),
        )
        for span in row["span_rows"]
    ]
    return [tag("p", target_figures.format_fraction(row, view.lang)), tag("ul", *lines), _render_period(row, view)]


def _render_figures(row: Attainment, view: PageView) -> list[Child]:
    if row["has_spans"]:
        return _render_spans(row, view)
    chart = render_bullet(
        BulletValues(
            actual=ratios.compute_bar_value(row),
            floor=ratios.compute_bar_limit(row, row["floor"]),
            expected=ratios.compute_bar_pace(row),
            stretch=None if row["stretch"] is None else ratios.compute_bar_limit(row, row["stretch"]),
            status=str(row["status"]),
        ),
        target_figures.format_sentence(row, view.lang),
    )
    return [chart, _render_numbers(row, view), _render_period(row, view)]


def _render_numbers(row: Attainment, view: PageView) -> Markup:
    unit = get_counted_unit(row, view.lang)
    pairs: list[tuple[str, str]] = [(view.t("Actual"), _format_actual(row, view))]
    if baseline := change_figures.format_baseline(row, view.lang):
        pairs.append((view.t("Baseline"), baseline))
    if row["is_ceiling"] and not row["starts_at_baseline"] and row["measure"] != "change":
        pairs.append((view.t("Ceiling"), target_figures.format_limit(row, view.lang)))
    else:
        pairs.append((view.t("Expected by now"), target_figures.format_expected(row, view.lang)))
        pairs.append((view.t("Floor"), target_figures.format_limit(row, view.lang)))
    if row["stretch"] is not None:
        pairs.append((view.t("Stretch"), target_figures.format_exact_amount(row, row["stretch"], view.lang)))
    cells = [tag("div", tag("dt", name), tag("dd", value)) for name, value in pairs]
    return tag("dl", *cells, tag("div", tag("dt", view.t("Unit")), tag("dd", unit)), class_="kpis-numbers")


def _format_actual(row: Attainment, view: PageView) -> str:
    """Return what was done, a ratio with its parts: "75% (45/60)"."""
    qualifier = target_figures.format_qualifier(row, view.lang)
    if not qualifier and row["measure"] == "ratio" and row["denominator"]:
        qualifier = target_figures.format_counted(row, view.lang)
    done = target_figures.format_actual(row, view.lang)
    if row["measure"] == "change" and row["entries"]:
        qualifier = target_figures.format_counted(row, view.lang)
    return f"{done} ({qualifier})" if qualifier else done


def _render_period(row: Attainment, view: PageView) -> Markup:
    start, end, due = (view.format_day(row[name]) for name in ("period_start", "period_end", "due_on"))
    text = view.t("Period {start} – {end}, due {due}", start=start, end=end, due=due)
    link = _render_entries_link(row, view)
    return tag("p", text, [" · ", link] if link else None, class_="kpis-under")


def _render_entries_link(row: Attainment, view: PageView) -> Markup | None:
    """Return the link to the entries of a target, with its weeks and what each reading changed; None without any."""
    if not row["entries"]:
        return None
    key = "1 entry, week by week" if row["entries"] == 1 else "{n} entries, week by week"
    text = view.t(key, n=formatting.format_number(row["entries"], view.lang))
    url = list_links.link_to_entries(view, target=row["target"], plan=row["plan"], agency=None)
    return html.render_link(url, text, class_=list_links.COUNT_CLASS)


def _render_owed(row: Attainment, view: PageView) -> Child:
    sentence = owed_sentences.format_sentence(row, view.lang)
    return tag("p", sentence, class_="kpis-owed") if sentence else None


def _render_curve(row: Attainment, running_total: TargetCurve | None, view: PageView) -> Child:
    if running_total is None or not running_total.points:
        return tag("p", view.t("No entry by this day."), class_="kpis-quiet kpis-small")
    last_day = min(view.as_of, row["period_end"])
    points = running_total.points
    if last_day > points[-1][0]:
        points = [*points, (last_day, points[-1][1])]
    is_ceiling = row["is_ceiling"] and not row["starts_at_baseline"]
    title = target_figures.get_title(row, view.lang)
    alt_text = (
        view.t("Running total of {title} compared with its ceiling", title=title)
        if is_ceiling
        else view.t("Running total of {title} compared with its pace", title=title)
    )
    chart = charts.render_curve(
        tuple(points),
        () if is_ceiling else tuple(running_total.pace),
        ratios.compute_bar_limit(row, row["floor"]),
        str(row["status"]),
        alt_text,
        view.lang,
        percent=row["is_proportion"],
        width=330,
        height=110,
    )
    if not ratios.has_uncounted_population(row) and not has_unknown_base(row):
        return chart
    return join([chart, tag("p", view.t("Only of those in the reports."), class_="kpis-under")])
