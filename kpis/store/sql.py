"""SQL files: one statement each, parameters bound; table names are quoted only here."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path


@cache
def load(package: str, name: str, *, table: str | None = None, column: str | None = None) -> str:
    """Read `name`.sql from `package` or its folder `sql/`; {table} and {column} become quoted names."""
    folder = Path(str(files(package)))
    (path,) = [*folder.glob(f"{name}.sql"), *folder.glob(f"sql/**/{name}.sql")]
    text = path.read_text(encoding="utf-8")
    for place, identifier in (("{table}", table), ("{column}", column)):
        if identifier is not None:
            text = text.replace(place, quote_identifier(identifier))
    return text


def quote_identifier(name: str) -> str:
    """Return the name of a table or column as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
