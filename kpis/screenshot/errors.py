"""The error of a picture that could not be taken."""

from __future__ import annotations

from kpis.errors import KpisError


class ScreenshotError(KpisError):
    """No picture was made: no browser, no app, or a page that does not become complete."""
