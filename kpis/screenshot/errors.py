"""What a picture fails with: the sentence says what was missing."""

from __future__ import annotations

from kpis.errors import KpisError


class ScreenshotError(KpisError):
    """No picture was made: no browser, no app, or a page that does not stand whole."""
