"""`screenshot`: pictures of pages exactly as shown on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from kpis import settings
from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import UsageError
from kpis.language.messages import translate
from kpis.measures.plan_names import match_plan, match_province, refuse_plan_and_province
from kpis.measures.register_facts import list_plans
from kpis.pack.figures.scopes import SEVERAL_PLANS
from kpis.register.load import load_register
from kpis.register.model import Plan
from kpis.screenshot.app_server import RunningApp, start_app, use_running_app
from kpis.screenshot.capture import Screenshot, find_browser, take_screenshots
from kpis.store.database import Database
from kpis.ui import pages

_MIN_WIDTH, _MAX_WIDTH = 320, 3840
"""Pixels."""
_DEFAULT_WIDTH = "1366"


def run(request: Request) -> int:
    """Take the pictures; progress goes to standard error, the files' paths to standard output."""
    shots = _build_screenshots(request)
    width = _parse_width(request)
    url = request.get_text(options.APP_URL)
    find_browser()
    pointer = request.read_settings(read_only=True).pointer
    environ, email = {**request.environ, "KPIS_DATABASE": str(pointer.absolute())}, request.get_text(options.AS)
    if url is not None:
        with use_running_app(environ, url, email) as app:
            _take_with_progress(request, app, shots, width)
    else:
        request.write_message(translate(request.lang, "Starting the dashboard…"))
        with start_app(environ, email) as app:
            _take_with_progress(request, app, shots, width)
    for shot in shots:
        request.out.write(f"{shot.out}\n")
    return 0


def _take_with_progress(request: Request, app: RunningApp, screenshots: list[Screenshot], width: int) -> None:
    def report_progress(screenshot: Screenshot) -> None:
        request.write_message(translate(request.lang, "Taking a picture of the page {page}…", page=screenshot.page))

    take_screenshots(app, screenshots, width=width, lang=request.lang, progress=report_progress)


def _build_screenshots(request: Request) -> list[Screenshot]:
    names = [name.strip() for text in request.get_texts(options.PAGE) for name in text.split(",") if name.strip()]
    if not names:
        raise options.build_missing_error(options.PAGE)
    slugs = [page.slug for page in pages.PAGES]
    for name in names:
        if name not in slugs:
            raise UsageError("Unknown page “{page}”. The pages are {known}.", page=name, known=", ".join(slugs))
    filters = _build_filters(request)
    out = Path(request.require_text(options.OUT)).expanduser()
    if len(names) == 1 and not out.is_dir():
        return [Screenshot(names[0], out, filters)]
    if out.suffix.lower() == ".png":
        raise UsageError(
            "Several pages are written to a folder: give --out the name of a folder instead of {out}.",
            out=out,
        )
    return [Screenshot(name, out / f"{name}.png", filters) for name in dict.fromkeys(names)]


def _build_filters(request: Request) -> dict[str, str]:
    day = options.parse_day(options.AS_OF, request.get_text(options.AS_OF))
    filters = {
        "as_of": day.isoformat() if day else None,
        "plan": _resolve_plan(request),
        "lang": request.lang if request.lang != "vi" else None,
    }
    return {name: value for name, value in filters.items() if value}


def _resolve_plan(request: Request) -> str | None:
    """Return the plan of --plan or --province: one that is tracked; of the register where nothing was read yet."""
    plan, province = request.get_text(options.PLAN), request.get_text(options.PROVINCE)
    refuse_plan_and_province(plan, province)
    if plan is None and province is None:
        return None
    plans = _list_plans(request)
    if plan is not None:
        return match_plan(plan, plans)
    provinces = [entry for entry in plans.values() if entry.kind == "province"]
    name = match_province(province or "", [entry.province for entry in provinces])
    ids = [entry.id for entry in provinces if entry.province == name]
    if len(ids) > 1:
        raise UsageError(SEVERAL_PLANS, place=name, plans=", ".join(ids))
    return ids[0]


def _list_plans(request: Request) -> Mapping[str, Plan]:
    """Return the plans that the pages know: those that are tracked, every one before anything was read."""
    plans = load_register(overlay=settings.find_overlay(request.environ)).plans
    pointer = request.read_settings(read_only=True).pointer
    database = Database.open(pointer)
    if database is None:
        return plans
    with closing(database):
        tracked = {str(entry["plan"]) for entry in list_plans(database)}
    return {name: plan for name, plan in plans.items() if name in tracked} or plans


def _parse_width(request: Request) -> int:
    text = request.get_text(options.WIDTH) or _DEFAULT_WIDTH
    if not (text.isascii() and text.isdigit() and _MIN_WIDTH <= int(text) <= _MAX_WIDTH):
        reason = UsageError(
            "“{text}” is not a valid width. Give {min} to {max} pixels.",
            text=text, min=_MIN_WIDTH, max=_MAX_WIDTH,
        )  # fmt: skip
        raise options.build_option_error(options.WIDTH, reason)
    return int(text)
