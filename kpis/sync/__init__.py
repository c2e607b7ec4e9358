"""From sources to history: read, check, compare with the current rows, publish one version (design.md §4).

Imports the layers below (`checks`, `sources`, `store` and lower); never `duckdb`. `measures` is a layer
above, so what a publication computes is passed in as a function. Tested in `tests/sync` on real workbooks,
databases and killed processes.
"""
