"""`new-sheet`: a plan's workbook, ready to be filled and shared."""

from __future__ import annotations

from pathlib import Path

from kpis import settings
from kpis.cli import options
from kpis.cli.command import Request
from kpis.language.messages import translate
from kpis.register.load import load
from kpis.templates.new_sheet import write_new_sheet


def run(request: Request) -> int:
    """Write the workbook; what it is for is said on standard error."""
    register = load(overlay=settings.overlay(request.environ))
    plan, out = request.needed(options.PLAN), Path(request.needed(options.OUT)).expanduser()
    write_new_sheet(register, plan, out)
    request.say(translate(request.lang, "{path} is ready to be filled and shared.", path=out))
    return 0
