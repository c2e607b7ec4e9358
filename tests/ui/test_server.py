"""What the server adds to the pages: compressed scripts, the first document, one script per page."""

import gzip

import pytest

from kpis.ui import pages
from kpis.ui.server import script_words, server
from kpis.ui.shared.streamlit_internals import get_static_folder


def find_script_path() -> str:
    root = get_static_folder()
    return "/" + next(root.glob("static/js/index.*.js")).relative_to(root).as_posix()


def test_a_script_is_compressed_without_loss() -> None:
    compressed = server.compress_static_file(find_script_path())
    assert compressed is not None
    original = (get_static_folder() / find_script_path()[1:]).read_text(encoding="utf-8")
    assert gzip.decompress(compressed).decode() == script_words.translate_script(original)
    assert len(compressed) < len(original) / 2


@pytest.mark.parametrize("path", ["/static/js/none.js", "/static/../../server.py.js", "/static//etc/x.css"])
def test_nothing_outside_the_folder_is_sent(path: str) -> None:
    assert server.compress_static_file(path) is None


def test_every_page_has_its_script_one_folder_down() -> None:
    for page in pages.PAGES:
        assert page.script.is_file(), page.slug
        assert page.script.parent.parent.name == "pages"
        assert len(page.script.read_text(encoding="utf-8").splitlines()) < 60
