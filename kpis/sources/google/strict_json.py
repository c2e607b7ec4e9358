"""JSON from the network, parsed strictly: UTF-8, no key twice, no NaN, a bounded depth."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from kpis.sources.bounds import MAX_JSON_DEPTH

_STRING_PATTERN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)  # never tried another way
_OTHER_BYTES = bytes(set(range(256)) - set(b"[]{}"))


def parse_json(body: bytes) -> object:
    """Return the content of a JSON text; ValueError if it is not JSON, too deep, or has a key twice."""
    if _is_too_deep(body):
        raise ValueError("too deep")
    text = body.decode("utf-8")
    try:
        content: object = json.loads(text, object_pairs_hook=_build_object, parse_constant=_reject_constant)
    except RecursionError:
        raise ValueError("too deep") from None
    return content


def _is_too_deep(body: bytes) -> bool:
    """Return True if JSON is nested deeper than MAX_JSON_DEPTH, as far as brackets in texts let it be seen.

    Texts are taken out only where their brackets make a difference, which is rare: it costs half as much as
    parsing. What they hide from the first look, the parser's own limit refuses (RecursionError).
    """
    if _collapses(body):
        return False
    return not _collapses(_STRING_PATTERN.sub(b"", body))


def _collapses(body: bytes) -> bool:
    """Return True if nothing is left when the innermost brackets are taken away as often as is allowed."""
    brackets = body.translate(None, _OTHER_BYTES)
    for _ in range(MAX_JSON_DEPTH):
        if not brackets:
            return True
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return not brackets


def _build_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key stands twice")
    return content


def _reject_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")
