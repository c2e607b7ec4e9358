"""Streamlit's own words in its scripts: each is found as often as in the pinned release, and translated."""

import re
from collections import Counter
from functools import cache

import pytest

from kpis.ui.server import script_words, server
from kpis.ui.server.script_words import SCRIPT_WORDS, ScriptWord
from kpis.ui.shared.streamlit_internals import get_static_folder


@cache
def read_scripts() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in get_static_folder().glob("static/js/*.js")}


@pytest.mark.parametrize("word", SCRIPT_WORDS, ids=lambda word: word.text)
def test_a_word_stands_in_the_scripts_as_often_as_in_the_pinned_release(word: ScriptWord) -> None:
    counts = Counter({name: script.count(word.literal) for name, script in read_scripts().items()})
    assert counts.total() == word.occurrences, {name: count for name, count in counts.items() if count}


@pytest.mark.parametrize("word", SCRIPT_WORDS, ids=lambda word: word.text)
def test_a_replaced_word_is_a_call_in_the_same_place(word: ScriptWord) -> None:
    call = f"window.kpisWord(`{word.text}`)"
    if word.prefix.endswith("`"):
        assert (
            script_words.translate_script(f"x={word.literal},y") == f"x={word.prefix[:-1]}({call}){word.suffix[1:]},y"
        )
    else:
        text = script_words.translate_script(f"x=`{word.literal},y")
        assert text == f"x=`{word.prefix}${{{call}}}{word.suffix},y"


def test_the_first_document_defines_the_function_before_any_script_of_streamlit() -> None:
    document = server.build_document()
    assert document.index("window.kpisWord=") < document.index('<script type="module"')
    assert "Không có kết quả" in document
    assert "noscript" not in document


def test_no_word_is_replaced_within_the_replacement_of_another() -> None:
    script = "".join(f"x={word.literal};" for word in SCRIPT_WORDS if word.prefix.endswith("`"))
    translated = script_words.translate_script(script)
    assert len(re.findall(r"window\.kpisWord\(`[^`]*`\)", translated)) == translated.count("window.kpisWord(")


def test_no_call_grows_together_with_the_word_before_it() -> None:
    translated = [script_words.translate_script(script) for script in read_scripts().values()]
    assert any("return(window.kpisWord(`No results`))" in script for script in translated)
    assert not [each for script in translated for each in re.findall(r"[\w$]window\.kpisWord", script)]


def test_parts_of_a_date_are_named_in_the_readers_language() -> None:
    scripts = [script for script in read_scripts().values() if script_words.FIELD_NAMES.search(script)]
    calls = sum(len(script_words.FIELD_NAMES.findall(script)) for script in scripts)
    assert calls == script_words.FIELD_NAMES_OCCURRENCES
    translated = "".join(map(script_words.translate_script, scripts))
    assert translated.count("Intl.DisplayNames(window.kpisLanguage(),{type:") == calls
