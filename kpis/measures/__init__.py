"""Actual, expected value and status of targets, agencies and tasks as of a day: SQL behind small functions.

Imports only the layers below (`sync`, `store`, `register`, `language`), no page and no command.
Each `.sql` file is one SELECT whose first line says what a row is; `query.build_statement` joins files as
named steps. Tested in `tests/measures` on a real tiny DuckDB, against the same rules in plain Python.
Which file decides what (design.md §5): docs/rules.md.
"""
