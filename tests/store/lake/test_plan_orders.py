"""A plan that is accepted, or a draft that is discarded, with a lake: under its lock, once, as the reviewer saw it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.services.plan_acceptance import AcceptanceChoices, check_draft
from kpis.services.plan_orders import carry_out_plan_orders, order_acceptance, order_discarding
from kpis.settings import load_settings
from kpis.store import journal
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.lake_store import LakeStore
from kpis.store.lake.leader_lock import try_lead
from kpis.store.lake.shared_state import bring_shared_state
from kpis.store.lake.shared_tables import create_shared_tables
from kpis.store.opening import open_store
from kpis.store.orders import read_orders
from kpis.store.paths import DatabasePaths
from kpis.sync.result import Message
from tests.cli.command_runner import run_kpis
from tests.plan_import.review.accepted_plan import Installation
from tests.ui.plan_import_visit import PLAN, Review, decide_all

NOW = datetime(2026, 11, 23)
PERSON = "lan@example.vn"


def test_the_leader_accepts_what_the_reviewer_saw_and_once(
    lake_address: LakeAddress, page_address: LakeAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_shared_tables(lake_address)
    review = Review(tmp_path, monkeypatch)
    review.import_text()
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
        assert carry_out_plan_orders(store, settings, leader, NOW)
        return {
            order.id: Message.from_json(order.read_answer()).to_text("en") for order in read_orders(settings.pointer)
        }

    assert isinstance(store, LakeStore)
    assert not carry_out_plan_orders(store, settings, leader, NOW)
    decided = decide_all(review.register)
    assert not check_draft(decided, PERSON, page, NOW, AcceptanceChoices()).faults
    assert not (review.register / "plans").exists(), "a check accepts nothing"
    outdated = order_acceptance(load_settings(page), replace(decided, revision=1), PERSON, AcceptanceChoices())
    assert "is now at revision" in carry_out()[str(outdated)]
    discard = order_discarding(load_settings(page), decided, PERSON)

    def die(_answers: object) -> None:
        raise KeyboardInterrupt

    def carry_out_and_die() -> None:
        with monkeypatch.context() as patch:
            patch.setattr(store, "answer_orders", die)
            with pytest.raises(KeyboardInterrupt):
                carry_out()

    carry_out_and_die()
    assert not DraftFolder(review.register, PLAN).draft_path.exists()
    review.import_text()
    draft = decide_all(review.register)
    assert carry_out()[str(discard)] == f"The draft of “{PLAN}” is discarded. No plan was changed."
    assert review.read() == draft, "that of another import stays"
    order = order_acceptance(load_settings(page), draft, PERSON, AcceptanceChoices())

    carry_out_and_die()
    assert [path.name for path in (review.register / "plans" / PLAN).iterdir()] == ["1"]
    assert carry_out()[str(order)] == f"The plan “{PLAN}” is accepted as version 1."
    assert [path.name for path in (review.register / "plans" / PLAN).iterdir()] == ["1"]
    records = [record for record in journal.read(DatabasePaths(settings.pointer).journal) if "action" in record]
    assert [(record["action"], record["by"]) for record in records] == [
        ("discard_draft", PERSON), ("accept_plan", PERSON)
    ]  # fmt: skip


def test_commands_wait_for_no_other_machine_and_change_nothing_beside_it(
    lake_address: LakeAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_shared_tables(lake_address)
    review = Installation(tmp_path / "review")
    review.import_text()
    review.decide()
    environ = {
        "KPIS_SOURCES": str(review.sources),
        "KPIS_DATABASE": f"ducklake:postgres:{lake_address.conninfo}",
        "KPIS_LOCAL": str(tmp_path / "local"),
        "KPIS_LANGUAGE": "en",
    }
    commands = (("plan", "accept", str(review.book)), ("plan", "discard", PLAN))
    with try_lead(lake_address):
        for command in commands:
            run = run_kpis(*command, environ=environ)
            assert (run.code, "sync is under way" in run.err) == (3, True), run.err
    with monkeypatch.context() as patch:
        patch.setattr(LakeStore, "is_leading", lambda _self: False)  # its session ended meanwhile
        run = run_kpis(*commands[0], environ=environ)
        assert (run.code, "another machine may be changing the register" in run.err) == (3, True), run.err
    assert not (review.register / "plans" / PLAN).exists()
    assert run_kpis(*commands[0], environ=environ).code == 0
    assert [path.name for path in (review.register / "plans" / PLAN).iterdir()] == ["1"]
