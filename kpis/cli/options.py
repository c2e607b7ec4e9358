"""The options of all commands, and the parsing of their values; UsageError says what is wrong with one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kpis.errors import UsageError
from kpis.language import clock
from kpis.language.durations import parse_interval


@dataclass(frozen=True)
class Option:
    """One option. `metavar`: None for a switch; `help`: a catalogue key; `repeats`: may be repeated."""

    flag: str
    metavar: str | None
    help: str
    repeats: bool = False

    @property
    def name(self) -> str:
        """The key of its value: "as_of" for --as-of."""
        return self.flag.removeprefix("--").replace("-", "_")


DATABASE = Option("--database", "PATH", "the pointer file of the database, or a lake (else KPIS_DATABASE)")
LANG = Option("--lang", "vi|en", "the language of sentences and tables (else KPIS_LANGUAGE)")
JSON = Option("--json", None, "one JSON document instead of a table")
SOURCES = Option("--sources", "FILE", "the file that names the sheets to read (else KPIS_SOURCES)")
ACCEPT_SHRINK = Option(
    "--accept-shrink", "SOURCE", "accept this source although it lost most of its rows", repeats=True
)
NOW = Option("--now", "DATE-OR-TIME", "the clock of the sync: its day, and when rows are recorded")
YES_FUTURE = Option("--yes-future", None, "accept a --now that is more than a day ahead of the clock")
YES_CLOCK = Option("--yes-clock", None, "accept that the clock of the lake's PostgreSQL differs from this machine's")
MEND_CLOCK = Option("--mend-clock", None, "bring back what was recorded while the clock was ahead")
DATA = Option("--data", "FOLDER", "where the files of the lake lie: a folder that every machine has, or s3://…")
WATCH = Option("--watch", "5m", "read again every so often (90s, 5m, 1h) until interrupted")
AS_OF = Option("--as-of", "DATE", "what had occurred by the end of this day (else today)")
KNOWN_AT = Option("--known-at", "TIME", "what had been read by this moment (else all that is current)")
YEAR = Option("--year", "YYYY", "targets whose period contains this year (else the year of --as-of)")
PROVINCE = Option("--province", "NAME", "the plans of this province alone, without its wards")
PLAN = Option("--plan", "ID", "this plan alone, like dong-thap")
OUT = Option("--out", "FILE", "the file to write")
WEEK = Option("--week", "YYYY-Www", "the week of the pack, Monday to Sunday, like 2026-W47")
DUE = Option("--due", None, "every week that has ended and has no edition yet")
OUT_FOLDER = Option("--out", "DIR", "the folder of the editions (default: beside the database, as on the page)")
PROVINCE_OR_WARD = Option("--province", "NAME", "only this province or ward (default: all plans)")
WORKBOOK_FILE = Option("FILE.xlsx", None, "the workbook that was submitted")
DOCUMENT_FILE = Option("FILE", None, "the issued document: .docx, .pdf with text, .txt or .md")
NEW_PLAN = Option("--plan", "ID", "the id that the new plan gets, like can-tho-2027")
DRAFT_PLAN = Option("ID", None, "the plan whose draft under review is discarded")
TRACKED_PLAN = Option("ID", None, "the plan whose rows no longer count; no source may be configured for it")
BACKUP_FILE = Option("FILE", None, "the file of the backup")
EMAIL = Option("E-MAIL", None, "the address of a person in access.toml")
BOOK = Option("--out", "BOOK.xlsx", "the workbook in which the proposal is reviewed")
BOOK_FILE = Option("BOOK.xlsx", None, "the workbook of “plan import --out” with all decisions")
REQUEST_ID = Option("REQUEST", None, "the id of a request, like YC-dong-thap-2026-0001")
AGENCY = Option("--agency", "NAME", "the agency that is to explain, by its name")
ENTRY = Option("--about", "CODE", "the code of the target or task (else the question is about the agency)")
QUESTION = Option("--question", "TEXT", "what the agency is to explain")
DUE_ON = Option("--due-on", "DATE", "the day by which to answer (else a week from today)")
REASON = Option("--reason", "TEXT", "why a request is withdrawn or an answer returned")
DIFF_PLAN = Option("ID", None, "the plan whose versions are compared")
FROM_VERSION = Option("FROM", None, "the number of the earlier version (else the last but one)")
TO_VERSION = Option("TO", None, "the number of the later version (else the last)")
AMENDS = Option("--amends", None, "the document amends a plan: each of its clauses changes, ends or adds something")
REPLACES_WHOLE = Option("--whole", None, "the document replaces the whole text of a plan")
IN_FORCE_FROM = Option("--in-force-from", "DATE", "from when an amendment is in force (else as it says, or its issue)")
JUDGES_AGAIN = Option(
    "--judges-again", "YEAR", "the amendment also judges the periods that end in this closed year", repeats=True
)
CORRECTS = Option("--corrects", "N", "the workbook corrects version N, which was read wrongly, in its place")
WHY = Option("--why", "TEXT", "what was wrong in the version that is corrected")
NO_TARGETS = Option("--no-targets", None, "the plan has neither a target nor a milestone, and that is right")
CHECK = Option("--check", None, "say what stands in the way and what would not be judged; accept nothing")
PLACE = Option("--place", "PLACE", "whose plan it is, like “thành phố Cần Thơ”")
SHEET_URL = Option("URL", None, "the address of the Google Sheet, shared with the service account as an editor")
PAGE = Option(
    "--page",
    "NAME",
    "the page, like overview; several: separated by commas, or repeat the option",
    repeats=True,
)
WIDTH = Option("--width", "PIXELS", "how wide the window is (else 1366)")
APP_URL = Option("--url", "URL", "a dashboard that runs on this machine (else one is started)")
AS = Option("--as", "E-MAIL", "whose view it is, where people sign in (else everything)")
DAYS = Option("--days", "N", "tasks that are due within so many days count too (else 14)")
REMINDERS_FOLDER = Option("--out", "DIR", "write one text an address into this folder, ready to be sent by hand")
SEND = Option("--send", None, "send the reminders by e-mail (KPIS_SMTP), none twice in a week")
MOVE_TO = Option("--to", "PLACE", "where the database is moved: ducklake:postgres:… or the path of a pointer file")
LOCAL_FOLDER = Option("--local", "DIR", "this machine's folder for what follows the new lake (else KPIS_LOCAL)")
DRY_RUN = Option("--dry-run", None, "only say what would be removed")
ABOVE = Option("--above", "N", "the highest version that any replica reports, where it is higher than that of this one")
BY = Option("--by", "agency", "one row per target and agency")

COMMON_OPTIONS = (DATABASE, LANG)
"""The options of every command."""


def parse_day(option: Option, text: str | None) -> date | None:
    """Return the day that an option's text names; None for None. Raises UsageError."""
    try:
        return None if text is None else clock.parse_day(text)
    except UsageError as error:
        raise build_option_error(option, error) from error


def parse_moment(option: Option, text: str | None) -> datetime | None:
    """Return the moment (naive UTC) that an option's text names; None for None. Raises UsageError."""
    try:
        return None if text is None else clock.parse_moment(text)
    except UsageError as error:
        raise build_option_error(option, error) from error


def parse_year(option: Option, text: str | None) -> int | None:
    """Return the year that an option's text names; None for None. Raises UsageError."""
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{4}", text.strip()):
        raise build_option_error(option, UsageError("“{text}” is not a year. Write it like 2026.", text=text))
    return int(text)


def parse_interval_option(option: Option, text: str | None) -> timedelta | None:
    """Return the interval that an option's text names; None for None. Raises UsageError."""
    try:
        return None if text is None else parse_interval(text)
    except UsageError as error:
        raise build_option_error(option, error) from error


def build_option_error(option: Option, reason: UsageError) -> UsageError:
    """Return an error that puts the option's name in front of the reason."""
    return UsageError("{option}: {reason}", option=option.flag, reason=reason)


def build_missing_error(option: Option) -> UsageError:
    """Return the error for a mandatory option that was not given."""
    return UsageError(
        "{option} is missing. Give it like {option} {metavar}.", option=option.flag, metavar=option.metavar
    )
