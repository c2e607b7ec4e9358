"""Each assumption about openpyxl has its own test, to be read before raising the version."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest

import kpis
from kpis.sources.xlsx import openpyxl_functions
from kpis.sources.xlsx.openpyxl_functions import (
    BUILTIN_FORMATS,
    column_index_from_string,
    from_iso8601,
    list_formula_ranges,
    range_boundaries,
    unescape,
)


def test_no_other_module_imports_openpyxl() -> None:
    pattern = re.compile(r"^\s*(?:from|import) openpyxl\b", re.MULTILINE)
    root = Path(kpis.__file__).parent
    modules = [path for path in root.rglob("*.py") if pattern.search(path.read_text(encoding="utf-8"))]
    assert modules == [Path(openpyxl_functions.__file__)]


def test_nothing_private_of_openpyxl_is_used() -> None:
    text = Path(openpyxl_functions.__file__).read_text(encoding="utf-8")
    assert re.findall(r"^from openpyxl\S*\._|^from openpyxl\S* import _", text, re.MULTILINE) == []


def test_openpyxl_finds_the_references_of_a_formula() -> None:
    formula = "SUM($D$2:D3,'Tiến độ'!E4)+F5*2+LEN(\"G6\")+tổng"
    assert list(list_formula_ranges(formula)) == ["$D$2:D3", "'Tiến độ'!E4", "F5", "tổng"]
    assert list(list_formula_ranges('SUM("')) == []


def test_openpyxl_unescapes_control_characters_and_an_escaped_underscore() -> None:
    assert unescape("a_x000a_b") == "a\nb"
    assert unescape("_x005f_x0041_") == "_x0041_"


def test_openpyxl_range_boundaries_are_columns_and_rows_from_1() -> None:
    assert range_boundaries("B2:C4") == (2, 2, 3, 4)


def test_openpyxl_counts_columns_from_1() -> None:
    assert [column_index_from_string(letters) for letters in ("A", "z", "AA", "XFD")] == [1, 26, 27, 16384]
    for letters in ("", "Á", "A1", "ABCD"):
        with pytest.raises(ValueError, match="column"):
            column_index_from_string(letters)


def test_openpyxl_reads_the_dates_of_strict_files() -> None:
    assert from_iso8601("2026-03-05") == date(2026, 3, 5)
    assert from_iso8601("2026-03-05T14:00:00") == datetime(2026, 3, 5, 14)
    with pytest.raises(ValueError, match="Invalid datetime"):
        from_iso8601("hôm qua")


def test_openpyxl_built_in_formats_are_codes_by_number() -> None:
    assert [BUILTIN_FORMATS[number] for number in (0, 9, 14, 22, 49)] == [
        "General", "0%", "mm-dd-yy", "m/d/yy h:mm", "@",
    ]  # fmt: skip
