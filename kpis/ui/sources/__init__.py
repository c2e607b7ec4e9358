"""The page of sources: freshness, outcome and history of each, and a button that reads them now."""
