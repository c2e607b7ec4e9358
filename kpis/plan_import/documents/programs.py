"""Optional programs: LibreOffice reads .doc files, tesseract reads scans. Without them a sentence says what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kpis.plan_import.documents.bounds import PROGRAM_SECONDS
from kpis.plan_import.documents.errors import DocumentError, ScannedError

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")
_OFFICE_PROGRAMS: Final = ("soffice", "libreoffice")
_DOTS_PER_INCH: Final = 300
_POINTS_PER_INCH: Final = 72
_NO_MACROS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def is_old_word_file(path: Path) -> bool:
    """Tell whether a file is a Word file of the old kind and not one that a password protects."""
    try:
        with path.open("rb") as file:
            content = file.read(1 << 20)
    except OSError:
        return False
    return content.startswith(_OLE) and _ENCRYPTED_PACKAGE not in content


def convert_doc(path: Path, folder: Path) -> Path:
    """Return the .docx that LibreOffice makes of a .doc file, with a fresh profile, links and macros off."""
    program = next((where for name in _OFFICE_PROGRAMS if (where := shutil.which(name))), None)
    if program is None:
        raise DocumentError(
            "{file} is a Word file of the old kind (.doc). Open it in Word, save it as .docx, and give that file; or "
            "install LibreOffice (package libreoffice-writer), and run the command again.",
            file=path.name,
        )
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_NO_MACROS, encoding="utf-8")
    copy = folder / "document.doc"
    shutil.copyfile(path, copy)
    command = [
        program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nolockcheck",
        "--convert-to", "docx", "--outdir", str(folder), str(copy),
    ]  # fmt: skip
    _run(command, path, "LibreOffice")
    converted = folder / "document.docx"
    if not converted.is_file():
        raise DocumentError(
            "LibreOffice cannot read {file}. Open it in Word, save it as .docx, and give that file.", file=path.name
        )
    return converted


def recognise_scan(path: Path, folder: Path, error: ScannedError, report: Callable[[int, int], None] | None) -> Path:
    """Return the text that tesseract reads from a scan's pages; `error` is raised where it is not installed."""
    program = shutil.which("tesseract")
    if program is None or "vie" not in _list_languages(program):
        raise error
    texts: list[str] = []
    pictures = _draw_pages(path, folder)
    for number, picture in enumerate(pictures, start=1):
        texts.append(_run([program, str(picture), "stdout", "-l", "vie", "--psm", "4"], path, "tesseract"))
        picture.unlink()
        if report is not None:
            report(number, len(pictures))
    text = folder / "scan.txt"
    text.write_text("\f".join(texts), encoding="utf-8")
    return text


def _list_languages(program: str) -> list[str]:
    result = subprocess.run(
        [program, "--list-langs"], capture_output=True, text=True, check=False, timeout=PROGRAM_SECONDS
    )
    return (result.stdout + result.stderr).split()


def _draw_pages(path: Path, folder: Path) -> list[Path]:
    import pypdfium2

    document = pypdfium2.PdfDocument(str(path))
    try:
        pictures = []
        for number in range(len(document)):
            picture = folder / f"page-{number + 1}.png"
            document[number].render(scale=_DOTS_PER_INCH / _POINTS_PER_INCH, grayscale=True).to_pil().save(picture)
            pictures.append(picture)
        return pictures
    finally:
        document.close()


def _run(command: list[str], path: Path, program: str) -> str:
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=PROGRAM_SECONDS, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentError(
            "{program} takes longer than {seconds} seconds for {file}. Give the Word file (.docx) or a PDF with text.",
            program=program,
            seconds=round(PROGRAM_SECONDS),
            file=path.name,
        ) from error
    if result.returncode:
        raise DocumentError(
            "{program} cannot read {file} (exit code {code}). Give the Word file (.docx) or a PDF with text.",
            program=program,
            file=path.name,
            code=result.returncode,
        )
    return result.stdout
