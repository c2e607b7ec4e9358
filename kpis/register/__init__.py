"""The facts of the plans, read from TOML and checked: plans, targets, tasks, agencies (design.md §3).

Imports only `kpis.language`, the settings and the errors; knows no sheet and no database.
Start with `kpis.register.load.load_register`.
"""
