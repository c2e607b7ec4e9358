"""`report`: a plan's yearly report as a Word document, ready to be completed by hand."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from kpis.cli import options
from kpis.cli.command import Request
from kpis.cli.database_requests import open_database, resolve_as_of, resolve_plan
from kpis.errors import KpisError, UsageError
from kpis.language import formatting
from kpis.language.messages import translate
from kpis.report.document import write_report
from kpis.report.figures import gather_report, resolve_report_day

_EXAMPLE_NAME = "bao-cao.docx"


def run(request: Request) -> int:
    """Write the report; print its path on standard output, its as-of day on standard error."""
    request.require_text(options.PLAN)
    year = options.parse_year(options.YEAR, request.require_text(options.YEAR))
    out = Path(request.require_text(options.OUT)).expanduser()
    if out.is_dir():
        raise UsageError(
            "{path} is a folder. Give --out the name of a file, like {name}.",
            path=out,
            name=out / _EXAMPLE_NAME,
        )
    as_of = options.parse_day(options.AS_OF, request.get_text(options.AS_OF))
    with open_database(request) as database:
        plan = resolve_plan(request, database)
        day = resolve_report_day(int(year or 0), resolve_as_of(None, request, database), as_of)
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
        with suppress(OSError):  # it is missing if the report was written
            unfinished.unlink()
    request.write_message(
        translate(
            request.lang,
            "The report is as of {day}. Text highlighted in yellow is still to be written.",
            day=formatting.format_day(day, request.lang),
        )
    )
    request.out.write(f"{out}\n")
    return 0
