"""The figures that an edition keeps, and two editions' figures beside each other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from kpis.charts import palette
from kpis.language.messages import Language
from kpis.measures.attainment_rows import Attainment
from kpis.pack.edition.folders import FIGURES, Edition, EditionError, digest_of
from kpis.pack.figures.gather import Figures, plain
from kpis.pack.figures.previous_edition import Revised
from kpis.wording import target_figures as words

_KEPT = (
    "target", "plan", "period_start", "title_vi", "title_en", "measure", "comparator", "floor", "stretch",
    "unit", "unit_en", "actual", "numerator", "denominator", "expected", "roster_size", "status",
    "agency", "population", "reporting_agencies", "roster_reported",
)  # fmt: skip
_KEPT_OF_TASKS = "task", "plan", "year", "title_vi", "title_en", "state"


@dataclass(frozen=True)
class Side:
    """One target in one edition: "24/50" and its status; of a task, its state alone."""

    done: str
    status: str
    word: str


@dataclass(frozen=True)
class Pair:
    """One target or task in two editions; None where an edition does not have it."""

    place: str
    title: str
    first: Side | None
    second: Side | None

    @property
    def differs(self) -> bool:
        """Whether the two say different things."""
        return self.first != self.second


@dataclass(frozen=True)
class Compared:
    """Every target and every task of two editions, in the first's order, then those of the second alone."""

    targets: list[Pair]
    tasks: list[Pair]


def _picked(row: Mapping[str, object], names: tuple[str, ...]) -> dict[str, object]:
    return {name: row[name] for name in names}


def kept(figures: Figures, shown: Mapping[str, str] | None) -> str:
    """figures.json: every target as it was judged and every task's state, for a later comparison.

    And what they were held against, so that the same can be asked again: the statuses that the edition of
    the week before had `shown` (target -> status), and the revisions beside.
    """
    targets = [
        {"place": place.name, **_picked(row, _KEPT)} for place in figures.places for row in place.targets
    ]
    tasks = [
        {"place": place.name, **_picked(task, _KEPT_OF_TASKS)}
        for place in figures.places
        for task in place.tasks
    ]
    held = {
        "as_of": figures.asked.as_of,
        "targets": targets,
        "tasks": tasks,
        "shown_before": shown,
        "revised": figures.revised,
    }
    return json.dumps(held, ensure_ascii=False, default=plain, indent=1) + "\n"


def shown(edition: Edition) -> dict[str, str] | None:
    """How the targets of an edition stood in it: target -> status; None where it cannot be read."""
    try:
        return {str(row["target"]): str(row["status"]) for row in _held(edition)["targets"]}
    except EditionError:
        return None


def held_against(edition: Edition) -> tuple[dict[str, str] | None, tuple[Revised, ...]]:
    """What `kept` was given: the statuses shown before, and the revisions beside, of a whole edition."""
    held = _held(edition)
    revised = (
        Revised(one["name"], date.fromisoformat(one["as_of"]), datetime.fromisoformat(one["sealed_at"]))
        for one in held.get("revised", ())
    )
    return held.get("shown_before"), tuple(revised)


def compare(first: Edition, second: Edition, lang: Language) -> Compared:
    """Two editions beside each other; EditionError where the figures that one keeps are lost or damaged."""
    left, right = _held(first), _held(second)
    return Compared(_targets(left, right, lang), _tasks(left, right, lang))


def _held(edition: Edition) -> dict[str, Any]:
    """What the edition keeps, byte for byte as it was sealed."""
    path = edition.folder / FIGURES
    try:
        whole = digest_of(path) == edition.files.get(FIGURES)
        held: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if whole else None
    except OSError:
        held = None
    if held is None:
        raise EditionError(
            "The figures that the edition {edition} keeps are lost or damaged, so it cannot be compared. "
            "Choose another edition.",
            edition=edition.name,
        )
    return held


def _targets(left: dict[str, Any], right: dict[str, Any], lang: Language) -> list[Pair]:
    first, second = (
        {(row["target"], row["period_start"]): row for row in held["targets"]} for held in (left, right)
    )
    return [
        Pair(
            place=str(row["place"]),
            title=str(row[f"title_{lang}"]),
            first=_side(first.get(key), lang),
            second=_side(second.get(key), lang),
        )
        for key, row in {**second, **first}.items()
    ]


def _tasks(left: dict[str, Any], right: dict[str, Any], lang: Language) -> list[Pair]:
    first, second = ({(row["task"], row["year"]): row for row in held["tasks"]} for held in (left, right))
    places = {row["plan"]: row["place"] for held in (right, left) for row in held["targets"]}
    pairs = []
    for key in {**second, **first}:
        # An edition sealed before this was kept holds a task's id, year and state alone.
        known = {**second.get(key, {}), **first.get(key, {})}
        plan = str(known["task"]).partition(".")[0]
        pairs.append(
            Pair(
                place=str(known.get("place") or places.get(plan, plan)),
                title=str(known.get(f"title_{lang}") or known["task"]),
                first=_state(first.get(key), lang),
                second=_state(second.get(key), lang),
            )
        )
    return pairs


def _side(row: dict[str, Any] | None, lang: Language) -> Side | None:
    if row is None:
        return None
    status = str(row["status"])
    return Side(words.fraction(cast(Attainment, row), lang), status, palette.word(status, lang))


def _state(row: dict[str, Any] | None, lang: Language) -> Side | None:
    if row is None:
        return None
    state = str(row["state"])
    return Side("", state, palette.task_word(state, lang))
