"""Who looks at the page that runs: the person signed in, or anybody at this machine without a rights file."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from kpis.access.enforcement import AccessState, get_access_paths, is_enforced
from kpis.access.errors import NotAllowedError
from kpis.access.identities import IDENTITIES, OPEN_VIEWER, Viewer
from kpis.access.record_limits import get_record_limit
from kpis.access.rights import Action
from kpis.language import clock
from kpis.settings import load_settings
from kpis.store.scopes.scope import Scope
from kpis.store.shared_files import find_files
from kpis.ui import pages
from kpis.ui.shared import streamlit_internals

IDENTITY_KEY = "kpis"
"""The key of Streamlit's user that `server.trustedUserHeaders` fills from the header of the gate."""


def get_viewer() -> Viewer:
    """Return the viewer. NotAllowedError where rights are enforced and the gate has let nobody in."""
    viewer = IDENTITIES.find(streamlit_internals.get_user_value(IDENTITY_KEY))
    if viewer is not None:
        return viewer
    if is_enforced(get_access_paths(load_settings(os.environ, read_only=True))):
        raise NotAllowedError("You are not signed in. Load the page again.")
    return OPEN_VIEWER


def require_right(action: Action, plan: str | None = None) -> Viewer:
    """Return the viewer if the rights of this moment give the action; NotAllowedError if not.

    A refusal is a line of the audit, one a minute for each person and action.
    """
    viewer = get_viewer()
    if viewer.person is None:
        return viewer
    state = AccessState(get_access_paths(load_settings(os.environ, read_only=True)), os.environ)
    person = state.get_rights().find_person(viewer.person.email)
    if person is None or not person.may(action, plan):
        if get_record_limit(state.paths.pointer).take(f"refused {action}", viewer.name):
            state.audit.append("refused", viewer.name, clock.get_utc_now(), wanted=action, plan=plan or "all")
        raise NotAllowedError("Your rights do not allow this. Ask the administrator of the dashboard.")
    return viewer


def runs_server(viewer: Viewer) -> bool:
    """True for whoever runs the server, and may see its paths: an administrator, or anybody without a rights file."""
    return viewer.may("read_again")


def list_officer_plans(viewer: Viewer) -> Mapping[str, frozenset[str]]:
    """Return the plans in which the viewer is an officer and sees nothing else, with the agencies there."""
    person = viewer.person
    if person is None or person.sees_all_plans:
        return {}
    return {name: agencies for name, agencies in person.agencies_by_plan.items() if name not in person.full_plans}


def sees_plan(viewer: Viewer, plan: str | None) -> bool:
    """True if an entry of the viewer names a plan, or all of them."""
    person = viewer.person
    return person is None or person.sees_all_plans or plan in person.full_plans or plan in person.agencies_by_plan


def list_page_slugs(viewer: Viewer, plan: str | None = None) -> tuple[str, ...]:
    """Return the pages that a viewer may open, in navigation order; an officer's own agency comes first.

    `plan`: those that have something about a plan; where the viewer is an officer, an officer's.
    """
    person = viewer.person
    if person is not None and not person.sees_all_plans and not person.full_plans:
        return pages.OFFICER_PAGES
    if plan in list_officer_plans(viewer):
        return pages.OFFICER_PAGES
    needed: Mapping[str, Action] = {pages.PLAN_IMPORT: "import_plan", pages.AUDIT: "see_audit"}
    return tuple(
        page.slug
        for page in pages.PAGES
        if person is None or page.slug not in needed or person.may_for_some_plan(needed[page.slug])
    )


def has_audit(viewer: Viewer) -> bool:
    """True if the navigation names the audit: nobody keeps one where there never was a rights file."""
    if viewer.person is not None:
        return viewer.may("see_audit")
    return find_files(load_settings(os.environ, read_only=True)).audit.is_dir()


@dataclass(frozen=True)
class PageAccess:
    """What one page may show. `scope` None is every plan.

    `agencies` (plan -> agencies) is given to an officer alone: the page is about one of them, and shows the rows of
    no other agency. `answered` are (plan, agency) of those for which one of them stands: what they reported before is
    its own since, so their rows are listed too, but there is no page about them.
    """

    scope: Scope | None
    agencies: Mapping[str, frozenset[str]] | None = None
    answered: frozenset[tuple[str, str]] = frozenset()

    @property
    def row_scope(self) -> Scope | None:
        """The scope of lists of rows: an officer's agencies alone."""
        if self.scope is None or self.agencies is None:
            return self.scope
        pairs = {(plan, agency) for plan, agencies in self.agencies.items() for agency in agencies}
        return Scope(self.scope.plans, frozenset(pairs) | self.answered)


def add_successors(access: PageAccess, successors: Collection[tuple[str, str, str]]) -> PageAccess:
    """Return an officer's access with the agencies that stand for the own ones: (plan, agency, successor).

    Rows of those for which they stand are added, so that the counts of a successor are those of its lists.
    """
    if access.agencies is None:
        return access
    agencies = dict(access.agencies)
    for plan, agency, successor in successors:
        if agency in access.agencies.get(plan, ()):
            agencies[plan] |= {successor}
    answered = {(plan, agency) for plan, agency, successor in successors if successor in agencies.get(plan, ())}
    return replace(access, agencies=agencies, answered=frozenset(answered))


def choose_access(viewer: Viewer, plan: str | None, page: str) -> PageAccess:
    """Return what a page about a plan, or about all that the viewer sees, may show.

    A person who sees some plans whole and is an officer in another sees that one by naming it, on the pages of an
    officer: the other pages show a plan whole, so that one does not exist there.
    """
    person = viewer.person
    if person is None or person.sees_all_plans:
        return PageAccess(None)
    officer_plans = list_officer_plans(viewer)
    if not person.full_plans or (plan in officer_plans and page in pages.OFFICER_PAGES):
        return PageAccess(Scope(frozenset(officer_plans)), officer_plans)
    return PageAccess(Scope(person.full_plans))
