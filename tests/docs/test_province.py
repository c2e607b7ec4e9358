"""The pages for a province and for the nation name files that exist, and say the same in both languages."""

from __future__ import annotations

import re

import pytest

from tests.paths import DOCS, ROOT

VIETNAMESE, ENGLISH = "cai-dat-cho-tinh.md", "running-for-a-province.md"
NATION = "cho-ca-nuoc.md", "running-for-the-nation.md"


def read_commands(name: str) -> list[str]:
    """Return the command lines of a page, without comments and the words that differ by language."""
    blocks = re.findall(r"```sh\n(.*?)```", (DOCS / name).read_text(encoding="utf-8"), re.DOTALL)
    lines = [line.split("  #")[0].strip() for block in blocks for line in block.splitlines()]
    words = r"TÊN-MIỀN-CỦA-TỈNH|NAME-OF-THE-PROVINCE|THƯ-MỤC|FOLDER|can-bo@|officer@"
    return [re.sub(words, "*", line) for line in lines]


@pytest.mark.parametrize(("vietnamese", "english"), [(VIETNAMESE, ENGLISH), NATION])
def test_both_pages_have_the_same_commands(vietnamese: str, english: str) -> None:
    commands = read_commands(vietnamese)
    assert len(commands) > 20
    assert commands == read_commands(english)


@pytest.mark.parametrize(("name", "fewest"), [(VIETNAMESE, 6), (ENGLISH, 6), *((name, 5) for name in NATION)])
def test_files_of_the_product_exist(name: str, fewest: int) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    paths = {*re.findall(r"/srv/kpis/([a-z][\w./-]*)", text), *re.findall(r"`(deploy/[\w./-]+)`", text)}
    assert len(paths) >= fewest
    assert [path for path in sorted(paths) if path != "var" and not list(ROOT.glob(path.rstrip("./")))] == []


def test_the_units_that_are_started_exist() -> None:
    units = {path.name for path in (ROOT / "deploy" / "systemd").iterdir()}
    text = " ".join(line for line in read_commands(ENGLISH) if "systemctl" in line)
    assert {"kpis-pack.timer", "kpis-backup.timer"} <= set(text.split()) & units
    assert {"kpis.service", "kpis-backup.service"} <= units


@pytest.mark.parametrize("name", NATION)
def test_the_page_for_the_nation_names_its_timers_and_its_files(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    folder = ROOT / "deploy" / "two-machines"
    for path in (
        *folder.glob("*file"),
        *folder.glob("*.conf"),
        *folder.glob("systemd/*.timer"),
        *folder.glob("systemd/kpis-[fw]*.service"),
        folder / "environment-page",
    ):
        assert path.name in text, path.name
