"""All that we use of openpyxl, its public functions: no other module of this package imports openpyxl.

Each assumption made here has a test in `tests/sources/test_openpyxl_functions.py`. Why our own parser of rows:
docs/decisions/reading-excel.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openpyxl.formula.tokenizer import Token as _Token
from openpyxl.formula.tokenizer import Tokenizer as _Tokenizer
from openpyxl.formula.tokenizer import TokenizerError as _TokenizerError
from openpyxl.styles.numbers import BUILTIN_FORMATS as _BUILTIN_FORMATS
from openpyxl.utils.cell import column_index_from_string as _column_index_from_string
from openpyxl.utils.cell import range_boundaries as _range_boundaries
from openpyxl.utils.datetime import from_ISO8601 as _from_iso8601
from openpyxl.utils.escape import unescape as _unescape

BUILTIN_FORMATS: Mapping[int, str] = _BUILTIN_FORMATS
"""Format codes of the built-in number formats by their number."""

# openpyxl has no types.
_tokenizer: Any = _Tokenizer
column_index_from_string: Any = _column_index_from_string
from_iso8601: Any = _from_iso8601
range_boundaries: Any = _range_boundaries
unescape: Any = _unescape


def list_formula_ranges(formula: str) -> Iterator[str]:
    """Yield the references of a formula, given without its equals sign; none if it cannot be parsed."""
    try:
        tokens = _tokenizer(f"={formula}").items
    except (_TokenizerError, IndexError, ValueError):
        return
    for token in tokens:
        if token.type == _Token.OPERAND and token.subtype == _Token.RANGE:
            yield str(token.value)
