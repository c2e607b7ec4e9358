"""`report`: a plan's yearly report as a Word document, ready to be completed by hand."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from kpis.cli import options
from kpis.cli.command import Request
from kpis.cli.database_requests import one_plan, open_database, shown_day
from kpis.errors import KpisError, UsageError
from kpis.language import formatting as written
from kpis.language.messages import translate
from kpis.report.document import write_report
from kpis.report.figures import gather_report, report_day

_NAME = "bao-cao.docx"


def run(request: Request) -> int:
    """Write the report; its path on standard output, as of which day on standard error."""
    request.needed(options.PLAN)
    year = options.year(options.YEAR, request.needed(options.YEAR))
    out = Path(request.needed(options.OUT)).expanduser()
    if out.is_dir():
        raise UsageError(
            "{path} is a folder. Give --out the name of a file, like {name}.", path=out, name=out / _NAME
        )
    asked = options.day(options.AS_OF, request.text(options.AS_OF))
    with open_database(request) as database:
        plan = one_plan(request, database)
        day = report_day(int(year or 0), shown_day(None, request, database), asked)
        figures = gather_report(database, str(plan), int(year or 0), day)
    unfinished = out.with_name(f".{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_report(figures, unfinished).replace(out)
    except OSError as error:
        raise KpisError(
            "The report could not be written to {path}: {reason}. Close the file if it is open, or choose "
            "another place.",
            path=out,
            reason=error.strerror or error,
        ) from error
    finally:
        with suppress(OSError):  # it is not there after a good run
            unfinished.unlink()
    request.say(
        translate(
            request.lang,
            "The report is as of {day}. What is marked in yellow is left to write.",
            day=written.day(day, request.lang),
        )
    )
    request.out.write(f"{out}\n")
    return 0
