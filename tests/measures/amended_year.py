"""A plan that was amended within its year: a floor raised, a target dropped, one added, a task with another lead."""

from __future__ import annotations

from pathlib import Path

from tests.cli.versioned_plan import HEALTH, PLAN, Installation

FLOOR_60 = {"01": ("yearly", "Tin bài về chợ", 60), "02": ("yearly", "Tin bài cũ", 5)}
FLOOR_80 = {"01": ("yearly", "Tin bài về chợ", 80), "03": ("yearly", "Tin bài mới", 5)}
AMENDMENT = """in_force_from = 2026-07-01
document_number = "25/KH-UBND"
issued_on = 2026-06-18
reviewer = "Nguyễn Thị Hà"
judges_again = [2026]"""
CLAUSES = f"""
[[clause]]
id = "{PLAN}.01"
quote = "Sửa 60 thành 80"
section = "Điều 1"
page = 2

[[ended]]
id = "{PLAN}.02"
quote = "Bãi bỏ điểm b"
"""


def build_amended_year(folder: Path) -> Installation:
    """Return a plan that is read since January and was amended in June, in force from July."""
    installation = Installation(folder)
    installation.write_version(1, FLOOR_60, accepted="2026-01-10", tasks={"nv001": {}})
    installation.write_rows(("10/02/2026", "01", 40))
    installation.sync("2026-06-01")
    installation.write_version(
        2, FLOOR_80, accepted="2026-06-20", facts=AMENDMENT, clauses=CLAUSES, tasks={"nv001": {"leads": [HEALTH]}}
    )
    installation.sync("2026-07-01")
    return installation
