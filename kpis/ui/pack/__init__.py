"""The page of the weekly pack: making, seeing, downloading and comparing sealed editions."""
