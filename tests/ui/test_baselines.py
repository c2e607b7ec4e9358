"""Last Sunday's rows of a plan: its own, or those of every plan once they have been asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import BaselineRows, build_last_week_question
from kpis.measures.question import Question
from kpis.store.database import Database
from kpis.ui.shared import baselines
from tests.ui.test_data_cache import build_version

EVERY = ("a", "b")


def build_rows(*plans: str) -> list[Attainment]:
    return [cast(Attainment, {"plan": plan}) for plan in plans]


def test_a_plan_reads_its_own_rows_until_those_of_every_plan_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions: list[Question] = []

    def answer(_db: Database, question: Question) -> BaselineRows:
        questions.append(question)
        plans = sorted(question.plans or EVERY)
        return BaselineRows(question, build_rows(*plans), build_rows(*plans), tuple(plans))

    monkeypatch.setattr(baselines, "compute_baseline_rows", answer)
    db = build_version(1, str(tmp_path / "kpis.json"))
    monday, friday = (Question(date(2026, 11, day), plans=frozenset({"a"})) for day in (16, 20))
    alone = baselines.load_baseline(db, monday)
    assert baselines.load_baseline(db, friday) is alone
    assert questions == [build_last_week_question(monday)]
    every = baselines.load_baseline(db, replace(friday, plans=None))
    assert [row["plan"] for row in every.known_rows] == [*EVERY]
    for plan in EVERY:
        part = baselines.load_baseline(db, replace(friday, plans=frozenset({plan})))
        expected = answer(db, build_last_week_question(replace(friday, plans=frozenset({plan}))))
        assert part == expected
        questions.pop()
    assert [question.plans for question in questions] == [frozenset({"a"}), None]
