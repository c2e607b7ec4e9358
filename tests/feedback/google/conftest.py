"""The fixtures of the stand-in for Google, for the tests of this folder."""

from tests.google_stand_in.fixtures import (
    client,
    google,
    hurried,
    key,
    make_file,
    patience,
    secrets,
    time,
)

__all__ = ["client", "google", "hurried", "key", "make_file", "patience", "secrets", "time"]
