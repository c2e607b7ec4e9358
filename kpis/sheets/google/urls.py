"""The spreadsheet's id in whatever people paste: links of every form, or the id itself."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

from kpis.errors import UsageError

# Ids have grown from 44 characters, and older ones have fewer: none is a short word.
_ID = re.compile(r"[A-Za-z0-9_-]{20,100}")
_IN_PATH = re.compile(r"/(?:spreadsheets|file)(?:/u/\d+)?/d/([A-Za-z0-9_-]{20,100})(?:/|$)")
_LINK = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_HOSTS = {"docs.google.com", "drive.google.com", "sheets.google.com", "spreadsheets.google.com"}
_REDIRECTS = {"www.google.com", "google.com"}


def spreadsheet_id(text: str) -> str:
    """The id in a link or a bare id; UsageError says what would be right.

    Read are /spreadsheets/d/ID/edit#gid=0, with /u/1/ or an office's /a/domain/ in it, /file/d/ID, ?id=ID and
    ?key=ID, links without https://, in brackets or quotes, and Google's own redirects around one.
    """
    cleaned = text.strip().strip("<>\"'“”()[]").strip()
    if around := _LINK.search(cleaned):  # "Bảng của Hà Nội: https://…"
        cleaned = around[0]
    if _ID.fullmatch(cleaned):
        return cleaned
    found = _in_link(cleaned)
    if found is not None:
        return found
    if "/spreadsheets/d/e/" in cleaned:
        raise UsageError(
            "“{text}” is the address of a published copy. Open the sheet itself and copy the address of "
            "that page.",
            text=_short(text),
        )
    if "/folders/" in cleaned:
        raise UsageError(
            "“{text}” is a Drive folder. Open the sheet in it and copy the address of that page.",
            text=_short(text),
        )
    raise UsageError(
        "“{text}” is no link to a Google Sheet. Open the sheet and copy the address of that page: it holds "
        "/spreadsheets/d/…",
        text=_short(text),
    )


def _in_link(text: str) -> str | None:
    try:
        parts = urlsplit(text if "://" in text else "https://" + text.lstrip("/"))
        host = (parts.hostname or "").lower()
    except ValueError:  # a bracket opens an address of numbers and does not close it
        return None
    query = parse_qs(parts.query)
    if host in _REDIRECTS and parts.path == "/url":
        inner = (query.get("q") or query.get("url") or [""])[0]
        return _in_link(inner) if len(inner) < len(text) else None
    if host not in _HOSTS:
        return None
    path = re.sub(r"^/a/[^/]+", "", unquote(parts.path))
    if found := _IN_PATH.search(path):
        return found[1]
    for name in ("id", "key"):
        value = (query.get(name) or [""])[0]
        if _ID.fullmatch(value):
            return value
    return None


def _short(text: str) -> str:
    return text if len(text) <= 120 else text[:119] + "…"
