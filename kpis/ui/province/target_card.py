"""One target as a card: bullet chart with its numbers, what is owed, the running curve, who adds what."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.measures.attainment_rows import Attainment
from kpis.measures.owed import has_unknown_base
from kpis.measures.running_curve import TargetCurve
from kpis.ui import pages
from kpis.ui.province.contributions import render_contributions_table
from kpis.ui.shared import charts, html
from kpis.ui.shared.charts import BulletValues
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.targets.plan_targets import FORCES, RECURRENCES
from kpis.wording import owed_sentences, ratios, target_figures

_PACE_CURVE_KEY = "Running total of {title} against its pace"


def render_target(
    row: Attainment, contributions: Sequence[Attainment], running_total: TargetCurve | None, view: PageView
) -> Markup:
    """The card of one target's period."""
    status = str(row["status"])
    return tag(
        "li",
        tag(
            "div",
            tag("h3", target_figures.get_title(row, view.lang)),
            tag("p", html.render_status(status, palette.get_status_label(status, view.lang))),
            _render_owed(row, view),
            _render_metadata(row, view),
            class_="kpis-what",
        ),
        tag("div", _render_figures(row, view)),
        tag("div", _render_curve(row, running_total, view)),
        render_contributions_table(row, contributions, view),
        class_=f"kpis-{status}",
    )


def render_milestone(row: Attainment, contributions: Sequence[Attainment], view: PageView) -> Markup:
    """A milestone: done or not, by when; it has no chart, since there is nothing to measure between."""
    status = str(row["status"])
    return tag(
        "li",
        tag("p", html.render_status(status, palette.get_status_label(status, view.lang))),
        tag(
            "div",
            tag("h3", target_figures.get_title(row, view.lang)),
            _render_owed(row, view),
            _render_metadata(row, view),
        ),
        tag("div", _render_period(row, view), render_contributions_table(row, contributions, view)),
        class_=f"kpis-{status}",
    )


def _render_metadata(row: Attainment, view: PageView) -> Markup:
    stated = row["recurrence_basis"] == "stated"
    reason = row["recurrence_reason_vi"] if view.lang == "vi" else row["recurrence_reason_en"]
    basis = view.t("stated in the plan") if stated else view.t("our reading: {reason}", reason=reason)
    lead = html.render_link(view.build_url(pages.AGENCY, plan=row["plan"], agency=row["lead"]), row["lead"])
    parts: list[Child] = [
        tag("span", view.t("Lead: "), lead),
        f"{view.t(RECURRENCES[row['recurrence']])} ({basis})",
        view.t(FORCES[row["force"]]),
        view.t("section {section}, line {line} of the text", section=row["section"], line=row["line"]),
    ]
    return tag("p", join(parts, " · "), class_="kpis-under")


def _render_figures(row: Attainment, view: PageView) -> list[Child]:
    drawn = charts.render_bullet(
        BulletValues(
            actual=ratios.compute_bar_value(row),
            floor=float(row["floor"] or 0),
            expected=ratios.compute_bar_pace(row),
            stretch=None if row["stretch"] is None else float(row["stretch"]),
            status=str(row["status"]),
        ),
        target_figures.format_sentence(row, view.lang),
        view.lang,
        view.theme,
        width=300,
    )
    return [drawn, _render_numbers(row, view), _render_period(row, view)]


def _render_numbers(row: Attainment, view: PageView) -> Markup:
    unit = row["unit"] if view.lang == "vi" else row["unit_en"]
    pairs: list[tuple[str, str]] = [(view.t("Actual"), _format_actual(row, view))]
    if row["is_ceiling"]:
        pairs.append((view.t("Ceiling"), target_figures.format_limit(row, view.lang)))
    else:
        pairs.append((view.t("Expected by now"), target_figures.format_expected(row, view.lang)))
        pairs.append((view.t("Floor"), target_figures.format_limit(row, view.lang)))
    if row["stretch"] is not None:
        pairs.append((view.t("Stretch"), target_figures.format_exact_amount(row, row["stretch"], view.lang)))
    cells = [tag("div", tag("dt", name), tag("dd", value)) for name, value in pairs]
    return tag("dl", *cells, tag("div", tag("dt", view.t("Unit")), tag("dd", unit)), class_="kpis-numbers")


def _format_actual(row: Attainment, view: PageView) -> str:
    """What was done, and beside a share what it is made of: "75% (45/60)"."""
    aside = target_figures.format_qualifier(row, view.lang)
    if not aside and row["measure"] == "ratio" and row["denominator"]:
        aside = target_figures.format_counted(row, view.lang)
    done = target_figures.format_actual(row, view.lang)
    return f"{done} ({aside})" if aside else done


def _render_period(row: Attainment, view: PageView) -> Markup:
    said = view.t("Period {start} – {end}, due {due}", start=view.format_day(row["period_start"]),
                  end=view.format_day(row["period_end"]), due=view.format_day(row["due_on"]))  # fmt: skip
    return tag("p", said, class_="kpis-under")


def _render_owed(row: Attainment, view: PageView) -> Child:
    said = owed_sentences.format_sentence(row, view.lang)
    return tag("p", said, class_="kpis-owed") if said else None


def _render_curve(row: Attainment, running_total: TargetCurve | None, view: PageView) -> Child:
    if running_total is None or not running_total.points:
        return tag("p", view.t("No entry by this day."), class_="kpis-quiet kpis-small")
    last = min(view.as_of, row["period_end"])
    points = (
        [*running_total.points, (last, running_total.points[-1][1])]
        if last > running_total.points[-1][0]
        else running_total.points
    )
    is_ceiling = row["is_ceiling"]
    against = "Running total of {title} against its ceiling" if is_ceiling else _PACE_CURVE_KEY
    name = view.t(against, title=target_figures.get_title(row, view.lang))
    drawn = charts.render_curve(
        tuple(points),
        () if is_ceiling else tuple(running_total.pace),
        float(row["floor"] or 0),
        str(row["status"]),
        name,
        view.lang,
        view.theme,
        percent=row["is_proportion"],
        width=330,
        height=110,
    )
    if not ratios.has_uncounted_population(row) and not has_unknown_base(row):
        return drawn
    return join([drawn, tag("p", view.t("Of those in the reports alone."), class_="kpis-under")])
