"""Checks of sheet rows: each becomes an entry, a task report or a rejection, with warnings (design.md §4).

Starts at `check.check`. Reads no file and knows no transport: it works on the raw tabs of `kpis.sheet`.
"""
