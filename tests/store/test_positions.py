"""Positions: a file beside the versions that may be lost or damaged at any time."""

from __future__ import annotations

import json

import pytest

from kpis.store import positions
from kpis.store.paths import DatabasePaths
from kpis.store.positions import FindingKey, Position

GOOD = {"tab": "Tiến độ", "row": 7, "cell": "D7", "header": "Số lượng", "detail": "{}"}


def write_content(paths: DatabasePaths, content: bytes) -> None:
    paths.folder.mkdir(parents=True)
    paths.positions.write_bytes(content)


def test_positions_come_back(paths: DatabasePaths) -> None:
    paths.folder.mkdir(parents=True)
    moved: dict[str, dict[FindingKey, Position]] = {
        "s": {(2**64 - 1, "date_missing"): Position("Tiến độ", 7, "D7", None, None)}
    }
    positions.write(paths.pointer, moved)
    assert positions.read(paths.pointer) == moved


@pytest.mark.parametrize(
    "change",
    [
        {"row": 10**400}, {"row": "7"}, {"row": True}, {"row": -1}, {"tab": ["x"]}, {"cell": 7},
        {"detail": "["}, {"detail": "[1]"}, {"detail": "[" * 200_000}, {"more": 1},
    ],
)  # fmt: skip
def test_a_position_of_another_kind_leaves_those_of_the_version(
    paths: DatabasePaths, change: dict[str, object]
) -> None:
    write_content(paths, json.dumps({"s": [["ff", "date_missing", {**GOOD, **change}]]}).encode())
    assert positions.read(paths.pointer) == {}


@pytest.mark.parametrize("content", [b"[" * 200_000, b'{"s": ' * 100_000, b"[]", b'{"s": 9}', b"9" * 5_000])
def test_a_file_that_is_not_ours_leaves_the_positions_of_the_version(paths: DatabasePaths, content: bytes) -> None:
    write_content(paths, content)
    assert positions.read(paths.pointer) == {}
