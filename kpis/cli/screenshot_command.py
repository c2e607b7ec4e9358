"""`screenshot`: pictures of pages exactly as the screen shows them."""

from __future__ import annotations

from pathlib import Path

from kpis import settings
from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import UsageError
from kpis.language.messages import translate
from kpis.language.normalization import fold
from kpis.register.load import load_register
from kpis.screenshot.app_server import find_running_app, start_app
from kpis.screenshot.capture import Screenshot, find_browser, take_screenshots
from kpis.ui import pages

_ALLOWED_WIDTHS = range(320, 3841)


def run(request: Request) -> int:
    """Take the pictures: narrated on standard error, the files' paths on standard output."""
    shots = _build_screenshots(request)
    width = _parse_width(request)
    url = request.get_text(options.APP_URL)
    find_browser()
    if url is not None:
        _take_with_progress(request, find_running_app(url), shots, width)
    else:
        request.write_message(translate(request.lang, "Starting the dashboard…"))
        pointer = request.read_settings(read_only=True).pointer
        with start_app({**request.environ, "KPIS_DATABASE": str(pointer.absolute())}) as address:
            _take_with_progress(request, address, shots, width)
    for shot in shots:
        request.out.write(f"{shot.out}\n")
    return 0


def _take_with_progress(request: Request, address: str, screenshots: list[Screenshot], width: int) -> None:
    def report_progress(screenshot: Screenshot) -> None:
        request.write_message(translate(request.lang, "Taking the page {page}…", page=screenshot.page))

    take_screenshots(address, screenshots, width=width, lang=request.lang, progress=report_progress)


def _build_screenshots(request: Request) -> list[Screenshot]:
    names = [
        name.strip() for text in request.get_texts(options.PAGE) for name in text.split(",") if name.strip()
    ]
    if not names:
        raise UsageError(
            "{option} is missing. Give it like {option} {metavar}.",
            option=options.PAGE.flag,
            metavar=options.PAGE.metavar,
        )
    known = [entry.slug for entry in pages.PAGES]
    for name in names:
        if name not in known:
            raise UsageError(
                "There is no page “{page}”. There are {known}.", page=name, known=", ".join(known)
            )
    filters = _build_filters(request)
    out = Path(request.require_text(options.OUT)).expanduser()
    if len(names) == 1 and not out.is_dir():
        return [Screenshot(names[0], out, filters)]
    if out.suffix.lower() == ".png":
        raise UsageError("Several pages go into a folder: give --out its name instead of {out}.", out=out)
    return [Screenshot(name, out / f"{name}.png", filters) for name in dict.fromkeys(names)]


def _build_filters(request: Request) -> dict[str, str]:
    day = options.parse_day(options.AS_OF, request.get_text(options.AS_OF))
    given = {
        "as_of": day.isoformat() if day else None,
        "plan": _resolve_plan(request),
        "lang": request.lang if request.lang != "vi" else None,
    }
    return {name: value for name, value in given.items() if value}


def _resolve_plan(request: Request) -> str | None:
    """The plan of --plan, or of --province, from the register: the figures may not have been read yet."""
    plan, province = request.get_text(options.PLAN), request.get_text(options.PROVINCE)
    if plan is not None and province is not None:
        raise UsageError("Give either --province or --plan, one of the two.")
    if plan is None and province is None:
        return None
    plans = load_register(overlay=settings.find_overlay(request.environ)).plans.values()
    if plan is not None:
        known = {fold(one.id): one.id for one in plans}
        if fold(plan) not in known:
            raise UsageError(
                "No plan “{plan}” is known. Known are {known}.", plan=plan, known=", ".join(known.values())
            )
        return known[fold(plan)]
    named = {fold(one.province): one for one in plans if one.kind == "province"}
    short = fold(province or "").removeprefix(fold("Tỉnh ")).removeprefix(fold("Thành phố ")).strip()
    if short not in named:
        raise UsageError(
            "No province “{province}” is known. Known are {known}.",
            province=province,
            known=", ".join(one.province for one in named.values()),
        )
    return named[short].id


def _parse_width(request: Request) -> int:
    text = request.get_text(options.WIDTH) or "1366"
    if not (text.isascii() and text.isdigit() and int(text) in _ALLOWED_WIDTHS):
        raise options.build_option_error(
            options.WIDTH, UsageError("“{text}” is no width. Give 320 to 3840 pixels.", text=text)
        )
    return int(text)
