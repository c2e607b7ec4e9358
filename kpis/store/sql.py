"""SQL texts: one statement to a .sql file, parameters bound; names of tables are quoted here alone."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def load(package: str, name: str, *, table: str | None = None) -> str:
    """The text of `name`.sql in `package`, its {table} replaced by that table's quoted name."""
    text = files(package).joinpath(f"{name}.sql").read_text(encoding="utf-8")
    return text if table is None else text.replace("{table}", identifier(table))


def identifier(name: str) -> str:
    """A name of a table or column as SQL reads it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'
