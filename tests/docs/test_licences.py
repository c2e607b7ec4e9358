"""Every pin may be used in a product under Apache-2.0, and docs/decisions/licences.md names it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageMetadata, metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "decisions" / "licences.md"

ALLOWED = frozenset(
    {
        "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0",
        "MIT-CMU", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Zlib",
    }
)  # fmt: skip
"""SPDX identifiers, and BSD for packages that do not state the number of clauses."""

SPELLINGS = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD 3-Clause": "BSD-3-Clause",
    "BSD License": "BSD",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""Spellings in metadata -> SPDX identifier."""

REQUIREMENTS = ("requirements.txt", "requirements-lake.txt", "requirements-dev.txt")

_DYNAMIC = (
    "under LGPL-3.0-only: only the optional lake imports it, unchanged, from a package that pip installs apart and "
    "anyone may replace; nothing of it is in this repository or in the wheel"
)

EXCEPTIONS: Mapping[str, str] = {
    "axe-playwright-python": "its metadata names no licence; the licence file that it ships is that of MIT, and the "
    "script of axe-core in it is under MPL-2.0, as its first lines say",
    "pypdfium2": "its License field is a list in words: its own code is under BSD-3-Clause or Apache-2.0; "
    "PDFium and its parts, whose licence files it ships, are under permissive licences",
    "psycopg": _DYNAMIC,
    "psycopg-binary": _DYNAMIC,
}
"""Packages whose metadata is no expression or not an allowed one, each with the result of reading its licence."""


def _read_pins(name: str) -> list[Requirement]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line.partition("#")[0].strip()) for line in lines if "==" in line.partition("#")[0]]
    return [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]


def _get_expression(package: PackageMetadata) -> str:
    """Return the licence as an SPDX expression: License-Expression, else License, else the classifiers."""
    classifiers = [
        line.rpartition(":: ")[2] for line in package.get_all("Classifier") or [] if line.startswith("License ::")
    ]
    statements: list[str] = [
        *(package.get_all("License-Expression") or []),
        *(package.get_all("License") or []),
        " AND ".join(classifiers),
    ]
    for text in statements:
        if text and _is_known(text):
            return text
    return next((text.partition("\n")[0] for text in statements if text), "")


def _is_known(expression: str) -> bool:
    return all(
        SPELLINGS.get(term, term) in ALLOWED for part in expression.split(" OR ") for term in part.split(" AND ")
    )


def _is_allowed(expression: str) -> bool:
    """True if all terms of at least one side of OR are allowed."""
    return any(_is_known(part) for part in expression.split(" OR "))


@pytest.mark.parametrize("pin", [pin for name in REQUIREMENTS for pin in _read_pins(name)], ids=str)
def test_the_licence_of_every_pin_is_allowed(pin: Requirement) -> None:
    expression = _get_expression(metadata(pin.name))
    assert _is_allowed(expression) or pin.name in EXCEPTIONS, f"{pin}: {expression or 'no licence stated'}"


def test_only_the_optional_lake_has_pins_under_the_lesser_gpl() -> None:
    lake = {pin.name for pin in _read_pins("requirements-lake.txt")}
    lesser = {pin.name for name in REQUIREMENTS for pin in _read_pins(name) if EXCEPTIONS.get(pin.name) == _DYNAMIC}
    assert lesser == {"psycopg", "psycopg-binary"}
    assert lesser <= lake


def test_an_exception_is_needed_and_is_a_pin() -> None:
    pins = {pin.name for name in REQUIREMENTS for pin in _read_pins(name)}
    assert [name for name in EXCEPTIONS if name not in pins or _is_allowed(_get_expression(metadata(name)))] == []


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("MPL-2.0 AND MIT", True),
        ("GPL-3.0-or-later OR MIT", True),
        ("GPL-3.0-or-later", False),
        ("GPL-3.0-or-later AND MIT", False),
        ("LGPL-3.0-only", False),
        ("", False),
    ],
)
def test_a_licence_is_allowed_if_all_terms_of_one_choice_are(expression: str, allowed: bool) -> None:
    assert _is_allowed(expression) is allowed


def test_the_page_names_every_pin() -> None:
    page = PAGE.read_text(encoding="utf-8")
    lines = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in REQUIREMENTS)
    names = [line.split("==")[0] for line in lines.splitlines() if "==" in line.partition("#")[0]]
    assert [name for name in names if f"`{name}`" not in page] == []
