"""The commands: `python -m kpis COMMAND` (design.md §6). Standard output is data only."""
