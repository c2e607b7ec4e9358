"""The settings, each with name, default and help, and the values that a run uses (design.md §6).

Imports only `kpis.language` and the errors. Reads nothing before `load_settings` is called.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import kpis
from kpis.errors import UsageError
from kpis.language.messages import LANGUAGES, Language


@dataclass(frozen=True)
class Setting:
    """One environment variable. `default` and `help` are catalogue keys."""

    name: str
    default: str
    help: str


BUNDLE = "_bundle"
"""The folder of the installed package with app.py, pages/, data/ and .streamlit/, as in the repository."""

CONFIGURATION = "config"
"""The folder of the sources file, the rights, the contacts and the register in `KPIS_SHARED`."""

SETTINGS = (
    Setting(
        "KPIS_SOURCES",
        "sources.toml in the project's folder, else the made-up sample",
        "the file that names the sheets to read",
    ),
    Setting(
        "KPIS_DATABASE",
        "var/kpis.json (the sample's: var/sample/kpis.json)",
        "the pointer file, with versions, journal and lock next to it; or a lake: ducklake:postgres:host=… dbname=…",
    ),
    Setting(
        "KPIS_LOCAL",
        "var/lake",
        "with a lake: the folder of this machine for its versions, which pages read",
    ),
    Setting(
        "KPIS_SHARED",
        "each machine of a lake keeps its own",
        "with a lake: the folder of all its machines for editions, the audit, and config/ with the sources",
    ),
    Setting(
        "KPIS_REGISTER",
        "the folder register/ beside the sources file, if there is one",
        "the installation's own register: accepted plans, and files that add to the product's or amend it",
    ),
    Setting("KPIS_LANGUAGE", "vi", "the language of the commands: vi or en"),
    Setting(
        "KPIS_WATCH",
        "5m",
        "how often the dashboard reads the sources in the background: 5m, 90s, 1h, off, or apart (another process)",
    ),
    Setting(
        "KPIS_MAX_AGE",
        "24h",
        "how old figures may be before /health says that something is wrong: 6h, 24h or off",
    ),
    Setting(
        "KPIS_GOOGLE_KEY",
        "no Google Sheet can be read",
        "the key file of the service account that the sheets are shared with",
    ),
    Setting(
        "KPIS_GOOGLE_KEY_JSON",
        "the file of KPIS_GOOGLE_KEY, else [google] in .streamlit/secrets.toml",
        "the content of that file, for a server without files of its own",
    ),
    Setting("KPIS_GOOGLE_FEEDBACK", "on", "whether feedback is written into Google Sheets: on or off"),
    Setting(
        "KPIS_SMTP",
        "no reminder can be sent",
        "the mail server: smtps://USER@HOST:465 (TLS), or smtp://USER@HOST:587 (STARTTLS)",
    ),
    Setting("KPIS_SMTP_PASSWORD", "no password", "the password of that user; it is never written down or shown"),
    Setting("KPIS_MAIL_FROM", "the user of KPIS_SMTP", "the sender's address of reminders"),
    Setting(
        "KPIS_GOOGLE_BASE",
        "Google",
        "the address of a stand-in for Google on this machine, to try things out",
    ),
)
"""Every setting; docs/settings.md names them all."""


_LAKE = re.compile(r"\s*(ducklake:|postgres(ql)?://)", re.IGNORECASE)


@dataclass(frozen=True)
class Settings:
    """The values that a run uses. `sample`: nothing is configured, so the made-up year is shown.

    `lake`: the address of a lake as it was given, read by `kpis.store.opening`; never shown, it may hold a password.
    `pointer` is then that of the local versions that follow it.
    """

    language: Language
    sources: Path
    pointer: Path
    overlay: Path | None
    sample: bool
    lake: str | None = field(default=None, repr=False)
    shared: Path | None = None
    """The folder that the machines of a lake share; None without one (`kpis.store.shared_files`)."""


def is_lake_address(text: str) -> bool:
    """True if a text means the address of a lake, right or wrong, and not a path."""
    return _LAKE.match(text) is not None


def get_project_root() -> Path:
    """Return the folder that holds data/, pages/ and app.py: the repository, or the bundle in the wheel."""
    return _find_project_root(kpis.__file__)


@cache
def _find_project_root(package_file: str) -> Path:
    package = Path(package_file).parent
    repository = package.parent
    return repository if (repository / "data" / "register").is_dir() else package / BUNDLE


def get_working_folder() -> Path:
    """Return the folder of sources.toml, var/ and secrets: the repository; with a wheel, the current one."""
    root = get_project_root()
    return Path.cwd() if root.name == BUNDLE else root


def get_sample_sources() -> Path:
    """Return the sources file of the made-up year."""
    return _find_sample_sources(get_project_root())


@cache
def _find_sample_sources(project_root: Path) -> Path:
    return project_root / "data" / "sample" / "sources.toml"


def _is_sample(file: Path) -> bool:
    sample = get_sample_sources()
    try:  # two looks at the disk: resolving both paths takes a tenth of a millisecond, several times in every run
        return file == sample or file.samefile(sample)
    except OSError:  # a file that is not there, or may not be looked at, is not the product's
        return False


def choose_language(environ: Mapping[str, str], requested: str | None = None) -> Language:
    """Return the requested language, else KPIS_LANGUAGE, else Vietnamese. UsageError if it is unknown."""
    text = requested if requested is not None else environ.get("KPIS_LANGUAGE") or "vi"
    for language in LANGUAGES:
        if text.strip().lower() == language:
            return language
    raise UsageError("Unknown language “{text}”. Use vi or en.", text=text)


def load_settings(
    environ: Mapping[str, str],
    *,
    sources: str | None = None,
    database: str | None = None,
    lang: str | None = None,
    read_only: bool = False,
) -> Settings:
    """Return the values that a run uses: arguments, else the environment, else defaults.

    `read_only`: the run only reads the database. Then an existing database of real figures takes precedence
    over the sample's, so that nobody sees made-up figures after reading their own sheets.
    UsageError if the database cannot be there, or a variable named KPIS_… is no setting.
    """
    check_variable_names(environ)
    file = _find_sources_file(environ, sources)
    sample = _is_sample(file)
    real_pointer = get_working_folder() / "var" / "kpis.json"
    if sample and sources is None and read_only and real_pointer.exists():
        sample = False
    given = database or environ.get("KPIS_DATABASE")
    default = get_working_folder() / "var" / "sample" / "kpis.json" if sample else real_pointer
    lake = given if given and is_lake_address(given) else None
    pointer = _find_local_pointer(environ, lake) or (Path(given).expanduser() if given else default)
    if "?" in str(pointer.absolute()):  # DuckDB takes what follows it for parameters
        raise UsageError("{path} cannot hold the database: “?” in a path. Choose another folder or name.", path=pointer)
    return Settings(
        language=choose_language(environ, lang),
        sources=file,
        pointer=pointer,
        overlay=find_overlay(environ, file),
        sample=sample,
        lake=lake,
        shared=_find_shared_folder(environ, lake),
    )


def _find_local_pointer(environ: Mapping[str, str], lake: str | None) -> Path | None:
    """Return the pointer of what follows a lake; None without one, and then nobody may have named its folder."""
    folder = environ.get("KPIS_LOCAL")
    if lake is not None:
        return (Path(folder).expanduser() if folder else get_working_folder() / "var" / "lake") / "kpis.json"
    if folder and not is_lake_address(environ.get("KPIS_DATABASE", "")):
        raise UsageError(
            "KPIS_LOCAL is for what follows a lake, and KPIS_DATABASE names none. Leave KPIS_LOCAL out, or set "
            "KPIS_DATABASE to the lake's address."
        )
    return None


def _find_shared_folder(environ: Mapping[str, str], lake: str | None) -> Path | None:
    """Return the folder that the machines of a lake share; None without one, and then nobody may have named it."""
    folder = environ.get("KPIS_SHARED")
    if folder and lake is None and not is_lake_address(environ.get("KPIS_DATABASE", "")):
        raise UsageError(
            "KPIS_SHARED is for the machines of a lake, and KPIS_DATABASE names none. Leave KPIS_SHARED out, or set "
            "KPIS_DATABASE to the lake's address."
        )
    return Path(folder).expanduser().absolute() if folder and lake is not None else None


def check_variable_names(environ: Mapping[str, str]) -> None:
    """Raise UsageError for a variable that begins with KPIS_ and is no setting: a mistyped one has no effect."""
    names = [setting.name for setting in SETTINGS]
    for name in sorted(name for name in environ if name[:5].upper() == "KPIS_"):
        if name not in names:
            nearest = next(iter(get_close_matches(name.upper(), names, n=1)), None)
            if nearest:
                raise UsageError("There is no setting {name}. Did you mean {nearest}?", name=name, nearest=nearest)
            raise UsageError("There is no setting {name}. All settings: {names}.", name=name, names=", ".join(names))


def find_overlay(environ: Mapping[str, str], sources: Path | None = None) -> Path | None:
    """Return the installation's own register: KPIS_REGISTER, else the folder register/ beside the sources file.

    Without `sources` it is the file that is configured; made-up targets of the sample are then left out, and without
    any file it is the folder where plans are accepted.
    """
    if given := environ.get("KPIS_REGISTER"):
        return Path(given).expanduser()
    folder = get_register_folder(environ) if sources is None else sources.parent / "register"
    return folder if folder.is_dir() else None


def get_register_folder(environ: Mapping[str, str]) -> Path:
    """Return where the installation's own register is written, whether or not it is there yet."""
    if folder := environ.get("KPIS_REGISTER"):
        return Path(folder).expanduser()
    file = _find_sources_file(environ, None)
    return (get_working_folder() if _is_sample(file) else file.parent) / "register"


def _find_sources_file(environ: Mapping[str, str], requested: str | None) -> Path:
    if name := requested or environ.get("KPIS_SOURCES"):
        return Path(name).expanduser()
    if folder := environ.get("KPIS_SHARED"):
        return Path(folder).expanduser() / CONFIGURATION / "sources.toml"
    default = get_working_folder() / "sources.toml"
    return default if default.exists() else get_sample_sources()
