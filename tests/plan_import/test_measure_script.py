"""The table of figures is counted from any folder of texts and truth."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.paths import ROOT

_TEXT = """KẾ HOẠCH

Phát triển chợ nông thôn giai đoạn 2026-2030

I. MỤC TIÊU

- Đến năm 2030, 85% số xã có chợ đạt chuẩn.

- Mở ít nhất 02 lớp tập huấn mỗi năm.

PHỤ LỤC

TT\tNhiệm vụ\tCơ quan chủ trì\tCơ quan phối hợp
1\tXây chợ\tSở Công Thương\tSở Tài chính
"""


def test_recall_precision_tasks_and_header_are_counted(tmp_path: Path) -> None:
    plan: dict[str, Any] = {"slug": "ha-giang", "file": "ha-giang.txt", "number": "1/KH-UBND", "date": None}
    plan |= {
        "start_year": 2026,
        "end_year": 2031,
        "reporting_day": None,
        "task_lines": [14],
        "tables": [],
        "ignore": [],
    }
    target = {"plan": "ha-giang", "lines": [7], "quote": "85% số xã", "kind": "ratio_at_least", "base_kind": "ratio"}
    missed = target | {"lines": [5], "value_min": 12, "comparator": ">=", "kind": "count_at_least"}
    task = {"plan": "ha-giang", "line": 14, "leads": "Sở Công Thương", "coordinators": "Sở Y tế"}
    truth = {
        "plans": [plan | {"optional": []}],
        "targets": [target | {"value_min": 85, "comparator": ">="}, missed],
        "table_targets": [],
        "tasks": [task],
    }
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/ha-giang.txt").write_text(_TEXT, encoding="utf-8")
    (tmp_path / "truth").mkdir()
    for name, rows in truth.items():
        (tmp_path / f"truth/{name}.json").write_text(json.dumps(rows), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "scripts/measure_plan_import.py", str(tmp_path), "-v"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    line = next(line for line in run.stdout.splitlines() if line.startswith("ha-giang"))
    assert line.split() == [
        "ha-giang", "1/2", "0.500", "1", "0.500", "0/0", "1/1", "+0", "1/1", "0/1", "0/0", "+0", "o..X.",
    ]  # fmt: skip
    assert "missed [5]" in run.stdout
    assert "false 9" in run.stdout
