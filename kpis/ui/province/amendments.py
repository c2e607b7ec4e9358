"""What amendments and corrections changed: beside a target, and of the whole plan, with what is no longer in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from markupsafe import Markup

from kpis.measures.amended import Amendment
from kpis.plan_import.review.versions.version_sentences import describe_version
from kpis.ui.shared.html import join, tag
from kpis.ui.shared.page_view import PageView
from kpis.wording.amendments import format_amendment

AmendmentsByEntry = Mapping[str, Sequence[Amendment]]


def render_amendments(amendments: Sequence[Amendment], view: PageView) -> Markup:
    """Return a line for each change of one entry; empty without any."""
    lines = (tag("p", format_amendment(each, view.lang), class_="kpis-under kpis-amended") for each in amendments)
    return join(lines)


def render_plan_amendments(amendments: Sequence[Amendment], view: PageView) -> Markup | None:
    """Return what each version of a plan changed, with tasks and what is no longer in force; None without any."""
    if not amendments:
        return None
    parts = []
    for _, of_version in groupby(amendments, lambda each: each.version.number):
        changes = list(of_version)
        items = [tag("li", tag("strong", each.title_vi), f": {format_amendment(each, view.lang)}") for each in changes]
        parts.append(tag("p", describe_version(changes[0].version, view.lang)))
        parts.append(tag("ul", *items, class_="kpis-amendments"))
    summary = view.t("What amendments and corrections changed ({n})", n=len(amendments))
    return tag("details", tag("summary", summary), *parts, class_="kpis-details")
