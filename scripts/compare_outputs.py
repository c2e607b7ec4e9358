"""Compare what two checkouts of this repository produce for the sample: commands, pages, pack and report.

    .venv/bin/python scripts/compare_outputs.py BEFORE AFTER

BEFORE and AFTER are folders with a checkout each. Everything is produced in a temporary folder, written as
text (one file per command, page and document) and compared line by line. Exit status: 0 if nothing differs,
else 1. Use it after a change that must not change behaviour; needs Chromium, as the browser tests do.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import sync_playwright
from pptx import Presentation

COMMANDS: dict[str, tuple[str, ...]] = {
    "targets": ("targets",),
    "tasks": ("tasks",),
    "attainment": ("attainment",),
    "attainment-june": ("attainment", "--as-of", "2026-06-30"),
    "attainment-known-then": ("attainment", "--as-of", "2026-11-08", "--known-at", "2026-11-08T23:00"),
    "attainment-by-agency": ("attainment", "--by", "agency"),
    "attainment-2027": ("attainment", "--year", "2027"),
    "task-status": ("task-status",),
    "rejections": ("rejections",),
    "warnings": ("warnings",),
}
PAGES = ("", "province", "agency", "tasks", "findings", "sources", "pack", "targets")
QUERIES = ("", "plan=ha-noi", "plan=dong-thap&as_of=2026-06-30", "lang=en")
VARYING = re.compile(
    r"(?:lập lúc|made) \d\d:\d\d|\bkpis-[0-9a-f]{6,}\b|/tmp/\S+|127\.0\.0\.1:\d+|version \d+|bản số liệu \d+"
)


def produce_outputs(checkout: Path, out: Path) -> None:
    """Write every output of a checkout below `out`, as text."""
    environ = os.environ | {
        "KPIS_DATABASE": str(out / "data" / "kpis.json"),
        "KPIS_WATCH": "off",
        "PYTHONPATH": str(checkout),
    }

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "kpis", *arguments]
        result = subprocess.run(command, cwd=checkout, env=environ, capture_output=True, text=True, check=False)
        return f"{result.stdout}exit {result.returncode}\n"

    texts = out / "text"
    texts.mkdir(parents=True)
    (texts / "sync.json").write_text(run("sync", "--json"), encoding="utf-8")
    for name, arguments in COMMANDS.items():
        (texts / f"{name}.json").write_text(run(*arguments, "--json"), encoding="utf-8")
        (texts / f"{name}.txt").write_text(run(*arguments), encoding="utf-8")
    run("pack", "--week", "2026-W46", "--out", str(out / "pack"))
    run("pack", "--week", "2026-W47", "--out", str(out / "pack"))
    for plan in ("thai-nguyen", "ha-noi", "dong-thap", "tuyen-quang", "bac-kan"):
        run("report", "--plan", plan, "--year", "2026", "--out", str(out / f"report-{plan}.docx"))
    for path in sorted(out.rglob("*.*")):
        if path.suffix in {".pdf", ".pptx", ".xlsx", ".docx"}:
            name = path.relative_to(out).as_posix().replace("/", "-")
            (texts / f"{name}.txt").write_text(read_document(path), encoding="utf-8")
    with serve_app(checkout, environ) as address:
        capture_pages(address, texts)


def read_document(path: Path) -> str:
    """Read the text of a PDF, slides, workbook or Word document, one line per line, cell or paragraph."""
    match path.suffix:
        case ".pdf":
            pdf = pypdfium2.PdfDocument(path)
            return "\n".join(page.get_textpage().get_text_range() for page in pdf)
        case ".pptx":
            slides = Presentation(str(path)).slides
            return "\n".join(text for slide in slides for shape in slide.shapes for text in shape.element.itertext())
        case ".xlsx":
            tabs = load_workbook(path).worksheets
            return "\n".join(f"{tab.title}: {row}" for tab in tabs for row in tab.iter_rows(values_only=True))
        case _:
            return "\n".join(Document(str(path)).element.body.itertext())


@contextmanager
def serve_app(checkout: Path, environ: dict[str, str]) -> Iterator[str]:
    """Serve a checkout's dashboard on a free loopback port; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address", "127.0.0.1",
         "--server.port", str(port), "--server.headless", "true"],
        cwd=checkout, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()  # noqa: S310
                break
            except OSError:
                time.sleep(0.5)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def capture_pages(address: str, texts: Path) -> None:
    """Write the text and the links of every page, in several views."""
    with sync_playwright() as playwright:
        path = next(
            filter(
                Path.exists,
                map(Path, ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")),
            )
        )
        browser = playwright.chromium.launch(executable_path=str(path))
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        for query in QUERIES:
            for slug in PAGES:
                page.goto(f"{address}/{slug}?{query}")
                page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
                page.wait_for_selector("[data-testid=kpis-ready]", state="attached")
                page.wait_for_timeout(300)
                links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
                content = page.inner_text("body") + "\n" + "\n".join(links)
                name = f"page-{slug or 'overview'}-{re.sub('[^a-z0-9]+', '-', query)}.txt"
                (texts / name).write_text(content, encoding="utf-8")
        browser.close()


def compare_folders(old: Path, new: Path) -> int:
    """Print the differences between two folders of text; returns how many files differ."""
    names = sorted({path.name for folder in (old, new) for path in folder.iterdir()})
    differing = 0
    for name in names:
        sides = [
            VARYING.sub("…", (folder / name).read_text(encoding="utf-8") if (folder / name).exists() else "")
            for folder in (old, new)
        ]
        lines = list(difflib.unified_diff(*(side.splitlines() for side in sides), name, name, lineterm="", n=0))
        differing += bool(lines)
        print("\n".join(lines[:400]), end="\n" if lines else "")
    print(json.dumps({"files": len(names), "differing": differing}))
    return differing


def main() -> int:
    """Compare the two checkouts of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--keep", type=Path, help="folder for the outputs (default: a temporary one)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        out = arguments.keep or Path(temporary)
        for name, checkout in (("before", arguments.before), ("after", arguments.after)):
            if not (out / name).exists():
                produce_outputs(checkout.resolve(), out / name)
        return min(compare_folders(out / "before" / "text", out / "after" / "text"), 1)


if __name__ == "__main__":
    sys.exit(main())
