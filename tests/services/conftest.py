"""Make the fixtures of the stand-in for Google available to the tests of this folder."""

from tests.google_stand_in.fixtures import (
    client,
    google,
    key,
    make_file,
    policy,
    secrets,
    short_deadline_client,
    time,
)

__all__ = ["client", "google", "key", "make_file", "policy", "secrets", "short_deadline_client", "time"]
