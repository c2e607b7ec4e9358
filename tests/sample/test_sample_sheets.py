"""The made-up sheets: they are reproducible, and every code of design.md §4 occurs in them."""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from data.sample import dong_thap, make
from data.sample.plan_sheet import READING_DAYS, TODAY
from kpis.checks.finding_codes import REJECTION_CODES, WARNING_CODES
from kpis.checks.source_check import check_source
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.settings import get_sample_sources
from kpis.sheet.model import CheckedRow
from kpis.sources.config import load_sources
from kpis.sources.read_source import read_source

OTHER_WARNINGS = {
    "date_order_doubtful", "milestone_withdrawn", "not_the_lead", "successor_total_fell", "answer_before_request",
    "date_unreadable",
}  # fmt: skip
"""They need a sheet of a wrongly set machine, a milestone that is taken back (both change the figures), a rate, or a
merger."""
SAMPLE_FOLDER = get_sample_sources().parent
NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 2)


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register(overlay=SAMPLE_FOLDER / "register")


@pytest.fixture(scope="module")
def rows(register: Register) -> list[CheckedRow]:
    return _check_rows(get_sample_sources(), register)


def _check_rows(file: Path, register: Register) -> list[CheckedRow]:
    listed = load_sources(file, register.plans)
    assert listed.today is not None
    return [
        row
        for source in listed.sources
        for row in check_source(read_source(source, NOW), source.plan, register, listed.today).rows
    ]


def _read_content(path: Path) -> object:
    """Return a file's bytes; of a workbook its parts unpacked, since compression differs between machines."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_committed_files_are_reproduced(tmp_path: Path) -> None:
    make.write_sample(tmp_path)
    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    committed = sorted(
        path.relative_to(SAMPLE_FOLDER) for ending in ("*.xlsx", "*.toml") for path in SAMPLE_FOLDER.rglob(ending)
    )
    assert written == committed
    assert [name for name in written if _read_content(tmp_path / name) != _read_content(SAMPLE_FOLDER / name)] == []


def test_every_plan_has_a_workbook(register: Register) -> None:
    assert {source.plan for source in load_sources(get_sample_sources()).sources} == set(register.plans)


def test_about_two_thousand_rows_are_accepted(rows: list[CheckedRow]) -> None:
    assert 1_900 <= sum(not row.rejections for row in rows) <= 2_100


def test_every_rejection_code_occurs(rows: list[CheckedRow]) -> None:
    # No sheet of the sample has two columns of one field; no plan has a target that is kept in words, an amendment, or
    # two tasks with one number. The sample has no tab of explanations, and no ledger of requests.
    codes = {*REJECTION_CODES} - {"columns_disagree", "content_missing", "target_ended", "task_ambiguous"}
    codes -= {"request_missing", "request_unknown", "request_mismatch", "request_ambiguous"}
    assert {rejection.code for row in rows for rejection in row.rejections} == codes
    assert sum(bool(row.rejections) for row in rows) < 60


def test_every_warning_code_occurs(rows: list[CheckedRow]) -> None:
    counts = Counter(warning.code for row in rows for warning in row.warnings)
    assert set(counts) == set(WARNING_CODES) - OTHER_WARNINGS
    assert max(counts.values()) < 20


def test_rows_were_added_after_each_reading_and_two_sheets_were_not_changed(register: Register) -> None:
    earlier = [SAMPLE_FOLDER / "earlier" / day.isoformat() / "sources.toml" for day in READING_DAYS[:-1]]
    assert list(load_sources(get_sample_sources()).earlier_files) == earlier
    counts = [len(_check_rows(file, register)) for file in (*earlier, get_sample_sources())]
    assert counts == sorted(set(counts))
    for file in earlier:
        paths = {source.plan: Path(source.location) for source in load_sources(file).sources}
        assert {plan for plan, path in paths.items() if path.resolve().parent == SAMPLE_FOLDER} == make.STALE_PLANS


def test_a_department_on_the_rosters_is_silent(rows: list[CheckedRow], register: Register) -> None:
    assert dong_thap.SILENT_DEPARTMENT in register.targets["dong-thap.06"].roster
    reported = {row.agency for row in rows if row.target and row.target.startswith("dong-thap.")}
    assert dong_thap.SILENT_DEPARTMENT not in reported


def test_every_link_is_on_the_reserved_domain() -> None:
    for path in SAMPLE_FOLDER.rglob("*.xlsx"):
        with zipfile.ZipFile(path) as archive:
            text = archive.read("xl/sharedStrings.xml").decode()
        assert set(re.findall(r"https?://([^/<]+)/(?!schemas|officeDocument|spreadsheetml)", text)) <= {
            "vi-du.example",
            "schemas.openxmlformats.org",
        }


def test_the_overlay_says_that_it_is_made_up() -> None:
    for path in (SAMPLE_FOLDER / "register").rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# Số liệu minh họa")
        assert tomllib.loads(text)
