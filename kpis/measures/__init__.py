"""The rules: what every target, agency and task comes to as of a day, in SQL behind small functions.

Imports what is below it (`sync`, `sheets`, `store`, `register`, `language`); knows no page and no command.
Each `.sql` file is one SELECT whose first line says what a row is; `query.statement` puts files together as
named steps. Tested in `tests/measures` on a real tiny DuckDB, against the same rules in plain Python.
Which file decides what (design.md §5): docs/rules.md.
"""
