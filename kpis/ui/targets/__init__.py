"""The catalogue of targets: plans, targets, citations, and our readings of the text."""
