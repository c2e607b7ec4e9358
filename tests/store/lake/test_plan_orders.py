"""A plan that is accepted on a page of a lake: by the leader, once, as the reviewer saw it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from kpis.services.plan_acceptance import AcceptanceChoices, check_draft
from kpis.services.plan_orders import carry_out_acceptances, order_acceptance
from kpis.settings import load_settings
from kpis.store import journal
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.lake_store import LakeStore
from kpis.store.lake.shared_state import bring_shared_state
from kpis.store.lake.shared_tables import create_shared_tables
from kpis.store.opening import open_store
from kpis.store.orders import read_orders
from kpis.store.paths import DatabasePaths
from kpis.sync.result import Message
from tests.ui.plan_import_visit import PLAN, Review, decide_all

NOW = datetime(2026, 11, 23)
PERSON = "lan@example.vn"


def test_the_leader_accepts_what_the_reviewer_saw_and_once(
    lake_address: LakeAddress, page_address: LakeAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_shared_tables(lake_address)
    review = Review(tmp_path, monkeypatch)
    review.import_text()
    draft = decide_all(review.register)
    page, leader = (
        review.environ | {"KPIS_DATABASE": f"ducklake:postgres:{each.conninfo}", "KPIS_LOCAL": str(tmp_path / name)}
        for each, name in ((page_address, "page"), (lake_address, "leader"))
    )
    for name in ("page", "leader"):
        (tmp_path / name).mkdir()
    settings = load_settings(leader)
    store = open_store(settings)

    def carry_out() -> dict[str, str]:
        """Return the answers by order as the leader's machine shows them."""
        bring_shared_state(lake_address, store.paths)
        assert carry_out_acceptances(store, settings, leader, NOW)
        return {
            order.id: Message.from_json(order.read_answer()).to_text("en") for order in read_orders(settings.pointer)
        }

    assert isinstance(store, LakeStore)
    assert not carry_out_acceptances(store, settings, leader, NOW)
    assert not check_draft(draft, PERSON, page, NOW, AcceptanceChoices()).faults
    assert not (review.register / "plans").exists(), "a check accepts nothing"
    outdated = order_acceptance(load_settings(page), replace(draft, revision=1), PERSON, AcceptanceChoices())
    assert "is now at revision" in carry_out()[str(outdated)]
    order = order_acceptance(load_settings(page), draft, PERSON, AcceptanceChoices())

    def die(_answers: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, "answer_orders", die)
        with pytest.raises(KeyboardInterrupt):
            carry_out()
    assert [path.name for path in (review.register / "plans" / PLAN).iterdir()] == ["1"]
    assert carry_out()[str(order)] == f"The plan “{PLAN}” is accepted as version 1."
    assert [path.name for path in (review.register / "plans" / PLAN).iterdir()] == ["1"]
    records = [record for record in journal.read(DatabasePaths(settings.pointer).journal) if "action" in record]
    assert [(record["action"], record["by"]) for record in records] == [("accept_plan", PERSON)]
