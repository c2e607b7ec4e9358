"""No English is left on any page of the Vietnamese interface: neither Streamlit's words nor forgotten ones of ours."""

from __future__ import annotations

import re

import pytest

from kpis.ui import pages
from tests.ui.conftest import PageOpener

pytestmark = pytest.mark.browser

PATHS = (
    *(f"/{page.url_path}" for page in pages.PAGES),
    "/province?plan=dong-thap",
    "/agency?plan=dong-thap&agency=S%E1%BB%9F+C%C3%B4ng+Th%C6%B0%C6%A1ng",
    "/entries?plan=dong-thap&target=dong-thap.10",
    "/explanations?plan=dong-thap",
    "/tasks?q=khong-co-gi",
)
ENGLISH = re.compile(
    r"\b(?:the|and|or|of|to|for|with|press|enter|apply|choose|select|search|upload|browse|files?|drag|drop|limit|skip|"
    r"main|content|app|pages?|results?|options?|loading|running|stop|rerun|deploy|settings|close|open|clear|submit|"
    r"show|hide|password|copy|download|fullscreen|month|year|day|hour|minute|previous|next|error|connecting|remove|add|view|more|"
    r"less|sidebar|navigation|value|date)\b",
    re.IGNORECASE,
)
"""Words of Streamlit's interface and the commonest words of English."""
ALLOWED = re.compile(
    r"https?://\S+|\S+\.(?:xlsx|docx|pdf|txt|md|toml|jsonl|json)|python -m kpis[\w -]*|KPIS_\w+|Google Sheets?|English|"
    r"Word|\b[\w.]+\.py\b",
)
READ_TEXTS = """() => {
  for (const icon of document.querySelectorAll('[data-testid=stIconMaterial]')) icon.remove();  // ligatures
  const texts = [document.body.innerText];
  for (const element of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
    for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
      if (element.getAttribute(name)) texts.push(element.getAttribute(name));
  return texts;
}"""


def find_english(texts: list[str]) -> list[str]:
    """Return the lines with an English word."""
    lines = (ALLOWED.sub(" ", line) for text in texts for line in text.splitlines())
    return [line.strip() for line in lines if ENGLISH.search(line)]


@pytest.mark.parametrize("path", PATHS)
def test_no_page_has_an_english_word(open_page: PageOpener, path: str) -> None:
    opened = open_page(path)
    assert find_english(opened.page.evaluate(READ_TEXTS)) == []


def test_english_would_be_seen(open_page: PageOpener) -> None:
    opened = open_page("/tasks?lang=en")
    assert find_english(opened.page.evaluate(READ_TEXTS))
