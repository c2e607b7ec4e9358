"""SQL files: one statement each, parameters bound; table names are quoted only here."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path


@cache
def load(
    package: str, name: str, *, table: str | None = None, column: str | None = None, schema: str | None = None
) -> str:
    """Read `name`.sql from `package` or its folder `sql/`; {table}, {column} and {schema} become quoted names."""
    folder = Path(str(files(package)))
    (path,) = [*folder.glob(f"{name}.sql"), *folder.glob(f"sql/**/{name}.sql")]
    text = path.read_text(encoding="utf-8")
    for place, identifier in (("{table}", table), ("{column}", column), ("{schema}", schema)):
        if identifier is not None:
            text = text.replace(place, quote_identifier(identifier))
    return text


def quote_identifier(name: str) -> str:
    """Return the name of a table or column as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """Return a text as a quoted SQL literal, where a statement takes no parameters."""
    return "'" + text.replace("'", "''") + "'"
