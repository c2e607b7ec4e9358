"""Drive's search language, in the part that the product uses: "mimeType = '…' and trashed = false".

Source: https://developers.google.com/workspace/drive/api/guides/ref-search-terms. There is none for file ids.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime

from tests.google_stand_in.spreadsheet import Spreadsheet

FileFilter = Callable[[Spreadsheet], bool]
_TOKEN = re.compile(r"\s*(?:(\(|\))|(<=|>=|!=|=|<|>)|'((?:[^'\\]|\\.)*)'|(\w+))")
_COMPARISONS = {
    "<": operator.lt, "<=": operator.le, "=": operator.eq, "!=": operator.ne, ">=": operator.ge,
    ">": operator.gt,
}  # fmt: skip


class QueryError(Exception):
    """A query that Drive refuses."""


def parse_query(text: str, email: str) -> FileFilter:
    """Return a query as a predicate on files; `email` is the account that searches."""
    tokens: list[tuple[str, str]] = []
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            raise QueryError(text)
        group = match.lastindex or 1
        tokens.append((("mark", "operator", "text", "word")[group - 1], match[group]))
        position = match.end()
    matches = _parse_or(tokens, email)
    if tokens:
        raise QueryError(text)
    return matches


def _parse_or(tokens: list[tuple[str, str]], email: str) -> FileFilter:
    tests = [_parse_and(tokens, email)]
    while tokens[:1] == [("word", "or")]:
        tokens.pop(0)
        tests.append(_parse_and(tokens, email))
    return lambda file: any(test(file) for test in tests)


def _parse_and(tokens: list[tuple[str, str]], email: str) -> FileFilter:
    tests = [_parse_term(tokens, email)]
    while tokens[:1] == [("word", "and")]:
        tokens.pop(0)
        tests.append(_parse_term(tokens, email))
    return lambda file: all(test(file) for test in tests)


def _parse_term(tokens: list[tuple[str, str]], email: str) -> FileFilter:
    kind, text = tokens.pop(0) if tokens else ("", "")
    if (kind, text) == ("word", "not"):
        inner = _parse_term(tokens, email)
        return lambda file: not inner(file)
    if (kind, text) == ("mark", "("):
        inner = _parse_or(tokens, email)
        if not tokens or tokens.pop(0) != ("mark", ")"):
            raise QueryError(text)
        return inner
    if (kind, text) == ("word", "sharedWithMe") and tokens[:1] != [("operator", "=")]:
        return lambda file: email in file.share
    if kind != "word" or len(tokens) < 2:
        raise QueryError(text)
    return _parse_comparison(text, tokens.pop(0)[1], tokens.pop(0), email)


def _parse_comparison(term: str, sign: str, value: tuple[str, str], email: str) -> FileFilter:
    kind, text = value
    if kind == "word" and term in {"trashed", "sharedWithMe"} and sign in {"=", "!="} and text in {"true", "false"}:
        expected = (text == "true") == (sign == "=")
        if term == "trashed":
            return lambda file: file.is_trashed == expected
        return lambda file: (email in file.share) == expected
    if kind != "text":
        raise QueryError(term)
    if term in {"mimeType", "name"} and sign in {"=", "!=", "contains"}:
        return lambda file: _matches_text(file.mime_type if term == "mimeType" else file.title, sign, text)
    if term == "modifiedTime" and sign in _COMPARISONS:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
        return lambda file: bool(_COMPARISONS[sign](file.modified_time, moment))
    raise QueryError(f"{term} {sign}")


def _matches_text(value: str, sign: str, text: str) -> bool:
    return text in value if sign == "contains" else (value == text) == (sign == "=")
