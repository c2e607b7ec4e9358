"""Every command, in the order that `--help` shows.

What a command needs is imported when it runs: importing DuckDB and openpyxl takes longer than most runs.
"""

from __future__ import annotations

from collections.abc import Mapping

from kpis.cli import options
from kpis.cli.command import Command, Request


def _run_sync(request: Request) -> int:
    from kpis.cli.sync_command import run

    return run(request)


def _run_attainment(request: Request) -> int:
    from kpis.cli.measure_commands import print_attainment

    return print_attainment(request)


def _run_task_status(request: Request) -> int:
    from kpis.cli.measure_commands import print_task_status

    return print_task_status(request)


def _run_rejections(request: Request) -> int:
    from kpis.cli.finding_commands import print_rejections

    return print_rejections(request)


def _run_warnings(request: Request) -> int:
    from kpis.cli.finding_commands import print_warnings

    return print_warnings(request)


def _run_targets(request: Request) -> int:
    from kpis.cli.register_commands import print_targets

    return print_targets(request)


def _run_tasks(request: Request) -> int:
    from kpis.cli.register_commands import print_tasks

    return print_tasks(request)


def _run_doctor(request: Request) -> int:
    from kpis.cli.doctor_command import run

    return run(request)


def _run_new_sheet(request: Request) -> int:
    from kpis.cli.new_sheet_command import run

    return run(request)


def _run_prepare_sheet(request: Request) -> int:
    from kpis.cli.prepare_sheet_command import run

    return run(request)


def _run_feedback(request: Request) -> int:
    from kpis.cli.feedback_command import run

    return run(request)


def _run_report(request: Request) -> int:
    from kpis.cli.report_command import run

    return run(request)


def _run_screenshot(request: Request) -> int:
    from kpis.cli.screenshot_command import run

    return run(request)


def _run_pack(request: Request) -> int:
    from kpis.cli.pack_command import run

    return run(request)


_ATTAINMENT_OPTIONS = (options.AS_OF, options.KNOWN_AT, options.YEAR, options.PROVINCE, options.PLAN)
_REGISTER_OPTIONS = (options.PLAN, options.JSON)

_COMMAND_LIST = (
    Command(
        "sync",
        "read every source once",
        (options.SOURCES, options.ACCEPT_SHRINK, options.NOW, options.WATCH, options.JSON),
        _run_sync,
    ),
    Command(
        "attainment",
        "every target's actual against its floor and pace",
        (*_ATTAINMENT_OPTIONS, options.BY, options.JSON),
        _run_attainment,
    ),
    Command(
        "task-status",
        "the state of every annex task",
        (options.AS_OF, options.PLAN, options.JSON),
        _run_task_status,
    ),
    Command("rejections", "rows that were read but not counted, and why", (options.JSON,), _run_rejections),
    Command("warnings", "rows that count, with something to look at", (options.JSON,), _run_warnings),
    Command("targets", "the targets of the plans, with their citations", _REGISTER_OPTIONS, _run_targets),
    Command("tasks", "the tasks of the plans' annexes", _REGISTER_OPTIONS, _run_tasks),
    Command(
        "new-sheet", "a plan's empty workbook, ready to share", (options.PLAN, options.OUT), _run_new_sheet
    ),
    Command(
        "prepare-sheet",
        "makes a shared Google Sheet ready to fill",
        (options.PLAN, options.SOURCES),
        _run_prepare_sheet,
        options.SHEET_URL,
    ),
    Command(
        "feedback",
        "a copy of an Excel file with a verdict on each row",
        (options.PLAN, options.OUT, options.NOW),
        _run_feedback,
        options.WORKBOOK_FILE,
    ),
    Command(
        "report",
        "a plan's yearly report as a Word document",
        (options.PLAN, options.YEAR, options.AS_OF, options.OUT),
        _run_report,
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
            options.APP_URL,
        ),
        _run_screenshot,
    ),
    Command(
        "pack",
        "the weekly pack: PDF, pictures, slides and tables of one week, sealed",
        (options.WEEK, options.PROVINCE_OR_WARD, options.OUT_FOLDER, options.DUE, options.JSON),
        _run_pack,
    ),
    Command(
        "doctor", "checks everything and says what to mend", (options.SOURCES, options.JSON), _run_doctor
    ),
)

COMMANDS: Mapping[str, Command] = {command.name: command for command in _COMMAND_LIST}
