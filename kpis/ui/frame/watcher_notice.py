"""What every page says while the sheets are not read again: the watcher ended, is late or cannot start."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from kpis.language import clock, formatting
from kpis.language.messages import Language, explain, translate
from kpis.services.backup.placing import find_restored
from kpis.services.lake_state import find_lake_problem
from kpis.services.watcher_status import find_last_turn, find_problem, get_watcher_status, is_late
from kpis.ui.shared.viewer_errors import explain_without_folders

_REFUSED = (
    "The sheets are not being read again, because a setting is wrong: {reason} Correct KPIS_WATCH or the "
    "setting named there, then restart the dashboard."
)
_ENDED = (
    "The program that reads the sheets ended unexpectedly at {moment} and is started again by itself. Until "
    "a reading has ended, the figures are those of before. If this stays, run python -m kpis doctor."
)
_LATE = (
    "No reading of the sheets has ended since {moment}, so the figures may be out of date. Run python -m "
    "kpis doctor, or restart the dashboard."
)

_LAKE = (
    "The shared store of the figures cannot be reached since {since}, so what is shown here is version {version} of "
    "{moment}. It is followed again by itself."
)

_REFUSED_LAKE = (
    "This machine has not followed the shared store of the figures since {since}: it is not what was followed until "
    "then, or another release wrote it. Version {version} of {moment} is shown until whoever runs the server has put "
    "it right (python -m kpis doctor)."
)

_RESTORED = (
    "These figures are those of the backup of {backup_at}, restored at {at}. The sheets have not been read since."
)


def list_watcher_notices(pointer: Path, lang: Language, *, with_folders: bool = False) -> list[str]:
    """Return the sentences about a restore, a lake and this server's watcher; none while all is as it should be.

    `with_folders`: for who runs the server.
    """
    return [
        *_list_restore_notices(pointer, lang),
        *_list_lake_notices(pointer, lang, with_folders=with_folders),
        *_list_problem_notices(pointer, lang, with_folders=with_folders),
    ]


def _list_lake_notices(pointer: Path, lang: Language, *, with_folders: bool) -> list[str]:
    """Return that the lake is not followed; the reason, which names its address, only for who runs the server."""
    problem = find_lake_problem(pointer, clock.get_utc_now())
    if problem is None:
        return []
    values = {
        "since": formatting.format_moment(problem.since, lang),
        "version": problem.version or formatting.NO_VALUE,
        "moment": formatting.format_moment(problem.recorded_at, lang) if problem.recorded_at else formatting.NO_VALUE,
    }
    sentence = translate(lang, _REFUSED_LAKE if problem.is_refusal else _LAKE, **values)
    return [f"{sentence} {formatting.end_sentence(problem.reason.to_text(lang))}" if with_folders else sentence]


def _list_restore_notices(pointer: Path, lang: Language) -> list[str]:
    restored = find_restored(pointer)
    if restored is None:
        return []
    moments = {name: formatting.format_moment(getattr(restored, name), lang) for name in ("backup_at", "at")}
    return [translate(lang, _RESTORED, **moments)]


def _list_problem_notices(pointer: Path, lang: Language, *, with_folders: bool) -> list[str]:
    problem = find_problem(get_watcher_status(), pointer, clock.get_utc_now())
    if problem is None:
        return []
    if problem.kind == "refused":
        explain_error = explain if with_folders else explain_without_folders
        reason = explain_error(problem.error, lang) if problem.error is not None else "–"
        return [translate(lang, _REFUSED, reason=reason)]
    moment = formatting.format_moment(problem.since, lang) if problem.since else "–"
    return [translate(lang, _ENDED if problem.kind == "ended" else _LATE, moment=moment)]


def find_late_moment(pointer: Path) -> datetime | None:
    """Return when the last reading ended (naive UTC), if figures cannot be called up to date; else None.

    That was too long ago, or the sheets are not being read again.
    """
    last, now, status = find_last_turn(pointer), clock.get_utc_now(), get_watcher_status()
    if last is not None and (is_late(status, last, now) or find_problem(status, pointer, now) is not None):
        return last
    return None
