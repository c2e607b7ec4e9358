"""Every command, in the order that `--help` shows.

What a command needs is imported when it runs: importing DuckDB and openpyxl takes longer than most runs.
"""

from __future__ import annotations

from collections.abc import Mapping

from kpis.cli import options
from kpis.cli.command import Command, Request


def _sync(request: Request) -> int:
    from kpis.cli.sync_command import run

    return run(request)


def _attainment(request: Request) -> int:
    from kpis.cli.measure_commands import targets_attained

    return targets_attained(request)


def _task_status(request: Request) -> int:
    from kpis.cli.measure_commands import tasks_done

    return tasks_done(request)


def _rejections(request: Request) -> int:
    from kpis.cli.finding_commands import rejections

    return rejections(request)


def _warnings(request: Request) -> int:
    from kpis.cli.finding_commands import warnings

    return warnings(request)


def _targets(request: Request) -> int:
    from kpis.cli.register_commands import targets

    return targets(request)


def _tasks(request: Request) -> int:
    from kpis.cli.register_commands import tasks

    return tasks(request)


def _doctor(request: Request) -> int:
    from kpis.cli.doctor_command import run

    return run(request)


def _new_sheet(request: Request) -> int:
    from kpis.cli.new_sheet_command import run

    return run(request)


def _prepare_sheet(request: Request) -> int:
    from kpis.cli.prepare_sheet_command import run

    return run(request)


def _feedback(request: Request) -> int:
    from kpis.cli.feedback_command import run

    return run(request)


def _report(request: Request) -> int:
    from kpis.cli.report_command import run

    return run(request)


def _screenshot(request: Request) -> int:
    from kpis.cli.screenshot_command import run

    return run(request)


def _pack(request: Request) -> int:
    from kpis.cli.pack_command import run

    return run(request)


_ASKED = (options.AS_OF, options.KNOWN_AT, options.YEAR, options.PROVINCE, options.PLAN)
_REGISTER = (options.PLAN, options.JSON)

_ALL = (
    Command(
        "sync",
        "read every source once",
        (options.SOURCES, options.ACCEPT_SHRINK, options.NOW, options.WATCH, options.JSON),
        _sync,
    ),
    Command(
        "attainment",
        "every target's actual against its floor and pace",
        (*_ASKED, options.BY, options.JSON),
        _attainment,
    ),
    Command(
        "task-status",
        "the state of every annex task",
        (options.AS_OF, options.PLAN, options.JSON),
        _task_status,
    ),
    Command("rejections", "rows that were read but not counted, and why", (options.JSON,), _rejections),
    Command("warnings", "rows that count, with something to look at", (options.JSON,), _warnings),
    Command("targets", "the targets of the plans, with their citations", _REGISTER, _targets),
    Command("tasks", "the tasks of the plans' annexes", _REGISTER, _tasks),
    Command("new-sheet", "a plan's empty workbook, ready to share", (options.PLAN, options.OUT), _new_sheet),
    Command(
        "prepare-sheet",
        "makes a shared Google Sheet ready to fill",
        (options.PLAN, options.SOURCES),
        _prepare_sheet,
        options.URL,
    ),
    Command(
        "feedback",
        "a copy of an Excel file with a verdict on each row",
        (options.PLAN, options.OUT, options.NOW),
        _feedback,
        options.FILE,
    ),
    Command(
        "report",
        "a plan's yearly report as a Word document",
        (options.PLAN, options.YEAR, options.AS_OF, options.OUT),
        _report,
    ),
    Command(
        "screenshot",
        "the picture of a page as the screen shows it",
        (
            options.PAGE,
            options.AS_OF,
            options.PROVINCE,
            options.PLAN,
            options.OUT,
            options.WIDTH,
            options.URL_OF_APP,
        ),
        _screenshot,
    ),
    Command(
        "pack",
        "the weekly pack: PDF, pictures, slides and tables of one week, sealed",
        (options.WEEK, options.PLACE, options.FOLDER, options.DUE, options.JSON),
        _pack,
    ),
    Command("doctor", "checks everything and says what to mend", (options.SOURCES, options.JSON), _doctor),
)

COMMANDS: Mapping[str, Command] = {command.name: command for command in _ALL}
