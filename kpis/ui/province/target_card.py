"""One target as a card: bullet chart with its numbers, what is owed, the running curve, who adds what."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.measures.attainment_rows import Attainment
from kpis.measures.running_curve import Running
from kpis.ui import pages
from kpis.ui.province.contributions import parts_table
from kpis.ui.shared import charts, html
from kpis.ui.shared.charts import Bullet
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import View
from kpis.ui.targets.plan_targets import FORCES, RECURRENCES
from kpis.wording import owed_sentences, ratios, target_figures

_AGAINST_PACE = "Running total of {title} against its pace"


def target(row: Attainment, parts: Sequence[Attainment], line: Running | None, view: View) -> Markup:
    """The card of one target's period."""
    status = str(row["status"])
    return tag(
        "li",
        tag(
            "div",
            tag("h3", target_figures.title(row, view.lang)),
            tag("p", html.status(status, palette.word(status, view.lang))),
            _owed(row, view),
            _meta(row, view),
            class_="kpis-what",
        ),
        tag("div", _figures(row, view)),
        tag("div", _curve(row, line, view)),
        parts_table(row, parts, view),
        class_=f"kpis-{status}",
    )


def milestone(row: Attainment, parts: Sequence[Attainment], view: View) -> Markup:
    """A milestone: done or not, by when; it has no chart, since there is nothing to measure between."""
    status = str(row["status"])
    return tag(
        "li",
        tag("p", html.status(status, palette.word(status, view.lang))),
        tag("div", tag("h3", target_figures.title(row, view.lang)), _owed(row, view), _meta(row, view)),
        tag("div", _due(row, view), parts_table(row, parts, view)),
        class_=f"kpis-{status}",
    )


def _meta(row: Attainment, view: View) -> Markup:
    stated = row["recurrence_basis"] == "stated"
    reason = row["recurrence_reason_vi"] if view.lang == "vi" else row["recurrence_reason_en"]
    basis = view.t("stated in the plan") if stated else view.t("our reading: {reason}", reason=reason)
    lead = html.link(view.address(pages.AGENCY, plan=row["plan"], agency=row["lead"]), row["lead"])
    parts: list[Child] = [
        tag("span", view.t("Lead: "), lead),
        f"{view.t(RECURRENCES[row['recurrence']])} ({basis})",
        view.t(FORCES[row["force"]]),
        view.t("section {section}, line {line} of the text", section=row["section"], line=row["line"]),
    ]
    return tag("p", join(parts, " · "), class_="kpis-under")


def _figures(row: Attainment, view: View) -> list[Child]:
    drawn = charts.bullet(
        Bullet(
            actual=ratios.reached(row),
            floor=float(row["floor"] or 0),
            expected=ratios.pace(row),
            stretch=None if row["stretch"] is None else float(row["stretch"]),
            status=str(row["status"]),
        ),
        target_figures.sentence(row, view.lang),
        view.lang,
        view.look,
        width=300,
    )
    return [drawn, _numbers(row, view), _due(row, view)]


def _numbers(row: Attainment, view: View) -> Markup:
    unit = row["unit"] if view.lang == "vi" else row["unit_en"]
    pairs: list[tuple[str, str]] = [(view.t("Actual"), _actual(row, view))]
    if ratios.is_ceiling(row):
        pairs.append((view.t("Ceiling"), target_figures.limit(row, view.lang)))
    else:
        pairs.append((view.t("Expected by now"), target_figures.expected(row, view.lang)))
        pairs.append((view.t("Floor"), target_figures.limit(row, view.lang)))
    if row["stretch"] is not None:
        pairs.append((view.t("Stretch"), target_figures.promised(row, row["stretch"], view.lang)))
    cells = [tag("div", tag("dt", name), tag("dd", value)) for name, value in pairs]
    return tag("dl", *cells, tag("div", tag("dt", view.t("Unit")), tag("dd", unit)), class_="kpis-numbers")


def _actual(row: Attainment, view: View) -> str:
    """What was done, and beside a share what it is made of: "75% (45/60)"."""
    aside = target_figures.beside(row, view.lang)
    if not aside and row["measure"] == "ratio" and row["denominator"]:
        aside = target_figures.counted(row, view.lang)
    done = target_figures.done(row, view.lang)
    return f"{done} ({aside})" if aside else done


def _due(row: Attainment, view: View) -> Markup:
    said = view.t("Period {start} – {end}, due {due}", start=view.day(row["period_start"]),
                  end=view.day(row["period_end"]), due=view.day(row["due_on"]))  # fmt: skip
    return tag("p", said, class_="kpis-under")


def _owed(row: Attainment, view: View) -> Child:
    said = owed_sentences.sentence(row, view.lang)
    return tag("p", said, class_="kpis-owed") if said else None


def _curve(row: Attainment, line: Running | None, view: View) -> Child:
    if line is None or not line.points:
        return tag("p", view.t("No entry by this day."), class_="kpis-quiet kpis-small")
    last = min(view.as_of, row["period_end"])
    points = [*line.points, (last, line.points[-1][1])] if last > line.points[-1][0] else line.points
    is_ceiling = ratios.is_ceiling(row)
    against = "Running total of {title} against its ceiling" if is_ceiling else _AGAINST_PACE
    name = view.t(against, title=target_figures.title(row, view.lang))
    drawn = charts.curve(
        tuple(points),
        () if is_ceiling else tuple(line.pace),
        float(row["floor"] or 0),
        str(row["status"]),
        name,
        view.lang,
        view.look,
        percent=row["measure"] in ("ratio", "coverage"),
        width=330,
        height=110,
    )
    if not ratios.is_uncounted(row) and not ratios.is_open(row):
        return drawn
    return join([drawn, tag("p", view.t("Of those in the reports alone."), class_="kpis-under")])
