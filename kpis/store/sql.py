"""SQL files: one statement each, parameters bound; table names are quoted only here."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path


@cache
def load(package: str, name: str, *, table: str | None = None) -> str:
    """Read `name`.sql from `package` or its folder `sql/`; {table} becomes that table's quoted name."""
    folder = Path(str(files(package)))
    (path,) = [*folder.glob(f"{name}.sql"), *folder.glob(f"sql/**/{name}.sql")]
    text = path.read_text(encoding="utf-8")
    return text if table is None else text.replace("{table}", quote_identifier(table))


def quote_identifier(name: str) -> str:
    """Return the name of a table or column as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
