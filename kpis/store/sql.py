"""SQL texts: one statement to a .sql file, parameters bound; names of tables are quoted here alone."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def load(package: str, name: str) -> str:
    """The text of `name`.sql in `package`, say `load("kpis.sync", "retire_entries")`."""
    return files(package).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def identifier(name: str) -> str:
    """A name of a table or column as SQL reads it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'
