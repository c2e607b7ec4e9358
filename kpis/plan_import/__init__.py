"""From an issued document to proposed targets, milestones, tasks and agencies (design.md §3, Plans).

Stages: reader (`documents`) → blocks → outline → numbers and their ledger → proposals → one `Proposal`.
Everything works offline, by rules. A value is right or empty, never guessed.
"""
