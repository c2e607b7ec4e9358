"""Which agencies may answer a request: the one that was asked, and whoever stands for it (design.md §4)."""

from __future__ import annotations

from datetime import date

from kpis.register.model import Register
from kpis.register.successors import Successors


def list_answering_agencies(register: Register, plan: str, agency: str, day: date) -> frozenset[str]:
    """Return the agencies that an answer of a day may name: the one that was asked, and its successors."""
    successions = Successors(register.agencies, plan).list_successions(agency)
    return frozenset({agency, *(each.successor for each in successions if each.from_day <= day)})
