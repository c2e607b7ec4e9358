"""Attainment of provincial plans, from the agencies' own sheets: register, sheets, history, rules, faces."""
