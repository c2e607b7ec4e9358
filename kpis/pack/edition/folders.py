"""The folders of editions, `<out>/2026-W47-all/r1/…`, each with its edition.json: reading and checking."""

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
from kpis.store.shared_files import InstallationFiles

RECORD_FILE = "edition.json"
FIGURES_FILE = "figures.json"
FORMAT = 2
"""What is sealed today. Since 2, the columns of an edition about one plan depend on that plan alone."""
ALL_PLANS = "all"
"""The scope of all plans in a folder name."""

_FOLDER_NAME = re.compile(r"(?P<week>\d{4}-W\d{2})-(?P<scope>.+?)(?P<english>\.en)?")
_REVISION_NAME = re.compile(r"r([1-9]\d*)")
# Field -> key in edition.json, where they differ.
_RECORD_KEYS = {"since_known_at": "known_then", "follow_ups": "asked", "owed_text": "said"}
_RECORD_FIELDS = {key: name for name, key in _RECORD_KEYS.items()}


class EditionError(KpisError):
    """A sealed edition cannot be read or was changed after its sealing."""


@dataclass(frozen=True)
class Edition:
    """One sealed edition as stored in edition.json. Moments are naive UTC; `files` maps names to SHA-256.

    `compared_with` names the edition that it was compared with; None if there was none. `sealed_by` is an e-mail
    address or "system:NAME"; None in editions of before there was sign-in. `format` says how its figures were gathered.
    """

    week: str
    scope: str
    scope_name: str
    lang: Language
    revision: int
    as_of: date
    since: date
    since_known_at: datetime
    compared_with: str | None
    data_version: int
    sample: bool
    settings: Mapping[str, str]
    sealed_at: datetime
    figures_sha256: str
    files: Mapping[str, str]
    follow_ups: tuple[FollowUp, ...]
    folder: Path
    sealed_by: str | None = None
    format: int = FORMAT

    @property
    def name(self) -> str:
        """Its week, with the revision unless it is the first: "2026-W47 r2"."""
        return self.week if self.revision == 1 else f"{self.week} r{self.revision}"

    @property
    def plan(self) -> str | None:
        """The plan it is about; None for all."""
        return None if self.scope == ALL_PLANS else self.scope

    @property
    def as_previous(self) -> PreviousEdition:
        """What the next edition needs to know of it."""
        return PreviousEdition(self.name, self.sealed_at, self.follow_ups)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The paths of its files in order, edition.json last."""
        return (*(self.folder / name for name in self.files), self.folder / RECORD_FILE)

    def list_page_images(self) -> tuple[Path, ...]:
        """Return the paths of its page images, in order."""
        return tuple(path for path in self.paths if path.suffix == ".png")

    def list_altered_files(self) -> list[str]:
        """Return the names of files that are missing or differ from the sealed bytes."""
        return [name for name, sealed in self.files.items() if _try_digest(self.folder / name) != sealed]

    def to_record(self) -> dict[str, Any]:
        """Return the content of edition.json."""
        fields = {name: value for name, value in asdict(self).items() if name != "folder"}
        for name in ("as_of", "since", "since_known_at", "sealed_at"):
            fields[name] = fields[name].isoformat()
        fields["follow_ups"] = [_rename_keys(item, _RECORD_KEYS) for item in fields["follow_ups"]]
        return {"format": fields.pop("format"), **_rename_keys(fields, _RECORD_KEYS)}


def _rename_keys(values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(key, key): value for key, value in values.items()}


def compute_digest(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits. Raises OSError if it cannot be read."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _try_digest(path: Path) -> str | None:
    try:
        return compute_digest(path)
    except OSError:  # a lost or unreadable file counts as altered
        return None


def get_folder(out: Path, week: Week, plan: str | None, lang: Language) -> Path:
    """Return the folder of the revisions of a week and scope."""
    return out / f"{week}-{plan or ALL_PLANS}{'.en' if lang == 'en' else ''}"


def is_edition_folder(folder: Path) -> bool:
    """Whether a folder is named as one that holds the revisions of a week."""
    return _FOLDER_NAME.fullmatch(folder.name) is not None


def get_default_folder(pointer: Path, shared: Path | None = None) -> Path:
    """Return the default folder of editions: beside the database, or in the folder that machines share."""
    return InstallationFiles(pointer, shared).editions


def read_edition(folder: Path) -> Edition:
    """Return the edition in a folder. Raises EditionError if its edition.json cannot be read."""
    try:
        record = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
        fields = _rename_keys(record, _RECORD_FIELDS)
        parse_week(fields["week"])
        fields["format"] = int(fields["format"])
        for name in ("since_known_at", "sealed_at"):
            fields[name] = datetime.fromisoformat(fields[name])
        for name in ("as_of", "since"):
            fields[name] = date.fromisoformat(fields[name])
        if not all(_is_inside(name) for name in fields["files"]):
            raise ValueError(fields["files"])  # a name that leads elsewhere is no file of an edition
        fields["follow_ups"] = tuple(FollowUp(**_rename_keys(item, _RECORD_FIELDS)) for item in fields["follow_ups"])
        return Edition(**fields, folder=folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, UsageError) as error:
        raise EditionError(
            "The sealed edition in {folder} cannot be read and is left out; the others are not affected.",
            folder=f"{folder.parent.name}/{folder.name}",
        ) from error


def _is_inside(name: str) -> bool:
    """True if a name of a file leads nowhere but into the folder of its edition."""
    return "\\" not in name and ":" not in name and not {"", ".", ".."} & set(name.split("/"))


def list_revisions(folder: Path) -> list[Edition]:
    """Return the readable editions of one week and scope, r1 first; `list_unreadable` has the others."""
    return [edition for _, edition in _read_revisions(folder) if isinstance(edition, Edition)]


def get_last_revision(folder: Path) -> int:
    """Return the number of the latest revision of a week and scope, readable or not; 0 if there is none."""
    return max((number for number, _ in _list_revision_folders(folder)), default=0)


def count_revisions(folder: Path) -> int:
    """Return how many revisions of a week and scope there are, readable or not."""
    return len(_list_revision_folders(folder))


def list_editions(out: Path, plan: str | None = None, lang: Language | None = None) -> list[Edition]:
    """Return the readable editions under `out`, the latest week first and its latest revision first.

    `plan` selects one scope (a plan's id or `ALL_PLANS`), `lang` one language; None selects every one.
    """
    editions = [edition for folder in _list_folders(out, plan, lang) for edition in list_revisions(folder)]
    return sorted(editions, key=lambda item: (item.week, item.scope, item.lang, item.revision), reverse=True)


def list_unreadable(out: Path, plan: str | None = None, lang: Language | None = None) -> list[EditionError]:
    """Return an error for each edition that `list_editions` leaves out since it cannot be read."""
    folders = _list_folders(out, plan, lang)
    results = [result for folder in folders for _, result in _read_revisions(folder)]
    return [result for result in results if isinstance(result, EditionError)]


def _list_folders(out: Path, plan: str | None, lang: Language | None) -> list[Path]:
    return [
        folder
        for folder in (sorted(out.iterdir()) if out.is_dir() else ())
        if (match := _FOLDER_NAME.fullmatch(folder.name))
        and plan in (None, match["scope"])
        and lang in (None, "en" if match["english"] else "vi")
    ]


def _list_revision_folders(folder: Path) -> list[tuple[int, Path]]:
    paths = folder.iterdir() if folder.is_dir() else ()
    return sorted((int(match[1]), path) for path in paths if (match := _REVISION_NAME.fullmatch(path.name)))


def _read_revisions(folder: Path) -> list[tuple[int, Edition | EditionError]]:
    """Return every revision of a week and scope, r1 first; an error in place of one that cannot be read."""
    revisions: list[tuple[int, Edition | EditionError]] = []
    for number, revision_folder in _list_revision_folders(folder):
        try:
            revisions.append((number, read_edition(revision_folder)))
        except EditionError as error:
            revisions.append((number, error))
    return revisions


def find_earlier_edition(out: Path, week: Week, plan: str | None, lang: Language) -> Edition | None:
    """Return the latest edition of the scope and language from an earlier week; None if there is none."""
    editions = list_editions(out, plan or ALL_PLANS, lang)
    return next((edition for edition in editions if parse_week(edition.week) < week), None)
