"""The figures that an edition keeps, and two editions' figures beside each other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from kpis.charts import figures as words
from kpis.charts import palette
from kpis.language.messages import Language
from kpis.measures.rows import Attainment
from kpis.pack.figures import Figures, plain
from kpis.pack.place import FIGURES, Edition, EditionError

_KEPT = (
    "target", "plan", "period_start", "title_vi", "title_en", "measure", "comparator", "floor", "stretch",
    "unit", "unit_en", "actual", "numerator", "denominator", "expected", "roster_size", "status",
)  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One target in one edition: "24/50" and its status."""

    done: str
    status: str
    word: str


@dataclass(frozen=True)
class Pair:
    """One target in two editions; None where an edition does not have it."""

    place: str
    title: str
    first: Side | None
    second: Side | None

    @property
    def differs(self) -> bool:
        """Whether the two say different things."""
        return self.first != self.second


def _picked(row: Mapping[str, object]) -> dict[str, object]:
    return {name: row[name] for name in _KEPT}


def kept(figures: Figures) -> str:
    """figures.json: every target as it was judged and every task's state, for a later comparison."""
    targets = [{"place": place.name, **_picked(row)} for place in figures.places for row in place.targets]
    tasks = [
        {"task": task["task"], "year": task["year"], "state": task["state"]}
        for place in figures.places
        for task in place.tasks
    ]
    held = {"as_of": figures.asked.as_of, "targets": targets, "tasks": tasks}
    return json.dumps(held, ensure_ascii=False, default=plain, indent=1) + "\n"


def compare(first: Edition, second: Edition, lang: Language) -> list[Pair]:
    """Every target of either edition, in the first's order, then those that only the second has."""
    left, right = _read(first), _read(second)
    return [
        Pair(
            place=str(row["place"]),
            title=str(row[f"title_{lang}"]),
            first=_side(left.get(key), lang),
            second=_side(right.get(key), lang),
        )
        for key, row in {**right, **left}.items()
    ]


def _read(edition: Edition) -> dict[tuple[str, str], dict[str, Any]]:
    try:
        held = json.loads((edition.folder / FIGURES).read_text(encoding="utf-8"))
        return {(row["target"], row["period_start"]): row for row in held["targets"]}
    except (OSError, ValueError, KeyError) as error:
        raise EditionError(
            "The edition in {folder} cannot be read ({reason}). Move the folder away and make it again.",
            folder=edition.folder,
            reason=error,
        ) from error


def _side(row: dict[str, Any] | None, lang: Language) -> Side | None:
    if row is None:
        return None
    status = str(row["status"])
    return Side(words.fraction(cast(Attainment, row), lang), status, palette.word(status, lang))
