"""What the register would refuse names the row on screen, and nothing of other plans to a viewer elsewhere."""

from __future__ import annotations

from dataclasses import replace

from kpis.errors import RegisterError
from kpis.register.faults import build_register_error
from kpis.ui.plan_import.register_faults import list_register_faults
from tests.plan_import.review.small_draft import build_small_draft
from tests.ui.handmade_rows import build_view

ROWS = {"can-tho.01": "CT001", "can-tho.nv001": "NV001"}


def test_each_fault_names_its_row_and_others_only_for_who_runs_the_server() -> None:
    first = build_register_error("plans/can-tho/1/plan.toml", "target can-tho.01.floor", "must be more than 0")
    other = build_register_error("muc-tieu.toml", "target ha-noi.01.floor", "must be more than 0")
    longer = build_register_error("muc-tieu.toml", "target can-tho.011.floor", "must be more than 0")
    error = RegisterError("x {file} {key}", file="a", key="b", faults=[first, other, longer])
    lines = list_register_faults(error, ROWS, build_small_draft(), build_view())
    assert lines[0].startswith("○ CT001 · ") and "phải lớn hơn 0" in lines[0]
    assert "ha-noi.01" in lines[1] and "CT001" not in lines[2]
    remote = list_register_faults(error, ROWS, build_small_draft(), replace(build_view(), sees_folders=False))
    assert len(remote) == 2 and "ha-noi" not in remote[1] and "người quản trị" in remote[1]
