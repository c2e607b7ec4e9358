"""The state of the server, for who runs it: its release, figures, readings, disk, and what `/health` answers."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from markupsafe import Markup

from kpis.errors import KpisError
from kpis.language import clock, formatting
from kpis.language.messages import explain
from kpis.services.health import Health, HealthProblem, check_health
from kpis.services.lake_state import find_lake_problem, read_lake_state
from kpis.services.server_state import ServerState, count_open_sessions, get_server_state
from kpis.services.watcher_status import WatcherStatus, get_watcher_status
from kpis.settings import load_settings
from kpis.store.product_version import get_product_version
from kpis.sync.status import find_last_pass_end
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView

_PROBLEM_LABELS: Mapping[HealthProblem, str] = {
    "settings": "a setting is wrong",
    "no_figures": "no figures yet",
    "old_figures": "the figures are too old",
    "watcher": "the background reading does not run as it should",
    "lake": "the shared store of the figures cannot be reached",
    "shared": "the files that the machines share cannot be used here",
    "differs": "release or configuration are not those of the machine that reads",
    "disk": "the disk is nearly full",
    "rights": "access.toml cannot be used",
}
_GIGABYTE = 1 << 30


def render_server_state(view: PageView) -> Markup:
    """Return the section for who runs the server, as it is now; nothing for anybody else."""
    if not view.sees_folders:
        return Markup()
    now, watcher = clock.get_utc_now(), get_watcher_status()
    health, server = check_health(os.environ, watcher, now), get_server_state()
    facts: tuple[tuple[str, Child], ...] = (
        (view.t("State"), _render_health(health, view)),
        (view.t("Release"), _render_release(server, view)),
        (view.t("Version of the figures"), formatting.NO_VALUE if health.version is None else str(health.version)),
        (view.t("Last good read"), _render_age(health.read_at, now, view)),
        (view.t("Background reading"), _describe_watcher(watcher, view)),
        (view.t("Last look at the sheets"), _render_age(_find_last_look(), now, view)),
        (view.t("Free disk space"), view.t("{n} GB", n=_format_gigabytes(health.free_bytes, view))),
        *_list_lake(now, view),
        *_list_use(server, now, view),
    )
    cells = [tag("div", tag("dt", name), tag("dd", value)) for name, value in facts]
    return tag(
        "section",
        tag("h2", view.t("The server")),
        tag("dl", *cells, class_="kpis-numbers kpis-facts"),
        class_="kpis",
        lang=view.lang,
    )


def _render_release(server: ServerState | None, view: PageView) -> Child:
    if server is None:
        return get_product_version()
    since = view.t("runs since {moment}", moment=formatting.format_moment(server.started_at, view.lang))
    return join((server.release, tag("small", since, class_="kpis-under")))


def _find_last_look() -> datetime | None:
    try:
        return find_last_pass_end(load_settings(os.environ, read_only=True).pointer)
    except KpisError:  # the state says it
        return None


def _list_lake(now: datetime, view: PageView) -> Iterator[tuple[str, Child]]:
    try:
        settings = load_settings(os.environ, read_only=True)
    except KpisError:  # the state says it
        return
    state = None if settings.lake is None else read_lake_state(settings.pointer)
    if state is None:
        return
    problem = find_lake_problem(settings.pointer, now)
    if problem is not None:
        text = view.t("not reached since {since}", since=formatting.format_moment(problem.since, view.lang))
        reason = problem.reason.to_text(view.lang)
    else:
        text = view.t("followed, asked {moment}", moment=formatting.format_moment(state.asked_at, view.lang))
        reason = (
            view.t("{host} reads the sheets", host=state.reader)
            if state.reader
            else view.t("no machine reads the sheets")
        )
    yield view.t("Shared store"), join((text, tag("small", reason, class_="kpis-under")))
    if state.files_reason is not None:
        yield view.t("Shared folder"), state.files_reason.to_text(view.lang)
    if state.difference is not None:
        yield view.t("Configuration"), state.difference.to_text(view.lang)


def _list_use(server: ServerState | None, now: datetime, view: PageView) -> Iterator[tuple[str, Child]]:
    """Yield how much of the server is in use: open files, pages, sessions of who signed in."""
    if server is not None:
        files = formatting.format_number(server.open_files, view.lang)
        if server.file_limit is not None:
            limit = formatting.format_number(server.file_limit, view.lang)
            files = view.t("{n} of {all}", n=files, all=limit)
        yield view.t("Open files"), files
        yield view.t("Open pages"), formatting.format_number(server.open_pages, view.lang)
    try:
        counts = count_open_sessions(load_settings(os.environ, read_only=True), os.environ, now)
    except KpisError:  # the state says it
        return
    if counts is not None:
        values = dict(zip(("sessions", "people"), counts, strict=True))
        yield view.t("People signed in"), view.t("{people}, in {sessions} sessions", **values)


def _render_health(health: Health, view: PageView) -> Markup:
    if not health.problems:
        return html.render_status("attained", view.t("well"))
    return join((html.render_status("overdue", view.t(_PROBLEM_LABELS[problem])) for problem in health.problems), " ")


def _render_age(moment: datetime | None, now: datetime, view: PageView) -> Child:
    if moment is None:
        return view.t("never")
    age = view.t("{time} ago", time=format_age(now - moment, view))
    return join((formatting.format_moment(moment, view.lang), tag("small", age, class_="kpis-under")))


def format_age(age: timedelta, view: PageView) -> str:
    """Return a time span in its largest whole unit: seconds, minutes, hours, days or weeks."""
    if timedelta() < age < timedelta(minutes=1):
        return view.t("{n} s", n=math.ceil(age.total_seconds()))
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 60:
        return view.t("{n} min", n=minutes)
    return view.t("{n} h", n=minutes // 60) if minutes < 2 * 24 * 60 else formatting.format_weeks(age.days, view.lang)


def _describe_watcher(status: WatcherStatus, view: PageView) -> str:
    if status.phase == "refused":
        return explain(status.error, view.lang) if status.error is not None else view.t("off")
    if status.interval is None or status.phase == "off":
        return view.t("off")
    every = view.t("every {time}", time=format_age(status.interval, view))
    if status.phase == "ended":
        return view.t("ended, is started again; {every}", every=every)
    return every


def _format_gigabytes(size: int, view: PageView) -> str:
    return formatting.format_number(size / _GIGABYTE, view.lang, 1)
