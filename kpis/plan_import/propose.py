"""From a document to everything that is proposed from it."""

from __future__ import annotations

from kpis.plan_import.agencies import propose_agencies
from kpis.plan_import.annex.tasks import propose_tasks
from kpis.plan_import.header import read_header
from kpis.plan_import.model import Document, Proposal
from kpis.plan_import.outline import outline_document
from kpis.plan_import.proposals import propose_targets


def propose(document: Document, place: str | None = None) -> Proposal:
    """Return what is proposed from a document of a place ("thành phố Cần Thơ"), in the document's order."""
    outlined = outline_document(document)
    header = read_header(outlined)
    targets, milestones, ledger = propose_targets(outlined, header.start_year)
    tasks = propose_tasks(outlined)
    return Proposal(
        header=header,
        targets=targets,
        milestones=milestones,
        tasks=tasks,
        agencies=propose_agencies(outlined, tasks, place),
        ledger=ledger,
    )
