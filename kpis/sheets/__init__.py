"""Sheets as agencies type them: read into raw tabs, parsed, judged row by row, answered (design.md §4).

Begin with `read.read_source`, `check.check`. Imports `register`, `language` and `errors`; knows no database.
Tested in `tests/sheets` on real workbooks and CSV folders, in `tests/google` against a stand-in for Google.
"""
