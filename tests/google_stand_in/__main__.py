"""Serve the sample from a stand-in for Google, to try reading and feedback without an account.

    python -m tests.google_stand_in [-- COMMAND …]

A command is run with the stand-in's settings, and the stand-in ends with it. Without a command, the settings
are printed and the stand-in serves until Ctrl+C. `make demo-google` runs it with `make run` as the command.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from kpis.sources.config import load_sources
from tests.google_stand_in.server import StandIn
from tests.google_stand_in.spreadsheet import Role
from tests.google_stand_in.workbook_import import import_workbook
from tests.paths import ROOT

SAMPLE = ROOT / "data" / "sample"


def prepare_demo(standin: StandIn, sources: Path, folder: Path) -> dict[str, str]:
    """Import the workbooks of a sources file into the stand-in; write a key and a sources file to `folder`.

    Return the settings with which the product reads them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sources_file = load_sources(sources)
    lines = [f"sample = {str(sources_file.sample).lower()}"]
    if sources_file.today is not None:
        lines.append(f"today = {sources_file.today}")
    for source in sources_file.sources:
        share: dict[str, Role] = {standin.account.email: "writer"}
        file = import_workbook(Path(source.location), f"Tiến độ {source.id}", share)
        file.id = f"1{source.id:_<43}"  # the same at every start, so that links keep working
        standin.cloud.add_file(file)
        link = f"https://docs.google.com/spreadsheets/d/{file.id}/edit#gid=0"
        lines += ["", "[[source]]", f'id = "{source.id}"', f'plan = "{source.plan}"', f'google = "{link}"']
    (folder / "sources.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    key = folder / "key.json"
    key.write_text(json.dumps(standin.build_key()), encoding="utf-8")
    key.chmod(0o600)
    return {
        "KPIS_SOURCES": str(folder / "sources.toml"),
        "KPIS_DATABASE": str(folder / "kpis.json"),
        "KPIS_REGISTER": str(SAMPLE / "register"),
        "KPIS_GOOGLE_KEY": str(key),
        "KPIS_GOOGLE_BASE": standin.base_url,
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the stand-in; return the exit code of the command, 0 without one."""
    parser = argparse.ArgumentParser(prog="python -m tests.google_stand_in", description=__doc__)
    parser.add_argument("--sources", type=Path, default=SAMPLE / "sources.toml", help="workbooks to serve")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "demo-google", help="key and database")
    parser.add_argument("command", nargs="*", help="what to run with it")
    options = parser.parse_args(arguments)
    with StandIn() as standin:
        settings = prepare_demo(standin, options.sources, options.folder)
        print(f"Google (bản đóng thế): {standin.base_url}", file=sys.stderr)
        try:
            if options.command:
                return subprocess.run(options.command, env=os.environ | settings, check=False).returncode
            print("\n".join(f"{name}={value}" for name, value in settings.items()), flush=True)
            standin.closing.wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
