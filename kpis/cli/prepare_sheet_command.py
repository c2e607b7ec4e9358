"""`prepare-sheet`: makes a shared Google Sheet ready to be filled; it may be run repeatedly."""

from __future__ import annotations

from kpis import settings
from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import KpisError, UsageError
from kpis.language.messages import translate
from kpis.register.load import load_register
from kpis.sources.config import load_sources
from kpis.sources.google.client import open_client
from kpis.sources.google.credentials import require_key
from kpis.sources.google.transport import RequestPolicy
from kpis.sources.google.urls import parse_spreadsheet_id
from kpis.store.opening import find_lake
from kpis.templates.google.prepare import prepare_spreadsheet


def run(request: Request) -> int:
    """Prepare the sheet and report the changes on standard error; standard output stays empty."""
    url = str(request.values[options.SHEET_URL.name])
    file = parse_spreadsheet_id(url)
    register = load_register(overlay=settings.find_overlay(request.environ))
    plan = request.get_text(options.PLAN) or _find_plan(file, request)
    key = require_key(request.environ)
    base = request.environ.get("KPIS_GOOGLE_BASE", "")
    loaded = request.read_settings()
    policy = RequestPolicy.create_shared(loaded.pointer, key.account, find_lake(loaded))
    with open_client(key, write=True, base_url=base, policy=policy) as client:
        prepared = prepare_spreadsheet(url, client, register, plan, request.today, request.lang)
    for sentence in (*prepared.changes, *prepared.notes):
        request.write_message(sentence)
    if not prepared.changes:
        request.write_message(translate(request.lang, "“{title}” is ready; nothing was missing.", title=prepared.title))
    else:
        request.write_message(translate(request.lang, "“{title}” is ready to be filled.", title=prepared.title))
    return 0


def _find_plan(file: str, request: Request) -> str:
    """Return the plan of the source that refers to this sheet; UsageError if there is none."""
    for source in load_sources(request.read_settings().sources).sources:
        if source.kind == "google" and _refers_to(source.location, file):
            return source.plan
    raise UsageError(
        "For which plan? The sources file does not name this sheet yet: give {option} {metavar}.",
        option=options.PLAN.flag,
        metavar=options.PLAN.metavar,
    )


def _refers_to(location: str, file: str) -> bool:
    try:
        return parse_spreadsheet_id(location) == file
    except KpisError:  # an invalid link of another source is reported by its sync
        return False
