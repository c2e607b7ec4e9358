"""Write a version of a plan: aside, judged by the ordinary loader with the whole register, then named by one rename.

A run that ends at any moment leaves the register as it was: what is being written has a name that begins with a full
stop, which the loader passes over.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from kpis.plan_import.review.draft.model import Draft, ReviewError
from kpis.plan_import.review.versions.id_record import IdCounter, write_counter
from kpis.plan_import.review.versions.plan_tables import VersionTables
from kpis.plan_import.review.versions.toml_output import TomlTable, format_toml
from kpis.register.accepted_plans import (
    AGENCIES_FILE,
    INDICATORS_FILE,
    PLAN_FILE,
    VERSION_FILE,
    AcceptedVersion,
    list_accepted_versions,
)
from kpis.register.faults import RegisterFaults
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.register.version_facts import VersionFacts
from kpis.store.files import as_store_error, fsync_folder

FIRST_VERSION = 1
BOOK_FILE, TEXT_FILE = "book.xlsx", "text.txt"


def build_files(
    tables: VersionTables, facts: VersionFacts, ids: IdCounter, documents: Mapping[str, bytes]
) -> dict[str, bytes]:  # fmt: skip
    """Return the content of every file of a version by name, version.toml with the hashes of the others.

    `documents`: the document, its text and the workbook by file name, as `build_documents` returns them.
    """
    texts = {PLAN_FILE: format_toml(tables.plan), AGENCIES_FILE: format_toml(tables.agencies)}
    if tables.indicators:
        texts[INDICATORS_FILE] = format_toml({"indicator": tables.indicators})
    files = {name: text.encode(errors="replace") for name, text in texts.items()}
    files |= documents
    content: dict[str, TomlTable | Sequence[TomlTable]] = {
        "version": facts.build_table(),
        "ids": {"next_target": ids.target + 1, "next_task": ids.task + 1},
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        "clause": tables.clauses,
        "ended": tables.ended,
        "carried": [{"row": row.id, "reason": reason} for row, reason in tables.carried],
    }
    return {**files, VERSION_FILE: format_toml(content).encode(errors="replace")}


def build_documents(draft: Draft, document: bytes, book: bytes) -> dict[str, bytes]:
    """Return what a version keeps of its import: the document as given, its text, the decided workbook."""
    text = "\n".join(block.text for block in draft.text) + "\n"
    return {
        TEXT_FILE: text.encode(errors="replace"),
        f"document{Path(draft.file_name).suffix.lower()}": document,
        BOOK_FILE: book,
    }


def publish_version(
    register: Path,
    version: AcceptedVersion,
    files: Mapping[str, bytes],
    ids: IdCounter,
    judge: Callable[[AcceptedVersion], None] = lambda _: None,
) -> Register:
    """Write a version of a plan into a register; the caller holds the lock of the sync. Return the register.

    `version.folder` is where it is to lie. `judge` gets it as it is written aside, and raises if it must not be.
    Raises RegisterError with every fault that the loader finds, ReviewError if the version exists, StoreError for a
    full disk or a folder that cannot be written.
    """
    final, folder = version.folder, version.folder.parent
    if final.exists():
        raise build_accepted_error(version.plan, final)
    aside = folder / f".{version.number}"
    try:
        with as_store_error(aside):
            shutil.rmtree(aside, ignore_errors=True)  # of a run that was ended
            aside.mkdir(parents=True)
            for name, content in files.items():
                _write_file(aside / name, content)
            fsync_folder(aside)
        candidate = AcceptedVersion(version.plan, version.number, aside)
        loaded = load_register(overlay=register, candidate=candidate)
        judge(candidate)
        write_counter(register, ids)
        with as_store_error(final):
            aside.rename(final)
            fsync_folder(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        _remove_if_empty(folder)
        raise
    return loaded


def get_version(register: Path, plan: str, number: int) -> AcceptedVersion:
    """Return a version with the folder in which it lies or will lie."""
    return AcceptedVersion(plan, number, register / "plans" / plan / str(number))


def list_versions(register: Path, plan: str) -> list[AcceptedVersion]:
    """Return the versions of a plan, in order of acceptance."""
    return list_accepted_versions(register, RegisterFaults()).get(plan, [])


def build_accepted_error(plan: str, folder: Path) -> ReviewError:
    """Return the error for a plan that was accepted before."""
    text = "The plan “{plan}” was accepted already: {path}. Nothing was changed."
    return ReviewError(text, plan=plan, path=folder)


def _write_file(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return  # other files lie there
