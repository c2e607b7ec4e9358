"""`prepare-sheet`: makes a shared Google Sheet ready to be filled; running it again does no harm."""

from __future__ import annotations

from kpis import settings
from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import KpisError, UsageError
from kpis.language.messages import translate
from kpis.register.load import load
from kpis.sources.config import load_sources
from kpis.sources.google.client import open_client
from kpis.sources.google.credentials import need_key
from kpis.sources.google.transport import Patience
from kpis.sources.google.urls import spreadsheet_id
from kpis.templates.google.prepare import prepare


def run(request: Request) -> int:
    """Prepare the sheet and say what was done; standard output stays empty."""
    url = str(request.values[options.URL.name])
    file = spreadsheet_id(url)
    register = load(overlay=settings.overlay(request.environ))
    plan = request.text(options.PLAN) or _plan_of(file, request)
    key = need_key(request.environ)
    base, patience = request.environ.get("KPIS_GOOGLE_BASE", ""), Patience.beside(request.settings().pointer)
    with open_client(key, write=True, base=base, patience=patience) as client:
        prepared = prepare(url, client, register, plan, request.lang)
    for sentence in (*prepared.done, *prepared.notes):
        request.say(sentence)
    if not prepared.done:
        request.say(translate(request.lang, "“{title}” is ready; nothing was missing.", title=prepared.title))
    else:
        request.say(translate(request.lang, "“{title}” is ready to be filled.", title=prepared.title))
    return 0


def _plan_of(file: str, request: Request) -> str:
    """The plan of the source that names this sheet."""
    for source in load_sources(request.settings().sources).sources:
        if source.kind == "google" and _names(source.location, file):
            return source.plan
    raise UsageError(
        "For which plan? The sources file does not name this sheet yet: give {option} {metavar}.",
        option=options.PLAN.flag,
        metavar=options.PLAN.metavar,
    )


def _names(location: str, file: str) -> bool:
    try:
        return spreadsheet_id(location) == file
    except KpisError:  # another source's broken link: its own sync says so
        return False
