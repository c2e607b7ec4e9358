"""The parts of a request to the database: the opened database, the day, and a plan or province in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import StoreError
from kpis.language import clock
from kpis.language.messages import translate
from kpis.measures.plan_names import find_plans, match_plan
from kpis.measures.register_facts import list_plans
from kpis.store.database import Database
from kpis.store.versions import has_fallen_back


@contextmanager
def open_database(request: Request) -> Iterator[Database]:
    """Open the published database; StoreError if nothing was read yet."""
    pointer = request.read_settings(read_only=True).pointer
    database = Database.open(pointer)
    if database is None:
        raise StoreError(
            "There are no figures at {path} yet. Read the sheets first: python -m kpis sync.", path=pointer
        )
    if has_fallen_back(pointer):
        request.write_message(
            translate(
                request.lang,
                "Warning: the newest figures could not be opened; those of version {version} are shown. Run "
                "python -m kpis sync to read the sheets again.",
                version=database.version,
            )
        )
    try:
        yield database
    finally:
        database.close()


def resolve_as_of(day: date | None, request: Request, database: Database) -> date:
    """Return the requested day; else today, for the made-up sample the day on which it was recorded."""
    if day is None and database.meta.get("sample") == "yes":
        return clock.to_local_day(datetime.fromisoformat(database.meta["recorded_at"]))
    return day or request.today


def resolve_plan(request: Request, database: Database) -> str | None:
    """Return the plan of --plan; UsageError lists the plans."""
    text = request.get_text(options.PLAN)
    return None if text is None else match_plan(text, [plan["plan"] for plan in list_plans(database)])


def resolve_plans(request: Request, database: Database) -> frozenset[str] | None:
    """Return the plans of --plan or --province, None for all; UsageError lists those that exist."""
    return find_plans(database, plan=request.get_text(options.PLAN), province=request.get_text(options.PROVINCE))
