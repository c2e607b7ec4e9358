"""What a question to the database is about: its day, and a plan or province that the database knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import StoreError, UsageError
from kpis.language import clock
from kpis.language.messages import translate
from kpis.language.normalization import fold
from kpis.store.database import Database
from kpis.store.versions import has_fallen_back


@contextmanager
def open_database(request: Request) -> Iterator[Database]:
    """The database to read; StoreError where nothing was read yet."""
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
                "Look out: the newest figures could not be opened; those of version {version} are shown. Run "
                "python -m kpis sync to read the sheets again.",
                version=database.version,
            )
        )
    try:
        yield database
    finally:
        database.close()


def resolve_as_of(day: date | None, request: Request, database: Database) -> date:
    """The day asked for; else today, and for the made-up sample its own today."""
    if day is None and database.meta.get("sample") == "yes":
        return clock.to_local_day(datetime.fromisoformat(database.meta["recorded_at"]))
    return day or request.today


def resolve_plan(request: Request, database: Database) -> str | None:
    """The plan of --plan; UsageError names the plans there are."""
    text = request.get_text(options.PLAN)
    if text is None:
        return None
    known = {fold(str(row["plan"])): str(row["plan"]) for row in _list_plans(database)}
    if fold(text) not in known:
        raise UsageError(
            "No plan “{plan}” is known. Known are {known}.", plan=text, known=", ".join(known.values())
        )
    return known[fold(text)]


def resolve_province(request: Request, database: Database) -> str | None:
    """The province of --province, with or without "Tỉnh" or "Thành phố"; UsageError names those there are."""
    text = request.get_text(options.PROVINCE)
    if text is None:
        return None
    known = {fold(str(row["province"])): str(row["province"]) for row in _list_plans(database)}
    short = fold(text).removeprefix(fold("Tỉnh ")).removeprefix(fold("Thành phố ")).strip()
    if short not in known:
        raise UsageError(
            "No province “{province}” is known. Known are {known}.",
            province=text, known=", ".join(known.values()),
        )  # fmt: skip
    return known[short]


def _list_plans(database: Database) -> list[dict[str, object]]:
    return database.fetch_rows("select plan, province from plans order by position")
