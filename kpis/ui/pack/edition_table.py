"""The editions there are of a scope, the latest first."""

from __future__ import annotations

from markupsafe import Markup

from kpis.language import formatting as written
from kpis.language.messages import explain
from kpis.pack.edition.folders import EVERY, Edition, editions, unreadable
from kpis.ui.pack.selection import Chosen
from kpis.ui.shared import html, states
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import View
from kpis.ui.shared.tables import Column, table


def known(chosen: Chosen) -> list[Edition]:
    """Every edition of the chosen scope and language, the latest first."""
    return editions(chosen.out, chosen.plan or EVERY, chosen.lang)


def latest(chosen: Chosen) -> Edition | None:
    """The last revision of the chosen week; None where it has not been sealed."""
    return next((one for one in known(chosen) if one.week == str(chosen.week)), None)


def listed(view: View, chosen: Chosen) -> Markup:
    """A table of them, with what each was held against; or that there is none yet."""
    found = known(chosen)
    lost = unreadable(chosen.out, chosen.plan or EVERY, chosen.lang)
    told = states.notices([states.notice(explain(error, view.lang)) for error in lost])
    if not found:
        nothing = view.t("No edition of this scope has been sealed yet.")
        return told + states.nothing_here(view.lang, nothing)
    columns = [
        Column(view.t("Edition")),
        Column(view.t("As of the day")),
        Column(view.t("Sealed")),
        Column(view.t("Held against")),
        Column(view.t("Asked for"), "number"),
        Column(view.t("Pages"), "number"),
        Column(view.t("Figures")),
    ]
    caption = view.t("Sealed editions; a revision stands beside the one before, never over it.")
    return told + tag(
        "div",
        tag("h2", view.t("Sealed editions")),
        table(caption, columns, [_line(one, view) for one in found]),
        class_="kpis",
        lang=view.lang,
    )


def _line(one: Edition, view: View) -> list[Child]:
    altered = one.altered()
    state = (
        html.status("overdue", view.t("{n} files altered", n=len(altered)))
        if altered
        else html.status("attained", view.t("as sealed"))
    )
    return [
        one.name,
        view.day(one.as_of),
        written.moment(one.sealed_at, view.lang),
        one.compared_with or view.t("first edition"),
        written.number(len(one.asked), view.lang),
        written.number(len(one.pages()), view.lang),
        state,
    ]
