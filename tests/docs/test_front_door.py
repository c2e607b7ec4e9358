"""The pages that a newcomer expects in the root folder exist, and publiccode.yml is correct."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from kpis.language.messages import LANGUAGES

ROOT = Path(__file__).parents[2]
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "data/LICENSE.md",
    "data/register/README.md",
)

# https://github.com/publiccodeyml/publiccode.yml, schema.core, version 0.4: the mandatory keys.
REQUIRED = (
    "publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus", "softwareType",
    "description", "legal.license", "maintenance.type", "maintenance.contacts",
    "localisation.localisationReady", "localisation.availableLanguages",
)  # fmt: skip
STATUSES = {"concept", "development", "beta", "stable", "obsolete"}


@pytest.fixture(scope="module")
def public_code() -> dict[str, Any]:
    loaded = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


def _get_value(tree: Any, path: str) -> Any:
    for key in path.split("."):
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


@pytest.mark.parametrize("name", [*PAGES, "LICENSE", "publiccode.yml"])
def test_the_page_exists(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("name", PAGES)
def test_links_of_the_page_work(name: str) -> None:
    page = ROOT / name
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_licence_is_the_full_text_of_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert "Copyright 2026 The kpis contributors" in text
    assert "[yyyy]" not in text


@pytest.mark.parametrize("key", REQUIRED)
def test_publiccode_has_every_mandatory_key(public_code: dict[str, Any], key: str) -> None:
    assert _get_value(public_code, key) not in (None, "", [], {})


def test_publiccode_agrees_with_the_project_file(public_code: dict[str, Any], project: dict[str, Any]) -> None:
    assert public_code["name"] == project["name"]
    assert public_code["softwareVersion"] == project["version"]
    assert public_code["legal"]["license"] == project["license"]
    assert public_code["developmentStatus"] in STATUSES
    assert public_code["localisation"]["availableLanguages"] == list(LANGUAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_publiccode_describes_the_product_in_both_languages(public_code: dict[str, Any], lang: str) -> None:
    description = public_code["description"][lang]
    assert len(description["shortDescription"]) <= 150
    assert 150 <= len(description["longDescription"]) <= 10_000
    assert description["features"]
    assert [path for path in description["screenshots"] if not (ROOT / path).is_file()] == []


def test_the_changelog_has_the_current_version_and_an_unreleased_section(project: dict[str, Any]) -> None:
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert headings[1] == project["version"]


def test_contributing_names_tests_that_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    tests = re.findall(r"tests/[\w/]+\.py(?:::\w+)?", text)
    assert tests
    for name in tests:
        path, _, test = name.partition("::")
        assert f"def {test}" in (ROOT / path).read_text(encoding="utf-8")


SHORT_PATHS = {
    "SECURITY.md": {"g/": "ui/gate/", "s/": "ui/signed_in/"},
    "docs/decisions/lake-acceptance.md": {"l/": "store/lake/"},
}
"""Pages that name tests below tests/, with what they shorten."""

_NAMED = re.compile(r"`([\w/]*(?:test_\w+|conftest)\.py)`(?: \(([^)`]+)\))?")


def find_missing_tests(page: str, text: str) -> list[str]:
    """Return the files of tests that a page names and that are not there, and words that no test's name there has."""
    missing = []
    for path, words in _NAMED.findall(text):
        file = path
        for short, full in SHORT_PATHS[page].items():
            file = f"{full}{path.removeprefix(short)}" if path.startswith(short) else file
        file_path = ROOT / "tests" / file
        if not file_path.is_file():
            missing.append(path)
            continue
        names = re.findall(r"^(?:async )?def (test_\w+)", file_path.read_text(encoding="utf-8"), re.MULTILINE)
        parts = [re.sub(r"\W+", "_", part.strip().lower()) for part in re.split("[;,]", words) if part.strip()]
        missing += [f"{path} ({part})" for part in parts if not any(part in name for name in names)]
    return missing


@pytest.mark.parametrize("page", SHORT_PATHS)
def test_the_page_names_tests_that_exist(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert len(_NAMED.findall(text)) > 20
    assert find_missing_tests(page, text) == []


def test_a_missing_test_is_found() -> None:
    page = "docs/decisions/lake-acceptance.md"
    text = "`l/test_none.py`, `l/test_stamps.py` (rising stamps; of tomorrow)"
    assert find_missing_tests(page, text) == ["l/test_none.py", "l/test_stamps.py (of_tomorrow)"]
