"""The checks of `doctor` about a dashboard that runs with the database: its release, open files, watcher, sessions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from kpis.cli.doctor_checks import DoctorCheck
from kpis.errors import KpisError
from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.services.server_state import ServerState, count_open_sessions, is_running, read_server_state
from kpis.services.watcher_status import find_problem
from kpis.settings import Settings
from kpis.store.product_version import get_product_version
from kpis.sync.status import find_last_pass_end

_SERVER, _WATCHER = "server", "watcher"
_FULL_SHARE = 0.9
"""As the server counts: beyond this share of the open files it lets no new page in."""


def check_server(
    settings: Settings, environ: Mapping[str, str], now: datetime, lang: Language
) -> Iterator[DoctorCheck]:
    """Check the server that says it runs with this database; a note where none does."""
    state = read_server_state(settings.pointer)
    if state is None:
        yield DoctorCheck(_SERVER, "note", "no dashboard runs with this database")
        return
    if not is_running(state, now):
        text = "no dashboard runs with this database; the last one was ended by force or hangs since {moment}"
        yield DoctorCheck(_SERVER, "note", text, {"moment": formatting.format_moment(state.written_at, lang)})
        return
    yield _check_release(state, lang)
    yield _check_files(state)
    if not settings.sample:
        yield _check_watcher(state, settings, now, lang)
    yield from _check_sessions(settings, environ, now)


def _check_release(state: ServerState, lang: Language) -> DoctorCheck:
    values: dict[str, object] = {
        "release": state.release,
        "installed": get_product_version(),
        "moment": formatting.format_moment(state.started_at, lang),
    }
    if values["release"] != values["installed"]:
        text = "release {release} runs since {moment}, but {installed} is installed. Restart the dashboard"
        return DoctorCheck(_SERVER, "mend", text, values, exit_code=1)
    return DoctorCheck(_SERVER, "well", "release {release} runs since {moment}", values)


def _check_files(state: ServerState) -> DoctorCheck:
    limit = formatting.NO_VALUE if state.file_limit is None else state.file_limit
    values: dict[str, object] = {"pages": state.open_pages, "files": state.open_files, "limit": limit}
    if state.file_limit is not None and state.open_files >= _FULL_SHARE * state.file_limit:
        text = "{files} of {limit} files are open, so no new page is let in. Raise LimitNOFILE and restart"
        return DoctorCheck(_SERVER, "mend", text, values, exit_code=1)
    return DoctorCheck(_SERVER, "well", "{pages} pages and {files} files open (limit {limit})", values)


def _check_watcher(state: ServerState, settings: Settings, now: datetime, lang: Language) -> DoctorCheck:
    last = find_last_pass_end(settings.pointer)
    values: dict[str, object] = {
        "last": formatting.NO_VALUE if last is None else formatting.format_moment(last, lang),
        "every": formatting.NO_VALUE,
    }
    if state.watcher.interval is not None:
        values["every"] = _describe_interval(state.watcher.interval, lang)
    problem = find_problem(state.watcher, settings.pointer, now)
    if problem is None:
        if state.watcher.phase == "off":
            return DoctorCheck(_WATCHER, "note", "off (KPIS_WATCH); last look {last}", values)
        return DoctorCheck(_WATCHER, "well", "alive, every {every}; last look {last}", values)
    if problem.kind == "refused":
        return DoctorCheck(_WATCHER, "mend", "{reason}", {"reason": problem.error}, exit_code=1)
    if problem.kind == "ended":
        values["moment"] = formatting.format_moment(problem.since, lang) if problem.since else formatting.NO_VALUE
        text = "ended at {moment} and is started again; last look {last}. The log says why: journalctl -u kpis"
        return DoctorCheck(_WATCHER, "mend", text, values, exit_code=1)
    text = "hangs: it should look every {every}, and the last look was {last}. Restart the dashboard"
    return DoctorCheck(_WATCHER, "mend", text, values, exit_code=1)


def _describe_interval(interval: timedelta, lang: Language) -> str:
    seconds = interval.total_seconds()
    if seconds < 60:
        return translate(lang, "{n} seconds", n=formatting.format_number(seconds, lang, 1))
    return translate(lang, "{n} minutes", n=formatting.format_number(seconds / 60, lang, 1))


def _check_sessions(settings: Settings, environ: Mapping[str, str], now: datetime) -> Iterator[DoctorCheck]:
    try:
        counts = count_open_sessions(settings, environ, now)
    except KpisError as error:
        yield DoctorCheck(_SERVER, "mend", "{error}", {"error": error})
        return
    if counts is not None:
        values: dict[str, object] = {"sessions": counts[0], "people": counts[1]}
        yield DoctorCheck(_SERVER, "well", "{sessions} sessions of {people} people signed in", values)
