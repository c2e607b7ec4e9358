"""The table of commands, in the order that `--help` shows."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.cli import options
from kpis.cli.command import Command

_ATTAINMENT_OPTIONS = (options.AS_OF, options.KNOWN_AT, options.YEAR, options.PROVINCE, options.PLAN)
_REGISTER_OPTIONS = (options.PLAN, options.JSON)

_COMMAND_LIST = (
    Command(
        "sync",
        "read every source once",
        (
            options.SOURCES,
            options.ACCEPT_SHRINK,
            options.NOW,
            options.YES_FUTURE,
            options.YES_CLOCK,
            options.WATCH,
            options.JSON,
        ),
        "kpis.cli.sync_command:run",
    ),
    Command(
        "attainment",
        "every target's actual against its floor and pace",
        (*_ATTAINMENT_OPTIONS, options.BY, options.JSON),
        "kpis.cli.measure_commands:print_attainment",
    ),
    Command(
        "task-status",
        "the state of every annex task",
        (options.AS_OF, options.PLAN, options.JSON),
        "kpis.cli.measure_commands:print_task_status",
    ),
    Command(
        "rejections",
        "rows that were read but not counted, and why",
        (options.JSON,),
        "kpis.cli.finding_commands:print_rejections",
    ),
    Command(
        "warnings",
        "rows that count, with something to look at",
        (options.JSON,),
        "kpis.cli.finding_commands:print_warnings",
    ),
    Command(
        "targets",
        "the targets of the plans, with their citations",
        _REGISTER_OPTIONS,
        "kpis.cli.register_commands:print_targets",
    ),
    Command(
        "tasks",
        "the tasks of the plans' annexes",
        _REGISTER_OPTIONS,
        "kpis.cli.register_commands:print_tasks",
    ),
    Command(
        "plan import",
        "what an issued document proposes: targets, tasks, agencies",
        (options.NEW_PLAN, options.PLACE, options.AMENDS, options.REPLACES_WHOLE, options.BOOK, options.JSON),
        "kpis.cli.plan_import_command:run",
        options.DOCUMENT_FILE,
    ),
    Command(
        "plan accept",
        "takes a decided workbook into the installation's own register: a new plan, or a version of one",
        (options.IN_FORCE_FROM, options.JUDGES_AGAIN, options.CORRECTS, options.WHY, options.NO_TARGETS, options.CHECK),
        "kpis.cli.plan_accept_command:run",
        options.BOOK_FILE,
    ),
    Command(
        "plan discard",
        "ends the review of a draft without a plan; what is accepted stays as it is",
        (),
        "kpis.cli.plan_discard_command:run",
        options.DRAFT_PLAN,
    ),
    Command(
        "plan list",
        "every plan: shipped, accepted, under review",
        (options.JSON,),
        "kpis.cli.plan_list_command:run",
    ),
    Command(
        "plan diff",
        "what one accepted version of a plan changes against another",
        (options.JSON,),
        "kpis.cli.plan_diff_command:run",
        options.DIFF_PLAN,
        (options.FROM_VERSION, options.TO_VERSION),
    ),
    Command(
        "plan untrack",
        "ends a plan that nothing else ends, like a wrong plan id of a day",
        (options.SOURCES, options.YES_CLOCK),
        "kpis.cli.untrack_command:run",
        options.TRACKED_PLAN,
    ),
    Command(
        "request ask",
        "asks an agency for an explanation; prints the id of the request",
        (options.PLAN, options.AGENCY, options.ENTRY, options.QUESTION, options.DUE_ON),
        "kpis.cli.request_commands:ask",
    ),
    Command(
        "request extend",
        "gives a request another day by which to answer",
        (options.DUE_ON,),
        "kpis.cli.request_commands:extend",
        options.REQUEST_ID,
    ),
    Command(
        "request withdraw",
        "withdraws a request",
        (options.REASON,),
        "kpis.cli.request_commands:withdraw",
        options.REQUEST_ID,
    ),
    Command(
        "request return",
        "sends an answer back, with a reason",
        (options.REASON, options.DUE_ON),
        "kpis.cli.request_commands:return_answer",
        options.REQUEST_ID,
    ),
    Command(
        "request accept",
        "accepts the answer to a request",
        (),
        "kpis.cli.request_commands:accept",
        options.REQUEST_ID,
    ),
    Command(
        "request list",
        "requests for explanations and their answers: late, open, answered, closed",
        (options.AS_OF, options.KNOWN_AT, options.PROVINCE, options.PLAN, options.JSON),
        "kpis.cli.request_commands:print_requests",
    ),
    Command(
        "new-sheet",
        "a plan's empty workbook, ready to share",
        (options.PLAN, options.OUT),
        "kpis.cli.new_sheet_command:run",
    ),
    Command(
        "prepare-sheet",
        "prepares a shared Google Sheet for filling",
        (options.PLAN, options.SOURCES),
        "kpis.cli.prepare_sheet_command:run",
        options.SHEET_URL,
    ),
    Command(
        "feedback",
        "a copy of an Excel file with feedback on each row",
        (options.PLAN, options.OUT, options.NOW),
        "kpis.cli.feedback_command:run",
        options.WORKBOOK_FILE,
    ),
    Command(
        "report",
        "a plan's yearly report as a Word document",
        (options.PLAN, options.YEAR, options.AS_OF, options.OUT),
        "kpis.cli.report_command:run",
    ),
    Command(
        "remind",
        "what each agency owes, for the addresses of contacts.toml",
        (options.DAYS, options.REMINDERS_FOLDER, options.SEND),
        "kpis.cli.remind_command:run",
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
            options.AS,
        ),
        "kpis.cli.screenshot_command:run",
    ),
    Command(
        "pack",
        "the weekly pack: PDF, pictures, slides and tables of one week, sealed",
        (options.WEEK, options.PROVINCE_OR_WARD, options.OUT_FOLDER, options.DUE, options.JSON),
        "kpis.cli.pack_command:run",
    ),
    Command(
        "access invite",
        "an invitation for a person without an account of the provider; prints its address",
        (options.SOURCES,),
        "kpis.cli.access_commands:invite",
        options.EMAIL,
    ),
    Command(
        "access list",
        "who may see and do what, as access.toml says",
        (options.SOURCES, options.JSON),
        "kpis.cli.access_commands:list_people",
    ),
    Command(
        "access end",
        "ends every session of a person",
        (options.SOURCES,),
        "kpis.cli.access_commands:end_sessions",
        options.EMAIL,
    ),
    Command(
        "access unbind",
        "lets a person sign in with another account of the provider",
        (options.SOURCES,),
        "kpis.cli.access_commands:unbind",
        options.EMAIL,
    ),
    Command(
        "access off",
        "returns to a dashboard without sign-in, for this machine alone",
        (options.SOURCES,),
        "kpis.cli.access_commands:turn_off",
    ),
    Command(
        "backup",
        "writes everything that cannot be read again from the sheets into one file, while the dashboard runs",
        (options.SOURCES,),
        "kpis.cli.backup_commands:write",
        options.BACKUP_FILE,
    ),
    Command(
        "restore",
        "puts a backup in place of the figures, plans, editions and rights of now, which are kept beside it",
        (options.SOURCES,),
        "kpis.cli.backup_commands:restore",
        options.BACKUP_FILE,
    ),
    Command(
        "store create",
        "makes an empty lake for several machines at the address of KPIS_DATABASE",
        (options.DATA,),
        "kpis.cli.store_create_command:run",
    ),
    Command(
        "store move",
        "moves the database to a lake, or from a lake to files; the old place is kept and serves",
        (options.MOVE_TO, options.DATA, options.LOCAL_FOLDER, options.SOURCES),
        "kpis.cli.store_commands:move",
    ),
    Command(
        "store follow",
        "brings a lake to this machine until it is ended, and reads no sheets",
        (),
        "kpis.cli.store_commands:follow",
    ),
    Command(
        "store tidy",
        "merges the small files of a lake and removes those that nothing has needed for eight days",
        (options.DRY_RUN,),
        "kpis.cli.store_commands:tidy",
    ),
    Command(
        "store adopt",
        "goes on with a lake whose catalog was restored, above every version that was seen",
        (options.ABOVE,),
        "kpis.cli.store_commands:adopt",
    ),
    Command(
        "doctor",
        "checks everything and says what to fix",
        (options.SOURCES, options.MEND_CLOCK, options.JSON),
        "kpis.cli.doctor_command:run",
    ),
)

COMMANDS: Mapping[str, Command] = {command.name: command for command in _COMMAND_LIST}
