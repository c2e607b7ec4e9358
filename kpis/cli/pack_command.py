"""`pack`: seals the edition of a week, or of every week that is due, and says where its files lie."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from kpis.cli import options, output
from kpis.cli.command import Request
from kpis.cli.database_requests import open_database, shown_day
from kpis.errors import UsageError
from kpis.language.messages import explain, translate
from kpis.pack.edition.due_weeks import due
from kpis.pack.edition.folders import EVERY, kept_beside, unreadable
from kpis.pack.edition.progress_messages import OUTCOMES, STEPS
from kpis.pack.edition.sealing import Order, Sealed, seal
from kpis.pack.figures.scopes import named_plan
from kpis.pack.figures.weeks import parse_week
from kpis.store.database import Database


def run(request: Request) -> int:
    """`pack`."""
    asked, is_due = request.text(options.WEEK), request.given(options.DUE)
    if is_due == (asked is not None):
        raise UsageError("Give either --week (like 2026-W47) or --due, one of the two.")
    with open_database(request) as database:
        pointer = request.settings(to_read=True).pointer
        today = shown_day(None, request, database)
        plan = named_plan(database, request.text(options.PLACE))
        out = _folder(request) or kept_beside(pointer)
        weeks = [parse_week(asked)] if asked else due(out, plan, request.lang, today)
        sealed = []
        for week in weeks:
            order = Order(week, plan, request.lang, request.now, today)
            sealed.append(_seal(request, database, pointer, order, out))
    if is_due and not weeks:
        request.say(translate(request.lang, "Nothing is due: every week that has ended has its edition."))
    for error in unreadable(out, plan or EVERY, request.lang):
        request.say(explain(error, request.lang))
    _print(request, sealed)
    return 0


def _folder(request: Request) -> Path | None:
    """The folder of --out; UsageError where it is a file, or lies below one."""
    given = request.text(options.FOLDER)
    out = Path(given).expanduser() if given else None
    if out is not None:
        there = next((path for path in (out, *out.parents) if path.exists()), out)
        if there.exists() and not there.is_dir():
            raise UsageError("{path} is a file. Give --out the name of a folder.", path=there)
    return out


def _seal(request: Request, database: Database, pointer: Path, order: Order, out: Path) -> Sealed:
    def told(done: int, whole: int, step: str) -> None:
        if step:
            said = translate(request.lang, STEPS.get(step, step))
            request.say(f"{order.week} [{done + 1}/{whole}] {said}")

    sealed = seal(database, pointer, order, out, told)
    request.say(translate(request.lang, OUTCOMES[sealed.outcome], edition=sealed.edition.name))
    return sealed


def _print(request: Request, sealed: list[Sealed]) -> None:
    """The paths, one a line; with --json every edition as it is recorded."""
    if not request.given(options.JSON):
        for one in sealed:
            request.out.writelines(f"{path}\n" for path in one.edition.paths)
        return
    output.print_json([_row(one) for one in sealed], request.out)


def _row(one: Sealed) -> dict[str, object]:
    edition = one.edition
    moments: dict[str, datetime] = {"sealed_at": edition.sealed_at, "known_then": edition.known_then}
    held = edition.record()
    return {
        "week": edition.week,
        "outcome": one.outcome,
        "folder": str(edition.folder),
        **{name: value for name, value in held.items() if name not in ("format", "week", *moments)},
        **moments,
    }
