"""A run uses arguments, else the environment, else defaults; docs/settings.md names every setting."""

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
    """An empty project folder, so that nothing depends on the files of this one."""
    monkeypatch.setattr(settings, "get_project_root", lambda: tmp_path)
    return tmp_path


@pytest.mark.parametrize("setting", settings.SETTINGS, ids=lambda setting: setting.name)
def test_the_document_names_every_setting_and_its_meaning(setting: settings.Setting) -> None:
    line = next(line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if f"`{setting.name}`" in line)
    for word in setting.default.replace("(", " ").replace(")", " ").split():
        if "." in word or "/" in word:
            assert word.strip(",:") in line
    assert setting.default in load_catalogue("vi")
    assert setting.help in load_catalogue("vi")


def test_the_sample_and_its_overlay_are_used_if_nothing_is_configured(root: Path) -> None:
    (root / "data/sample/register").mkdir(parents=True)
    loaded = settings.load_settings({})
    assert loaded.sample
    assert loaded.sources == root / "data/sample/sources.toml"
    assert loaded.overlay == root / "data/sample/register"
    assert loaded.pointer == root / "var/sample/kpis.json"
    assert loaded.language == "vi"


def test_a_sources_file_takes_precedence_over_the_sample(root: Path) -> None:
    (root / "sources.toml").write_text("", encoding="utf-8")
    loaded = settings.load_settings({})
    assert (loaded.sample, loaded.overlay, loaded.pointer) == (False, None, root / "var/kpis.json")


def test_the_register_beside_the_sources_file_is_used_and_a_setting_stands_in_its_place(
    root: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "installation"
    (folder / "register").mkdir(parents=True)
    sources = str(folder / "sources.toml")
    assert settings.load_settings({}, sources=sources).overlay == folder / "register"
    assert settings.load_settings({"KPIS_SOURCES": sources}).overlay == folder / "register"
    assert settings.find_overlay({"KPIS_SOURCES": sources}) == folder / "register"
    assert settings.load_settings({"KPIS_SOURCES": sources, "KPIS_REGISTER": "r"}).overlay == Path("r")


def test_commands_on_the_register_alone_leave_out_what_the_sample_makes_up(root: Path) -> None:
    (root / "data/sample/register").mkdir(parents=True)
    assert settings.find_overlay({}) is None


def test_real_figures_are_read_rather_than_the_samples(root: Path) -> None:
    (root / "var").mkdir()
    (root / "var/kpis.json").write_text("{}", encoding="utf-8")
    assert settings.load_settings({}, read_only=True).pointer == root / "var/kpis.json"
    assert settings.load_settings({}).pointer == root / "var/sample/kpis.json"


def test_arguments_take_precedence_over_the_environment(root: Path) -> None:
    environ = {
        "KPIS_SOURCES": "a.toml",
        "KPIS_DATABASE": "a.json",
        "KPIS_REGISTER": "r",
        "KPIS_LANGUAGE": "en",
    }
    loaded = settings.load_settings(environ)
    assert (loaded.sources, loaded.pointer, loaded.overlay) == (Path("a.toml"), Path("a.json"), Path("r"))
    assert loaded.language == "en"
    loaded = settings.load_settings(environ, sources="b.toml", database="b.json", lang="vi")
    assert (loaded.sources, loaded.pointer, loaded.language) == (Path("b.toml"), Path("b.json"), "vi")


@pytest.mark.parametrize("pointer", ["a?b/kpis.json", "kpis?.json"])
def test_a_place_that_the_database_cannot_have_is_refused(pointer: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Choose another folder"):
        settings.load_settings({"KPIS_DATABASE": str(tmp_path / pointer)})


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UsageError, match="vi or en"):
        settings.choose_language({"KPIS_LANGUAGE": "fr"})


def test_the_repository_contains_data_and_databases(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
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


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("KPIS_DATABSE", "KPIS_DATABASE"), ("KPIS_WATCHES", "KPIS_WATCH"), ("kpis_watch", "KPIS_WATCH")],
)
def test_a_mistyped_setting_is_refused_with_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(UsageError) as raised:
        settings.load_settings({name: "x"})
    assert raised.value.values == {"name": name, "nearest": nearest}


def test_a_setting_like_no_other_is_refused_with_all_of_them() -> None:
    with pytest.raises(UsageError, match="KPIS_ZZZZ"):
        settings.load_settings({"KPIS_ZZZZ": "1", "PATH": "/bin"})
