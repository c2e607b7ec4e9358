"""What a run uses: arguments before the environment before the defaults; the documents name every setting."""

from pathlib import Path

import pytest

import kpis
from kpis import settings
from kpis.errors import UsageError
from kpis.language.messages import load_catalogue
from tests.paths import ROOT

DOCUMENT = ROOT / "docs" / "settings.md"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder of its own, so that nothing depends on what lies in this one."""
    monkeypatch.setattr(settings, "get_project_root", lambda: tmp_path)
    return tmp_path


@pytest.mark.parametrize("setting", settings.SETTINGS, ids=lambda setting: setting.name)
def test_the_document_names_every_setting_and_its_meaning(setting: settings.Setting) -> None:
    line = next(
        line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if f"`{setting.name}`" in line
    )
    for word in setting.default.replace("(", " ").replace(")", " ").split():
        if "." in word or "/" in word:
            assert word.strip(",:") in line
    assert setting.default in load_catalogue("vi")
    assert setting.help in load_catalogue("vi")


def test_with_nothing_configured_the_sample_is_used_with_its_own_overlay(root: Path) -> None:
    used = settings.load_settings({})
    assert used.sample
    assert used.sources == root / "data/sample/sources.toml"
    assert used.overlay == root / "data/sample/register"
    assert used.pointer == root / "var/sample/kpis.json"
    assert used.language == "vi"


def test_a_sources_file_of_ones_own_comes_before_the_sample(root: Path) -> None:
    (root / "sources.toml").write_text("", encoding="utf-8")
    used = settings.load_settings({})
    assert (used.sample, used.overlay, used.pointer) == (False, None, root / "var/kpis.json")


def test_figures_of_ones_own_are_read_rather_than_the_samples(root: Path) -> None:
    (root / "var").mkdir()
    (root / "var/kpis.json").write_text("{}", encoding="utf-8")
    assert settings.load_settings({}, read_only=True).pointer == root / "var/kpis.json"
    assert settings.load_settings({}).pointer == root / "var/sample/kpis.json"


def test_arguments_come_before_the_environment(root: Path) -> None:
    environ = {
        "KPIS_SOURCES": "a.toml",
        "KPIS_DATABASE": "a.json",
        "KPIS_REGISTER": "r",
        "KPIS_LANGUAGE": "en",
    }
    used = settings.load_settings(environ)
    assert (used.sources, used.pointer, used.overlay) == (Path("a.toml"), Path("a.json"), Path("r"))
    assert used.language == "en"
    used = settings.load_settings(environ, sources="b.toml", database="b.json", lang="vi")
    assert (used.sources, used.pointer, used.language) == (Path("b.toml"), Path("b.json"), "vi")


def test_a_language_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="vi or en"):
        settings.choose_language({"KPIS_LANGUAGE": "fr"})


def test_the_repository_holds_data_and_databases(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert settings.get_project_root() == settings.get_working_folder() == ROOT


def test_an_installed_package_bundles_data_and_uses_the_current_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(kpis, "__file__", str(tmp_path / "site-packages" / "kpis" / "__init__.py"))
    monkeypatch.chdir(tmp_path)
    loaded = settings.load_settings({})
    assert loaded.sources == tmp_path / "site-packages/kpis/_bundle/data/sample/sources.toml"
    assert loaded.pointer == tmp_path / "var/sample/kpis.json"
    (tmp_path / "sources.toml").write_text("", encoding="utf-8")
    assert settings.load_settings({}).pointer == tmp_path / "var/kpis.json"
