"""The page of the weekly pack: preview, seal, download and compare editions."""
