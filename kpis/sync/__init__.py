"""From sources to history: read, judge, compare with what is known, publish one version (design.md §4).

Imports `sheets`, `store`, `register`, `language` and `errors`; never `duckdb`. What is computed at a
publication comes in as a function, since `measures` stand above. Tested in `tests/sync` on real workbooks,
databases and killed processes.
"""
