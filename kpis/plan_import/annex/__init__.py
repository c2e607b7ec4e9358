"""Annexes of tasks: their tables, also lost ones, as proposed tasks (design.md §3)."""
