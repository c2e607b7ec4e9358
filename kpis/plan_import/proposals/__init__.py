"""From an outlined document to proposed targets and milestones, and the ledger of its numbers (design.md §3)."""

from kpis.plan_import.proposals.propose import propose_targets

__all__ = ["propose_targets"]
