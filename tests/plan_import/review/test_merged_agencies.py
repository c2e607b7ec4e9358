"""The next version of a plan keeps which agencies were merged or renamed, as the files say it."""

from datetime import date
from types import SimpleNamespace
from typing import cast

from kpis.plan_import.review.draft.model import Draft
from kpis.plan_import.review.versions.plan_agencies import DecidedAgencies

HEADER = {"place": "thành phố Hà Nội", "kind": "province", "province": "Hà Nội"}
ENDED = {
    "plan": "ha-noi", "name": "Sở A", "kind": "department", "aliases": ["SA"], "successor": "Sở B",
    "from": date(2026, 7, 1),
}  # fmt: skip
SUCCESSOR = {"plan": "ha-noi", "name": "Sở B", "kind": "department", "aliases": ["Sở A"]}


def test_an_amendment_keeps_the_successor_and_its_day() -> None:
    draft = SimpleNamespace(plan="ha-noi", mode="amends", get_header=HEADER.__getitem__, list_rows=lambda _kind: [])
    agencies = DecidedAgencies(cast(Draft, draft), [ENDED, SUCCESSOR])
    assert agencies.build_tables()["agency"] == [ENDED, SUCCESSOR]
    assert agencies.resolve("SA") == agencies.resolve("Sở A") == "Sở A"
