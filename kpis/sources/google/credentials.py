"""Finds and checks the service account's key; its content is never shown.

A key is a file (KPIS_GOOGLE_KEY), its JSON in the environment (KPIS_GOOGLE_KEY_JSON), or the table [google]
of Streamlit's secrets (.streamlit/secrets.toml), which the commands read too. Errors name the place and what
is wrong, never the content.
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
    """A service account's key; `origin` tells where it was found.

    `account` is the e-mail address that sheets are shared with; the rest is never shown.
    """

    account: str
    origin: str
    _info: Mapping[str, str] = field(repr=False)

    def create_credentials(self, write: bool) -> Credentials:
        """Return new credentials with the smallest scopes: reading or writing sheets, and listing files.

        Raises UsageError if the private key is damaged.
        """
        scopes = [WRITE_SCOPE if write else READ_SCOPE, LIST_SCOPE]
        try:
            credentials: Credentials = Credentials.from_service_account_info(dict(self._info), scopes=scopes)
        except ValueError:
            raise UsageError(
                "The private key in {place} is damaged. Download the key of the service account again.",
                place=self.origin,
            ) from None
        return credentials


def find_key(environment: Mapping[str, str]) -> ServiceAccountKey | None:
    """Return the configured key, None if there is none. UsageError if it cannot be used."""
    if name := environment.get("KPIS_GOOGLE_KEY"):
        return _read_key_file(Path(name).expanduser())
    if text := environment.get("KPIS_GOOGLE_KEY_JSON"):
        return _parse_key(text, "KPIS_GOOGLE_KEY_JSON")
    for path in list_secrets_files():
        if (key := _read_secrets_key(path)) is not None:
            return key
    return None


def require_key(environment: Mapping[str, str]) -> ServiceAccountKey:
    """Return the configured key. Without one, UsageError says how to configure it."""
    key = find_key(environment)
    if key is None:
        raise UsageError(
            "A source is a Google Sheet, but no key is configured. Put the path of the service account's key "
            "file into the setting KPIS_GOOGLE_KEY, or the file's content into KPIS_GOOGLE_KEY_JSON, or its "
            "lines into [google] of .streamlit/secrets.toml."
        )
    return key


def list_secrets_files() -> tuple[Path, ...]:
    """Return where Streamlit looks for secrets, the working folder first."""
    folders = [get_working_folder()]
    with suppress(RuntimeError):  # the user has no home folder
        folders.append(Path.home())
    return tuple(folder / ".streamlit" / "secrets.toml" for folder in folders)


def _read_secrets_key(path: Path) -> ServiceAccountKey | None:
    """Return the key in the table [google] of a secrets file, None if there is no such file or table."""
    if not path.is_file():
        return None
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):  # the cause is dropped: it may quote the file
        raise UsageError(
            "{path} cannot be read as TOML. Check its syntax and its read permission.", path=path
        ) from None
    info = document.get("google")
    return _validate_key(info, f"[google] {path}") if isinstance(info, dict) else None


def _read_key_file(path: Path) -> ServiceAccountKey:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            "The key file {path} cannot be read. Check the path in KPIS_GOOGLE_KEY and its read permission.",
            path=path,
        ) from None
    return _parse_key(text, str(path))


def _parse_key(text: str, origin: str) -> ServiceAccountKey:
    try:
        info = json.loads(text)
    except ValueError:  # the cause is dropped: a JSON error contains the whole text
        info = None
    if not isinstance(info, dict):
        raise UsageError("{place} contains no key. Copy the key file as it was downloaded, unchanged.", place=origin)
    return _validate_key(info, origin)


def _validate_key(info: Mapping[str, object], origin: str) -> ServiceAccountKey:
    if "installed" in info or "web" in info or info.get("type", "service_account") != "service_account":
        raise UsageError(
            "{place} is the key of another kind of account. Create a service account in Google Cloud and a "
            "JSON key for it.",
            place=origin,
        )
    missing = [name for name in _REQUIRED_FIELDS if not isinstance(info.get(name), str) or not info[name]]
    if missing:
        raise UsageError(
            "{place} is incomplete: {fields} is missing. Download the key of the service account again.",
            place=origin,
            fields=", ".join(missing),
        )
    fields = {name: value for name, value in info.items() if isinstance(value, str)}
    # In environment variables and TOML files, line breaks are often written as the two characters \n.
    fields["private_key"] = fields["private_key"].replace("\\n", "\n")
    _check_token_address(fields["token_uri"], origin)
    return ServiceAccountKey(fields["client_email"], origin, fields)


def _check_token_address(address: str, origin: str) -> None:
    """Raise UsageError unless the signed token request goes to Google or to a test server on this machine."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    is_google = parts.scheme == "https" and (
        host == "googleapis.com" or host.endswith((".googleapis.com", ".google.com"))
    )
    if not is_google and not is_loopback(address):
        raise UsageError(
            "{place} sends token requests to {host}, which is not Google. Download the key of the service "
            "account again.",
            place=origin,
            host=host,
        )


def is_loopback(address: str) -> bool:
    """True if an address is on this machine, where a test server for Google may run."""
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
