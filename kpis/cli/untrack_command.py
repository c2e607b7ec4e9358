"""`plan untrack ID`: end a plan that nothing else ends."""

from __future__ import annotations

from kpis.cli import options
from kpis.cli.command import Request
from kpis.language.messages import translate
from kpis.measures.plan_names import match_plan
from kpis.measures.publish import publish_totals
from kpis.register.load import load_register
from kpis.sources.config import load_sources
from kpis.store.opening import open_store
from kpis.sync.untracking import untrack_plan


def run(request: Request) -> int:
    """Untrack the plan and say how many of its rows no longer count."""
    settings = request.read_settings()
    register = load_register(overlay=settings.overlay)
    sources = load_sources(settings.sources, register.plans)
    plan = match_plan(request.require_text(options.TRACKED_PLAN), register.plans)
    store = open_store(settings, accepts_clock=request.is_given(options.YES_CLOCK))
    rows = untrack_plan(plan, sources, store, register, request.now, publish_totals)
    text = "{plan} is no longer tracked; {n} of its rows no longer count. What was known before stays known."
    request.out.write(translate(request.lang, text, plan=plan, n=rows) + "\n")
    return 0
