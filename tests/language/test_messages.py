"""Every sentence that the code can show is in a Vietnamese catalogue, with the same placeholders."""

import ast
import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kpis.errors import UsageError
from kpis.language.messages import LANGUAGES, explain, list_domains, load_catalogue, read_domain, translate
from tests.paths import ROOT

DOMAINS = list_domains("vi")
# Positions of keys among the arguments of these calls; the named errors have theirs first.
KEY_POSITIONS = {
    "translate": (1,),
    "t": (0,),
    "Message": (0,),
    "build_error": (1,),
    "build_register_error": (2,),
    "add_fault": (1,),
    "Setting": (1, 2),
    "Option": (2,),
    "Command": (1,),
    "Check": (0, 2),
    "ReviewFault": (2,),
    "DraftField": (1,),
    "ScriptWord": (0,),
    "ContactFaultError": (0,),
}


def list_placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def find_error_names() -> set[str]:
    """Return the names of KpisError and its subclasses in all modules: their first argument is a key."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for path in list_sources()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and _has_text_first(node)
    }
    names, previous = {"KpisError"}, set[str]()
    while names != previous:
        previous = names
        names = previous | {name for name, parents in bases.items() if parents & previous}
    return names


def _has_text_first(node: ast.ClassDef) -> bool:
    functions = [item for item in node.body if isinstance(item, ast.FunctionDef)]
    args = [(*init.args.posonlyargs, *init.args.args) for init in functions if init.name == "__init__"]
    return all([arg.arg for arg in names][1:2] == ["text"] for names in args)


def find_keys(path: Path, errors: set[str]) -> Iterator[str]:
    """Yield the keys passed to calls that make a sentence, directly or by a variable of the module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assigned_values: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    assigned_values.setdefault(target.id, []).append(node.value)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for position in KEY_POSITIONS.get(name, (0,) if name in errors else ()):
            if len(node.args) > position:
                yield from find_literals(node.args[position], assigned_values)


def find_literals(node: ast.expr, assigned_values: Mapping[str, list[ast.expr]]) -> Iterator[str]:
    if isinstance(node, ast.Name):
        for value in assigned_values.get(node.id, ()):
            if not isinstance(value, ast.Name):
                yield from find_literals(value, assigned_values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from find_literals(node.body, assigned_values)
        yield from find_literals(node.orelse, assigned_values)


def list_sources() -> list[Path]:
    folders = [ROOT / "kpis", ROOT / "pages"]
    return sorted({*(path for folder in folders for path in folder.rglob("*.py")), *ROOT.glob("app.py")})


@pytest.mark.parametrize("path", DOMAINS, ids=lambda path: path.stem)
def test_a_catalogue_has_no_empty_sentence_and_no_missing_placeholder(path: Path) -> None:
    for key, sentence in read_domain(path).items():
        assert sentence.strip(), f"{path.name}: no Vietnamese for {key!r}"
        assert list_placeholders(key) == list_placeholders(sentence), f"{path.name}: placeholders differ in {key!r}"


def test_a_key_has_the_same_translation_in_every_catalogue() -> None:
    merged = load_catalogue("vi")
    for path in DOMAINS:
        for key, sentence in read_domain(path).items():
            assert merged[key] == sentence, f"{path.name} and another catalogue differ on {key!r}"


def test_every_sentence_of_the_code_has_a_translation() -> None:
    merged, errors = load_catalogue("vi"), find_error_names()
    missing = [f"{path.name}: {key}" for path in list_sources() for key in find_keys(path, errors) if key not in merged]
    assert not missing, "\n".join(missing)


def test_placeholders_are_filled_in_both_languages_and_values_are_not_templates() -> None:
    assert translate("vi", "{n} weeks", n="{n}") == "{n} tuần"
    assert translate("en", "{n} weeks", n=3) == "3 weeks"
    assert translate("vi", "no such key") == "no such key"
    assert LANGUAGES == ("vi", "en")


def test_an_error_is_explained_in_the_requested_language() -> None:
    error = UsageError("“{text}” is not a day. Write it like 2026-11-21 or 21/11/2026.", text="mai")
    assert explain(error, "vi").startswith("“mai” không phải là ngày")
    assert explain(error, "en").startswith("“mai” is not a day")


def test_a_tab_is_trang_tinh_and_a_spreadsheet_bang_tinh() -> None:
    """As in the Vietnamese Google Sheets and Excel; “Google Trang tính” is that product's name."""
    for key, sentence in load_catalogue("vi").items():
        lower = sentence.replace("Google Trang tính", "").lower()
        assert "thẻ" not in lower.split(), sentence
        if re.search(r"\btabs?\b", key, re.IGNORECASE):
            assert "trang tính" in lower and not re.search(r"trang (?!tính\b|kia\b)", lower), sentence
        elif "Protect sheets" not in key:
            assert "trang tính" not in lower, sentence
