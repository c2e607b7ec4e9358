"""The service account's key: found, checked, and never shown.

A key is a file (KPIS_GOOGLE_KEY), its JSON in the environment (KPIS_GOOGLE_KEY_JSON), or the table [google]
of Streamlit's secrets (.streamlit/secrets.toml), which commands and dashboard read alike. Errors name the
place and what is wrong there, never its content.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from google.oauth2.service_account import Credentials

from kpis.errors import UsageError
from kpis.settings import get_working_folder

READ_SCOPE = "https://www.googleapis.com/auth/spreadsheets.readonly"
WRITE_SCOPE = "https://www.googleapis.com/auth/spreadsheets"
LIST_SCOPE = "https://www.googleapis.com/auth/drive.metadata.readonly"
_REQUIRED_FIELDS = ("client_email", "private_key", "token_uri")


@dataclass(frozen=True)
class ServiceAccountKey:
    """A service account's key, and where it was found.

    `account` is the address that a sheet is shared with; the rest is never shown.
    """

    account: str
    origin: str
    _info: Mapping[str, str] = field(repr=False)

    def create_credentials(self, write: bool) -> Credentials:
        """Fresh credentials with the smallest scopes: reading (or writing) sheets, and listing files.

        UsageError where the private key is damaged.
        """
        scopes = [WRITE_SCOPE if write else READ_SCOPE, LIST_SCOPE]
        try:
            made: Credentials = Credentials.from_service_account_info(dict(self._info), scopes=scopes)
        except ValueError:
            raise UsageError(
                "The private key in {place} is damaged. Download the key of the service account again.",
                place=self.origin,
            ) from None
        return made


def find_key(environment: Mapping[str, str]) -> ServiceAccountKey | None:
    """The key that is configured; None without one. UsageError where it is there but cannot be used."""
    if path := environment.get("KPIS_GOOGLE_KEY"):
        return _read_key_file(Path(path).expanduser())
    if text := environment.get("KPIS_GOOGLE_KEY_JSON"):
        return _parse_key(text, "KPIS_GOOGLE_KEY_JSON")
    for held in list_secrets_files():
        if (key := _read_secrets_key(held)) is not None:
            return key
    return None


def require_key(environment: Mapping[str, str]) -> ServiceAccountKey:
    """The key that is configured; UsageError says how to configure one."""
    key = find_key(environment)
    if key is None:
        raise UsageError(
            "A source is a Google Sheet, but no key is configured. Put the path of the service account's key "
            "file into the setting KPIS_GOOGLE_KEY, or the file's content into KPIS_GOOGLE_KEY_JSON, or its "
            "lines into [google] of .streamlit/secrets.toml."
        )
    return key


def list_secrets_files() -> tuple[Path, ...]:
    """Where Streamlit looks for secrets, the project's own folder first."""
    folders = [get_working_folder()]
    with suppress(RuntimeError):  # a user without a home
        folders.append(Path.home())
    return tuple(folder / ".streamlit" / "secrets.toml" for folder in folders)


def _read_secrets_key(path: Path) -> ServiceAccountKey | None:
    """The key in the table [google] of a file of secrets; None where there is no such file or table."""
    if not path.is_file():
        return None
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):  # left without its cause: what stands in the file is shown nowhere
        raise UsageError(
            "{path} cannot be read as TOML. Check how it is written, and who may read it.", path=path
        ) from None
    info = held.get("google")
    return _validate_key(info, f"[google] {path}") if isinstance(info, dict) else None


def _read_key_file(path: Path) -> ServiceAccountKey:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            "The key file {path} cannot be read. Check the path in KPIS_GOOGLE_KEY, and who may read it.",
            path=path,
        ) from None
    return _parse_key(text, str(path))


def _parse_key(text: str, origin: str) -> ServiceAccountKey:
    try:
        info = json.loads(text)
    except ValueError:  # left without its cause: a JSON error carries the whole text with it
        info = None
    if not isinstance(info, dict):
        raise UsageError(
            "{place} holds no key. Copy the key file as it was downloaded, unchanged.", place=origin
        )
    return _validate_key(info, origin)


def _validate_key(info: Mapping[str, object], origin: str) -> ServiceAccountKey:
    if "installed" in info or "web" in info or info.get("type", "service_account") != "service_account":
        raise UsageError(
            "{place} is the key of another kind of account. Make a service account in Google Cloud, and a "
            "JSON key for it.",
            place=origin,
        )
    missing = [name for name in _REQUIRED_FIELDS if not isinstance(info.get(name), str) or not info[name]]
    if missing:
        raise UsageError(
            "{place} is no whole key: {fields} is missing. Download the key of the service account again.",
            place=origin,
            fields=", ".join(missing),
        )
    kept = {name: value for name, value in info.items() if isinstance(value, str)}
    # In an environment variable or a TOML file line breaks often arrive as the two characters \n.
    kept["private_key"] = kept["private_key"].replace("\\n", "\n")
    _check_token_address(kept["token_uri"], origin)
    return ServiceAccountKey(kept["client_email"], origin, kept)


def _check_token_address(address: str, origin: str) -> None:
    """The signed request for a token goes to Google, or to a stand-in on this machine."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    google = parts.scheme == "https" and (
        host == "googleapis.com" or host.endswith((".googleapis.com", ".google.com"))
    )
    if not google and not is_loopback(address):
        raise UsageError(
            "{place} names {host} as the place to ask for leave, which is not Google. Download the key of "
            "the service account again.",
            place=origin,
            host=host,
        )


def is_loopback(address: str) -> bool:
    """Whether an address is on this machine, where a stand-in for Google may be."""
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
