"""The view that an address asks for, and what of the version its viewer may see; the same for pages and downloads."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

from kpis.access.identities import Viewer
from kpis.language import formatting
from kpis.language.messages import translate
from kpis.measures.register_facts import list_successors
from kpis.store.database import Database
from kpis.store.scopes.scope import Scope
from kpis.ui.frame.startup import OpenVersion
from kpis.ui.shared import data, filters
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.filters import FilterOptions, Filters
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.viewer import PageAccess, add_successors, choose_access, runs_server

Successors = tuple[tuple[str, str, str], ...]
NO_AGENCY = "–"
"""The agency of an officer whose entry names none of the plan's agencies: it has no row."""


@dataclass(frozen=True)
class ResolvedView:
    """A view with its filter options; `row_database` is for lists of rows: those of an officer's agencies alone."""

    view: PageView
    options: FilterOptions
    database: Database
    row_database: Database


def resolve_view(query: Mapping[str, str], version: OpenVersion, viewer: Viewer, page: str) -> ResolvedView:
    """Return the view of a query within the viewer's scope, for one page (`page`: its slug).

    The only plan that there is need not be chosen: it is shown, also in place of one that there is not.
    """
    successors = data.call_cached(version.database, list_successors, version.today)
    access = add_successors(choose_access(viewer, query.get("plan"), page), successors)
    database, rows = (_apply_scope(version.database, scope) for scope in (access.scope, access.row_scope))
    options = data.call_cached(database, load_filter_options, version.today, query.get("plan"))
    if len(options.plans) == 1 and options.find_plan(query.get("plan")) is None:
        only_plan = options.plans[0].plan
        query = {**query, "plan": query.get("plan") or only_plan}
        options = data.call_cached(database, load_filter_options, version.today, only_plan)
    if access.agencies is not None:
        followed = {(plan, agency) for plan, agency, _ in successors}
        options, query = _restrict_to_agencies(database, options, query, access.agencies, followed)
    selected = filters.parse_filters(query, options)
    answered: frozenset[str] = frozenset()
    if access.agencies is not None:
        selected = _keep_before_mergers_to_come(version, access, successors, query, options, selected)
        answered = _list_answered_agencies(version, selected)
    view = PageView(
        selected,
        options.find_plan(selected.plan),
        version.today,
        version.sample,
        access.agencies is not None,
        runs_server(viewer),
        viewer.may("request", selected.plan),
        viewer.may("download"),
        answered,
    )
    return ResolvedView(view, options, database, rows)


def _apply_scope(database: Database, scope: Scope | None) -> Database:
    return database if scope is None else database.for_scope(scope)


def _keep_before_mergers_to_come(
    version: OpenVersion,
    access: PageAccess,
    successors: Successors,
    query: Mapping[str, str],
    options: FilterOptions,
    selected: Filters,
) -> Filters:
    """Return an officer's filters as of today where the day chosen lies behind a merger that is still to come.

    Until then the rows and figures of the agency that joins the own one are another agency's.
    """
    if selected.as_of <= version.today:
        return selected
    later = data.call_cached(version.database, list_successors, selected.as_of)
    own_agencies = (access.agencies or {}).get(selected.plan or "", frozenset())
    if not any(
        (plan, successor) == (selected.plan, selected.agency) and agency not in own_agencies
        for plan, agency, successor in set(later) - set(successors)
    ):
        return selected
    today_filters = filters.parse_filters({name: value for name, value in query.items() if name != "as_of"}, options)
    notice = translate(
        today_filters.lang,
        "On {date} this agency will stand for another one; until then the figures are as of {day}.",
        date=formatting.format_day(selected.as_of, today_filters.lang),
        day=formatting.format_day(today_filters.as_of, today_filters.lang),
    )
    return replace(today_filters, notices=(*today_filters.notices, notice))


def _list_answered_agencies(version: OpenVersion, selected: Filters) -> frozenset[str]:
    successors = data.call_cached(version.database, list_successors, selected.as_of)
    wanted = selected.plan, selected.agency
    return frozenset(agency for plan, agency, successor in successors if (plan, successor) == wanted)


def _restrict_to_agencies(
    database: Database,
    options: FilterOptions,
    query: Mapping[str, str],
    agencies: Mapping[str, frozenset[str]],
    followed: Set[tuple[str, str]],
) -> tuple[FilterOptions, dict[str, str]]:
    """Return an officer's filters: one plan and one of the own agencies are always chosen.

    At first that is one for which no other stands; `followed` are (plan, agency) of those for which one does.
    """
    plan = query.get("plan", "")
    plan = plan if options.find_plan(plan) else min(agencies)
    if plan != query.get("plan"):
        options = data.call_cached(database, load_filter_options, options.today, plan)
    names = tuple(name for name in options.agencies if name in agencies[plan])
    agency = query.get("agency", "")
    standing = [name for name in names if (plan, name) not in followed]
    agency = agency if agency in names else next(iter([*standing, *names]), NO_AGENCY)
    return replace(options, agencies=names or (NO_AGENCY,)), {**query, "plan": plan, "agency": agency}
