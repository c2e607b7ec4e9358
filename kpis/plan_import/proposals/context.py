"""What surrounds the clause of a number."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Context:
    """What surrounds a clause: whether a heading or an intro names goals, the zone, and whether it is a cell."""

    in_goals: bool
    zone: str
    is_cell: bool = False
    in_brackets: bool = False
    has_deadline: bool = False
    is_repeated_work: bool = False
    sentence: str = ""
    paragraph: str = ""
    titles: str = ""
    column: str = ""
    is_of_state: bool = False
    noun_follows: bool = False
    is_out_of: bool = False
