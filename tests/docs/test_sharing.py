"""The sharing guides cover the way from an account to figures on screen, and every error on it."""

from __future__ import annotations

import re
import tomllib

import pytest

from kpis.language.messages import Language, translate
from kpis.sheet import tab_headers
from kpis.sources.google.credentials import _validate_key
from kpis.sources.google.failures import FAILURE_MESSAGES, FailureKind
from kpis.sources.google.poll import LISTING_FAILED_NOTE
from kpis.sources.google.sheet_reader import FOREIGN_LOCALE_NOTE
from kpis.sources.google.transport import HOSTS
from tests.paths import DOCS

GUIDES: list[tuple[str, Language]] = [("chia-se-google-sheet.md", "vi"), ("sharing-google-sheets.md", "en")]
LISTED_FAILURES: tuple[FailureKind, ...] = (
    "not_shared", "read_only", "protected", "missing", "uploaded_workbook", "api_disabled", "key_refused",
    "clock", "network", "quota", "suspended", "project_gone", "policy", "storage",
)  # fmt: skip


@pytest.mark.parametrize(("name", "lang"), GUIDES)
def test_failures_that_a_person_can_fix_are_in_the_guides_table_as_worded_on_screen(name: str, lang: Language) -> None:
    table = (DOCS / name).read_text(encoding="utf-8").rpartition("\n## ")[2]
    rows = [line.split("|")[1].split(", ") for line in table.splitlines() if line.startswith("| ")]
    beginnings = [start.partition(" …")[0].strip() for starts in rows for start in starts]
    assert any(start in translate(lang, LISTING_FAILED_NOTE) for start in beginnings)
    missing = [
        kind
        for kind in LISTED_FAILURES
        if not any(start in translate(lang, FAILURE_MESSAGES[kind], **SENTENCE_VALUES) for start in beginnings)
    ]
    assert missing == []


SENTENCE_VALUES = {
    "account": "a@b", "service": "Google Sheets API", "link": "x", "status": 500, "host": "h",
    "reason": "r", "seconds": 90, "megabytes": 64,
}  # fmt: skip


@pytest.mark.parametrize(("name", "lang"), GUIDES)
def test_the_guides_name_every_step_and_the_addresses_that_the_network_must_allow(name: str, lang: Language) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    for word in (
        "sheets.googleapis.com", "drive.googleapis.com", "KPIS_GOOGLE_KEY", "KPIS_GOOGLE_KEY_JSON",
        "KPIS_GOOGLE_FEEDBACK", "prepare-sheet", "feedback", "sync", "make run", "make demo-google",
        tab_headers.FEEDBACK_HEADER, *tab_headers.TAB_NAMES.values(),
    ):  # fmt: skip
        assert word in text
    for host in HOSTS:
        assert host.split("/")[2] in text
    assert translate(lang, FOREIGN_LOCALE_NOTE)[:20] in text


@pytest.mark.parametrize(("name", "lang"), GUIDES)
def test_the_guides_show_a_secret_in_the_form_that_the_program_reads(name: str, lang: Language) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    (block,) = [part for part in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if "[google]" in part]
    key = _validate_key(tomllib.loads(block)["google"], "secrets.toml")
    assert key.account.endswith(".iam.gserviceaccount.com") and ".streamlit/secrets.toml" in text
