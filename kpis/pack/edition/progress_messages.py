"""Progress and outcome messages of sealing an edition, as catalogue keys, for the command and the page."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.pack.edition.sealing import SealOutcome

STEP_MESSAGES: Mapping[str, str] = {
    "figures": "Gathering the figures…",
    "annex": "Writing the annex…",
    "pages": "Laying out the pages…",
    "slides": "Writing the slides…",
    "workbook": "Writing the workbook…",
    "seal": "Sealing the edition…",
}

OUTCOME_MESSAGES: Mapping[SealOutcome, str] = {
    "made": "Sealed {edition}.",
    "unchanged": "{edition} is already sealed; its files are unchanged.",
    "amended": "The figures were amended since the last sealing: sealed {edition}; the earlier one stays.",
    "continued": "The week has moved on since the last sealing: sealed {edition}; the earlier one stays.",
    "restored": "Files of the sealed edition were altered or lost: sealed {edition} as a new revision.",
}
