"""Tables as the text of a TOML file. A JSON string without \\u007f is a TOML string."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

TomlTable = Mapping[str, object]


def format_toml(tables: Mapping[str, TomlTable | Sequence[TomlTable]]) -> str:
    """Return tables by name: a mapping becomes [name], each of a list [[name]]; None and empty texts are left out."""
    parts = []
    for name, content in tables.items():
        if isinstance(content, Mapping):
            parts.append(f"[{name}]\n{_format_fields(content)}")
        else:
            parts += [f"[[{name}]]\n{_format_fields(table)}" for table in content]
    return "\n".join(parts)


def _format_fields(table: TomlTable) -> str:
    fields = {key: value for key, value in table.items() if value is not None and value != "" and value != []}
    return "".join(f"{_format_key(key)} = {_format_value(value)}\n" for key, value in fields.items())


def _format_key(key: str) -> str:
    return key if key.isascii() and key.replace("_", "").isalnum() else json.dumps(key)


def _format_value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal():
            text = f"{value:f}"
            return text if "." in text else f"{text}.0"
        case date():  # a moment too
            return value.isoformat()
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case Mapping():
            return "{ " + ", ".join(f"{_format_key(key)} = {_format_value(item)}" for key, item in value.items()) + " }"
        case Sequence():
            return "[" + ", ".join(_format_value(item) for item in value) + "]"
        case _:
            raise TypeError(value)
