"""Settings of all tests."""

from __future__ import annotations

import os

from hypothesis import settings

# `same` gives reproducible examples in every run; `explore` searches for new ones.
settings.register_profile("same", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
