"""The address of a lake, told from a path: where PostgreSQL is, never with a password.

`ducklake:postgres:host=… port=… dbname=… user=…` or `postgresql://user@host:port/dbname`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kpis.errors import StoreError, UsageError
from kpis.settings import is_lake_address
from kpis.store.lake.extensions import MISSING_MESSAGE

_PREFIX = "ducklake:postgres:"
_URL = re.compile(r"postgres(ql)?://", re.IGNORECASE)
_TRICKS = re.compile(r"[?'\"\\;`$\x00-\x1f\x7f]")
"""What would end the name in a statement, begin an option of DuckLake's or hide a second value."""

_FILE = r"[^\s=,]+"
PARAMETERS: Mapping[str, str] = {
    "host": r"[\w.:/~-]+",
    "hostaddr": r"[0-9A-Fa-f.:]+",
    "port": r"[1-9][0-9]{0,4}",
    "dbname": r"[\w.-]+",
    "user": r"[\w.@-]+",
    "passfile": _FILE,
    "sslmode": r"[a-z-]+",
    "sslrootcert": _FILE,
    "sslcert": _FILE,
    "sslkey": _FILE,
    "sslcrl": _FILE,
    "channel_binding": r"[a-z]+",
}
"""What an address may hold, each with the form of its value; the rest is set by the product or by nobody."""

_SECRETS = frozenset({"password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key"})


@dataclass(frozen=True, slots=True)
class LakeAddress:
    """Where the catalog of a lake is: `conninfo` is libpq's text of keywords, without quotes and a password."""

    conninfo: str

    @property
    def parameters(self) -> Mapping[str, str]:
        """The keywords with their values."""
        return dict(word.split("=", 1) for word in self.conninfo.split(" "))

    def describe(self) -> str:
        """Return what may be shown to anyone: server, port and database."""
        values = self.parameters
        return f"{values.get('host') or values['hostaddr']}:{values['port']}/{values['dbname']}"


def parse_address(text: str) -> LakeAddress | None:
    """Return the address that a text means; None for a path.

    UsageError for an address that is not valid. No sentence repeats a value: it might be a password.
    """
    if not is_lake_address(text):
        return None
    text = text.strip()
    if _URL.match(text):
        return _build_address(_split_conninfo(text))
    if not text.lower().startswith(_PREFIX):
        raise UsageError("The catalog of a lake is in PostgreSQL: its address begins with {prefix}", prefix=_PREFIX)
    conninfo = text[len(_PREFIX) :].strip()
    if not _URL.match(conninfo) and _TRICKS.search(conninfo):
        raise _build_sign_error()
    return _build_address(_split_conninfo(conninfo))


def _split_conninfo(conninfo: str) -> dict[str, str]:
    """Split as libpq does; what it says of a wrong text may hold parts of a password and is dropped."""
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict
    except ImportError as error:
        raise StoreError(MISSING_MESSAGE, package="psycopg") from error
    try:
        values = conninfo_to_dict(conninfo)
    except (ProgrammingError, UnicodeError):
        text = "The address of the lake cannot be read. It looks like this: {example}"
        raise UsageError(text, example=f"{_PREFIX}host=… port=5432 dbname=… user=…") from None
    return {key: str(value) for key, value in values.items() if value not in (None, "")}


def _build_address(values: dict[str, str]) -> LakeAddress:
    if _SECRETS & values.keys():
        raise UsageError(
            "The address of the lake holds a password. Put it into a pgpass file (PGPASSFILE) or into PGPASSWORD."
        )
    refused = sorted(values.keys() - PARAMETERS.keys())
    if refused:
        text = "The address of the lake may not hold {refused}, only {accepted}."
        raise UsageError(text, refused=", ".join(refused), accepted=", ".join(PARAMETERS))
    values.setdefault("port", "5432")
    missing = [key for key in ("host", "dbname", "user") if key not in values]
    if missing and not (missing == ["host"] and "hostaddr" in values):
        raise UsageError("The address of the lake lacks {missing}.", missing=", ".join(missing))
    for key, value in values.items():
        if _TRICKS.search(value):
            raise _build_sign_error()
        if not re.fullmatch(PARAMETERS[key], value) or (key == "port" and int(value) > 65_535):
            raise UsageError("The address of the lake has a value for {key} that is not valid.", key=key)
    return LakeAddress(" ".join(f"{key}={values[key]}" for key in PARAMETERS if key in values))


def _build_sign_error() -> UsageError:
    return UsageError("The address of the lake may not hold quotes, question marks, semicolons, $ or backslashes.")
