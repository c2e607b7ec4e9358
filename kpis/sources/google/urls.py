"""Finds the spreadsheet's id in what people paste: links of every form, or the id itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from kpis.errors import UsageError
from kpis.language.normalization import clean

# Ids have about 44 characters, older ones fewer; a short word is never an id.
_ID = r"(?<![\w-])([A-Za-z0-9_-]{20,100})(?![\w-])"
_BARE_ID = re.compile(rf"/?(?:(?:spreadsheets/)?d/)?{_ID}(?:/[a-z]*)?(?:[?#]\S*)?")
_PATH_ID = re.compile(rf"/(?:spreadsheets|file)(?:/(?:u|a)/[^/]+)?/d/{_ID}")
_QUERY_ID = re.compile(_ID)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_LINK = re.compile(
    r"""(?:https?:)?//[^\s<>"“”]+"""
    r"""|(?<![\w@./-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?/[^\s<>"“”]+""",
    re.IGNORECASE | re.ASCII,
)
_HOSTS = {"docs.google.com", "drive.google.com", "sheets.google.com", "spreadsheets.google.com"}
_OTHER_FILE_TYPES = re.compile(r"/(?:document|forms|presentation|drawings)/")


def parse_spreadsheet_id(text: str) -> str:
    """Return the id in a link, or a bare id. Otherwise UsageError says what to paste.

    Accepted: /spreadsheets/d/ID/edit#gid=0, also with /u/1/ or /a/domain/, /file/d/ID, ?id=ID and ?key=ID,
    the end of such a link from its id on, links without https://, in brackets, quotes or a sentence, and
    sign-in pages and redirects of any site that have such a link in their query.
    """
    cleaned = clean(text).strip("<>\"'“”‘’()[].,;: ")
    if bare := _BARE_ID.fullmatch(cleaned):
        return bare[1]
    for link in _LINK.findall(cleaned):  # "Bảng của Hà Nội: docs.google.com/…"
        for file_id in _find_link_ids(link):
            return file_id
    if "/spreadsheets/d/e/" in cleaned:
        raise UsageError(
            "“{text}” is the address of a published copy. Open the sheet itself and copy the address of that page.",
            text=_truncate(text),
        )
    if "/folders/" in cleaned:
        raise UsageError(
            "“{text}” is a Drive folder. Open the sheet in it and copy the address of that page.",
            text=_truncate(text),
        )
    raise UsageError(
        "“{text}” is not a link to a Google Sheet. Open the sheet and copy the address of that page: it "
        "contains /spreadsheets/d/…",
        text=_truncate(text),
    )


def _find_link_ids(link: str) -> Iterator[str]:
    """Yield the ids in one link: its own, then those of links in its query."""
    try:
        parts = urlsplit(link if _SCHEME.match(link) else "//" + link.lstrip("/"))
        host = (parts.hostname or "").lower().rstrip(".").removeprefix("www.")
    except ValueError:  # an IPv6 address without its closing bracket
        return
    query = parse_qs(parts.query)
    path = re.sub(r"/+", "/", unquote(parts.path))
    if host in _HOSTS and not _OTHER_FILE_TYPES.search(path):
        yield from _PATH_ID.findall(path)
        for name in ("id", "key"):
            for value in query.get(name, ()):
                if match := _QUERY_ID.fullmatch(value.strip(".,; ")):
                    yield match[1]
    for values in query.values():
        for value in values:  # shorter than the link, so the recursion ends
            if "/" in value or "%" in value:
                yield from _find_link_ids(unquote(value))


def _truncate(text: str) -> str:
    return text if len(text) <= 120 else text[:119] + "…"
