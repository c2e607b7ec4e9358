"""`screenshot`: pictures of pages exactly as the screen shows them."""

from __future__ import annotations

from pathlib import Path

from kpis import settings
from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import UsageError
from kpis.language.messages import translate
from kpis.language.normalization import fold
from kpis.register.load import load
from kpis.screenshot.app_server import running_app, started_app
from kpis.screenshot.capture import Shot, browser_path, take
from kpis.ui import pages

_WIDTHS = range(320, 3841)


def run(request: Request) -> int:
    """Take the pictures: narrated on standard error, the files' paths on standard output."""
    shots = _shots(request)
    width = _width(request)
    url = request.text(options.URL_OF_APP)
    browser_path()
    if url is not None:
        _take(request, running_app(url), shots, width)
    else:
        request.say(translate(request.lang, "Starting the dashboard…"))
        pointer = request.settings(to_read=True).pointer
        with started_app({**request.environ, "KPIS_DATABASE": str(pointer.absolute())}) as address:
            _take(request, address, shots, width)
    for shot in shots:
        request.out.write(f"{shot.out}\n")
    return 0


def _take(request: Request, address: str, shots: list[Shot], width: int) -> None:
    def told(shot: Shot) -> None:
        request.say(translate(request.lang, "Taking the page {page}…", page=shot.page))

    take(address, shots, width=width, lang=request.lang, progress=told)


def _shots(request: Request) -> list[Shot]:
    names = [name.strip() for text in request.texts(options.PAGE) for name in text.split(",") if name.strip()]
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
    filters = _filters(request)
    out = Path(request.needed(options.OUT)).expanduser()
    if len(names) == 1 and not out.is_dir():
        return [Shot(names[0], out, filters)]
    if out.suffix.lower() == ".png":
        raise UsageError("Several pages go into a folder: give --out its name instead of {out}.", out=out)
    return [Shot(name, out / f"{name}.png", filters) for name in dict.fromkeys(names)]


def _filters(request: Request) -> dict[str, str]:
    day = options.day(options.AS_OF, request.text(options.AS_OF))
    given = {
        "as_of": day.isoformat() if day else None,
        "plan": _plan(request),
        "lang": request.lang if request.lang != "vi" else None,
    }
    return {name: value for name, value in given.items() if value}


def _plan(request: Request) -> str | None:
    """The plan of --plan, or of --province, from the register: the figures may not have been read yet."""
    plan, province = request.text(options.PLAN), request.text(options.PROVINCE)
    if plan is not None and province is not None:
        raise UsageError("Give either --province or --plan, one of the two.")
    if plan is None and province is None:
        return None
    plans = load(overlay=settings.overlay(request.environ)).plans.values()
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


def _width(request: Request) -> int:
    text = request.text(options.WIDTH) or "1366"
    if not (text.isascii() and text.isdigit() and int(text) in _WIDTHS):
        raise options.wrong(
            options.WIDTH, UsageError("“{text}” is no width. Give 320 to 3840 pixels.", text=text)
        )
    return int(text)
