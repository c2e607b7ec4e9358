"""Thay đổi so với tuần trước: newly met or done, newly late, lowered, silent agencies (design.md §4 History)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import Changes, LoweredFigure
from kpis.measures.silent_agencies import SilentAgency
from kpis.measures.task_status import TaskStatus
from kpis.ui import pages
from kpis.ui.shared import html, list_links
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.wording import missing_data, target_figures, task_sentences

T = TypeVar("T")

_MAX_ITEMS = 4


@dataclass(frozen=True)
class ChangeGroup(Generic[T]):
    """One kind of change; `title` is a catalogue key, `link` returns the address of all of them."""

    state: str
    title: str
    items: Sequence[T]
    render_item: Callable[[PageView, T, Mapping[str, str]], Markup]
    link: Callable[[PageView], str]
    note: str | None = None


def render_weekly_changes(
    view: PageView, changes: Changes | None, place_names: Mapping[str, str], *, with_silent: bool = True
) -> Markup:
    """Return what changed since the end of last week; None for `changes`: not comparable, and why.

    `place_names`: plan -> name of its place. `with_silent`: with the silent agencies.
    """
    heading = tag("h2", view.t("Changes since last week"))
    if changes is None:
        reason = view.t(
            "Weeks are compared only up to today."
            if view.as_of > view.today
            else "Weeks are compared only within the year of the chosen day."
        )
        return tag("section", heading, tag("p", reason, class_="kpis-quiet"))
    newly_silent = len(changes.newly_silent_agencies)
    silent_note = view.t("{n} of them newly", n=newly_silent) if newly_silent else None
    lost = sum(lowered.lost_attainment for lowered in changes.lowered_figures)
    lost_note = view.t("{n} of them no longer attained", n=lost) if lost else None
    late_note = missing_data.format_left_out(
        changes.newly_late_unread_count, view.lang, as_additional=bool(changes.newly_late)
    )
    groups: list[ChangeGroup[Any]] = [
        ChangeGroup("attained", "Newly attained", changes.newly_met, _render_target, _link_to_targets("newly_met")),
        ChangeGroup(
            "done", "Newly done tasks", changes.newly_done_tasks, _render_done_task, _link_to_tasks("newly_done")
        ),
        ChangeGroup(
            "behind", "Newly late", changes.newly_late, _render_target, _link_to_targets("newly_late"), late_note
        ),
        ChangeGroup(
            "overdue",
            "Newly overdue tasks",
            changes.newly_overdue_tasks,
            _render_overdue_task,
            _link_to_tasks("newly_overdue"),
        ),
        ChangeGroup(
            "at_risk",
            "Figures lowered",
            changes.lowered_figures,
            _render_lowered_figure,
            _link_to_targets("lowered"),
            lost_note,
        ),
    ]
    if with_silent:
        groups.append(
            ChangeGroup(
                "no_data",
                "Silent agencies",
                changes.silent_agencies,
                _render_silent_agency,
                lambda view: list_links.link_to_agencies(view, status=("silent",)),
                silent_note,
            )
        )
    lines = [_render_group(view, group, place_names) for group in groups]
    return tag(
        "section",
        heading,
        tag("p", _format_comparison_note(view, changes, place_names), class_="kpis-quiet kpis-small"),
        tag("ul", *lines, class_="kpis-changes"),
    )


def _format_comparison_note(view: PageView, changes: Changes, place_names: Mapping[str, str]) -> str:
    day = view.format_day(changes.baseline_day)
    unread = [place_names[plan] for plan in place_names if plan in changes.unread_plans]
    if not unread:
        return view.t("Compared with Sunday {day}, as known then.", day=day)
    if len(unread) == len(place_names):
        return view.t("Compared with Sunday {day}, as known now: nothing had been read by then.", day=day)
    return view.t(
        "Compared with Sunday {day}, as known then; first read since, so as known now: {places}.",
        day=day,
        places=", ".join(unread),
    )


def _link_to_targets(change: str) -> Callable[[PageView], str]:
    return lambda view: list_links.link_to_targets(view, change=change)


def _link_to_tasks(change: str) -> Callable[[PageView], str]:
    return lambda view: list_links.link_to_tasks(view, change=change)


def _render_group(view: PageView, group: ChangeGroup[T], place_names: Mapping[str, str]) -> Markup:
    total, url = len(group.items), group.link(view)
    lines = [tag("li", group.render_item(view, item, place_names)) for item in group.items[:_MAX_ITEMS]]
    if more := list_links.render_more(view, total - _MAX_ITEMS, total, url):
        lines.append(tag("li", more, class_="kpis-quiet"))
    return tag(
        "li",
        tag(
            "h3",
            html.render_sign(group.state, None),
            view.t(group.title),
            tag("span", list_links.render_count(view, total, url), class_="kpis-number"),
            tag("small", group.note, class_="kpis-quiet") if group.note else None,
        ),
        tag("ul", *lines) if lines else None,
        class_=f"kpis-{group.state}",
    )


def _render_target(view: PageView, row: Attainment, place_names: Mapping[str, str]) -> Markup:
    figure = "" if row["measure"] == "milestone" else f" · {target_figures.format_counted_fraction(row, view.lang)}"
    return tag(
        "span",
        _render_place_link(view, row["plan"], place_names),
        ": ",
        _render_title(view, row),
        figure,
    )


def _render_overdue_task(view: PageView, task: TaskStatus, place_names: Mapping[str, str]) -> Markup:
    return _render_task(view, task, place_names, task_sentences.format_days_overdue(task, view.lang))


def _render_done_task(view: PageView, task: TaskStatus, place_names: Mapping[str, str]) -> Markup:
    state = palette.get_task_state_label(task["state"], view.lang)
    day = f" {view.format_day(task['done_on'])}" if task["done_on"] else ""
    return _render_task(view, task, place_names, f"{state[:1].lower()}{state[1:]}{day}")


def _render_task(view: PageView, task: TaskStatus, place_names: Mapping[str, str], state: str) -> Markup:
    address = view.build_url(pages.TASKS, plan=task["plan"], agency=None)
    year = {"year": task["year"]} if task["year"] < view.filters.year else {}
    url = list_links.link_to_task(view, task["plan"], task["task"], **year)
    return tag(
        "span",
        html.render_link(address, place_names[task["plan"]]),
        ": ",
        html.render_link(url, target_figures.get_title(task, view.lang)),
        f" · {task_sentences.format_leads(task)} · {state}",
    )


def _render_lowered_figure(view: PageView, lowered: LoweredFigure, place_names: Mapping[str, str]) -> Markup:
    row = lowered.current_row
    change = _format_lost_milestone(view, lowered) if row["measure"] == "milestone" else _format_decrease(view, lowered)
    return tag(
        "span",
        _render_place_link(view, row["plan"], place_names),
        ": ",
        _render_title(view, row),
        f" · {change}",
    )


def _format_decrease(view: PageView, lowered: LoweredFigure) -> str:
    previous = target_figures.format_counted(lowered.known_row, view.lang)
    current = target_figures.format_counted_with_unit(lowered.current_row, view.lang)
    key = "from {previous} to {now}, no longer attained" if lowered.lost_attainment else "from {previous} to {now}"
    return view.t(key, previous=previous, now=current)


def _format_lost_milestone(view: PageView, lowered: LoweredFigure) -> str:
    """A milestone that was done then and is not as known now; it may have been reported again since."""
    if lowered.lost_attainment:
        return view.t("the report that it was done is gone: no longer attained")
    return view.t("the report that it was done is gone; a new report says so")


def _render_silent_agency(view: PageView, silent_agency: SilentAgency, place_names: Mapping[str, str]) -> Markup:
    name, plan = silent_agency["agency"], silent_agency["plan"]
    address = view.build_url(pages.AGENCY, plan=plan, agency=name)
    time = formatting.format_weeks(silent_agency["days_silent"], view.lang)
    key = "{place}, no report for {time}" if silent_agency["last_report_on"] else "{place}, never reported"
    sentence = view.t(key, place=place_names[plan], time=time)
    return tag("span", html.render_link(address, name), f" · {sentence}")


def _render_title(view: PageView, row: Attainment) -> Markup:
    """Return the title as a link to the target's card; that of a period that has ended stands in its own year."""
    year = {"year": row["period_end"].year} if row["period_end"].year < view.filters.year else {}
    url = list_links.link_to_target(view, row["plan"], row["target"], **year)
    return html.render_link(url, target_figures.get_title(row, view.lang))


def _render_place_link(view: PageView, plan: str, place_names: Mapping[str, str]) -> Markup:
    return html.render_link(view.build_url(pages.PROVINCE, plan=plan, agency=None), place_names[plan])
