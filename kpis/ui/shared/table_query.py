"""What a reader asks of the table of a page: search, order, filters and part, all of it in the address.

    q=so cong thuong        rows of which a word begins with each part
    sort=-due               by one column; "-" is descending
    status=overdue,behind   rows of these statuses, or of these kinds
    due=past                due before the day, within so many days ("30"), by a day, or without one ("none")
    lead=Sở Y tế            rows that this agency leads
    page=2                  a part of a long list
    target, source          entries or explanations of one target, or one task; rows of one source
    only=provinces,year     rows that a count elsewhere counts (see `RULES`)
    change=newly_late       targets and tasks that changed since last week
    week=2026-W47           the edition of this week; with scope=all or a plan's id, whose editions they are
    first, second           two editions to compare

None of it is part of a cache's key: it is applied to the cached rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import cast

import streamlit as st

_QUERY_KEY = "kpis_table_query"
_MAX_LENGTH = 200
_SEPARATOR = ","

ONLY_PROVINCES, ONLY_YEAR = "provinces", "year"
ONLY_AGENCY, ONLY_PART, ONLY_EVERY_YEAR = "agency", "part", "every_year"
ONLY_REPORTS = "reports"
RULES = (ONLY_PROVINCES, ONLY_YEAR, ONLY_AGENCY, ONLY_PART, ONLY_EVERY_YEAR, ONLY_REPORTS)
"""Without the plans of wards; targets with a period in the year.

Of the agency of the filters: tasks that its reports decide; targets and tasks in which it has a part.
Entries of every year instead of those that count in the year asked for; task reports instead of entries.
"""
CHANGES = ("newly_met", "newly_late", "lowered", "newly_overdue", "newly_done")


@dataclass(frozen=True)
class TableQuery:
    """Search, order, filters and part of a table; every field is a parameter of the address."""

    q: str = ""
    sort: str = ""
    status: tuple[str, ...] = ()
    due: str = ""
    lead: str = ""
    page: int = 1
    target: str = ""
    source: str = ""
    only: tuple[str, ...] = ()
    change: str = ""
    week: str = ""
    scope: str = ""
    first: str = ""
    second: str = ""

    def for_changed_filters(self, changed: Collection[str]) -> TableQuery:
        """Return what still holds once filters of these names have changed.

        The rows are others: search and order hold, a part of the list does not. Editions belong to a plan and a
        language, their week to a day, a target, task or source to a plan.
        """
        query = replace(self, page=1)
        if not {"plan", "lang"}.isdisjoint(changed):
            query = replace(query, first="", second="")
        if "plan" in changed:
            query = replace(query, scope="", target="", source="")
        return replace(query, week="") if "as_of" in changed else query

    def to_query_params(self) -> dict[str, str]:
        """Return the parameters that differ from their default."""
        params: dict[str, str] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value != field.default:
                params[field.name] = _SEPARATOR.join(value) if isinstance(value, tuple) else str(value)
        return params


NOTHING_ASKED = TableQuery()
TABLE_PARAMETERS = tuple(field.name for field in fields(TableQuery))


def parse_table_query(params: Mapping[str, str]) -> TableQuery:
    """Read what is asked of a table; what is unknown to a table is ignored by it, and shown in no heading."""
    texts = {name: params.get(name, "").strip()[:_MAX_LENGTH] for name in TABLE_PARAMETERS}
    page = texts["page"]
    return TableQuery(
        q=texts["q"],
        sort=texts["sort"],
        status=_split(params.get("status", "")),
        due=texts["due"],
        lead=texts["lead"],
        page=int(page) if page.isascii() and page.isdecimal() and len(page) < 7 and int(page) > 0 else 1,
        target=texts["target"],
        source=texts["source"],
        only=tuple(rule for rule in _split(params.get("only", "")) if rule in RULES),
        change=texts["change"] if texts["change"] in CHANGES else "",
        week=texts["week"],
        scope=texts["scope"],
        first=texts["first"],
        second=texts["second"],
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in text[:_MAX_LENGTH].split(_SEPARATOR) if part))


def store_table_query(query: TableQuery) -> None:
    """Store what is asked of the table for the page that runs next."""
    st.session_state[_QUERY_KEY] = query


def get_table_query() -> TableQuery:
    """Return what the address of this run asks of the table; the frame stores it before any page runs."""
    return cast(TableQuery, st.session_state.get(_QUERY_KEY, NOTHING_ASKED))
