"""Each assumption about private or undocumented names of Streamlit; read these first after an upgrade."""

import ast
import inspect
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import get_type_hints

import pytest
import streamlit as st
from streamlit import config, delta_generator, runtime
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette import starlette_server

from kpis.ui.server import server
from kpis.ui.shared import streamlit_internals
from tests.paths import ROOT

INDEX = (streamlit_internals.get_static_folder() / "index.html").read_text(encoding="utf-8")
UI_FILES = sorted([ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "kpis" / "ui").rglob("*.py")])
STYLES = (ROOT / "kpis" / "ui" / "server" / "style.css").read_text(encoding="utf-8")


@cache
def read_streamlit_scripts() -> str:
    scripts = sorted(streamlit_internals.get_static_folder().glob("static/js/*.js"))
    return "".join(path.read_text(encoding="utf-8") for path in scripts)


def find_private_uses(path: Path) -> list[str]:
    """Return uses of Streamlit other than `import streamlit as st` and public names of `st`."""
    uses = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "streamlit":
            uses.append(f"from {node.module}")
        elif isinstance(node, ast.Import):
            uses += [name.name for name in node.names if name.name.startswith("streamlit.")]
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "st":
            is_private = node.attr.startswith("_") or node.attr in list_streamlit_modules()
            uses += [f"st.{node.attr}"] if is_private else []
    return uses


@cache
def list_streamlit_modules() -> frozenset[str]:
    """Return the modules among the names of `st`; only two of them are documented."""
    modules = {name for name, value in vars(st).items() if inspect.ismodule(value)}
    return frozenset(modules - {"column_config", "components"})


@pytest.mark.parametrize("path", UI_FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_private_names_are_used_in_one_module_only(path: Path) -> None:
    if path != Path(streamlit_internals.__file__):
        assert find_private_uses(path) == []


def test_without_a_running_script_there_is_no_runtime() -> None:
    assert streamlit_internals.has_runtime() is runtime.exists() is False


def test_the_static_folder_has_the_index_and_the_scripts() -> None:
    assert "</html>" in INDEX
    assert "static/js/index." in INDEX
    assert streamlit_internals.STATIC_PREFIX == "/static/"


def test_the_pages_folder_is_ignored_by_a_flag_that_st_navigation_also_clears() -> None:
    navigation = Path(st.__file__).parent / "commands" / "navigation.py"
    assert "PagesManager.uses_pages_directory = False" in navigation.read_text(encoding="utf-8")
    previous = PagesManager.uses_pages_directory
    try:
        streamlit_internals.ignore_pages_folder()
        assert PagesManager.uses_pages_directory is False
    finally:
        PagesManager.uses_pages_directory = previous


def test_st_page_and_st_navigation_return_the_page_class() -> None:
    assert get_type_hints(st.navigation)["return"] is streamlit_internals.StreamlitPage


@pytest.mark.parametrize(
    "part",
    [
        '<html lang="en">',
        "<title>Streamlit</title>",
        "<head>",
        "</body>",
        f"./{streamlit_internals.FAVICON_PATH}",
    ],
)
def test_the_index_has_each_part_that_is_replaced_once(part: str) -> None:
    assert INDEX.count(part) == 1


def test_the_index_preloads_one_font_that_is_replaced_by_ours() -> None:
    assert len(re.findall(r'<link\s+rel="preload"[^>]*SourceSans[^>]*>', INDEX)) == INDEX.count("SourceSans") == 1
    assert "SourceSans" not in server.build_document()
    assert "./font/400.woff" in server.build_document()


def test_the_scripts_that_every_page_needs_are_loaded_with_the_first_ones() -> None:
    early = streamlit_internals.list_early_scripts()
    names = [path.rsplit("/", 1)[1].split(".")[0] for path in early]
    assert names == ["Html", "purify", "Button"]
    for path in early:
        assert f"./{path.removeprefix('/')}" not in INDEX
        assert server.build_document().count(f'<link rel="modulepreload" crossorigin href=".{path}" />') == 1
    html_script = (streamlit_internals.get_static_folder() / early[0].removeprefix("/")).read_text(encoding="utf-8")
    assert early[1].rsplit("/", 1)[1] in html_script


def test_each_weight_of_a_page_is_preloaded() -> None:
    document = server.build_document()
    used = set(re.findall(r"font-weight: (\d+)", STYLES)) - {"500"}  # of amended targets alone
    assert used == {str(weight) for weight in server._EARLY_WEIGHTS}
    assert all(f'rel="preload" href="./font/{weight}.woff"' in document for weight in used)


def test_the_first_document_is_vietnamese_with_our_title_and_style_sheet() -> None:
    document = server.build_document()
    assert '<html lang="vi">' in document
    assert "<title>Streamlit</title>" not in document
    assert document.index(".kpis-table") > document.index("</head>")


@pytest.mark.parametrize(
    "name",
    ["__streamlit", "BACKEND_BASE_URL", "MAIN_PAGE_BASE_URL", "LIGHT_THEME", "DARK_THEME", "bodyFont",
     "headingFont", "codeFont"],
)  # fmt: skip
def test_the_scripts_read_each_name_of_the_bootstrap_script(name: str) -> None:
    assert name in read_streamlit_scripts()
    assert name in server.build_document()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"st[A-Z]\w+", STYLES)) | {"stApp", "stMain", "stSelectbox"}))
def test_the_scripts_use_each_element_name_of_the_style_sheet(name: str) -> None:
    assert name in read_streamlit_scripts()


def _put_html_in_both_ways() -> None:
    import streamlit as st

    from kpis.ui.shared.streamlit_internals import show_html

    for width in ("stretch", "content"):
        st.html("<p>một\n\n hai</p>", width=width)
        show_html("<p>một\n\n hai</p>", width)


def test_html_is_put_on_the_page_as_by_st_html(monkeypatch: pytest.MonkeyPatch) -> None:
    messages: list[ForwardMsg] = []
    monkeypatch.setattr(delta_generator, "_enqueue_message", messages.append)
    test = AppTest.from_function(_put_html_in_both_ways).run()
    assert not test.exception
    sent = [message.delta for message in messages]
    assert len(sent) == 4 and sent[0].new_element.html.body == "<p>một\n\n hai</p>"
    assert sent[0] == sent[1] != sent[2] == sent[3]


def test_the_hidden_option_against_a_garbage_collection_after_every_run_exists() -> None:
    assert "runner.postScriptGC" in config._config_options_template
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["runner"]["postScriptGC"] is False


def test_the_socket_of_the_server_hides_from_asyncio_that_it_is_tcp() -> None:
    """Once this fails, kpis/ui/server/packet_delay.py is not needed any more."""
    with starlette_server._bind_socket("127.0.0.1", 0, 1) as listener:
        assert listener.proto == 0
