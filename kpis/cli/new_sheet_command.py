"""`new-sheet`: a plan's workbook, ready to be filled and shared."""

from __future__ import annotations

from pathlib import Path

from kpis import settings
from kpis.cli import options
from kpis.cli.command import Request
from kpis.language.messages import translate
from kpis.register.load import load_register
from kpis.templates.new_sheet import write_new_sheet


def run(request: Request) -> int:
    """Write the workbook; the message goes to standard error."""
    register = load_register(overlay=settings.find_overlay(request.environ))
    plan, out = request.require_text(options.PLAN), Path(request.require_text(options.OUT)).expanduser()
    write_new_sheet(register, plan, request.today, out)
    request.write_message(translate(request.lang, "{path} is ready to be filled and shared.", path=out))
    return 0
