"""Answers of a version: asked once of the file, never mixed, bounded (design.md §8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from kpis.store import answers
from kpis.store.answers import KeptAnswers, Row


class Asker:
    """Answers a statement with rows of its own and counts how often it is asked."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows, self.count = rows, 0

    def ask(self) -> Iterator[Row]:
        self.count += 1
        return iter([dict(row) for row in self.rows])


def test_the_same_statement_is_asked_once_and_its_rows_are_copies() -> None:
    answers_of_version, asker = KeptAnswers(), Asker([{"a": 1, "b": "x"}, {"a": 2, "b": None}])
    first = answers_of_version.get_or_ask(None, "select", {"day": date(2026, 3, 1), "plans": ["a"]}, asker.ask)
    first[0]["a"] = 99
    second = answers_of_version.get_or_ask(None, "select", {"plans": ["a"], "day": date(2026, 3, 1)}, asker.ask)
    assert (second, asker.count) == (asker.rows, 1)


def test_an_answer_without_rows_is_kept_too() -> None:
    answers_of_version, asker = KeptAnswers(), Asker([])
    assert [answers_of_version.get_or_ask(None, "select", {}, asker.ask) for _ in range(2)] == [[], []]
    assert asker.count == 1


def test_place_text_parameters_and_their_types_tell_answers_apart() -> None:
    answers_of_version = KeptAnswers()
    questions: list[tuple[str | None, str, dict[str, object]]] = [
        (None, "select 1", {"x": 1}),
        ("scope_0", "select 1", {"x": 1}),
        (None, "select 2", {"x": 1}),
        (None, "select 1", {"x": 2}),
        (None, "select 1", {"y": 1}),
        (None, "select 1", {"x": True}),
        (None, "select 1", {"x": None}),
        (None, "select 1", {"x": [1]}),
        (None, "select 1", {"x": [True]}),
        (None, "select 1", {"x": []}),
        (None, "select 1", {"x": date(2026, 1, 1)}),
        (None, "select 1", {"x": datetime(2026, 1, 1)}),
        (None, "select 1", {}),
    ]
    for _ in range(2):
        for number, (place, text, params) in enumerate(questions):
            rows = answers_of_version.get_or_ask(place, text, params, Asker([{"number": number}]).ask)
            assert rows == [{"number": number}]


def test_records_and_long_lists_are_asked_each_time() -> None:
    answers_of_version = KeptAnswers()
    for params in ({"rows": [{"target": "t"}]}, {"names": [str(number) for number in range(5_000)]}):
        asker = Asker([{"a": 1}])
        for _ in range(2):
            answers_of_version.get_or_ask(None, "select", params, asker.ask)
        assert asker.count == 2


def test_what_was_not_asked_for_longest_is_forgotten_and_large_answers_are_not_kept() -> None:
    answers_of_version = KeptAnswers()
    large = Asker([{"a": 1}] * (answers.MAX_CELLS_OF_ANSWER + 1))
    for _ in range(2):
        answers_of_version.get_or_ask(None, "large", {}, large.ask)
    assert large.count == 2
    askers = {name: Asker([{"a": 1}] * (answers.MAX_CELLS // 3 - 50)) for name in "abcd"}
    for name in "abcadabc":
        answers_of_version.get_or_ask(None, name, {}, askers[name].ask)
    assert {name: asker.count for name, asker in askers.items()} == {"a": 1, "b": 2, "c": 2, "d": 1}


def test_answers_without_rows_and_the_texts_of_statements_count() -> None:
    answers_of_version, none = KeptAnswers(), Asker([])
    answers_of_version.get_or_ask(None, "x" * 5_000, {}, none.ask)
    with_text = answers_of_version.count_cells()
    assert with_text >= 100
    answers_of_version.get_or_ask(None, "x" * 5_000, {"place": 1}, none.ask)
    assert 0 < answers_of_version.count_cells() - with_text < 50  # one text for both
    for number in range(1_000):
        answers_of_version.get_or_ask(None, f"{number:04} " + "x" * 50_000, {}, none.ask)
    assert answers_of_version.count_cells() <= answers.MAX_CELLS
    first = none.count
    answers_of_version.get_or_ask(None, "0000 " + "x" * 50_000, {}, none.ask)
    assert none.count == first + 1


def test_what_is_counted_is_given_back_when_it_is_forgotten() -> None:
    answers_of_version = KeptAnswers()
    for number in range(30_000):
        answers_of_version.get_or_ask(None, f"select {number % 7}", {"n": number}, Asker([]).ask)
    assert answers.MAX_CELLS * 0.9 < answers_of_version.count_cells() <= answers.MAX_CELLS
