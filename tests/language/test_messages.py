"""Every sentence that the code can show stands in a Vietnamese catalogue, with the same placeholders."""

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
# Where keys stand among the arguments of what is called so; the named errors have theirs first.
KEY_POSITIONS = {
    "translate": (1,),
    "t": (0,),
    "Message": (0,),
    "refusal": (1,),
    "refused": (2,),
    "_unreadable": (1,),
    "Setting": (1, 2),
    "Option": (2,),
    "Command": (1,),
    "Check": (0, 2),
}


def list_placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def find_error_names() -> set[str]:
    """KpisError and what is made of it, in whichever module: the first argument of each is a key."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for path in list_sources()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and _has_text_first(node)
    }
    found, known = {"KpisError"}, set[str]()
    while found != known:
        known = found
        found = known | {name for name, above in bases.items() if above & known}
    return found


def _has_text_first(node: ast.ClassDef) -> bool:
    own = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
    return all([arg.arg for arg in (*one.args.posonlyargs, *one.args.args)][1:2] == ["text"] for one in own)


def find_keys(path: Path, errors: set[str]) -> Iterator[str]:
    """Keys that stand in the code, or in a name of the module, where a sentence is made."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named: dict[str, list[ast.expr]] = {}
    for one in ast.walk(tree):
        if isinstance(one, ast.Assign):
            for target in one.targets:
                if isinstance(target, ast.Name):
                    named.setdefault(target.id, []).append(one.value)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for position in KEY_POSITIONS.get(name, (0,) if name in errors else ()):
            if len(node.args) > position:
                yield from find_literals(node.args[position], named)


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
def test_a_catalogue_leaves_no_sentence_empty_and_no_placeholder_behind(path: Path) -> None:
    for key, sentence in read_domain(path).items():
        assert sentence.strip(), f"{path.name}: no Vietnamese for {key!r}"
        assert list_placeholders(key) == list_placeholders(sentence), (
            f"{path.name}: placeholders differ in {key!r}"
        )


def test_a_key_means_the_same_in_every_catalogue() -> None:
    merged = load_catalogue("vi")
    for path in DOMAINS:
        for key, sentence in read_domain(path).items():
            assert merged[key] == sentence, f"{path.name} and another catalogue differ on {key!r}"


def test_every_sentence_of_the_code_has_its_vietnamese() -> None:
    merged, errors = load_catalogue("vi"), find_error_names()
    missing = [
        f"{path.name}: {key}"
        for path in list_sources()
        for key in find_keys(path, errors)
        if key not in merged
    ]
    assert not missing, "\n".join(missing)


def test_a_sentence_is_filled_in_both_languages_and_a_value_is_never_a_template() -> None:
    assert translate("vi", "{n} weeks", n="{n}") == "{n} tuần"
    assert translate("en", "{n} weeks", n=3) == "3 weeks"
    assert translate("vi", "no such key") == "no such key"
    assert LANGUAGES == ("vi", "en")


def test_an_error_is_explained_in_the_language_of_its_reader() -> None:
    error = UsageError("“{text}” is no day. Write it like 2026-11-21 or 21/11/2026.", text="mai")
    assert explain(error, "vi").startswith("“mai” không phải là ngày")
    assert explain(error, "en").startswith("“mai” is no day")


def test_a_tab_is_called_trang_tinh_and_a_spreadsheet_bang_tinh() -> None:
    """As in the Vietnamese Google Sheets and Excel; “Google Trang tính” is that product's name."""
    for key, said in load_catalogue("vi").items():
        lower = said.replace("Google Trang tính", "").lower()
        assert "thẻ" not in lower.split(), said
        if re.search(r"\btabs?\b", key, re.IGNORECASE):
            assert "trang tính" in lower and not re.search(r"trang (?!tính\b|kia\b)", lower), said
        elif "Protect sheets" not in key:
            assert "trang tính" not in lower, said
