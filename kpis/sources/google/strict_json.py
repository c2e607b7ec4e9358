"""JSON from the network, parsed strictly: UTF-8, no key twice, no NaN, a bounded depth."""

from __future__ import annotations

import json
import re
from itertools import accumulate
from typing import Any, NoReturn

MAX_DEPTH = 40
"""The deepest nesting of an answer; Google's own have 14 levels at most."""
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


def parse_json(body: bytes) -> object:
    """Return the content of a JSON text; ValueError if it is not JSON, too deep, or has a key twice."""
    brackets = _STRING.sub(b"", body).translate(None, _NO_BRACKETS)
    if max(accumulate(map(_STEPS.__getitem__, brackets)), default=0) > MAX_DEPTH:
        raise ValueError("too deep")
    text = body.decode("utf-8")
    content: object = json.loads(text, object_pairs_hook=_build_object, parse_constant=_reject_constant)
    return content


def _build_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key stands twice")
    return content


def _reject_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")
