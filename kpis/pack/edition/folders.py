"""Where editions lie: `<out>/2026-W47-all/r1/…`, each with its edition.json; reading and checking them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

from kpis.errors import KpisError, UsageError
from kpis.language.messages import Language
from kpis.pack.figures.previous_edition import FollowUp, PreviousEdition
from kpis.pack.figures.weeks import Week, parse_week

RECORD_FILE = "edition.json"
FIGURES_FILE = "figures.json"
ALL_PLANS = "all"
"""How the scope of all plans is named in a folder."""

_FOLDER_NAME = re.compile(r"(?P<week>\d{4}-W\d{2})-(?P<scope>.+?)(?P<english>\.en)?")
_REVISION_NAME = re.compile(r"r([1-9]\d*)")


class EditionError(KpisError):
    """A sealed edition that cannot be read, or was changed after its sealing."""


@dataclass(frozen=True)
class Edition:
    """One sealed edition, as its edition.json has it. Moments are naive UTC, `files` names -> SHA-256.

    `compared_with` names the edition whose figures it was held against; None where there was none.
    """

    week: str
    scope: str
    scope_name: str
    lang: Language
    revision: int
    as_of: date
    since: date
    known_then: datetime
    compared_with: str | None
    data_version: int
    sample: bool
    settings: Mapping[str, str]
    sealed_at: datetime
    figures_sha256: str
    files: Mapping[str, str]
    asked: tuple[FollowUp, ...]
    folder: Path

    @property
    def name(self) -> str:
        """Its week, and its revision where it is not the first: "2026-W47 r2"."""
        return self.week if self.revision == 1 else f"{self.week} r{self.revision}"

    @property
    def plan(self) -> str | None:
        """The plan it is about; None for all."""
        return None if self.scope == ALL_PLANS else self.scope

    @property
    def as_previous(self) -> PreviousEdition:
        """What the next edition holds itself against."""
        return PreviousEdition(self.name, self.sealed_at, self.asked)

    @property
    def paths(self) -> tuple[Path, ...]:
        """Its files in order, edition.json last."""
        return (*(self.folder / name for name in self.files), self.folder / RECORD_FILE)

    def list_page_images(self) -> tuple[Path, ...]:
        """Its pages as pictures, in order."""
        return tuple(path for path in self.paths if path.suffix == ".png")

    def list_altered_files(self) -> list[str]:
        """The files that are missing or no longer the bytes that were sealed."""
        return [name for name, sealed in self.files.items() if _try_digest(self.folder / name) != sealed]

    def to_record(self) -> dict[str, Any]:
        """What edition.json holds."""
        held = {name: value for name, value in asdict(self).items() if name != "folder"}
        for name in ("as_of", "since", "known_then", "sealed_at"):
            held[name] = held[name].isoformat()
        return {"format": 1, **held}


def compute_digest(path: Path) -> str:
    """SHA-256 of a file as edition.json writes it."""
    with path.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def _try_digest(path: Path) -> str | None:
    try:
        return compute_digest(path)
    except OSError:  # gone or unreadable: not what was sealed
        return None


def get_folder(out: Path, week: Week, plan: str | None, lang: Language) -> Path:
    """Where the revisions of a week and scope lie."""
    return out / f"{week}-{plan or ALL_PLANS}{'.en' if lang == 'en' else ''}"


def get_default_folder(pointer: Path) -> Path:
    """Where the pages keep editions: beside the database, as `pack` does without --out."""
    return pointer.with_name(f"{pointer.stem}-editions")


def read_edition(folder: Path) -> Edition:
    """The edition in a folder; EditionError where its edition.json cannot be read."""
    try:
        held = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
        held.pop("format")
        parse_week(held["week"])
        for name in ("known_then", "sealed_at"):
            held[name] = datetime.fromisoformat(held[name])
        for name in ("as_of", "since"):
            held[name] = date.fromisoformat(held[name])
        held["asked"] = tuple(FollowUp(**one) for one in held["asked"])
        return Edition(**held, folder=folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, UsageError) as error:
        raise EditionError(
            "The sealed edition in {folder} cannot be read and is left out; the others stay.",
            folder=f"{folder.parent.name}/{folder.name}",
        ) from error


def list_revisions(folder: Path) -> list[Edition]:
    """The editions of one week and scope that can be read, r1 first; `unreadable` names the others."""
    return [one for _, one in _read_revisions(folder) if isinstance(one, Edition)]


def get_last_revision(folder: Path) -> int:
    """The number of the latest revision of a week and scope, readable or not; 0 where there is none."""
    return max((number for number, _ in _list_revision_folders(folder)), default=0)


def list_editions(out: Path, plan: str | None = None, lang: Language | None = None) -> list[Edition]:
    """Every edition under `out`, the latest week first and its latest revision first.

    `plan` keeps one scope (`EVERY` is that of all plans), `lang` one language.
    """
    found = [one for folder in _list_folders(out, plan, lang) for one in list_revisions(folder)]
    return sorted(found, key=lambda one: (one.week, one.scope, one.lang, one.revision), reverse=True)


def list_unreadable(out: Path, plan: str | None = None, lang: Language | None = None) -> list[EditionError]:
    """What `editions` leaves out for the same question: those whose edition.json cannot be read."""
    found = [one for folder in _list_folders(out, plan, lang) for _, one in _read_revisions(folder)]
    return [one for one in found if isinstance(one, EditionError)]


def _list_folders(out: Path, plan: str | None, lang: Language | None) -> list[Path]:
    return [
        folder
        for folder in (sorted(out.iterdir()) if out.is_dir() else ())
        if (named := _FOLDER_NAME.fullmatch(folder.name))
        and plan in (None, named["scope"])
        and lang in (None, "en" if named["english"] else "vi")
    ]


def _list_revision_folders(folder: Path) -> list[tuple[int, Path]]:
    there = folder.iterdir() if folder.is_dir() else ()
    return sorted((int(found[1]), one) for one in there if (found := _REVISION_NAME.fullmatch(one.name)))


def _read_revisions(folder: Path) -> list[tuple[int, Edition | EditionError]]:
    """Every revision of a week and scope, r1 first; the error in the place of one that cannot be read."""
    found: list[tuple[int, Edition | EditionError]] = []
    for number, one in _list_revision_folders(folder):
        try:
            found.append((number, read_edition(one)))
        except EditionError as error:
            found.append((number, error))
    return found


def find_earlier_edition(out: Path, week: Week, plan: str | None, lang: Language) -> Edition | None:
    """The latest edition of the same scope from a week before; None for a first one."""
    same = list_editions(out, plan or ALL_PLANS, lang)
    return next((one for one in same if parse_week(one.week) < week), None)
