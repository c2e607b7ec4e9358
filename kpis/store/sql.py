"""SQL texts: one statement to a .sql file, parameters bound; names of tables are quoted here alone."""

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
    """A name of a table or column as SQL reads it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'
