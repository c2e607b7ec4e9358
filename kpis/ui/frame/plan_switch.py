"""Who sees some plans whole and is an officer in another: the way from one to the other, on every page."""

from __future__ import annotations

from markupsafe import Markup

from kpis.access.identities import Viewer
from kpis.store.database import Database
from kpis.store.scopes.scope import Scope
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.filter_options import load_plan_choices
from kpis.ui.shared.filters import PlanChoice
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.viewer import list_officer_plans


def render_plan_switch(database: Database, view: PageView, viewer: Viewer) -> Markup:
    """Return links to the plans seen whole and to each one in which the viewer is an officer; nothing without both.

    Only the names of the viewer's own plans are asked for, each in a scope of the viewer.
    """
    person, officer_plans = viewer.person, list_officer_plans(viewer)
    if person is None or not person.full_plans or not officer_plans:
        return Markup()
    seen_whole = _load_choices(database, person.full_plans)
    limited = _load_choices(database, frozenset(officer_plans))
    name = seen_whole[0].name if len(seen_whole) == 1 else view.t("{n} plans in whole", n=len(seen_whole))
    links: list[Child] = [
        _render_link(name, view.filters.build_url(pages.OVERVIEW, view.today, plan=None, agency=None), view, None)
    ]
    for choice in limited:
        label = f"{choice.name} ({', '.join(sorted(officer_plans[choice.plan]))})"
        url = view.filters.build_url(pages.AGENCY, view.today, plan=choice.plan, agency=None)
        links.append(_render_link(label, url, view, choice.plan))
    items = [tag("li", link) for link in links]
    return tag(
        "nav",
        tag("ul", *items),
        class_="kpis kpis-plan-switch",
        aria_label=view.t("Your plans"),
        lang=view.lang,
    )


def _load_choices(database: Database, plans: frozenset[str]) -> tuple[PlanChoice, ...]:
    return load_plan_choices(database.for_scope(Scope(plans)))


def _render_link(label: str, url: str, view: PageView, plan: str | None) -> Child:
    """Return a link; where it leads to what is shown, the label alone. `plan` None: the plans seen whole."""
    is_shown = view.has_fixed_agency and view.filters.plan == plan if plan else not view.has_fixed_agency
    return tag("strong", label, aria_current="true") if is_shown else html.render_link(url, label)
