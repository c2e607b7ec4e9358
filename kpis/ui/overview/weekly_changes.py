"""Thay đổi so với tuần trước: newly met, newly late, lowered, silent agencies (design.md §4 History)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from markupsafe import Markup

from kpis.language import formatting as written
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import Changes, Lowered, SilentAgency
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import View
from kpis.wording import missing_data, target_figures

T = TypeVar("T")

_SHOWN = 4


def week(view: View, changes: Changes | None, places: Mapping[str, str]) -> Markup:
    """What differs from the end of last week; `places` names each plan's. None: another year is asked for."""
    heading = tag("h2", view.t("Changes since last week"))
    if changes is None:
        why = view.t(
            "Weeks are compared only up to today."
            if view.as_of > view.today
            else "Weeks are compared within the year of the day asked for."
        )
        return tag("section", heading, tag("p", why, class_="kpis-quiet"))
    newly = view.t("{n} of them newly", n=len(changes.newly_silent)) if changes.newly_silent else None
    lost = sum(one.lost for one in changes.lowered)
    unmet = view.t("{n} of them no longer attained", n=lost) if lost else None
    late = missing_data.left_out(changes.late_unread, view.lang, more=bool(changes.newly_late))
    groups = [
        _group(view, "attained", view.t("Newly attained"), changes.newly_met, places, _target),
        _group(view, "behind", view.t("Newly late"), changes.newly_late, places, _target, late),
        _group(view, "at_risk", view.t("Figures lowered"), changes.lowered, places, _lowered, unmet),
        _group(view, "no_data", view.t("Silent agencies"), changes.silent, places, _silent, newly),
    ]
    return tag(
        "section",
        heading,
        tag("p", _against(view, changes, places), class_="kpis-quiet kpis-small"),
        tag("ul", *groups, class_="kpis-changes"),
    )


def _against(view: View, changes: Changes, places: Mapping[str, str]) -> str:
    day = view.day(changes.since)
    unread = [places[plan] for plan in places if plan in changes.unread_then]
    if not unread:
        return view.t("Against Sunday {day}, as it was known then.", day=day)
    if len(unread) == len(places):
        return view.t("Against Sunday {day}, as it is known now: nothing had been read by then.", day=day)
    return view.t(
        "Against Sunday {day}, as it was known then; first read since, so as known now: {places}.",
        day=day,
        places=", ".join(unread),
    )


def _group(
    view: View,
    state: str,
    title: str,
    items: Sequence[T],
    places: Mapping[str, str],
    said: Callable[[View, T, Mapping[str, str]], Markup],
    aside: str | None = None,
) -> Markup:
    number = written.number(len(items), view.lang)
    shown = [tag("li", said(view, item, places)) for item in items[:_SHOWN]]
    if len(items) > _SHOWN:
        more = written.number(len(items) - _SHOWN, view.lang)
        shown.append(tag("li", view.t("and {n} more", n=more), class_="kpis-quiet"))
    small = tag("small", aside, class_="kpis-quiet") if aside else None
    return tag(
        "li",
        tag("h3", html.sign(state, None), title, tag("span", number, class_="kpis-number"), small),
        tag("ul", *shown) if shown else None,
        class_=f"kpis-{state}",
    )


def _target(view: View, row: Attainment, places: Mapping[str, str]) -> Markup:
    done = target_figures.fraction(row, view.lang)
    figure = "" if row["measure"] == "milestone" else f" · {done}"
    return tag("span", _place(view, row["plan"], places), ": ", target_figures.title(row, view.lang), figure)


def _lowered(view: View, one: Lowered, places: Mapping[str, str]) -> Markup:
    row = one.now
    said = _fallen_milestone(view, one) if row["measure"] == "milestone" else _fallen(view, one)
    return tag(
        "span", _place(view, row["plan"], places), ": ", target_figures.title(row, view.lang), f" · {said}"
    )


def _fallen(view: View, one: Lowered) -> str:
    then, now = (target_figures.counted(row, view.lang) for row in (one.then, one.now))
    key = "from {then} to {now}, no longer attained" if one.lost else "from {then} to {now}"
    return view.t(key, then=then, now=now)


def _fallen_milestone(view: View, one: Lowered) -> str:
    """It was done, and no report says so of that day any more; it may have been reported anew since."""
    if one.lost:
        return view.t("was reported done and no longer is: no longer attained")
    return view.t("the report that it was done is gone; it has been reported anew")


def _silent(view: View, one: SilentAgency, places: Mapping[str, str]) -> Markup:
    name, plan = one["agency"], one["plan"]
    address = view.address(pages.AGENCY, plan=plan, agency=name)
    time = written.weeks(one["days_silent"], view.lang)
    key = "{place}, no report for {time}" if one["last_report_on"] else "{place}, never reported"
    said = view.t(key, place=places[plan], time=time)
    return tag("span", html.link(address, name), f" · {said}")


def _place(view: View, plan: str, places: Mapping[str, str]) -> Markup:
    return html.link(view.address(pages.PROVINCE, plan=plan, agency=None), places[plan])
