"""Checks of sheet rows: each becomes an entry, a task report or a rejection, with warnings (design.md §4).

Entry point: `source_check.check_source`. Reads no files and uses no network: it works on the raw tabs of
`kpis.sheet`.
"""
