"""The commands: `python -m kpis COMMAND` (design.md §6). Standard output holds data only."""
