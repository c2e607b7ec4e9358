"""Reads a document in another process, within limits; .doc and scans through optional programs."""

from __future__ import annotations

import hashlib
import pickle
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from kpis.plan_import.documents.answer_requests import unpack_document
from kpis.plan_import.documents.bounds import READ_SECONDS
from kpis.plan_import.documents.errors import DocumentError, ScannedError
from kpis.plan_import.documents.programs import convert_doc, is_old_word_file, recognise_scan
from kpis.plan_import.documents.reading import build_damaged_error, build_scanned_error
from kpis.plan_import.model import Document
from kpis.sources.bounds import MEMORY_BYTES
from kpis.sources.packed_sheet import load_plain
from kpis.sources.parser_worker import MEMORY_EXIT_CODE
from kpis.sources.worker_process import WorkerEndedError, WorkerProcess

_ANSWERING_MODULE: Final = "kpis.plan_import.documents.answer_requests"

Report = Callable[[int, int], None]


def parse_document(
    path: Path, report: Report | None = None, seconds: float = READ_SECONDS, *, may_use_programs: bool = True
) -> Document:
    """Return a document of any format that can be read; `report` gets each page's number and how many there are.

    `may_use_programs`: .doc files and scans are read by LibreOffice and tesseract; else they are refused.

    Raises:
        DocumentError: the document cannot be read, or not within the limits of time and memory.
    """
    if is_old_word_file(path):
        if not may_use_programs:
            raise DocumentError(
                "{file} is a Word file of the old kind (.doc), which this page does not read. Open it in Word and save "
                "it as .docx; or let the administrator run “python -m kpis plan import {file}”, with LibreOffice.",
                file=path.name,
            )
        with tempfile.TemporaryDirectory(prefix="kpis-doc-") as folder:
            converted = convert_doc(path, Path(folder))
            return _keep_identity(_parse(converted, report, seconds), path, ("converted", "doc"))
    try:
        return _parse(path, report, seconds)
    except ScannedError as error:
        if not may_use_programs:
            raise DocumentError(
                "{file} is a scan: its {pages} pages are pictures without text, which this page does not read. Give "
                "the Word file or the PDF that was signed digitally; or let the administrator run “python -m kpis plan "
                "import {file}”, with tesseract.",
                file=path.name,
                pages=error.values["pages"],
            ) from error
        with tempfile.TemporaryDirectory(prefix="kpis-scan-") as folder:
            text = recognise_scan(path, Path(folder), error, report)
            return _keep_identity(_parse(text, None, seconds), path, ("recognised", "scan"))


def _keep_identity(document: Document, path: Path, note: tuple[str, str]) -> Document:
    """Return the document under the name and hash of the file that was given."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return replace(document, file_name=path.name, sha256=digest, notes=(*document.notes, note))


def _parse(path: Path, report: Report | None, seconds: float) -> Document:
    answers: list[tuple[Any, ...]] = []

    def receive(message: bytes) -> bool:
        answer = load_plain(message)
        if answer[0] == "page":
            if report is not None:
                report(answer[1], answer[2])
            return False
        answers.append(answer)
        return True

    worker = WorkerProcess(_ANSWERING_MODULE, seconds)
    try:
        worker.exchange(pickle.dumps(str(path.absolute())), receive)
    except WorkerEndedError as error:
        raise _explain_end(path, error, seconds) from error
    finally:
        worker.close()
    match answers[0]:
        case ("document", packed):
            return unpack_document(packed)
        case ("scan", pages):
            raise build_scanned_error(path, pages)
        case ("error", text, values):
            raise DocumentError(text, **values)
        case (_, fault):
            raise build_damaged_error(path, str(fault))
    raise AssertionError("every answer is one of these")


def _explain_end(path: Path, error: WorkerEndedError, seconds: float) -> DocumentError:
    if error.is_late:
        return DocumentError(
            "{file} takes longer than {seconds} seconds to read. Give the plan and its annexes of tasks without the "
            "other annexes, or save it as text (.txt).",
            file=path.name,
            seconds=round(seconds),
        )
    if error.exit_code == MEMORY_EXIT_CODE:
        return DocumentError(
            "{file} needs more than {megabytes} MB of memory to read. Give the plan and its annexes of tasks without "
            "the other annexes, or save it as text (.txt).",
            file=path.name,
            megabytes=MEMORY_BYTES >> 20,
        )
    return build_damaged_error(path, f"exit {error.exit_code}")
