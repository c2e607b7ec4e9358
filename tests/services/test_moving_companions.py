"""Every file that the product writes beside a pointer either goes along with a move or is named as what stays."""

from __future__ import annotations

import re
from pathlib import Path

from kpis.services.moving.companions import FILES, LEFT, SHARED, copy_companions
from kpis.store.paths import DatabasePaths
from kpis.store.shared_files import AUDIT, InstallationFiles
from tests.paths import ROOT

NAME = re.compile(r"f\"\{(?:[\w.]+\.)?stem\}-([^\"]+)\"")
OTHER = ("{number}.duckdb", "staging.duckdb", "{name}", "{name}.json")
"""Versions, and places where a name that is listed elsewhere is put in."""


def list_names() -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "kpis").rglob("*.py")))
    names = {name for text in texts for name in NAME.findall(text) if name not in OTHER}
    # Workbooks for readers are named by a day; a part of a name that is a plain word is a hash or a metric.
    return {name for name in (re.sub(r"\{\w+\}", "a", each) for each in names) if "{" not in name}


def test_every_file_beside_a_pointer_has_its_place() -> None:
    names = list_names()
    assert {"journal.jsonl", "positions.json", "requests.jsonl", "answers.json"} <= names
    unknown = {
        name
        for name in names
        if name not in (*LEFT, *SHARED)
        and not name.endswith(".lock")
        and not any(re.fullmatch(each, name) for each in FILES)
    }
    assert unknown == set()


def test_files_of_another_pointer_and_what_is_unfinished_stay(tmp_path: Path) -> None:
    source, target = DatabasePaths(tmp_path / "a" / "kpis.json"), DatabasePaths(tmp_path / "b" / "new.json")
    for name in (
        "kpis-journal.jsonl", "kpis-2-journal.jsonl", "kpis-google.json", "kpis-7.duckdb", "kpis-move.json",
        f"{AUDIT}/2026-11.jsonl", "kpis-writing-0a.json",
        "kpis-editions/2026-W47-all/r1/pages.pdf", "kpis-editions/.making-1/pages.pdf",
    ):  # fmt: skip
        path = source.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    assert copy_companions(InstallationFiles(source.pointer), InstallationFiles(target.pointer)) == 4
    copied = {str(path.relative_to(target.folder)) for path in target.folder.rglob("*") if path.is_file()}
    assert copied == {
        "new-journal.jsonl",
        "new-writing-0a.json",
        f"{AUDIT}/2026-11.jsonl",
        "new-editions/2026-W47-all/r1/pages.pdf",
    }
    assert copy_companions(InstallationFiles(source.pointer), InstallationFiles(target.pointer)) == 0
    source.journal.write_text("more")
    assert copy_companions(InstallationFiles(source.pointer), InstallationFiles(target.pointer)) == 1
    assert target.journal.read_text() == "more"
