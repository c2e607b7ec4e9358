"""What is said while an edition is made and of what came of it; catalogue keys, for every face."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.pack.edition.sealing import SealOutcome

STEP_MESSAGES: Mapping[str, str] = {
    "figures": "Gathering the figures…",
    "pages": "Setting the pages…",
    "slides": "Writing the slides…",
    "workbook": "Writing the workbook…",
    "seal": "Sealing the edition…",
}

OUTCOME_MESSAGES: Mapping[SealOutcome, str] = {
    "made": "Sealed {edition}.",
    "unchanged": "{edition} is sealed already; its files are the same.",
    "amended": "The figures were amended since: sealed {edition} beside the earlier one, which stays.",
    "continued": "The week has gone on since: sealed {edition} beside the earlier one, which stays.",
    "restored": "Files of the sealed edition were altered or lost: sealed {edition} beside it.",
}
