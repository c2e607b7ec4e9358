"""`feedback`: a copy of an Excel file with the verdict on each row in it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from kpis import settings
from kpis.checks.check import check
from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import StoreError, UsageError
from kpis.feedback.status_text import Totals, verdicts
from kpis.feedback.xlsx.write_copy import write_feedback
from kpis.language import clock
from kpis.language.messages import translate
from kpis.measures import publish
from kpis.measures.row_totals import row_totals
from kpis.register.load import load
from kpis.register.model import Register
from kpis.sheet.layout import find_layouts
from kpis.sheet.model import CheckedSheet, RawSheet, Source
from kpis.sources.config import SourcesFile
from kpis.sources.xlsx.read_workbook import read_workbook
from kpis.store.database import Database
from kpis.sync import sync


def run(request: Request) -> int:
    """Read, judge and answer one workbook; totals are those of its own rows, by the rules of every sync."""
    register = load(overlay=settings.overlay(request.environ))
    path, plan = Path(str(request.values[options.FILE.name])).expanduser(), request.needed(options.PLAN)
    out = Path(request.needed(options.OUT)).expanduser()
    if plan not in register.plans:
        known = ", ".join(register.plans)
        raise UsageError("No plan “{plan}” is known. Known are {known}.", plan=plan, known=known)
    now = options.moment(options.NOW, request.text(options.NOW)) or request.now
    raw = read_workbook(path, now)
    checked = check(raw, plan, register, clock.today(now))
    totals = _totals(raw, checked, Source(path.stem, plan, "workbook", str(path)), register)
    said = verdicts(checked.rows, register, totals)
    remarks = write_feedback(path, out, find_layouts(raw), checked.rows, said)
    for remark in remarks:
        request.say(translate(request.lang, remark))
    request.say(_summary(checked, out, request))
    return 0


def _totals(raw: RawSheet, checked: CheckedSheet, source: Source, register: Register) -> Totals:
    """A sync of this one file into a database of its own: the rules are the same, the figures the file's."""
    with TemporaryDirectory() as folder:
        pointer = Path(folder) / "kpis.json"
        sync.run(SourcesFile((source,)), pointer, register, raw.read_at, publish.compute, read=lambda *_: raw)
        database = Database.open(pointer)
        if database is None:
            raise StoreError("{path}: no figures could be made of it.", path=source.location)
        days = [row.entry.occurred_on for row in checked.rows if row.entry]
        totals = row_totals(database, source.plan, days, clock.today(raw.read_at))
        database.close()
    return totals


def _summary(checked: CheckedSheet, out: Path, request: Request) -> str:
    rejected = sum(bool(row.rejections) for row in checked.rows)
    warned = sum(bool(row.warnings) and not row.rejections for row in checked.rows)
    return translate(
        request.lang,
        "{path}: {accepted} rows count, {warned} of them to be looked at; {rejected} to be mended. "
        "The totals are those of this file alone.",
        path=out,
        accepted=len(checked.rows) - rejected,
        warned=warned,
        rejected=rejected,
    )
