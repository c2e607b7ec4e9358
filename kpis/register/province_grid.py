"""Where the 34 provinces stand on a grid of tiles, roughly as they lie: data/register/province_grid.csv.

The positions are the product's own drawing and decide no figure, so they are no part of the register's hash.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from kpis.settings import get_project_root


@dataclass(frozen=True)
class GridPlace:
    """A province, without "Tỉnh" or "Thành phố"; rows and columns count from the north-west, from 1.

    `carries` is the archipelago that belongs to it and is named on its tile; empty for the others.
    """

    province: str
    row: int
    column: int
    carries: str


@cache
def load_province_grid() -> tuple[GridPlace, ...]:
    """Return every province with its place, from north to south and west to east."""
    path = get_project_root() / "data" / "register" / "province_grid.csv"
    with path.open(encoding="utf-8", newline="") as file:
        places = [
            GridPlace(line["province"], int(line["row"]), int(line["column"]), line["carries"])
            for line in csv.DictReader(file)
        ]
    return tuple(sorted(places, key=lambda place: (place.row, place.column)))
