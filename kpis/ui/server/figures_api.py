"""`/api/attainment`: the figures of `kpis attainment --json`, for a person who is signed in and for this machine.

It only reads, within the rights of the person. Its parameters are those of the command: as_of, known_at, year, plan,
province, by=agency. What is not understood is refused with status 400 and a sentence, never ignored.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import cast

from kpis.access.identities import Viewer
from kpis.errors import StoreError, UsageError
from kpis.language import clock
from kpis.language.json_text import format_json
from kpis.measures.attainment import compute_attainment, compute_by_agency
from kpis.measures.attainment_rows import AGENCY_COLUMNS, ATTAINMENT_COLUMNS
from kpis.measures.plan_names import find_plans
from kpis.measures.question import Question
from kpis.ui import pages
from kpis.ui.frame import startup
from kpis.ui.shared.viewer import choose_access

PARAMETERS = ("as_of", "known_at", "year", "plan", "province", "by", "lang")


def build_attainment(params: Mapping[str, str], viewer: Viewer) -> str | None:
    """Return the JSON document for the parameters; None where the viewer sees no plan whole (an officer).

    UsageError for a parameter that is not understood, StoreError before the first reading.
    """
    access = choose_access(viewer, params.get("plan"), pages.OVERVIEW)  # it shows plans whole, as that page does
    if access.agencies is not None:
        return None
    _check_names(params)
    version = startup.open_version(os.environ)
    if version is None:
        raise StoreError("There are no figures yet.")
    database = version.database if access.scope is None else version.database.for_scope(access.scope)
    known_at = params.get("known_at")
    question = Question(
        clock.parse_day(params["as_of"]) if "as_of" in params else version.today,
        known_at=clock.parse_moment(known_at) if known_at is not None else None,
        year=_parse_year(params.get("year")),
        plans=find_plans(database, plan=params.get("plan"), province=params.get("province")),
    )
    by_agency = "by" in params
    rows = (compute_by_agency if by_agency else compute_attainment)(database, question)
    columns = (*(AGENCY_COLUMNS if by_agency else ATTAINMENT_COLUMNS), "met")
    documents = cast(Sequence[Mapping[str, object]], rows)
    return format_json([{name: row[name] for name in columns} for row in documents])


def _check_names(params: Mapping[str, str]) -> None:
    for name in params:
        if name not in PARAMETERS:
            raise UsageError("Unknown parameter “{name}”. There are {names}.", name=name, names=", ".join(PARAMETERS))
    if params.get("by", "agency") != "agency":
        raise UsageError("“{text}” is not accepted here. Use agency.", text=params["by"])


def _parse_year(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{4}", text):
        raise UsageError("“{text}” is not a year. Write it like 2026.", text=text)
    return int(text)
