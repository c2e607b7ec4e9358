"""Google's own description of its interfaces: the methods, and the schema of every body.

Source: sheets.v4.json and drive.v3.json as shipped in google-api-python-client. Unknown parameters and
properties are refused, so that neither our requests nor the stand-in's answers differ from Google's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator

Json = dict[str, Any]
Query = Mapping[str, Sequence[str]]


class DriftError(Exception):
    """A request or an answer that Google's discovery document does not allow; the message says where."""


@dataclass(frozen=True)
class Method:
    """One method of an interface, such as "sheets.spreadsheets.get", with its path and query parameters."""

    id: str
    verb: str
    pattern: re.Pattern[str]
    parameters: Mapping[str, Json]
    request: str | None
    response: str
    scopes: frozenset[str]
    interface: Interface


class Interface:
    """One discovery document."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.document: Json = json.loads(_find_document(name).read_text(encoding="utf-8"))
        self.schemas: Mapping[str, Json] = self.document["schemas"]
        self._definitions = {name: to_json_schema(schema) for name, schema in self.schemas.items()}
        self.methods = tuple(self._list_methods(self.document["resources"]))

    def check_body(self, schema: str, body: object, label: str) -> None:
        """Raise DriftError if `body` does not match `schema`."""
        error = next(iter(_build_validator(self, schema).iter_errors(body)), None)
        if error is not None:
            raise DriftError(f"{label}: {error.json_path}: {error.message[:300]}")

    @property
    def definitions(self) -> Mapping[str, object]:
        return self._definitions

    def _list_methods(self, resources: Mapping[str, Json]) -> Iterator[Method]:
        for resource in resources.values():
            for method in resource.get("methods", {}).values():
                path = "/" + self.document["servicePath"] + method["path"]
                yield Method(
                    method["id"], method["httpMethod"], _compile_path(path),
                    self.document["parameters"] | method.get("parameters", {}),
                    method.get("request", {}).get("$ref"), method.get("response", {}).get("$ref", ""),
                    frozenset(method.get("scopes", ())), self,
                )  # fmt: skip
            yield from self._list_methods(resource.get("resources", {}))


def to_json_schema(schema: object) -> object:
    """Return a discovery schema as JSON Schema with local references and no unknown properties."""
    if isinstance(schema, list):
        return [to_json_schema(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref']}"}
    converted: Json = {}
    if schema.get("type") not in {None, "any"}:
        converted["type"] = schema["type"]
    for keyword in ("enum", "pattern"):
        if keyword in schema:
            converted[keyword] = schema[keyword]
    if schema.get("format") == "int32":
        converted |= {"minimum": -(2**31), "maximum": 2**31 - 1}
    if "items" in schema:
        converted["items"] = to_json_schema(schema["items"])
    if "properties" in schema:
        converted["properties"] = {name: to_json_schema(item) for name, item in schema["properties"].items()}
    if schema.get("type") == "object":
        converted["additionalProperties"] = to_json_schema(schema.get("additionalProperties", False))
    return converted


def check_query(method: Method, query: Query) -> None:
    """Raise DriftError for a query parameter that is unknown, repeated, or not of its type or enum."""
    for name, values in query.items():
        parameter = method.parameters.get(name)
        if parameter is None or parameter.get("location") != "query":
            raise DriftError(f"{method.id}: unknown query parameter {name!r}")
        if len(values) > 1 and not parameter.get("repeated"):
            raise DriftError(f"{method.id}: {name!r} is given {len(values)} times")
        for value in values:
            _check_value(method, name, parameter, value)


def _check_value(method: Method, name: str, schema: Json, value: str) -> None:
    allowed = {
        "boolean": value in {"true", "false"},
        "integer": re.fullmatch(r"-?\d+", value) is not None,
    }.get(schema["type"], True)
    if "enum" in schema:
        allowed = allowed and value in schema["enum"]
    if allowed and schema["type"] == "integer":
        low, high = int(schema.get("minimum", -(2**31))), int(schema.get("maximum", 2**31 - 1))
        allowed = low <= int(value) <= high
    if not allowed:
        raise DriftError(f"{method.id}: {name}={value!r} is no {schema.get('enum') or schema['type']}")


@cache
def load_interfaces() -> tuple[Interface, Interface]:
    return Interface("sheets.v4"), Interface("drive.v3")


def find_method(verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
    """Return the method of a request and the parameters in its path, None if Google has no such method."""
    for interface in load_interfaces():
        for method in interface.methods:
            if method.verb == verb and (match := method.pattern.fullmatch(path)):
                return method, match.groupdict()
    return None


@cache
def _build_validator(interface: Interface, schema: str) -> Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{schema}", "$defs": interface.definitions})


def _compile_path(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{\+?(\w+)\}", path)
    pattern = re.escape(parts[0])
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        # An id contains no colon (it ends where ":batchUpdate" begins); a range in A1 notation does.
        value = r"[^/]+" if name == "range" else r"[^/:]+"
        pattern += f"(?P<{name}>{value}){re.escape(text)}"
    return re.compile(pattern)


def _find_document(name: str) -> Path:
    spec = find_spec("googleapiclient.discovery_cache")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("google-api-python-client (see requirements-dev.txt)")
    return Path(spec.origin).parent / "documents" / f"{name}.json"
