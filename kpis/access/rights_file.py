"""`access.toml` beside the sources file: read whole and strictly, every fault with its place."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from kpis.access.address import Address, parse_address
from kpis.access.errors import RightsFaultError, RightsFileError
from kpis.access.rights import ROLES, Entry, Provider, Rights, SessionLimits, normalize_email

RIGHTS_FILE = "access.toml"

_FILE_KEYS = ("address", "provider", "sessions", "person")
_PROVIDER_KEYS = (
    "issuer", "client_id", "client_secret_file", "client_secret_credential", "label", "email_claim", "email_verified",
)  # fmt: skip
_SESSION_KEYS = ("idle", "lifetime", "invited_idle", "invited_lifetime")
_PERSON_KEYS = ("email", "role", "plans", "agencies")
_EMAIL = re.compile(r"[^\s@\"'<>,;:\\()\[\]]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
_PLAN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DURATION = re.compile(r"([1-9][0-9]{0,4})([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_LONGEST = timedelta(days=90)
_MAX_BYTES = 1 << 20
_PLANS_TEXT = 'the ids of plans, like ["ha-noi"]'
_PLANS_OR_ALL = 'the ids of plans, like ["ha-noi"], or "all"'


def load_rights(path: Path, environ: Mapping[str, str] | None = None) -> Rights:
    """Return the rights in a file; RightsFileError with every fault where it is missing or not valid.

    `environ`: where `CREDENTIALS_DIRECTORY` names the folder of the service manager's credentials.
    """
    data = _read(path)
    reader = _Reader(os.environ if environ is None else environ, path.parent)
    try:
        document = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise RightsFileError(
            path, [RightsFaultError(path.name, "the file is not TOML: {reason}", reason=str(error)[:200])]
        ) from None
    rights = reader.build(document, hashlib.sha256(data).hexdigest())
    if reader.faults or rights is None:
        raise RightsFileError(path, reader.faults)
    return rights


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RightsFileError(
            path, [RightsFaultError(path.name, "the file cannot be read: {reason}", reason=reason)]
        ) from None
    if len(data) > _MAX_BYTES:
        raise RightsFileError(path, [RightsFaultError(path.name, "the file is larger than 1 MB")])
    return data


class _Reader:
    """Builds rights from a document and collects every fault."""

    def __init__(self, environ: Mapping[str, str], folder: Path) -> None:
        self.environ, self.folder = environ, folder
        self.faults: list[RightsFaultError] = []

    def build(self, document: dict[str, Any], digest: str) -> Rights | None:
        """Return the rights; None if there is a fault."""
        self._refuse_unknown_keys(document, _FILE_KEYS, RIGHTS_FILE)
        address = self._read_address(document.get("address"))
        provider = self._read_provider(document["provider"]) if "provider" in document else None
        sessions = self._get_table(document, "sessions")
        self._refuse_unknown_keys(sessions, _SESSION_KEYS, "[sessions]")
        limits = self._read_limits(sessions, "idle", "8h", "lifetime", "12h")
        invited = self._read_limits(sessions, "invited_idle", "7d", "invited_lifetime", "30d")
        entries = tuple(self._read_entries(document.get("person")))
        if self.faults or address is None:
            return None
        return Rights(address, provider, limits, invited, entries, digest)

    def _add(self, place: str, text: str, **values: object) -> None:
        self.faults.append(RightsFaultError(place, text, **values))

    def _refuse_unknown_keys(self, table: Mapping[str, object], keys: tuple[str, ...], place: str) -> None:
        for key in table:
            if key not in keys:
                self._add(place, "“{key}” is not known; possible are {keys}", key=key, keys=", ".join(keys))

    def _get_table(self, document: Mapping[str, Any], name: str) -> dict[str, Any]:
        table = document.get(name, {})
        if isinstance(table, dict):
            return table
        self._add(f"[{name}]", "this must be a table")
        return {}

    def _read_address(self, value: object) -> Address | None:
        if isinstance(value, str):
            try:
                return parse_address(value)
            except ValueError:
                pass
        text = "the public address of the dashboard, like https://kpi.tinh.gov.vn; http only on this machine"
        self._add("address", text)
        return None

    def _read_provider(self, table: object) -> Provider | None:
        place = "[provider]"
        if not isinstance(table, dict):
            self._add(place, "this must be a table")
            return None
        self._refuse_unknown_keys(table, _PROVIDER_KEYS, place)
        issuer, client = self._read_text(table, "issuer", place), self._read_text(table, "client_id", place)
        label = self._read_text(table, "label", place, default="Google")
        claim = self._read_text(table, "email_claim", place, default="email")
        verified = self._read_text(table, "email_verified", place, default="required")
        if verified not in {"required", "provider_vouches"}:
            self._add(f"{place} email_verified", "this is “required” or “provider_vouches”")
        try:
            parse_address(issuer)
        except ValueError:
            self._add(f"{place} issuer", "an address that begins with https://; http only on this machine")
        secret = self._read_secret(table, place)
        return Provider(issuer, client, secret, label, claim, verified == "provider_vouches")

    def _read_text(self, table: Mapping[str, object], key: str, place: str, default: str = "") -> str:
        value = table.get(key, default)
        if isinstance(value, str) and value.strip():
            return value.strip()
        self._add(f"{place} {key}", "a text that is not empty")
        return ""

    def _read_secret(self, table: Mapping[str, object], place: str) -> str:
        file, credential = table.get("client_secret_file"), table.get("client_secret_credential")
        if isinstance(file, str) and credential is None:
            path = self.folder / Path(file).expanduser()
        elif isinstance(credential, str) and file is None and re.fullmatch(r"[A-Za-z0-9_.-]+", credential):
            path = Path(self.environ.get("CREDENTIALS_DIRECTORY", "")) / credential
        else:
            self._add(place, "the secret stands in a file: give client_secret_file or client_secret_credential")
            return ""
        try:
            secret = path.read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            secret = ""
        if not secret:
            self._add(place, "the file with the client's secret cannot be read or is empty: {file}", file=path.name)
        return secret

    def _read_limits(
        self, table: Mapping[str, object], idle: str, idle_default: str, lifetime: str, default: str
    ) -> Any:
        limits = [self._read_duration(table, idle, idle_default), self._read_duration(table, lifetime, default)]
        if limits[0] > limits[1]:
            self._add("[sessions]", "“{idle}” is longer than “{lifetime}”", idle=idle, lifetime=lifetime)
        return SessionLimits(limits[0], limits[1])

    def _read_duration(self, table: Mapping[str, object], key: str, default: str) -> timedelta:
        value = table.get(key, default)
        match = _DURATION.fullmatch(value) if isinstance(value, str) else None
        duration = int(match[1]) * _UNITS[match[2]] if match else timedelta(0)
        if not timedelta(0) < duration <= _LONGEST:
            self._add(f"[sessions] {key}", "a duration like 30m, 8h or 7d, at most 90 days")
        return duration

    def _read_entries(self, tables: object) -> Iterator[Entry]:
        if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
            self._add("[[person]]", "nobody is named; add [[person]] with email, role and plans")
            return
        for number, table in enumerate(tables, 1):
            fault_count = len(self.faults)
            entry = self._read_entry(table, f"[[person]] {number}")
            if len(self.faults) == fault_count and entry is not None:
                yield entry

    def _read_entry(self, table: Mapping[str, object], place: str) -> Entry | None:
        self._refuse_unknown_keys(table, _PERSON_KEYS, place)
        email = normalize_email(self._read_text(table, "email", place))
        if email and not _EMAIL.fullmatch(email):
            self._add(f"{place} email", "“{email}” is not an e-mail address", email=email)
        role = next((name for name in ROLES if name == table.get("role")), None)
        if role is None:
            self._add(f"{place} role", "this is one of {roles}", roles=", ".join(ROLES))
            return None
        plans, agencies = self._read_plans(table, role, place), self._read_agencies(table, role, place)
        return Entry(email, role, plans, agencies)

    def _read_plans(self, table: Mapping[str, object], role: str, place: str) -> frozenset[str] | None:
        value = table.get("plans", "all" if role == "administrator" else None)
        if value == "all" and role in {"leader", "administrator"}:
            return None
        plans = _read_texts(value)
        if role == "administrator":
            self._add(f"{place} plans", "an administrator has all plans; leave “plans” out")
        elif not plans or not all(_PLAN.fullmatch(plan) for plan in plans):
            self._add(f"{place} plans", _PLANS_OR_ALL if role == "leader" else _PLANS_TEXT)
        elif role == "officer" and len(plans) != 1:
            self._add(f"{place} plans", "an officer's entry names one plan; add another entry for another plan")
        return frozenset(plans or ())

    def _read_agencies(self, table: Mapping[str, object], role: str, place: str) -> frozenset[str]:
        agencies = _read_texts(table.get("agencies", []))
        if agencies is None or bool(agencies) != (role == "officer"):
            self._add(f"{place} agencies", "the names of an officer's agencies; only an officer has them")
        return frozenset(agencies or ())


def _read_texts(value: object) -> list[str] | None:
    """Return a list of texts that are not empty; None for anything else."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        return None
    return [item.strip() for item in value]
