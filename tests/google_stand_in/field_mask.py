"""Field masks ("sheets(properties(title),data/rowData)"): parsed, checked against a schema, and applied.

Source: https://developers.google.com/workspace/sheets/api/guides/field-masks and Drive's partial responses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.google_stand_in.discovery import Interface, Json

Mask = dict[str, "Mask"]
"""The selection below each name; an empty mask selects everything."""


class MaskError(Exception):
    """A mask that Google would refuse; the message is the invalid selection."""


def parse_mask(text: str) -> Mask:
    """Return the tree of a mask; MaskError if it is invalid."""
    tokens = re.findall(r"[\w*]+|[(),./]", text)
    if "".join(tokens) != re.sub(r"\s", "", text) or not tokens:
        raise MaskError(text)
    mask = _parse_items(tokens)
    if tokens:
        raise MaskError(text)
    return mask


def _parse_items(tokens: list[str]) -> Mask:
    mask: Mask = {}
    while True:
        _parse_item(tokens, mask)
        if not tokens or tokens[0] != ",":
            return mask
        tokens.pop(0)


def _parse_item(tokens: list[str], mask: Mask) -> None:
    name = tokens.pop(0) if tokens else ""
    if not re.fullmatch(r"[\w*]+", name):
        raise MaskError(name or "(end)")
    child = mask.setdefault(name, {})
    if tokens and tokens[0] in {".", "/"}:
        tokens.pop(0)
        _parse_item(tokens, child)
    elif tokens and tokens[0] == "(":
        tokens.pop(0)
        child.update(_parse_items(tokens))
        if not tokens or tokens.pop(0) != ")":
            raise MaskError(name)


def check_mask(mask: Mask, interface: Interface, schema: str) -> None:
    """Raise MaskError for a name that is not in the schema of the answer."""
    _check_fields(mask, interface, {"$ref": schema})


def _check_fields(mask: Mask, interface: Interface, schema: Mapping[str, Any]) -> None:
    if "$ref" in schema:
        schema = interface.schemas[schema["$ref"]]
    if "items" in schema:
        _check_fields(mask, interface, schema["items"])
        return
    for name, child in mask.items():
        if name == "*":
            continue
        if name not in schema.get("properties", {}):
            raise MaskError(name)
        _check_fields(child, interface, schema["properties"][name])


def has_field(mask: Mask, *path: str) -> bool:
    """True if something at or below `path` is selected."""
    for name in path:
        if not mask or "*" in mask:
            return True
        if name not in mask:
            return False
        mask = mask[name]
    return True


def apply_mask(mask: Mask, value: Any) -> Any:  # any JSON value
    """Return the parts of a JSON value that a mask selects; lists keep their length, as Google's do."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [apply_mask(mask, item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: apply_mask(mask[name], item) for name, item in value.items() if name in mask}


def merge_fields(mask: Mask, old: Json, new: Json) -> Json:
    """Return `old` with the selected parts of `new`; what is selected but missing there is cleared."""
    if "*" in mask or not mask:
        return dict(new)
    merged = dict(old)
    for name, child in mask.items():
        if name not in new:
            merged.pop(name, None)
        elif child and isinstance(new[name], dict):
            merged[name] = merge_fields(child, old.get(name, {}), new[name])
        else:
            merged[name] = new[name]
    return merged
