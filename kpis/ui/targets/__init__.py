"""The catalogue of targets: plans, promises, citations, and what is our reading of the text."""
