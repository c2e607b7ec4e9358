"""The checks of `doctor` about a lake: whether it answers now, and whether this machine follows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from kpis.cli.doctor_checks import DoctorCheck
from kpis.errors import KpisError, StoreError
from kpis.language import formatting
from kpis.language.formatting import end_sentence
from kpis.language.messages import Language
from kpis.services.lake_state import LakeProblem, find_difference, find_lake_problem, read_lake_state
from kpis.settings import Settings
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.configuration_record import DifferingFilesError, fetch_configuration, find_refusal
from kpis.store.lake.inspecting import check_lake_content
from kpis.store.lake.last_change import LastChange
from kpis.store.lake.leader_lock import describe_leader
from kpis.store.lake.shared_folder import fetch_shared_folder
from kpis.store.opening import find_lake
from kpis.store.replica import look_at_replica
from kpis.store.shared_files import InstallationFiles, find_files

_LAKE, _FOLDER, _REPLICA = "lake", "shared folder", "configuration"


def check_lake(settings: Settings, now: datetime, lang: Language) -> Iterator[DoctorCheck]:
    """Check that the lake answers, that somebody reads the sheets into it, and that it is followed here."""
    address = find_lake(settings)
    if address is None:
        return
    answer = _check_answer(address)
    yield answer
    if answer.status != "mend":
        yield from _check_content(address, settings.pointer)
    problem = find_lake_problem(settings.pointer, now)
    if problem is not None:
        yield _describe_problem(problem, lang)
    elif (state := read_lake_state(settings.pointer)) is None:
        yield DoctorCheck(_LAKE, "note", "nothing on this machine has followed it yet; the dashboard does, or a sync")
    else:
        values: dict[str, object] = {
            "moment": formatting.format_moment(state.asked_at, lang),
            "number": state.version or formatting.NO_VALUE,
        }
        yield DoctorCheck(_LAKE, "well", "followed here, asked {moment}; version {number} is shown", values)
    yield _check_folder(address, find_files(settings))
    yield from _compare(address, settings)


def _check_folder(address: LakeAddress, files: InstallationFiles) -> DoctorCheck:
    try:
        files.check(_find_folder_id(address))
    except KpisError as error:
        return DoctorCheck(_FOLDER, "mend", "{reason}", {"reason": error})
    if files.shared is None:
        text = "KPIS_SHARED is not set: editions and the audit lie on this machine alone"
        return DoctorCheck(_FOLDER, "note", text)
    return DoctorCheck(_FOLDER, "well", "{path}: editions and the audit of all machines", {"path": files.shared})


def _compare(address: LakeAddress, settings: Settings) -> Iterator[DoctorCheck]:
    """Compare release and configuration with what who leads sees now; a change may be only late for half a minute."""
    try:
        refusal = find_refusal(fetch_configuration(address), look_at_replica(settings), address.describe())
    except KpisError:  # the checks of the lake and of the sources say it
        return
    if refusal is not None:
        is_late = isinstance(refusal, DifferingFilesError) and find_difference(settings.pointer) is None
        yield DoctorCheck(_REPLICA, "note" if is_late else "mend", "{reason}", {"reason": refusal})


def _find_folder_id(address: LakeAddress) -> str | None:
    with suppress(StoreError):  # the check of the lake says it
        return fetch_shared_folder(address)
    return None


def _check_answer(address: LakeAddress) -> DoctorCheck:
    values: dict[str, object] = {"lake": address.describe()}
    try:
        with closing(LastChange(address)) as last_change:
            if last_change.read() is None:
                text = "there is no lake at {lake} yet. Run: python -m kpis store create --data …"
                return DoctorCheck(_LAKE, "mend", text, values)
        reader = describe_leader(address, "watcher")
    except KpisError as error:
        return DoctorCheck(_LAKE, "mend", "{reason}", {"reason": error})
    if reader is None:
        return DoctorCheck(_LAKE, "note", "{lake} answers; no machine reads the sheets regularly (KPIS_WATCH)", values)
    text = "{lake} answers; process {process} on {host} reads the sheets"
    return DoctorCheck(_LAKE, "well", text, {**values, "host": reader.host, "process": reader.process_id or "?"})


def _check_content(address: LakeAddress, pointer: Path) -> Iterator[DoctorCheck]:
    """Check that the lake was not moved elsewhere, and that this machine would follow it."""
    try:
        for place in check_lake_content(address, pointer):
            yield DoctorCheck(_LAKE, "note", "{reason}", {"reason": place})
    except KpisError as error:
        yield DoctorCheck(_LAKE, "mend", "{reason}", {"reason": error})


def _describe_problem(problem: LakeProblem, lang: Language) -> DoctorCheck:
    values: dict[str, object] = {
        "since": formatting.format_moment(problem.since, lang),
        "reason": end_sentence(problem.reason.to_text(lang)),
        "number": problem.version or formatting.NO_VALUE,
        "moment": formatting.format_moment(problem.recorded_at, lang) if problem.recorded_at else formatting.NO_VALUE,
    }
    text = "not followed here since {since}: {reason} Version {number} of {moment} is shown"
    return DoctorCheck(_LAKE, "mend", text, values, exit_code=1)
